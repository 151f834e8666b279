"""The installed environment: pinned engine, nothing of CUDA."""

import importlib.metadata

EXTENSIONS = ("ducklake", "excel", "httpfs", "postgres-scanner", "spatial", "sqlite-scanner")


def test_neither_torch_nor_cuda_is_installed():
    names = {d.metadata["Name"].lower() for d in importlib.metadata.distributions()}
    assert not {name for name in names if name == "torch" or name.startswith("nvidia-")}


def test_the_engine_and_its_extensions_are_of_one_version():
    versions = {importlib.metadata.version(f"duckdb-extension-{name}") for name in EXTENSIONS}
    assert versions == {importlib.metadata.version("duckdb")} == {"1.5.5"}
