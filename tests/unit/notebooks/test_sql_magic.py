"""``%%machikane`` in a cell: frames of the role's tables, refusals in Japanese."""

import nbformat
import polars as pl
import pytest
from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from notebooks.toolkit.kernel import run_notebook
from notebooks.toolkit.sql_magic import load_ipython_extension
from tests.unit.warehouse.access.role_city import fill_home, write_role_register


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("magic")
    home, register = fill_home(root / "home"), write_role_register(root / "register")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MACHIKANE_REGISTER", str(register))
        patch.setenv("MACHIKANE_HOME", str(home.root))
        yield home


@pytest.fixture(scope="module")
def shell(place):
    del place
    made = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    load_ipython_extension(made)
    return made


def test_a_cell_gives_a_frame_or_names_it(shell):
    found = shell.run_cell_magic("machikane", "", "FROM internal.mart.by_town ORDER BY town")
    assert found["town"].to_list() == ["南町", "本町"]
    line = "--role tax --pandas levies"
    assert shell.run_cell_magic("machikane", line, "FROM internal.common.levies") is None
    assert list(shell.user_ns["levies"]["visit_count"]) == [77, 77]


def test_a_cell_is_held_to_its_role(shell):
    with pytest.raises(PermissionError, match="この役割には見えません"):
        shell.run_cell_magic("machikane", "--role tax", "FROM internal.common.users")
    with pytest.raises(PermissionError, match="分析用の接続では使えません"):
        shell.run_cell_magic("machikane", "", "DROP VIEW internal.mart.by_town")


@pytest.mark.parametrize("line", ["--roll tax", "a b", "1st"])
def test_a_slip_in_the_line_is_answered_with_its_form(shell, line):
    with pytest.raises(UsageError, match="%%machikane"):
        shell.run_cell_magic("machikane", line, "SELECT 1")


def test_notebooks_that_the_platform_runs_have_the_magic(place, tmp_path):
    del place
    cells = [
        "%%machikane towns\nFROM internal.mart.by_town",
        "print(type(towns).__module__, len(towns))",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    done = run_notebook(notebook, name="x", folder=tmp_path, timeout_seconds=60)
    assert done.cells[1].outputs[0].text.split() == [pl.DataFrame.__module__, "2"]
