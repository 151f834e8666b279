"""The analysts' connection: `connect()` reads `internal` and `open`, and can do nothing else.

This is the read side of the warehouse, the only module notebooks import. Every statement sees one
committed snapshot, also while the pipeline writes. The lock is on SQL; what Python code may open
is decided by the rights of the operating system's user.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Self

from warehouse.home import Home
from warehouse.lake import Zone, attach, connect_engine
from warehouse.reading import require_reading

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb

READABLE: tuple[Zone, ...] = ("internal", "open")
_PROJECT = Path(__file__).resolve().parent.parent


class Analyst:
    """A connection that answers queries and nothing else. Use as a context manager, or close it."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Take over a connection whose engine is locked already."""
        self._con = con

    def sql(self, query: str, *, params: object = None) -> duckdb.DuckDBPyRelation:
        """Run queries and give the last one's relation (`.pl()`, `.df()`, `.fetchall()`).

        Raises:
            PermissionError: in Japanese, when a statement does anything but read tables.
            duckdb.Error: when the query itself is wrong.
        """
        require_reading(self._con, query)
        return self._con.sql(query, params=params)

    def close(self) -> None:
        """Close the connection."""
        self._con.close()

    def __enter__(self) -> Self:
        """Enter."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()


def connect(home: Path | str | None = None) -> Analyst:
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
    # Until a catalog has been read once, SHOW ALL TABLES leaves some of its tables out.
    con.sql("FROM duckdb_tables()").fetchall()
    folders = ", ".join(f"'{place.lake(zone).as_posix()}/'" for zone in READABLE)
    con.sql(f"SET allowed_directories = [{folders}]")
    con.sql("SET enable_external_access = false")
    con.sql("SET lock_configuration = true")
    return Analyst(con)


def _find_home() -> Home:
    home = Home.from_environment()
    beside = Home(_PROJECT / "data")
    return home if home.lake("internal").is_dir() or not beside.root.is_dir() else beside


def trace(con: Analyst, dataset: str, column: str) -> duckdb.DuckDBPyRelation:
    """Show from which cell of which file every value of a column came.

    Args:
        con: from `connect`.
        dataset: a dataset without personal data; others carry no addresses on purpose.
        column: one of its columns.

    Returns:
        The rows of `internal.common.<dataset>` with `source_file`, `source_sheet` and
        `source_cell` (such as `F1464`).

    Raises:
        duckdb.Error: when the dataset has no addresses or the names are unknown.
    """
    if not (dataset.isidentifier() and column.isidentifier()):
        raise ValueError(f"名前が正しくありません: {dataset}.{column}")
    described = con.sql(f"DESCRIBE FROM internal.common.{dataset}").fetchall()
    if "_row" not in {row[0] for row in described}:
        raise ValueError(
            "個人に関するデータは、元のセルをたどれないようにしてあります。\n"
            f"  場所: internal.common.{dataset}\n  直し方: 所管課に確かめてください。"
        )
    return con.sql(f"""
        SELECT
            rows.*,
            loaded.account ->> '$.file' AS source_file,
            loaded.account ->> '$.sheet' AS source_sheet,
            (loaded.account ->> '$.letters.{column}') || rows._row AS source_cell
        FROM internal.common.{dataset} AS rows
        JOIN internal.meta.loaded AS loaded
            ON loaded.asset = 'internal/{dataset}' AND loaded.delivery = rows._delivery
    """)
