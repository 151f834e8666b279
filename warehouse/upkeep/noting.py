"""Which files come onto the lists, and when: as close to their writing as can be.

A lake's new files are hashed in the moment their transaction is committed, landed bytes carry
their hash as their name, releases are frozen with theirs. A file that went is noted with the reason.
"""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from warehouse.landing import hash_file
from warehouse.upkeep.manifest import Line, append, present, read_head, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from warehouse.home import Home

THREADS = 2
# Of the releases only the frozen versions; pointers and the ledger move and prove themselves.
_FILES = {"landing": "landing/objects/*/*", "releases": "releases/*/v*/*"}


def note_lake(con: duckdb.DuckDBPyConnection, home: Home, zone: str) -> None:
    """Hash the files that a zone's catalog names and its list does not; the caller is its writer."""
    known = read_head(home, zone).number
    note_files(home, zone, dict(lake_files(con, home, zone, above=known)))


def lake_files(
    con: duckdb.DuckDBPyConnection, home: Home, zone: str, *, above: int = -1
) -> list[tuple[Path, int]]:
    """List the files, of rows and of deletions, that any kept snapshot of a zone needs.

    Returns:
        Their paths and DuckLake's numbers, of those with a number above `above`.
    """
    meta = f"__ducklake_metadata_{zone}"
    folders = (
        f"SELECT table_id, any_value(s.path || t.path) AS folder FROM {meta}.ducklake_table AS t "
        f"JOIN {meta}.ducklake_schema AS s USING (schema_id) GROUP BY table_id"
    )
    rows = con.sql(
        f"WITH folders AS ({folders}), files AS ("
        f"SELECT table_id, path, data_file_id AS number FROM {meta}.ducklake_data_file UNION ALL "
        f"SELECT table_id, path, delete_file_id FROM {meta}.ducklake_delete_file) "
        f"SELECT folder || path, number FROM files JOIN folders USING (table_id) "
        f"WHERE number > {int(above)} ORDER BY number"
    ).fetchall()
    data = home.lake(zone) / "data"
    return [(data / path, int(number)) for path, number in rows]


def note_folder(home: Home, area: str) -> None:
    """Hash the files of an area that are not on its list."""
    known = present(read_lines(home, area))
    found = {path: -1 for path in files_of(home, area) if name_of(home, path) not in known}
    note_files(home, area, found)


def files_of(home: Home, area: str) -> list[Path]:
    """List the files of an area that are on disk; what is being written has a dot before its name."""
    pattern = _FILES.get(area, f"lake/{area}/data/**/*")
    return sorted(
        path
        for path in home.root.glob(pattern)
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )


def name_of(home: Home, path: Path) -> str:
    """Give a file's path below the home, as the list has it."""
    return path.relative_to(home.root).as_posix()


def note_files(home: Home, area: str, files: dict[Path, int]) -> None:
    """Hash files and put them onto a list."""
    at = now()
    with ThreadPoolExecutor(THREADS) as pool:
        hashes = pool.map(hash_file, files)
        lines = [
            Line(at, "added", name_of(home, path), path.stat().st_size, sha256, files[path])
            for path, sha256 in zip(files, hashes, strict=True)
        ]
    append(home, area, lines)


def note_gone(home: Home, area: str, paths: Iterable[Path], event: str) -> None:
    """Note that files went, and why; the list keeps the hash of what they were."""
    known, at = present(read_lines(home, area)), now()
    names = [name_of(home, path) for path in paths]
    append(
        home,
        area,
        [
            Line(at, event, name, known[name].size, known[name].sha256, known[name].number)
            for name in names
            if name in known
        ],
    )


def now() -> str:
    """Give the time, ISO 8601 UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
