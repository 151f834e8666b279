"""The rooms of the house and who may enter which; the contracts stand in `pyproject.toml`."""

import ast
import json
import textwrap
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

import pipelines

PROJECT = Path(pipelines.__file__).resolve().parent.parent
ROOMS = ("anonymize", "assets", "notebooks", "pipelines", "transforms", "warehouse")
SOURCES = sorted(p for room in ROOMS for p in (PROJECT / room).rglob("*.py"))
NOTEBOOKS = sorted((PROJECT / "notebooks").rglob("*.ipynb"))
HEAVY = {"great_expectations", "sdv", "splink"}


def _names(node):
    """The modules an import statement names, with the imported names behind a dot."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and not node.level:
        return {f"{node.module}.{alias.name}" for alias in node.names}
    return set()


def imports(code):
    """Everything a text imports, wherever it stands."""
    return {name for node in ast.walk(ast.parse(code)) for name in _names(node)}


def imports_at_load(code):
    """What is imported as soon as the module is: all that stands in no function."""
    waiting, found = [ast.parse(code)], set()
    while waiting:
        for node in ast.iter_child_nodes(waiting.pop()):
            found |= _names(node)
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                waiting.append(node)
    return found


def cells_code(path):
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    lines = [line for source in sources for line in source.splitlines()]
    return "\n".join(line for line in lines if not line.lstrip().startswith(("%", "!")))


def _top(names):
    return {name.split(".")[0] for name in names}


def _is_theirs(name):
    return name.split(".")[0] in ROOMS and not name.startswith("warehouse.analyst")


def _label(path):
    return path.relative_to(PROJECT).as_posix()


def test_the_arrows_between_the_rooms_point_down(capsys):
    code = lint_imports(config_filename=str(PROJECT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_a_broken_contract_is_seen(tmp_path, capsys):
    text = (PROJECT / "pyproject.toml").read_text("utf-8")
    upside_down = tmp_path / "pyproject.toml"
    contract = """
    [[tool.importlinter.contracts]]
    name = "the wrong way round"
    type = "forbidden"
    source_modules = ["pipelines"]
    forbidden_modules = ["warehouse"]
    """
    upside_down.write_text(text + textwrap.dedent(contract), "utf-8")
    assert lint_imports(config_filename=str(upside_down), no_cache=True) == 1
    assert "the wrong way round BROKEN" in capsys.readouterr().out


@pytest.mark.parametrize("path", SOURCES, ids=_label)
def test_slow_libraries_are_imported_inside_a_function_or_not_at_all(path):
    code = path.read_text("utf-8")
    assert not _top(imports_at_load(code)) & HEAVY
    if _label(path) != "pipelines/quality.py":
        assert "great_expectations" not in _top(imports(code))


def test_only_one_function_imports_great_expectations():
    tree = ast.parse((PROJECT / "pipelines" / "quality.py").read_text("utf-8"))
    users = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and "great_expectations" in _top(imports(ast.unparse(node)))
    ]
    assert len(users) == 1


@pytest.mark.parametrize(
    ("code", "at_load", "anywhere"),
    [
        ("import sdv.single_table", {"sdv"}, {"sdv"}),
        ("def f():\n    from sdv import x", set(), {"sdv"}),
        ("async def f():\n    import sdv", set(), {"sdv"}),
        ("if True:\n    try:\n        import sdv\n    except ImportError: pass", {"sdv"}, {"sdv"}),
        ("class A:\n    import sdv", {"sdv"}, {"sdv"}),
        ("with open('x'):\n    from sdv.a import b", {"sdv"}, {"sdv"}),
        ("from . import sdv", set(), set()),
    ],
)
def test_the_search_for_imports_finds_them(code, at_load, anywhere):
    assert _top(imports_at_load(code)) == at_load
    assert _top(imports(code)) == anywhere


@pytest.mark.parametrize("path", NOTEBOOKS, ids=_label)
def test_a_notebook_reads_the_warehouse_through_the_analysts_connection_alone(path):
    found = imports(cells_code(path))
    ours = {name for name in found if _is_theirs(name) and not name.startswith("notebooks.")}
    assert ours == set()
    assert not _top(found) & {"duckdb", "dagster", "sqlite3"}


def test_there_are_notebooks_and_rooms_to_look_at():
    assert NOTEBOOKS
    assert all(any(_label(p).startswith(f"{room}/") for p in SOURCES) for room in ROOMS)


@pytest.mark.parametrize("path", SOURCES, ids=_label)
def test_a_module_says_what_belongs_in_it_or_is_an_empty_init(path):
    code = path.read_text("utf-8")
    if path.name == "__init__.py":
        assert code == ""
    else:
        assert ast.get_docstring(ast.parse(code))
    assert path.stem not in {"utils", "util", "helpers", "common", "misc"}
