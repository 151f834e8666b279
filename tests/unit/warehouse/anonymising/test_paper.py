"""`--report report.html`: the page, and the account in JSON beside it."""

import json

import polars as pl
import pytest

from warehouse.anonymising.run import anonymise
from warehouse.refusal import Refusal

POLICY = """
quasi_identifiers:
  town: {hierarchy: towns.csv}
sensitive: [job]
models: [{k: 5}, {l_distinct: 2}]
person: who
"""


@pytest.fixture
def folder(tmp_path):
    pl.DataFrame(
        {
            "who": [str(n // 2) for n in range(60)],
            "town": ["a", "b", "c"] * 20,
            "job": ["x", "y", "z", "x"] * 15,
        }
    ).write_csv(tmp_path / "people.csv")
    (tmp_path / "towns.csv").write_text("a;ab;*\nb;ab;*\nc;c;*\n", "utf-8")
    (tmp_path / "policy.yaml").write_text(POLICY, "utf-8")
    return tmp_path


def _run(folder, report):
    return anonymise(
        folder / "people.csv", folder / "policy.yaml", folder / "out.csv", folder / report
    )


def test_a_page_is_written_with_the_account_beside_it(folder):
    told = _run(folder, "report.html")
    assert json.loads((folder / "report.json").read_text("utf-8")) == told
    assert told["feasible"]
    assert told["disclosure"]["counted"] == "人"
    assert told["disclosure"]["models"][0]["holds"]
    assert told["disclosure"]["findings"] == {"status": "未実施"}
    page = (folder / "report.html").read_text("utf-8")
    assert told["out"]["sha256"] in page
    assert "未実施: 公開の検査" in page


def test_without_a_page_only_the_account_is_written(folder):
    assert "disclosure" not in _run(folder, "report.json")
    assert not (folder / "report.html").exists()


def test_an_old_page_does_not_outlive_a_run_that_finds_nothing(folder):
    _run(folder, "report.html")
    (folder / "policy.yaml").write_text(POLICY.replace("k: 5", "k: 50"), "utf-8")
    assert not _run(folder, "report.html")["feasible"]
    assert not (folder / "report.html").exists()
    assert (folder / "report.json").exists()


def test_neither_file_may_replace_what_is_read(folder):
    (folder / "people.json").write_text("{}", "utf-8")
    with pytest.raises(Refusal):
        anonymise(
            folder / "people.json",
            folder / "policy.yaml",
            folder / "out.csv",
            folder / "people.html",
        )
    assert (folder / "people.json").read_text("utf-8") == "{}"
