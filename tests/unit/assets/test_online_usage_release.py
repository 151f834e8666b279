"""Few applications of one procedure are never shown alone, nor told by what is missing."""

import duckdb
import pytest

from assets.register import load_register

RELEASE = load_register().releases["online_usage"]
MANY = [("住民票", 400, 1000), ("図書の予約", 90, 100), ("転入届", 0, 500)]
REST = "その他の手続"


def released(*procedures):
    """Lay out procedures: name, online, all."""
    con = duckdb.connect()
    con.sql("SET VARIABLE city = '市'; SET VARIABLE prefecture = '府'; CREATE SCHEMA mart")
    con.sql("CREATE TABLE mart.online_usage (procedure_name VARCHAR, online_count BIGINT, total_count BIGINT, offline_count BIGINT)")  # fmt: skip
    con.executemany("INSERT INTO mart.online_usage VALUES (?, ?, ?, ?)", [(n, o, t, t - o) for n, o, t in procedures])  # fmt: skip
    rows = con.sql(RELEASE.sql).fetchall()
    return {row[2]: row[3:7] for row in rows}, {row[2]: row[7] for row in rows}


def test_procedures_with_many_applications_are_shown_as_they_are():
    rows, notes = released(*MANY, ("税の申告", 100, 100))
    assert rows == {
        "住民票": (1000, 400, 600, 40.0),
        "図書の予約": (100, 90, 10, 90.0),
        "転入届": (500, 0, 500, 0.0),
        "税の申告": (100, 100, 0, 100.0),
    }
    assert set(notes.values()) == {None}


@pytest.mark.parametrize("few", [("改葬", 0, 9), ("改葬", 2, 500), ("改葬", 499, 500)])
def test_two_procedures_at_least_are_merged(few):
    rows, notes = released(*MANY, few)
    assert few[0] not in rows
    assert "図書の予約" not in rows
    assert rows[REST][:2] == (100 + few[2], 90 + few[1])
    assert notes[REST] == "件数の少ない2の手続をまとめたもの"


def test_what_stays_small_when_merged_is_left_out():
    rows, _ = released(*MANY, ("改葬", 0, 3), ("墓地", 1, 2))
    assert set(rows) == {name for name, _, _ in MANY}


def test_no_cell_tells_of_one_or_two_applications_and_none_is_invented():
    few = [(f"手続{n}", n % 4, n) for n in range(1, 12)]
    rows, _ = released(*MANY, *few)
    cells = [
        cell for total, online, offline, _ in rows.values() for cell in (total, online, offline)
    ]
    assert not {1, 2} & set(cells)
    assert sum(total for total, *_ in rows.values()) <= sum(t for _, _, t in [*MANY, *few])
