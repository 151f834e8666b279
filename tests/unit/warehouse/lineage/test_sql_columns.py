"""Which columns a query's columns are made of."""

import pytest

from warehouse.lineage.sql_columns import ROWS, column_sources

TABLES = {
    "common.people": ["_period", "id", "town", "born", "income"],
    "common.towns": ["town", "area", "hectares"],
}


def sources(sql, *outputs):
    found = column_sources(sql, TABLES, outputs)
    assert all(derived.is_exact for derived in found.values())
    return {name: {f"{t}.{c}" for t, c in d.columns} for name, d in found.items()}


def test_a_column_is_followed_through_joins_and_steps():
    sql = """
    WITH rich AS (SELECT town, income * 12 AS yearly FROM common.people WHERE born IS NOT NULL)
    SELECT t.area, sum(r.yearly) / max(t.hectares) AS density
    FROM rich r JOIN common.towns t ON r.town = t.town GROUP BY t.area
    """
    assert sources(sql, "area", "density") == {
        "area": {"common.towns.area"},
        "density": {"common.people.income", "common.towns.hectares"},
    }


def test_all_columns_but_one_are_all_columns_but_one():
    found = sources("SELECT * EXCLUDE (income) FROM common.people", "town", "income")
    assert found == {"town": {"common.people.town"}, "income": set()}


def test_a_union_has_both_sides():
    sql = "SELECT town AS place FROM common.people UNION ALL SELECT area FROM common.towns"
    assert sources(sql, "place")["place"] == {"common.people.town", "common.towns.area"}


def test_a_pivot_is_what_it_is_turned_by_and_what_it_adds_up():
    sql = """
    WITH p AS (SELECT town, income, CASE WHEN born < '2000' THEN 'old' ELSE 'young' END AS age
               FROM common.people),
    c AS (PIVOT p ON age IN ('old', 'young') USING sum(income) GROUP BY town)
    SELECT town, * EXCLUDE (town) FROM c
    """
    both = {"common.people.born", "common.people.income"}
    assert sources(sql, "town", "old", "young") == {
        "town": {"common.people.town"}, "old": both, "young": both,
    }  # fmt: skip


def test_counted_rows_are_said_to_be_rows():
    found = sources("SELECT town, count(*) AS n FROM common.people GROUP BY town", "town", "n")
    assert found["town"] == {"common.people.town"}
    assert f"common.people.{ROWS}" in found["n"]


def test_a_constant_and_a_column_the_query_does_not_give_have_nothing_behind_them():
    assert sources("SELECT 1 AS one FROM common.people", "one", "two") == {
        "one": set(), "two": set(),
    }  # fmt: skip


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT FROM WHERE",
        "SELECT unknown_column AS x FROM common.people",
        "SELECT town AS x FROM common.elsewhere",
        "PIVOT common.people ON town USING sum(income)",
    ],
)
def test_a_query_that_cannot_be_followed_is_said_to_depend_on_everything(sql):
    derived = column_sources(sql, TABLES, ["x"])["x"]
    assert not derived.is_exact
    assert len(derived.columns) == sum(map(len, TABLES.values()))
