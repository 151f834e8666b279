"""The analysts' connection: `connect()` reads `internal` and `open`, and can do nothing else.

This is the read side of the warehouse, the only module notebooks import. Every statement sees one
committed snapshot, also while the pipeline writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.home import Home
from warehouse.lake import Zone, attach, connect_engine

if TYPE_CHECKING:
    import duckdb

READABLE: tuple[Zone, ...] = ("internal", "open")
_PROJECT = Path(__file__).resolve().parent.parent


def connect(home: Path | str | None = None) -> duckdb.DuckDBPyConnection:
    """Open a read-only, locked-down connection to the analysts' zones.

    Args:
        home: the platform's folder; default `MACHIKANE_HOME`, `./data`, or `data` beside the code
            (a notebook runs in its own folder).

    Raises:
        FileNotFoundError: in Japanese, when nothing has been loaded there yet.
    """
    place = Home(Path(home).resolve()) if home else _find_home()
    missing = [zone for zone in READABLE if not (place.lake(zone) / "catalog.sqlite").is_file()]
    if missing:
        raise FileNotFoundError(
            f"データ基盤がまだありません。\n  場所: {place.root}\n"
            "  直し方: 先に machikane demo か machikane run を実行するか、MACHIKANE_HOME を設定してください。"
        )
    con = connect_engine()
    for zone in READABLE:
        attach(con, place, zone, read_only=True)
    folders = ", ".join(f"'{place.lake(zone).as_posix()}/'" for zone in READABLE)
    con.sql(f"SET allowed_directories = [{folders}]")
    con.sql("SET enable_external_access = false")
    con.sql("SET lock_configuration = true")
    return con


def _find_home() -> Home:
    home = Home.from_environment()
    beside = Home(_PROJECT / "data")
    return home if home.lake("internal").is_dir() or not beside.root.is_dir() else beside
