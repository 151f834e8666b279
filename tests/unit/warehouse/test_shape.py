"""A release is its standard's columns, protected, from nothing it may not see."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from anonymize.gate import judge_release
from assets.register import MartQuery
from assets.release import Mart
from tests.unit.warehouse.publishing import (
    COUNTS,
    FACILITY,
    FACILITY_SQL,
    NONE,
    POPULATION,
    ROUNDING,
    TOWNS,
    facility,
    make_register,
    population,
    put_places,
    put_towns,
    release,
)
from warehouse.home import Home
from warehouse.lake import open_lake, replace_rows, transaction
from warehouse.refusal import Refusal
from warehouse.release.shape import shape


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("shape"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=["internal"], read=["secure"]) as opened:
        put_towns(opened)
        put_places(opened, ["図書館", "公民館"])
        yield opened


def _shape(con, home, query):
    return shape(con, home, make_register(), query)


def _rule(con, home, query):
    with pytest.raises(Refusal) as caught:
        _shape(con, home, query)
    return caught.value.rule


def test_a_counted_table_meets_the_policy_it_is_judged_by(con, home):
    shaped = _shape(con, home, population())
    assert judge_release(shaped.table, shaped.policy) == []
    assert shaped.table.columns == [c.name for c in POPULATION.columns]
    assert shaped.policy.rounding_base == 5
    assert shaped.policy.minimum_region_total == 50
    assert shaped.integers == [*COUNTS, "総人口"]
    assert shaped.rows_in == 5


def test_counts_are_rounded_small_towns_merged_and_totals_added_after(con, home):
    table = _shape(con, home, population()).table
    assert "北町" not in table["地域名"].to_list()
    assert "その他の地域" in table["地域名"].to_list()
    numbers = table.select(*COUNTS, "総人口")
    assert numbers.select(pl.all_horizontal(pl.all() % 5 == 0).all()).item()
    assert (table["総人口"] == table["男性"] + table["女性"]).all()
    assert table["総人口"].min() >= 50
    true = {town: men + women for town, men, women in TOWNS}
    kept = {r["地域名"]: r["総人口"] for r in table.rows(named=True) if r["地域名"] in true}
    assert all(abs(true[town] - total) < 10 for town, total in kept.items())


def test_the_merged_row_says_the_date_and_the_city_too(con, home):
    table = _shape(con, home, population()).table
    assert table["調査年月日"].unique().to_list() == ["2026-04-01"]
    assert table["全国地方公共団体コード"].unique().to_list() == ["272999"]
    assert table["備考"].null_count() == table.height


def test_the_same_counts_are_rounded_the_same_way_and_another_citys_not(con, home, tmp_path):
    many = [(f"{n:02}町", 100 + n, 200 + n) for n in range(40)]
    put_towns(con, many)
    first, again = (_shape(con, home, population()).table for _ in range(2))
    elsewhere = shape(con, Home(tmp_path), make_register(), population()).table
    put_towns(con)
    assert first.equals(again)
    assert not first.equals(elsewhere)


def test_a_plain_release_keeps_its_values_and_the_columns_of_the_standard(con, home):
    shaped = _shape(con, home, facility())
    assert shaped.table.rows() == [("001", "図書館", None), ("002", "公民館", None)]
    assert shaped.table.columns == [c.name for c in FACILITY.columns]
    assert shaped.words == (f"秘匿処理はしていません。{NONE['reason']}",)
    assert judge_release(shaped.table, shaped.policy) == []


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT place_id AS ID, cost_yen AS 名称 FROM common.places",
        "SELECT place_id AS ID FROM common.places WHERE cost_yen > 0",
        "SELECT place_id AS ID, _row AS 名称 FROM common.places",
        "SELECT place_id AS ID FROM internal.common.places",
        "SELECT full_name AS 名称 FROM secure.common.people",
        "SELECT town AS 名称 FROM mart.by_town",
        "SELECT content AS 名称 FROM read_text('/etc/hostname')",
        "COPY (SELECT 1) TO 'out.csv'",
        "SELECT place_id AS ID FROM common.places; ATTACH 'x.duckdb' AS x",
        "SELEC 1",
    ],
)
def test_a_plain_release_reaches_nothing_but_open_columns_of_its_sources(con, home, sql):
    assert _rule(con, home, facility(sql)) == "release.query"


def test_a_plain_release_of_a_closed_source_is_refused(con, home):
    closed = release("plain", "SELECT 1 AS ID", FACILITY, ["mart.by_town"], protection=NONE)
    assert _rule(con, home, closed) == "release.closed_source"
    people = release("plain", "SELECT 1 AS ID", FACILITY, ["common.people"], protection=NONE)
    assert _rule(con, home, people) == "release.closed_source"


def test_a_refusal_does_not_repeat_values(con, home):
    sql = "SELECT place_name::INTEGER AS ID FROM common.places"
    with pytest.raises(Refusal) as caught:
        _shape(con, home, facility(sql))
    assert "図書館" not in str(caught.value)
    assert "ConversionException" in caught.value.what


def test_a_column_the_standard_does_not_have_is_refused_by_name(con, home):
    with pytest.raises(Refusal) as caught:
        _shape(con, home, facility(FACILITY_SQL.replace("AS 名称", "AS 名前")))
    assert caught.value.rule == "release.columns"
    assert "名前" in caught.value.what


def test_columns_may_come_in_any_order(con, home):
    sql = "SELECT place_name AS 名称, place_id AS ID FROM common.places ORDER BY place_id"
    assert _shape(con, home, facility(sql)).table.row(0) == ("001", "図書館", None)


def test_a_city_below_the_minimum_is_one_row(con, home):
    put_towns(con, [("本町", 3, 4), ("南町", 1, 0)])
    shaped = _shape(con, home, population())
    put_towns(con)
    assert shaped.table.height == 1
    assert "totals.too_small" in {f.rule for f in judge_release(shaped.table, shaped.policy)}


def test_before_any_data_a_release_is_empty_and_blocked(con, home):
    put_towns(con, [])
    shaped = _shape(con, home, population())
    put_towns(con)
    assert shaped.table.is_empty()
    assert "table.empty" in {f.rule for f in judge_release(shaped.table, shaped.policy)}


PERSONS = {
    "title": "人", "description": "1行が1人", "sources": ["common.people"], "personal": True,
    "columns": {
        "person_id": {"title": "人", "classification": "個人", "role": "identifier"},
        "town": {"title": "町", "classification": "個人", "role": "quasi_identifier"},
        "is_man": {"title": "男", "classification": "個人", "role": "quasi_identifier"},
    },
}  # fmt: skip
COUNTED_SQL = """
SELECT getvariable('local_government_code') AS 全国地方公共団体コード, '2026-04-01' AS 調査年月日,
    town AS 地域名, count(*) FILTER (is_man) AS 男性, count(*) FILTER (NOT is_man) AS 女性
FROM mart.persons GROUP BY town ORDER BY town
"""


@pytest.fixture(scope="module")
def with_persons(con):
    """Add a table of one row a person: 100 men and 100 women in each of three towns."""
    tokens = [f"p1_{n:0>26}".replace("0", "a").replace("1", "b").replace("8", "c").replace("9", "d") for n in range(600)]  # fmt: skip
    rows = pl.DataFrame({"person_id": tokens}).with_row_index("n").select(
        "person_id",
        town=pl.lit("町") + (pl.col("n") % 3).cast(pl.String),
        is_man=pl.col("n") < 300,
    )  # fmt: skip
    with transaction(con, "internal", "persons"):
        replace_rows(con, ("internal", "mart", "persons"), rows, remove=None)
    register = make_register()
    mart = MartQuery("persons", "", "", Path("persons.sql"), Mart.model_validate(PERSONS))
    return replace(register, marts={**register.marts, "persons": mart})


def test_rows_of_persons_go_out_counted_and_rounded(con, home, with_persons):
    query = release("counted", COUNTED_SQL, POPULATION, ["mart.persons"], protection=ROUNDING)
    shaped = shape(con, home, with_persons, query)
    assert shaped.table["男性"].sum() % 5 == 0
    assert shaped.table.height == 3
    assert judge_release(shaped.table, shaped.policy) == []


def test_rows_of_persons_never_go_out_as_they_are(con, home, with_persons):
    sql = "SELECT person_id AS ID, town AS 名称 FROM mart.persons"
    for columns in (
        sql,
        "SELECT town AS 名称 FROM mart.persons",
        "SELECT 1 AS ID FROM mart.persons",
    ):
        query = release("bare", columns, FACILITY, ["mart.persons"], protection=NONE)
        with pytest.raises(Refusal) as caught:
            shape(con, home, with_persons, query)
        assert caught.value.rule == "release.closed_source"


def test_a_pseudonym_behind_the_protection_is_stopped_at_the_gate(con, home, with_persons):
    sql = COUNTED_SQL.replace("town AS 地域名", "person_id AS 地域名").replace("GROUP BY town ORDER BY town", "GROUP BY person_id")  # fmt: skip
    sql = sql.replace("count(*) FILTER (is_man)", "1000").replace("count(*) FILTER (NOT is_man)", "1000")  # fmt: skip
    query = release("leak", sql, POPULATION, ["mart.persons"], protection=ROUNDING)
    shaped = shape(con, home, with_persons, query)
    assert "pattern.pseudonym" in {f.rule for f in judge_release(shaped.table, shaped.policy)}
