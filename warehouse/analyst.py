"""The analysts' connection: `connect(role=…)` reads what a role may see, and can do nothing else.

This is the read side of the warehouse, the only module notebooks import. A connection is fixed on
one snapshot of every zone until it is refreshed, also while the pipeline writes. The lock is on
SQL; what Python code may open is decided by the rights of the operating system's user.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assets.errors import suggest
from assets.register import BUILT_IN, Register, load_register
from warehouse.access.answer import Answer, in_japanese
from warehouse.access.audit import note_question
from warehouse.access.session import Session, open_session
from warehouse.access.wording import deny_table
from warehouse.home import Home
from warehouse.reading import require_reading
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from warehouse.access.rights import Sight
    from warehouse.lake import Zone

_PROJECT = Path(__file__).resolve().parent.parent


class Analyst:
    """A connection that answers queries and nothing else. Use as a context manager, or close it."""

    def __init__(self, home: Home, register: Register, role: str, pins: Mapping[Zone, int]) -> None:
        """Open the connection; zones that `pins` does not name are seen as they are now."""
        self._home, self._register, self._role = home, register, role
        self._session = self._open(pins)

    def sql(self, query: str, *, params: object = None) -> Answer:
        """Answer queries: the last one's rows (`.pl()`, `.df()`, `.fetchall()`).

        Raises:
            PermissionError: in Japanese, when a statement does anything but read the tables that
                the role sees.
            Refusal: `analyst.expired` when upkeep has cleared the snapshot away; `analyst.audit`.
            duckdb.Error: when the query itself is wrong.
        """
        session = self._session
        with in_japanese((), session.reach.role):
            judged = require_reading(session.con, query, session.reach)
        self._note(judged.used, query)
        with in_japanese(judged.used, session.reach.role):
            rows = session.con.sql(judged.query, params=params)
        return Answer(rows, judged.used, session.reach.role)

    @property
    def versions(self) -> dict[Zone, int]:
        """The snapshot of every zone that this connection sees: write it into the report."""
        return dict(self._session.pins)

    def refresh(self) -> Self:
        """See the newest snapshots from now on."""
        opened = self._open({})
        self.close()
        self._session = opened
        return self

    def at(self, **versions: int) -> Analyst:
        """Open another connection of this role on earlier snapshots: `con.at(internal=15)`.

        Raises:
            Refusal: `analyst.version` when a zone or a snapshot is not there (any more).
        """
        pins = {zone: versions.get(zone, pin) for zone, pin in self._session.pins.items()}
        if unknown := sorted(set(versions) - set(pins)):
            raise _no_version(f"{unknown[0]} は、この役割に見えません")
        return Analyst(self._home, self._register, self._role, pins)

    def close(self) -> None:
        """Close the connection."""
        self._session.con.close()

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

    def _open(self, pins: Mapping[Zone, int]) -> Session:
        import duckdb  # noqa: PLC0415 - only its error type is needed

        role = self._register.roles[self._role]
        try:
            return open_session(self._home, role, self._register, pins)
        except duckdb.InvalidInputException:
            if not pins:
                raise
        raise _no_version("、".join(f"{zone} の版 {pin}" for zone, pin in pins.items()))

    def _note(self, used: list[Sight], query: str) -> None:
        if used and self._register.roles[self._role].audited:
            note_question(self._home, self._role, (sight.name for sight in used), query)

    def _trace(self, dataset: str, column: str) -> Answer:
        """See `trace`; the account it joins is no table of the role's."""
        reach, lake = self._session.reach, self._session.lakes.get("internal")
        name = f"internal.common.{dataset}"
        sight = reach.sights.get(("internal", "common", dataset))
        if sight is None or lake is None:
            raise deny_table(name, reach.sights, reach.role)
        if "_row" not in sight.columns:
            raise ValueError(
                "個人に関するデータは、元のセルをたどれないようにしてあります。\n"
                f"  場所: {name}\n  直し方: 所管課に確かめてください。"
            )
        query = f"""
            SELECT
                rows.*,
                loaded.account ->> '$.file' AS source_file,
                loaded.account ->> '$.sheet' AS source_sheet,
                (loaded.account ->> '$.letters.{column}') || rows._row AS source_cell
            FROM {name} AS rows
            JOIN {lake}.meta.loaded AS loaded
                ON loaded.asset = 'internal/{dataset}' AND loaded.delivery = rows._delivery
        """
        self._note([sight], query)
        with in_japanese([sight], reach.role):
            return Answer(self._session.con.sql(query), [sight], reach.role)


def connect(
    home: Path | str | None = None, *, role: str = "analyst", register: Path | str | None = None
) -> Analyst:
    """Open a read-only, locked-down connection to what a role sees.

    Args:
        home: the platform's folder; default `MACHIKANE_HOME`, `./data`, or `data` beside the code
            (a notebook runs in its own folder).
        role: a file of `roles/` in the register.
        register: the register's folder; default `MACHIKANE_REGISTER` or the one shipped.

    Raises:
        FileNotFoundError: in Japanese, when nothing has been loaded there yet.
        Refusal: `analyst.role` when the register has no such role.
        RegisterError: when the register is wrong.
    """
    place = Home(Path(home).resolve()) if home else _find_home()
    said = load_register(Path(register or os.environ.get("MACHIKANE_REGISTER") or BUILT_IN))
    if role not in said.roles:
        raise Refusal(
            "analyst.role",
            f"台帳にない役割です: {role}",
            str(said.root / "roles"),
            suggest(role, sorted(said.roles)),
        )
    zones = {grant.zone for grant in said.roles[role].grants}
    if not all((place.lake(zone) / "catalog.sqlite").is_file() for zone in zones):
        raise FileNotFoundError(
            f"データ基盤がまだありません。\n  場所: {place.root}\n"
            "  直し方: 先に machikane demo か machikane run を実行するか、MACHIKANE_HOME を設定してください。"
        )
    return Analyst(place, said, role, {})


def _find_home() -> Home:
    home = Home.from_environment()
    beside = Home(_PROJECT / "data")
    return home if home.lake("internal").is_dir() or not beside.root.is_dir() else beside


def _no_version(what: str) -> Refusal:
    return Refusal(
        "analyst.version",
        f"その版は見られません: {what}",
        "con.at()",
        "FROM internal.snapshots() で、残っている版の番号を確かめてください。",
    )


def trace(con: Analyst, dataset: str, column: str) -> Answer:
    """Show from which cell of which file every value of a column came.

    Args:
        con: from `connect`.
        dataset: a dataset without personal data; others carry no addresses on purpose.
        column: one of its columns.

    Returns:
        The rows of `internal.common.<dataset>` that the role sees, with `source_file`,
        `source_sheet` and `source_cell` (such as `F1464`).

    Raises:
        ValueError: in Japanese, when the dataset has no addresses or a name is none.
        PermissionError: when the role does not see the dataset.
    """
    if not (dataset.isidentifier() and column.isidentifier()):
        raise ValueError(f"名前が正しくありません: {dataset}.{column}")
    return con._trace(dataset, column)  # noqa: SLF001 - the two stand together
