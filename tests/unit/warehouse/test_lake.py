"""The lake commits all or nothing, and what is secure is unreadable outside it."""

import sqlite3
from contextlib import closing

import duckdb
import polars as pl
import pytest

from warehouse.home import Home
from warehouse.lake import (
    ZONES,
    Loaded,
    comment,
    connect_engine,
    extension_path,
    forget,
    has_table,
    loaded,
    open_lake,
    record,
    remove_rows,
    replace_rows,
    snapshot_id,
    transaction,
)

PLANTED = "植木埋蔵之助ZZ"
ROWS = pl.DataFrame(
    {
        "_delivery": ["a", "a", "b"],
        "full_name": [f"{PLANTED}一", f"{PLANTED}二", f"{PLANTED}三"],
        "n": [1, 2, 3],
    }
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("lake"))


@pytest.fixture(scope="module")
def con(place):
    with open_lake(place, write=ZONES) as opened:
        yield opened


def _put(con, table, rows=ROWS, *, remove=None, zone="secure"):
    with transaction(con, zone, table):
        replace_rows(con, (zone, "common", table), rows, remove=remove)


def _rows(con, table, zone="secure"):
    return con.sql(f"FROM {zone}.common.{table} ORDER BY ALL").fetchall()


def test_a_commit_is_one_snapshot_with_its_message(con):
    before = snapshot_id(con, "secure")
    with transaction(con, "secure", "raw/it's"):
        replace_rows(con, ("secure", "common", "one"), ROWS, remove=None)
        replace_rows(con, ("secure", "common", "two"), ROWS, remove=None)
        record(con, "secure", [Loaded("raw/one", "a", "f", {"rows_in": 3})])
    assert snapshot_id(con, "secure") == before + 1
    said = con.sql(
        f"SELECT commit_message FROM secure.snapshots() WHERE snapshot_id = {before + 1}"
    )
    assert said.fetchall() == [("raw/it's",)]
    assert _rows(con, "one") == _rows(con, "two") == sorted(ROWS.rows())


def test_a_step_that_fails_leaves_nothing_behind(con, place):
    _put(con, "kept")
    files = sorted(place.lake("secure").rglob("*.parquet"))
    before = snapshot_id(con, "secure")

    def fail():
        with transaction(con, "secure", "x"):
            replace_rows(con, ("secure", "common", "kept"), ROWS.head(1), remove=None)
            replace_rows(con, ("secure", "common", "fresh"), ROWS, remove=None)
            record(con, "secure", [Loaded("x", "a", "f", {})])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert snapshot_id(con, "secure") == before
    assert _rows(con, "kept") == sorted(ROWS.rows())
    assert not has_table(con, "secure", "common", "fresh")
    assert loaded(con, "secure", "x") == {}
    assert set(files) <= set(place.lake("secure").rglob("*.parquet"))


def test_rows_of_the_named_deliveries_are_replaced_and_the_others_stay(con):
    _put(con, "swap")
    _put(con, "swap", ROWS.head(1).with_columns(n=pl.lit(9, pl.Int64)), remove=["a"])
    assert [(d, n) for d, _, n in _rows(con, "swap")] == [("a", 9), ("b", 3)]
    _put(con, "swap", ROWS.head(0), remove=["b"])
    assert [d for d, _, _ in _rows(con, "swap")] == ["a"]
    _put(con, "swap", ROWS.tail(1), remove=None)
    assert [d for d, _, _ in _rows(con, "swap")] == ["b"]


def test_a_table_is_made_anew_when_its_columns_change(con):
    _put(con, "shape")
    _put(con, "shape", ROWS.select("_delivery", town=pl.lit("本町")), remove=["a", "b"])
    assert con.sql("DESCRIBE FROM secure.common.shape").fetchall()[1][:2] == ("town", "VARCHAR")
    assert con.sql("SELECT count(*) FROM secure.common.shape").fetchall() == [(3,)]


def test_rows_are_removed_only_from_a_table_that_is_there(con):
    _put(con, "less")
    with transaction(con, "secure", "less"):
        remove_rows(con, ("secure", "common", "less"), ["a", "nobody"])
        remove_rows(con, ("secure", "common", "not_there"), ["a"])
        remove_rows(con, ("secure", "not_there", "less"), ["a"])
    assert [d for d, _, _ in _rows(con, "less")] == ["b"]


@pytest.mark.parametrize("name", ["loaded", "rows", "place", "con"])
def test_the_name_of_a_python_variable_is_no_table(con, name):
    assert not has_table(con, "secure", "nowhere", name)
    with pytest.raises(duckdb.CatalogException):
        con.sql(f"FROM {name}_rows_of_nobody")


def test_entries_are_written_over_and_forgotten(con):
    with transaction(con, "open", "x"):
        record(con, "open", [Loaded("a", d, "1", {"名": "値", "n": 1}) for d in "xyz"])
        record(con, "open", [Loaded("b", "x", "1", {})])
    with transaction(con, "open", "x"):
        record(con, "open", [Loaded("a", "x", "2", {})])
        forget(con, "open", "a", ["y", "nobody"])
    assert loaded(con, "open", "a") == {
        "x": Loaded("a", "x", "2", {}),
        "z": Loaded("a", "z", "1", {"名": "値", "n": 1}),
    }
    assert set(loaded(con, "open", "b")) == {"x"}


def test_titles_stand_beside_tables_and_columns(con):
    _put(con, "titled", zone="internal")
    with transaction(con, "internal", "x"):
        comment(con, "internal.common.titled", "利用者'表", {"n": "回数"})
    tables = con.sql("SELECT comment FROM duckdb_tables() WHERE table_name = 'titled'").fetchall()
    assert tables == [("利用者'表",)]
    columns = con.sql(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'titled' AND column_name = 'n'"
    )
    assert columns.fetchall() == [("回数",)]


def test_secure_data_can_be_read_by_nobody_without_the_lake(con, place):
    for turn in range(3):
        _put(con, "hidden", ROWS.with_columns(n=pl.col("n") + turn), remove=["b"])
    assert con.sql(f"FROM secure.common.hidden WHERE full_name = '{PLANTED}二'").fetchall()
    parquet = sorted(place.lake("secure").glob("data/common/hidden/**/*.parquet"))
    assert parquet
    for path in parquet:
        with pytest.raises(duckdb.Error):
            duckdb.connect().sql(f"FROM read_parquet('{path.as_posix()}')").fetchall()
    wanted = [PLANTED.encode(), PLANTED.encode("utf-16-le")]
    everything = [p for p in place.lake("secure").rglob("*") if p.is_file()]
    assert any(p.name.startswith("catalog.sqlite") for p in everything)
    leaks = [p.name for p in everything if any(word in p.read_bytes() for word in wanted)]
    assert leaks == []


def test_no_rows_are_kept_in_any_catalog(con, place):
    one = ROWS.head(1)
    for zone in ZONES:
        _put(con, "small", one, zone=zone)
        _put(con, "small", one, zone=zone, remove=["nobody"])
        assert len(_rows(con, "small", zone)) == 2
    for zone in ZONES:
        with closing(
            sqlite3.connect(f"file:{place.lake(zone)}/catalog.sqlite?mode=ro", uri=True)
        ) as db:
            names = [row[0] for row in db.execute("SELECT name FROM sqlite_master")]
            inlined = [
                n
                for n in names
                if n.startswith("ducklake_inlined_data_") and n != "ducklake_inlined_data_tables"
            ]
            assert inlined == []
            assert db.execute("SELECT count(*) FROM ducklake_inlined_data_tables").fetchone() == (
                0,
            )


def test_statistics_of_the_secure_catalog_hold_no_value_and_queries_are_right_all_the_same(con):
    _put(con, "counted")
    _put(
        con, "counted", ROWS.with_columns(_delivery=pl.lit("c"), n=pl.lit(50, pl.Int64)), remove=[]
    )
    low, high = con.sql("SELECT min(n), max(n) FROM secure.common.counted").fetchall()[0]
    assert (low, high) == (1, 50)
    assert con.sql("SELECT count(*) FROM secure.common.counted WHERE n > 40").fetchall() == [(3,)]
    assert con.sql("SELECT count(*) FROM secure.common.counted WHERE n < 2").fetchall() == [(1,)]


def test_a_lake_is_found_again_and_a_reader_cannot_write(tmp_path):
    home = Home(tmp_path / "it's here")
    with open_lake(home, write=["secure"]) as opened:
        _put(opened, "again")
    with open_lake(home, read=ZONES) as opened:
        assert len(_rows(opened, "again")) == 3
        assert loaded(opened, "internal", "nothing") == {}
        with pytest.raises(duckdb.Error):
            opened.sql("DELETE FROM secure.common.again")


def test_a_lake_that_was_moved_is_read_and_written_where_it_is(tmp_path):
    old, new = Home(tmp_path / "old"), Home(tmp_path / "new")
    with open_lake(old, write=["secure"]) as opened:
        _put(opened, "moved")
    old.root.rename(new.root)
    with open_lake(new, write=["secure"]) as opened:
        _put(opened, "moved", ROWS.tail(1), remove=["a"])
        assert len(_rows(opened, "moved")) == 2
    with open_lake(new, read=["secure"]) as opened:
        assert len(_rows(opened, "moved")) == 2
    assert not old.root.exists()


def test_the_engine_does_not_reach_for_the_network():
    with connect_engine() as engine:
        for setting in (
            "autoinstall_known_extensions",
            "autoload_known_extensions",
            "allow_community_extensions",
        ):
            value = engine.sql(f"SELECT current_setting('{setting}')").fetchall()
            assert value in ([(False,)], [("false",)])


def test_extensions_are_found_beside_the_engine_or_where_they_are_put(tmp_path, monkeypatch):
    assert extension_path("ducklake").is_file()
    extension_path.cache_clear()
    other = tmp_path / "deep" / "nosuch.duckdb_extension"
    other.parent.mkdir()
    other.touch()
    monkeypatch.setenv("MACHIKANE_EXTENSIONS", str(tmp_path))
    assert extension_path("nosuch") == other
    with pytest.raises(FileNotFoundError, match="拡張 missing"):
        extension_path("missing")
    extension_path.cache_clear()


def test_a_query_that_does_not_fit_in_memory_spills_and_leaves_nothing(home):
    with open_lake(home, read=("internal",)) as con:
        con.sql("SET memory_limit = '40MB'")
        con.sql("SET threads = 1")
        query = "SELECT hash(i) AS h, repeat('x', 40) AS t FROM range(2_000_000) r(i) ORDER BY h"
        assert con.sql(f"SELECT count(DISTINCT h) FROM ({query} LIMIT 1_900_000)").fetchone()
        assert list(home.spill.iterdir())
    assert not list(home.spill.iterdir())
