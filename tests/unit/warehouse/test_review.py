"""What an approver sees of a candidate: changes, checks, quality, and what a stranger learns."""

import re

import polars as pl
import pytest

from assets.standard import Standard
from tests.unit.warehouse.publishing import (
    facility,
    make_register,
    population,
    put_places,
    put_towns,
    release,
)
from warehouse.home import Home
from warehouse.lake import Loaded, open_lake, record, transaction
from warehouse.release.outsider import look_as_outsider
from warehouse.release.publish import approve
from warehouse.release.review import review
from warehouse.release.review_page import write_review
from warehouse.release.staging import stage_candidate


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A home, its lake, and the reviews of a first and a second version of both releases."""
    home = Home(tmp_path_factory.mktemp("city"))
    with open_lake(home, write=["secure", "internal", "open"]) as con:
        _load(con)
        put_places(con, ["図書館", "公民館<b>", "消える館"])
        put_towns(con)
        first = _review(con, home, facility())
        approve(con, home, "facility", person="課長", note="")
        put_places(con, ["図書館", "公民館&新", None, "博物館"])
        second = _review(con, home, facility())
        counted = _review(con, home, population())
        yield home, first, second, counted


def _load(con):
    account: dict[str, object] = {"rows_in": 12, "rows_out": 10, "quarantined": 2}
    checks = [{"title": "番号が重ならない", "passed": True}, {"title": "空でない", "passed": False}]
    with transaction(con, "secure", "x"):
        record(con, "secure", [Loaded("common/places", "d", "f", account)])
        record(con, "secure", [Loaded("quality/places", "", "f", {"checks": checks})])


def _review(con, home, query):
    candidate, _ = stage_candidate(con, home, make_register(), query)
    return review(con, home, make_register(), query, candidate)


def test_a_first_version_has_nothing_to_be_compared_with(city):
    _, first, _, _ = city
    assert (first.against, first.rows, first.columns) == (None, None, None)
    assert any("初めて" in sentence for sentence in first.outsider.adds)


def test_a_second_version_is_compared_with_the_public_one_by_its_id(city):
    _, _, second, _ = city
    assert second.against.name == "v1"
    assert second.rows.key == ("ID",)
    assert (second.rows.before, second.rows.after) == (3, 4)
    assert (second.rows.added, second.rows.removed, second.rows.changed) == (1, 0, 2)
    assert [(r.key, r.cells[0].before, r.cells[0].after) for r in second.rows.first_changed] == [
        ("002", "公民館<b>", "公民館&新"),
        ("003", "消える館", None),
    ]
    assert ("名称", 0.0, 0.25) in second.columns.blanks


def test_the_quality_of_the_sources_is_told(city):
    _, _, second, counted = city
    (source,) = second.sources
    assert (source.title, source.rows, source.quarantined) == ("施設", 10, 2)
    assert (source.checks, source.broken) == (2, ("空でない",))
    assert [s.name for s in counted.sources] == ["people"]
    assert counted.sources[0].checks == 0


def test_a_table_of_persons_says_its_finest_cell_and_smallest_number(city):
    _, _, _, counted = city
    said = counted.outsider
    assert "地域×性別 ごとの住民の人数" in said.row_means
    table = counted.candidate
    assert table.rows
    smallest = re.search(r"いちばん小さい人数は (\d+) 人", "".join(said.small))
    assert smallest is not None
    assert int(smallest[1]) % 5 == 0
    assert f"{table.rows * 3} ますのうち" in "".join(said.small)
    assert any("住民" in sentence for sentence in said.adds)
    assert counted.disclosure == "population.html"


def test_the_page_needs_nothing_else_and_escapes_what_it_shows(city):
    home, first, second, counted = city
    for seen in (first, second, counted):
        page = write_review(home, seen).read_text("utf-8")
        assert page.startswith("<!doctype html>")
        assert not re.search(r"<script|src=|href=\"http|url\(", page)
    page = write_review(home, second).read_text("utf-8")
    assert "公民館&lt;b&gt;" in page
    assert "公民館&amp;新" in page
    assert "公民館<b>" not in page
    assert "守られていない: 空でない" in page
    assert "承認できる人: 課長、別の課長、部長、総務課長" in page


PLACES = Standard.model_validate(
    {
        "title": "施設", "slug": "places", "edition": "試", "column_order": "official", "credit": "なし",
        "columns": [
            {"name": "ID"}, {"name": "名称"}, {"name": "代表者氏名"}, {"name": "電話番号", "type": "phone"},
            {"name": "備考"}, {"name": "担当者"},
        ],
    }
)  # fmt: skip


def _look(home, rows, public=()):
    table = pl.DataFrame(rows, schema=dict.fromkeys([c.name for c in PLACES.columns], pl.String))
    none = {"method": "none", "reason": "施設だけ"}
    query = release("places", "", PLACES, ["common.places"], protection=none)
    return look_as_outsider(home, make_register(), query, table, integers=(), public=dict(public))


def test_columns_of_names_and_contacts_are_pointed_out_when_they_are_filled(home):
    rows = {
        "ID": ["1", "2"], "名称": ["図書館", "公民館"], "代表者氏名": ["山田 太郎", None],
        "電話番号": ["06-6858-0000", "06-6858-0001"], "備考": ["佐藤 花子", "鈴木 一郎"], "担当者": [None, None],
    }  # fmt: skip
    found = {n.column: n.filled for n in _look(home, rows).naming}
    assert found == {"代表者氏名": 1, "電話番号": 2, "備考": 2}


def test_a_list_of_places_is_no_count_of_persons(home):
    rows = {name.name: ["図書館"] for name in PLACES.columns}
    said = _look(home, rows)
    assert said.small == ()
    assert "1件" in said.row_means
    assert [name for name, _ in said.columns] == [c.name for c in PLACES.columns]


def test_rows_that_stand_in_another_public_dataset_are_counted(city):
    home, _, second, _ = city
    rows = {name.name: ["図書館", "無関係"] for name in PLACES.columns}
    said = _look(home, rows, [("facility", [second.against])])
    joined = [s for s in said.adds if "同じ行が" in s]
    assert len(joined) == 1
    assert "名称 が同じ行が 1 あり" in joined[0]
    assert "代表者氏名" in joined[0]
