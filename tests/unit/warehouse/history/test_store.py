"""Whole states larger than the engine's row groups, which several threads insert."""

import datetime as dt

import duckdb
import polars as pl

from assets.register import load_register
from warehouse.history.snapshots import Delivered
from warehouse.history.store import Change, count_rows, write_history

MANY = 300_000
FIRST, SECOND = Delivered("2024-04", "a"), Delivered("2024-05", "b")


def test_a_large_state_is_kept_whole_also_after_an_empty_one(tmp_path):
    con = duckdb.connect(config={"threads": 2})
    con.sql("ATTACH ':memory:' AS secure")
    contract = load_register().datasets["resident_register"].contract
    contract = contract.model_copy(update={"key": ["id"]})
    rows = pl.DataFrame({"_row": range(MANY), "id": range(MANY), "town": "本町一丁目"})
    rows.write_parquet(tmp_path / "rows.parquet")
    query = f"FROM read_parquet('{tmp_path / 'rows.parquet'}')"
    empty = (
        "SELECT ''::VARCHAR AS _delivery, ''::VARCHAR AS _period, * "
        f"FROM read_parquet('{tmp_path / 'rows.parquet'}') WHERE false"
    )
    added = [
        Delivered(FIRST.period, FIRST.delivery, f"{query} WHERE false"),
        Delivered(SECOND.period, SECOND.delivery, query),
    ]
    con.sql("BEGIN")
    change = Change(before=[], removed=[], added=added, empty=empty, everything=True)
    write_history(con, "secure.common.people", contract, change)
    assert count_rows(con, "secure.common.people", "snapshots", FIRST) == 0
    assert count_rows(con, "secure.common.people", "snapshots", SECOND) == MANY
    con.sql("COMMIT")
    days = con.sql("SELECT DISTINCT _valid_from, _valid_to FROM secure.common.people").fetchall()
    assert days == [(dt.date(2024, 5, 1), dt.date(9999, 12, 31))]
