"""The proof that deleted rows are in no file.

The files on disk are those of the catalog, and each of them is read, past DuckLake's own marks of
deletion.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.history.names import VALID_TO
from warehouse.upkeep.noting import files_of, now
from warehouse.upkeep.tombstones import write_tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from warehouse.home import Home
    from warehouse.lake import Zone
    from warehouse.upkeep.tombstones import Tombstone


@dataclass(frozen=True)
class _File:
    path: Path
    table: str
    key: str | None


@dataclass(frozen=True)
class _Left:
    """What one zone still holds.

    Attributes:
        files: how many data files were read.
        strangers: files on disk that the catalog does not name.
        oldest: the oldest snapshot.
        rows: delivery → rows, dataset → ended rows, in the bytes of the files.
    """

    files: int
    strangers: int
    oldest: int
    rows: Counter[str]

    def explain(self, stone: Tombstone, zone: Zone) -> str | None:
        """Tell why a tombstone is not proven, or None when it is."""
        if self.oldest < stone.snapshots[zone]:
            return f"{zone}: 消す前の版がまだ残っています(開いている接続のため1日は残します)"
        if self.strangers:
            return f"{zone}: カタログにないファイルが {self.strangers} 件あります(次の保守で片づけます)"
        left = self.rows[stone.delivery or stone.dataset]
        return f"{zone}: {stone.dataset} の行が {left} 行残っています" if left else None


def prove_gone(
    con: duckdb.DuckDBPyConnection, home: Home, stones: list[Tombstone], zones: Iterable[Zone]
) -> tuple[list[Tombstone], list[str]]:
    """Prove of each tombstone that nothing of it is left, and write the proof onto it.

    Returns:
        The tombstones that are proven now, and in Japanese why the others are not yet.
    """
    proven: list[Tombstone] = []
    reasons: list[str] = []
    left = {zone: _read_zone(con, home, zone, stones) for zone in zones} if stones else {}
    files = sum(found.files for found in left.values())
    for stone in stones:
        why = [w for zone, found in left.items() if (w := found.explain(stone, zone))]
        reasons += why
        if not why:
            proof = (
                f"残るデータファイル {files} 件をすべて読み、該当する行がないことと、"
                "ディスクのファイルがカタログと一致することを確かめた"
            )
            proven.append(replace(stone, proven_at=now(), proof=proof))
            write_tombstone(home, proven[-1])
    return proven, list(dict.fromkeys(reasons))


def _read_zone(
    con: duckdb.DuckDBPyConnection, home: Home, zone: Zone, stones: list[Tombstone]
) -> _Left:
    files, known = _list_files(con, home, zone)
    oldest = con.sql(f"SELECT min(snapshot_id) FROM {zone}.snapshots()").fetchone()
    rows: Counter[str] = Counter()
    for file in files:
        rows += _count(con, file, stones)
    strangers = sum(path not in known for path in files_of(home, zone))
    return _Left(len(files), strangers, int(oldest[0]) if oldest else 0, rows)


def _list_files(
    con: duckdb.DuckDBPyConnection, home: Home, zone: Zone
) -> tuple[list[_File], set[Path]]:
    meta = f"__ducklake_metadata_{zone}"
    rows = con.sql(
        "SELECT s.path || t.path || f.path, t.table_name, f.encryption_key, f.is_data FROM ("
        f"SELECT table_id, path, encryption_key, true AS is_data FROM {meta}.ducklake_data_file "
        f"UNION ALL SELECT table_id, path, NULL, false FROM {meta}.ducklake_delete_file) AS f "
        f"JOIN (SELECT DISTINCT table_id, schema_id, table_name, path FROM {meta}.ducklake_table) "
        f"AS t USING (table_id) JOIN {meta}.ducklake_schema AS s USING (schema_id)"
    ).fetchall()
    data = home.lake(zone) / "data"
    files = [_File(data / path, table, key) for path, table, key, is_data in rows if is_data]
    return files, {data / row[0] for row in rows}


def _count(con: duckdb.DuckDBPyConnection, file: _File, stones: list[Tombstone]) -> Counter[str]:
    """Count rows of tombstones in the bytes of one file, whatever the catalog says of them."""
    path = file.path.as_posix().replace("'", "''")
    key = f", encryption_config => {{footer_key_value: from_base64('{file.key}')}}"
    source = f"read_parquet('{path}'{key if file.key else ''})"
    columns = {row[0] for row in con.sql(f"DESCRIBE FROM {source}").fetchall()}
    found: Counter[str] = Counter()
    if "_delivery" in columns:
        query = (
            f"SELECT _delivery, count(*) FROM {source} WHERE list_contains(?, _delivery) GROUP BY 1"
        )
        deliveries = [stone.delivery for stone in stones if stone.delivery]
        found.update(dict(con.execute(query, [deliveries]).fetchall()))
    cutoffs = [s.cutoff for s in stones if not s.delivery and s.dataset == file.table]
    if VALID_TO in columns and cutoffs:
        cutoff = dt.date.fromisoformat(max(cutoffs))
        row = con.sql(
            f"SELECT count(*) FROM {source} WHERE {VALID_TO} < DATE '{cutoff}'"
        ).fetchone()
        found[file.table] += int(row[0]) if row else 0
    return found
