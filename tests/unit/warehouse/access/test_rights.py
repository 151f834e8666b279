"""What each role sees, table by table and column by column."""

import pytest

from warehouse.analyst import trace

LABELS = ["_delivery", "_period"]
SEEN = {
    "analyst": {
        "internal.common.users": [*LABELS, "person_id", "town", "visit_count"],
        "internal.common.levies": [*LABELS, "person_id", "town", "visit_count", "_row"],
        "internal.mart.by_town": ["town"],
        "internal.mart.levies_by_town": ["town"],
    },
    "office": {"internal.mart.by_town": ["town"], "internal.mart.levies_by_town": ["town"]},
    # the mart is made of another department's data, too
    "tax": {"internal.common.levies": [*LABELS, "person_id", "town", "visit_count", "_row"]},
    "narrow": {
        "internal.common.users": [*LABELS, "town"],
        "internal.common.levies": [*LABELS, "town", "visit_count", "_row"],
        "internal.mart.by_town": ["town"],
        "internal.mart.levies_by_town": ["town"],
    },
    "engineer": {
        "secure.common.users": [*LABELS, "person_id", "town", "visit_count", "full_name"],
    },
}


@pytest.mark.parametrize("role", SEEN)
def test_a_role_sees_what_is_granted_and_no_more(open_as, role):
    con = open_as(role)
    rows = con.sql("SHOW ALL TABLES").fetchall()
    assert {".".join(row[:3]): row[3] for row in rows} == SEEN[role]
    for table, columns in SEEN[role].items():
        assert con.sql(f"FROM {table}").columns == columns


def test_the_lists_of_tables_and_columns_hold_what_is_granted(open_as):
    con = open_as("tax")
    tables = con.sql("SELECT table_name FROM information_schema.tables").fetchall()
    assert tables == [("levies",)]
    columns = con.sql(
        "SELECT column_name FROM information_schema.columns AS c WHERE c.table_name = ?",
        params=["levies"],
    ).fetchall()
    assert {row[0] for row in columns} == set(SEEN["tax"]["internal.common.levies"])
    assert con.sql("FROM (SHOW TABLES) AS t SELECT t.name").fetchall() == [("levies",)]


def test_a_refusal_names_what_is_near_and_what_is_seen(open_as):
    with pytest.raises(PermissionError) as caught:
        open_as("tax").sql("FROM internal.common.levys")
    assert "近い名前: internal.common.levies" in str(caught.value)
    assert "taxの役割" in str(caught.value)


def test_a_withheld_column_is_said_with_its_class(open_as):
    with pytest.raises(Exception, match="この役割には見えません: full_name") as caught:
        open_as("analyst").sql("SELECT full_name FROM internal.common.users").fetchall()
    assert "分類: 個人" in str(caught.value)
    assert "見える列: _delivery、_period、person_id、town" in str(caught.value)


def test_a_value_is_traced_as_far_as_the_role_sees_its_dataset(open_as):
    cells = trace(open_as("tax"), "levies", "town").pl()
    assert sorted(cells["source_cell"]) == ["C2", "C3"]
    with pytest.raises(PermissionError, match="この役割には見えません"):
        trace(open_as("office"), "levies", "town")


def test_a_question_may_name_its_parts(open_as):
    con = open_as("tax")
    assert con.sql(
        "WITH t AS (FROM internal.common.levies), u AS (SELECT count(*) AS n FROM t) "
        "SELECT n, (SELECT max(visit_count) FROM t) FROM u"
    ).fetchall() == [(2, 77)]
    assert con.sql("EXPLAIN ANALYZE FROM internal.common.levies").fetchall()
    assert con.sql("EXPLAIN SHOW ALL TABLES").fetchall()
