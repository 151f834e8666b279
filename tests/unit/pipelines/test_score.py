"""`machikane score` as a person and a program get it."""

import io
import json

import pytest
from rich.console import Console

from pipelines.commands import score as command
from pipelines.commands.score_app import score
from tests.unit.warehouse.small_city import ParsingHere
from warehouse.refusal import Refusal

GOOD = "コード,名称,人口(人)\n" + "".join(f"A{n},町{n},{n}\n" for n in range(9))


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ParsingChild", ParsingHere)

    def score_text(text, *, as_data=False, report=None):
        path = tmp_path / "[a].csv"
        path.write_text(text, "utf-8")
        said = io.StringIO()
        console = Console(file=said, width=120, force_terminal=False)
        command.score_files(console, [path], as_data=as_data, report=report)
        return said.getvalue()

    return score_text


def test_points_breaches_and_remedies_are_shown(run):
    said = run("表題,,\n" + GOOD)
    assert said.startswith("[a].csv\n")
    assert "L1 95 点  L2 100 点  L3 0 点" in said
    assert "致命的" in said
    assert "L3-07" in said
    assert "ほかに合格" in said


def test_programs_get_json_on_the_standard_output(run, capsys):
    run(GOOD, as_data=True)
    (card,) = json.loads(capsys.readouterr().out)
    assert card["scores"] == {"L1": 100, "L2": 100, "L3": 100}
    assert len(card["rules"]) == 30


def test_a_page_is_written_where_asked(run, tmp_path):
    page = tmp_path / "r" / "結果.html"
    assert str(page) in run(GOOD, report=page)
    assert "機械可読性の採点" in page.read_text("utf-8")


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(Refusal, match=r"missing\.csv"):
        score([tmp_path / "missing.csv"])
