"""What cannot be run for one dataset or period is refused before anything is touched."""

import pytest
from rich.console import Console
from typer.testing import CliRunner

from assets.register import load_register
from pipelines.cli import app
from pipelines.commands.period import run_dataset
from warehouse.home import Home
from warehouse.refusal import Refusal


@pytest.mark.parametrize(
    ("name", "period", "rule", "said"),
    [
        ("resident_registr", None, "run.unknown", "resident_register"),
        ("resident_register", "1999-01", "run.period", "2026-05"),
    ],
)
def test_a_dataset_or_period_that_is_not_there(tmp_path, *, name, period, rule, said):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "住民記録_202605.csv").write_text("x\n")
    home = Home(tmp_path / "home")
    with pytest.raises(Refusal) as refused:
        run_dataset(
            Console(), home, load_register(), inbox, name=name, period=period, again=True
        )  # fmt: skip
    assert refused.value.rule == rule
    assert said in str(refused.value)
    assert not home.root.exists()


def test_a_period_needs_a_dataset(tmp_path):
    result = CliRunner().invoke(app, ["run", "--inbox", str(tmp_path), "--period", "2026-05"])
    assert isinstance(result.exception, Refusal)
    assert "--dataset と一緒に" in str(result.exception)
