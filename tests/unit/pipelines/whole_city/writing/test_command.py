"""`machikane city` writes where nothing of anybody else's is lost, and says what it has written."""

from typing import Any

import polars as pl
import pytest
from rich.console import Console

from assets.register import load_register
from pipelines.commands.city import write_city
from pipelines.settings import register_root
from pipelines.whole_city.writing.inbox import INBOX, TRUTH
from warehouse.inbox import scan_inbox
from warehouse.refusal import Refusal

USUAL: dict[str, Any] = {"residents": 120, "seed": 1, "months": 1, "dirt": 0.1}


def run(folder, **changed: Any):
    console = Console(record=True, width=200)
    write_city(console, register_root(), folder, **(USUAL | changed))
    return console.export_text()


@pytest.mark.slow
def test_a_city_is_written_with_its_truth_beside_and_may_be_written_anew(tmp_path):
    folder = tmp_path / "city"
    said = run(folder)
    assert f"machikane run --inbox {folder / INBOX}" in said
    files = pl.read_parquet(folder / TRUTH / "files.parquet")
    assert f"{files['rows'].sum():,} 行" in said
    arrivals = scan_inbox(folder / INBOX, load_register(register_root()).datasets)
    found = {(a.path.relative_to(folder / INBOX).as_posix(), a.dataset, a.period) for a in arrivals}
    assert found == set(files.select("file", "dataset", "period").iter_rows())
    faults = pl.read_parquet(folder / TRUTH / "faults.parquet")
    assert files["faulty_rows"].sum() == faults.select("file", "_row").n_unique()
    run(folder)
    assert pl.read_parquet(folder / TRUTH / "files.parquet").equals(files)


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / INBOX).mkdir()
    with pytest.raises(Refusal, match="ほかのファイル"):
        run(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [INBOX]


@pytest.mark.parametrize("wrong", [{"residents": 99}, {"months": 0}, {"dirt": 1.0}])
def test_an_argument_that_cannot_be_is_refused_before_anything_is_written(tmp_path, wrong):
    with pytest.raises(Refusal, match="市をつくれません"):
        run(tmp_path / "city", **wrong)
    assert not (tmp_path / "city").exists()
