import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import polars as pl
import pytest

from anonymize.gate import Finding
from anonymize.gate_candidate import judge_candidate
from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records.models import DistinctL, KAnonymity, KMap
from tests.unit.anonymize import planted
from warehouse.disclosure.charts import draw_marginal, draw_pairs
from warehouse.disclosure.json_form import NOT_RUN
from warehouse.disclosure.of_anonymised import OTHERS, Anonymised, report_anonymised
from warehouse.disclosure.report import Account, Report
from warehouse.disclosure.unprotected import say_unprotected
from warehouse.disclosure.write import render, write_report

EMPTY = Report(title="題", subject="a.csv", made_at="2026-04-01T00:00:00+00:00")
SECTIONS = (
    "findings",
    "models",
    "risks",
    "losses",
    "hidden_cells",
    "differencing",
    "synthetic",
    "noise",
    "checklist",
)


def _anonymised(**options):
    before = planted.people(180)
    after = before.with_columns(pl.lit("市内").alias("town"))
    usual: dict[str, Any] = {
        "title": "住民の職業",
        "subject": "people.csv SHA-256 0123",
        "before": before,
        "after": after,
        "hierarchies": [*planted.claims().hierarchies.values()],
        "sensitive": ["job"],
        "models": [KAnonymity(5), DistinctL(4, "job")],
        "levels": {"town": 1, "age_band": 0},
    }
    return Anonymised(**{**usual, **options})


class _Seen(HTMLParser):
    """Collect tags and attributes, and fail on what does not close."""

    VOID = frozenset({"meta", "br", "rect"})

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


def test_a_part_that_has_not_run_is_never_silent(tmp_path):
    page, machine = write_report(EMPTY, tmp_path / "r.html", tmp_path / "r.json")
    told = json.loads(machine.read_text("utf-8"))
    assert {name for name in SECTIONS if told[name] == {"status": NOT_RUN}} == set(SECTIONS)
    html = page.read_text("utf-8")
    assert html.count(f"{NOT_RUN}: ") >= len(SECTIONS)
    assert "突き合わせる攻撃は行っていません" in html
    assert "法のチェックリストは作られていません" in html


def test_the_page_is_whole_and_fetches_nothing():
    verdict = judge_candidate(planted.of_people())
    page = render(report_anonymised(_anonymised(), verdict))
    seen = _Seen(page)
    assert page.startswith("<!doctype html>")
    assert 'lang="ja"' in page
    assert not {"script", "img", "link", "iframe", "object"} & set(seen.tags)
    assert not [value for name, value in seen.attributes if name in {"src", "href", "onload"}]
    assert not re.search(r"url\(|@import|https?://", page)
    assert "検査を通りました" in page


def test_every_picture_says_what_it_shows_and_has_its_table():
    report = report_anonymised(_anonymised())
    page = render(report)
    assert report.losses
    pictures = page.count("<svg")
    assert pictures == 1 + len(report.losses.marginals) == page.count('role="img"')
    assert page.count("<title>") == 1 + pictures
    for marginal in report.losses.marginals:
        assert f"<h3>{marginal.column}(" in page


def test_demands_stand_beside_what_the_file_measures():
    report = report_anonymised(_anonymised(models=[KAnonymity(5), DistinctL(5, "job"), KMap(9)]))
    assert report.models
    told = {row.asked: (row.measured, row.holds) for row in report.models}
    assert told["k = 5"] == ("60", True)
    assert told["l(種類) = 5"] == ("4", False)
    assert told["k-map = 9"][1] is False
    assert "満たさない" in render(report)


def test_findings_come_with_their_remedies_and_stop_the_release():
    table = planted.people().with_columns(pl.Series("id", [f"{n}" for n in range(720)]))
    verdict = judge_candidate(planted.of_people(table))
    report = report_anonymised(_anonymised(), verdict)
    page = render(report)
    assert f"止める指摘 {report.blockers} 件" in page
    assert "検査を通りました" not in page
    for finding in verdict.findings:
        assert finding.message in page
        assert finding.remedy in page


def test_what_comes_from_outside_is_escaped():
    finding = Finding("r", "blocker", "<b>", "<script>x</script>", "&")
    page = render(replace(EMPTY, title="<script>", findings=(finding,)))
    assert "<script>" not in page
    assert "<b>" not in page


def test_persons_are_counted_where_a_column_tells_them_apart():
    table = _anonymised()
    ids = pl.Series("id", [str(n // 2) for n in range(180)])
    report = report_anonymised(
        replace(table, before=table.before.with_columns(ids), person="id", sensitive=[], models=[])
    )
    assert report.counted == "人"
    assert report.risks
    assert report.risks.after.smallest <= 60


def test_values_of_few_rows_are_not_named():
    ladder = hierarchy_of_rows("town", [["a", "*"], ["b", "*"], ["珍しい", "*"]])
    before = pl.DataFrame({"town": ["a"] * 20 + ["b"] * 20 + ["珍しい"], "job": ["x"] * 41})
    made = _anonymised(
        before=before,
        after=before.with_columns(pl.lit("*").alias("town")),
        hierarchies=[ladder],
        models=[KAnonymity(5)],
        levels={"town": 1},
    )
    report = report_anonymised(made)
    assert report.losses
    assert report.losses.marginals[0].values == ("a", "b", OTHERS)
    assert "珍しい" not in render(report)


def test_what_is_not_protected_follows_from_the_numbers():
    report = report_anonymised(_anonymised())
    told = "".join(say_unprotected(report))
    assert "「town・age_band」まで" in told
    assert "「job」は、集まりの中で最も多い値を言えば" in told
    certain = report_anonymised(
        _anonymised(after=_anonymised().before.with_columns(pl.lit("無職").alias("job")))
    )
    assert "集まりにいるかが分かるだけで決まります" in "".join(say_unprotected(certain))
    attacked = replace(report, differencing=Account("何も出ません", (), is_safe=True))
    assert "この基盤から公開したものだけ" in "".join(say_unprotected(attacked))


@pytest.mark.parametrize("percent", [True, False])
def test_bars_are_in_proportion(percent):
    drawn = draw_pairs("題", [("a", 1.0, 0.5), ("b", 0.0, 0.25)], percent=percent)
    widths = [
        float(w) for w in re.findall(r'<rect x="190" y="\d+" width="([\d.]+)" height="11"', drawn)
    ]
    assert widths == [330.0, 165.0, 0.0, 82.5]


def test_long_lists_show_the_most_frequent_and_nothing_is_divided_by_zero():
    many = draw_marginal("題", [str(n) for n in range(100)], range(100), range(100))
    assert ">99</text>" in many
    assert ">10</text>" not in many
    assert 'width="0.0"' in draw_marginal("題", ["a"], [0], [0])
