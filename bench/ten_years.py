"""Ten years of months as intervals, against a full Parquet file a month.

    python bench/ten_years.py [--residents 400000] [--months 120]

A made-up register (20 columns, 1 % of the people change a month: moves, names, arrivals, departures)
goes month by month through the warehouse's own store into a DuckLake; each month also stands as a
full Parquet file. The same engine then asks both the same questions.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.unit.warehouse.small_city import make_contract
from warehouse.history.as_of import history_macros
from warehouse.history.known import note_history, note_periods
from warehouse.history.names import day_of
from warehouse.history.snapshots import Delivered
from warehouse.history.store import Change, write_history
from warehouse.home import Home
from warehouse.lake import Zone, open_lake, transaction

if TYPE_CHECKING:
    import duckdb

ZONE: Zone = "internal"
TABLE = f"{ZONE}.common.people"
_TIMES = 7
# What stands in the columns of a person `i` in their `v`-th version.
_COLUMNS = """
    printf('%010d', i) AS person_id,
    printf('%010d', hash(i // 2.2::DOUBLE, v // 3) % 2000000) AS household_id,
    DATE '1930-01-01' + (hash(i, 1) % 34000)::INTEGER AS birth_date,
    (hash(i, 2) % 2 + 1)::VARCHAR AS sex_code,
    'まち' || (hash(i, 3, v) % 600)::VARCHAR || '丁目' AS town,
    (hash(i, 4, v) % 30 + 901)::VARCHAR || '番' || (hash(i, 5, v) % 40)::VARCHAR || '号' AS block,
    printf('56%05d', hash(i, 3, v) % 600) AS postal_code,
    ['世帯主', '妻', '夫', '子', '子の子', '父', '母', '同居人'][(hash(i, 6, v // 4) % 8)::BIGINT + 1] AS relationship,
    DATE '1990-01-01' + (hash(i, 7) % 12000)::INTEGER AS resident_since_date,
    DATE '1990-01-01' + (hash(i, 8, v) % 12000)::INTEGER AS moved_date,
    DATE '1990-01-01' + (hash(i, 9, v) % 12000)::INTEGER AS notified_date,
    (hash(i, 10, v) % 9 * 10)::VARCHAR AS reason_code,
    ['日本', '中国', '韓国', 'ベトナム', '米国'][least(hash(i, 11) % 120, 4)::INTEGER + 1] AS nationality,
    (hash(i, 12) % 47 + 1)::VARCHAR AS origin_prefecture,
    hash(i, 13, v) % 3 = 0 AS is_voter,
    hash(i, 14, v) % 5 = 0 AS is_insured,
    hash(i, 15, v) % 9 = 0 AS is_pensioner,
    hash(i, 16, v // 2) % 3000 AS school_district_number,
    (hash(i, 17, v) % 1000000)::DECIMAL(9, 0) AS assessed_yen,
    CASE WHEN hash(i, 18, v) % 10 = 0 THEN '備考' || (hash(i, 19, v) % 500)::VARCHAR END AS note
"""


def main() -> None:
    """Load, ask, and print what it took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--residents", type=int, default=400_000)
    options.add_argument("--months", type=int, default=120)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ten_years_"))
    try:
        with open_lake(Home(folder), write=[ZONE]) as con:
            con.sql("SET preserve_insertion_order = false")
            files = _load(con, folder, given.residents, given.months)
            _compare(con, folder, files)
    finally:
        shutil.rmtree(folder)


def _load(
    con: duckdb.DuckDBPyConnection, folder: Path, residents: int, months: int
) -> dict[str, Path]:
    """Let the months pass, each through the store and into a full file of its own."""
    contract = make_contract(
        history="snapshots",
        key=["person_id"],
        columns=make_contract().model_dump(by_alias=True)["columns"],
    )
    con.sql(f"CREATE TEMP TABLE city AS SELECT i, 0 AS v FROM range({residents}) AS t(i)")
    files: dict[str, Path] = {}
    known: list[Delivered] = []
    seconds: list[float] = []
    for month in range(months):
        period = f"{2016 + month // 12}-{month % 12 + 1:02}"
        files[period] = folder / f"{period}.parquet"
        if month:
            _live(con, month, residents)
        con.sql(
            f"COPY (SELECT row_number() OVER () + 1 AS _row, {_COLUMNS} FROM city ORDER BY i) "
            f"TO '{files[period]}' (COMPRESSION zstd)"
        )
        delivered = Delivered(period, f"d{month:015}", f"FROM read_parquet('{files[period]}')")
        empty = (
            f"SELECT '' AS _delivery, '' AS _period, * FROM read_parquet('{files[period]}') LIMIT 0"
        )
        began = time.process_time()
        with transaction(con, ZONE, "month"):
            change = Change(list(known), [], [delivered], empty, everything=not known)
            write_history(con, TABLE, contract, change)
            known.append(Delivered(period, delivered.delivery))
            note_periods(con, ZONE, "people", [(d.period, d.delivery) for d in known])
            note_history(con, ZONE, "people", contract, {"person_id"})
        seconds.append(time.process_time() - began)
    peak = psutil.Process().memory_info().rss / 1e9
    print(
        f"load: {statistics.median(seconds):.2f} CPU s a month (max {max(seconds):.2f}), RSS {peak:.2f} GB"
    )
    return files


def _live(con: duckdb.DuckDBPyConnection, month: int, residents: int) -> None:
    """One month: 0.8 % change, 0.1 % leave, 0.1 % come; 1 % all in all."""
    chance = f"hash(i, v, {month}) % 1000"
    come = residents // 1000
    first = residents + month * come
    con.sql(f"DELETE FROM city WHERE {chance} = 999")
    con.sql(f"UPDATE city SET v = v + 1 WHERE {chance} < 8")
    con.sql(f"INSERT INTO city SELECT i, 0 FROM range({first}, {first + come}) AS t(i)")


def _compare(con: duckdb.DuckDBPyConnection, folder: Path, files: dict[str, Path]) -> None:
    for statement in history_macros(con, ZONE):
        con.sql(statement)
    _print_storage(con, folder, files)
    periods = list(files)
    for place in (0, 1, len(periods) // 4, len(periods) // 2, len(periods) * 3 // 4, -2, -1):
        period = periods[place]
        ours = f"as_of_people('{day_of(period)}')"
        _print_ratio(con, f"as of {period}", *(_count(s) for s in (ours, f"'{files[period]}'")))
    before, after = periods[len(periods) // 2 - 1], periods[len(periods) // 2]
    _print_ratio(
        con,
        f"changes of {after}",
        f"SELECT _change, count(*) FROM changes_of_people('{day_of(before)}', '{day_of(after)}') GROUP BY 1",
        _differ(con, files[before], files[after]),
    )
    person = con.sql(
        f"SELECT person_id FROM {TABLE} GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    ).fetchall()[0][0]
    _print_ratio(
        con,
        "life of one person",
        f"SELECT * FROM {TABLE} WHERE person_id = '{person}' ORDER BY _valid_from",
        f"SELECT * FROM read_parquet('{folder}/*.parquet', filename = true) "
        f"WHERE person_id = '{person}' ORDER BY filename",
    )


def _count(source: str) -> str:
    return f"""
        SELECT town, sex_code, count(*), count(DISTINCT household_id), min(birth_date),
            sum(assessed_yen), count(*) FILTER (is_voter), max(moved_date)
        FROM {source} GROUP BY ALL ORDER BY ALL
    """


def _differ(con: duckdb.DuckDBPyConnection, before: Path, after: Path) -> str:
    described = con.sql(f"DESCRIBE FROM '{before}'").fetchall()
    content = [row[0] for row in described if not row[0].startswith("_")]
    equal = " AND ".join(f"a.{c} IS NOT DISTINCT FROM b.{c}" for c in content)
    return f"""
        SELECT CASE WHEN b._row IS NULL THEN 'began' WHEN a._row IS NULL THEN 'ended' ELSE 'changed' END,
            count(*)
        FROM '{after}' AS a FULL JOIN '{before}' AS b ON a.person_id = b.person_id
        WHERE a._row IS NULL OR b._row IS NULL OR NOT ({equal}) GROUP BY 1
    """


def _print_storage(con: duckdb.DuckDBPyConnection, folder: Path, files: dict[str, Path]) -> None:
    full = sum(path.stat().st_size for path in files.values())
    data = Home(folder).lake(ZONE) / "data"
    all_files = sum(p.stat().st_size for p in data.rglob("*.parquet"))
    now = con.sql(
        "SELECT sum(data_file_size_bytes) + coalesce(sum(delete_file_size_bytes), 0), count(*) "
        f"FROM ducklake_list_files('{ZONE}', 'people', schema => 'common')"
    ).fetchall()[0]
    rows = con.sql(f"SELECT count(*) FROM {TABLE}").fetchall()[0][0]
    print(
        f"storage: {now[0] / full:.2%} of {len(files)} full copies ({now[0] / 1e6:.0f} of {full / 1e6:.0f} MB, "
        f"{rows:,} rows, {now[1]} files); with all that older snapshots still need {all_files / full:.2%}"
    )


def _print_ratio(con: duckdb.DuckDBPyConnection, what: str, ours: str, full: str) -> None:
    """Ask both in turn; CPU seconds, because another program may be busy meanwhile, and the clock."""
    times: dict[str, list[tuple[float, float]]] = {"ours": [], "full": []}
    for _ in range(_TIMES):
        for name, query in (("ours", ours), ("full", full)):
            began = time.process_time(), time.perf_counter()
            con.sql(query).fetchall()
            times[name].append((time.process_time() - began[0], time.perf_counter() - began[1]))
    for number, unit in enumerate(("CPU ms", "ms by the clock")):
        mine, theirs = (statistics.median(t[number] for t in times[n]) for n in ("ours", "full"))
        print(
            f"{what}: {mine * 1000:.0f} {unit}, full files {theirs * 1000:.0f}, {mine / theirs:.2f}x",
            flush=True,
        )


if __name__ == "__main__":
    main()
