"""A shop of made-up deliveries on a plain database: brought, corrected, withdrawn in any order."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import duckdb

from tests.unit.warehouse.small_city import make_contract
from warehouse.history.snapshots import Delivered
from warehouse.history.store import Change, following, write_history

if TYPE_CHECKING:
    from collections.abc import Generator

    from assets.contract import Contract

SNAPSHOTS = make_contract(history="snapshots")
_TEXT = {"title": "x", "type": "text", "classification": "個人", "role": "attribute"}
CHANGES = make_contract(
    key=["person_id", "change_number"],
    history={
        "kind": "changes",
        "subject": ["person_id"],
        "effective": "change_date",
        "number": "change_number",
        "ends": {"reason": ["転出"]},
    },
    columns={
        "person_id": {**_TEXT, "source": "a", "role": "identifier", "required": True},
        "change_number": {**_TEXT, "source": "b", "required": True},
        "change_date": {**_TEXT, "source": "c", "type": "date", "required": True},
        "reason": {**_TEXT, "source": "d"},
    },
)
EMPTY = {
    "snapshots": "SELECT ''::VARCHAR AS _delivery, ''::VARCHAR AS _period, 0::BIGINT AS _row, "
    "''::VARCHAR AS person_id, ''::VARCHAR AS town, 0::BIGINT AS visit_count LIMIT 0",
    "changes": "SELECT ''::VARCHAR AS _delivery, ''::VARCHAR AS _period, 0::BIGINT AS _row, "
    "''::VARCHAR AS person_id, ''::VARCHAR AS change_number, NULL::DATE AS change_date, "
    "''::VARCHAR AS reason LIMIT 0",
}
TARGET = "store.common.people"

# Rows of one delivery: text of each content column, in the order of EMPTY.
Rows = tuple[tuple[Any, ...], ...]


def query_of(kind: str, rows: Rows) -> str:
    """Write rows as SQL values, numbered as in a file."""
    names = EMPTY[kind].replace(" LIMIT 0", "").split("_row, ")[1]
    columns = [part.rsplit(" AS ", 1)[1] for part in names.split(", ")]
    types = [part.split("::")[1].split(" AS ")[0] for part in names.split(", ")]
    listed = ", ".join(f"CAST(v{n} AS {t}) AS {c}" for n, (c, t) in enumerate(zip(columns, types, strict=True)))  # fmt: skip
    heads = ", ".join(["n", *(f"v{n}" for n in range(len(columns)))])
    if not rows:
        values = f"SELECT {', '.join(['0 AS n', *(f'NULL AS v{n}' for n in range(len(columns)))])} LIMIT 0"
        return f"SELECT n::BIGINT AS _row, {listed} FROM ({values})"
    values = ", ".join(
        "(" + ", ".join([str(n + 2), *("NULL" if v is None else f"'{v}'" for v in row)]) + ")"
        for n, row in enumerate(rows)
    )
    return f"SELECT n::BIGINT AS _row, {listed} FROM (VALUES {values}) AS t({heads})"


class Shop:
    """One table, and the deliveries it is made of now."""

    def __init__(self, kind: str, contract: Contract) -> None:
        self.kind, self.contract = kind, contract
        self.con = duckdb.connect()
        self.con.sql("SET threads = 1")
        self.con.sql("ATTACH ':memory:' AS store")
        self.con.sql("CREATE SCHEMA store.common")
        self.current: dict[str, Delivered] = {}
        self.deliver_all({})

    def deliver_all(self, wanted: dict[str, Rows]) -> None:
        """Build the table anew from a set of deliveries, period → rows."""
        self.current = {period: self._delivered(period, rows) for period, rows in wanted.items()}
        added = [self.current[period] for period in sorted(self.current)]
        self._write(Change([], [], added, EMPTY[self.kind], everything=True))

    def deliver(self, period: str, rows: Rows) -> None:
        """Bring the delivery of a period, or another one in its place."""
        self.change({period: rows})

    def withdraw(self, period: str) -> None:
        """Take the delivery of a period back."""
        self.change({period: None})

    def change(self, wanted: dict[str, Rows | None]) -> None:
        """Bring and take back several at once."""
        before = list(self.current.values())
        removed = [self.current.pop(p) for p in wanted if p in self.current]
        added = [self._delivered(p, rows) for p, rows in wanted.items() if rows is not None]
        self.current |= {one.period: one for one in added}
        if not (removed or added):
            return
        renumbered = following(list(self.current.values()), [*removed, *added])
        self._write(Change(before, removed, added, EMPTY[self.kind], renumbered))

    def rows(self) -> list[tuple[Any, ...]]:
        return self.con.sql(f"FROM {TARGET} ORDER BY ALL").fetchall()

    def content_hash(self) -> Any:
        """Hash the rows, whatever their order."""
        found = self.con.sql(f"SELECT count(*), bit_xor(hash(t)), sum(hash(t)) FROM {TARGET} AS t")
        return found.fetchone()

    def close(self) -> None:
        self.con.close()

    def _delivered(self, period: str, rows: Rows) -> Delivered:
        return Delivered(
            period, f"d{hash((period, rows)) & 0xFFFFFFFF:08x}", query_of(self.kind, rows)
        )

    def _write(self, change: Change) -> None:
        self.con.sql("BEGIN")
        write_history(self.con, TARGET, self.contract, change)
        self.con.sql("COMMIT")


@contextlib.contextmanager
def shop(kind: str) -> Generator[Shop]:
    opened = Shop(kind, SNAPSHOTS if kind == "snapshots" else CHANGES)
    try:
        yield opened
    finally:
        opened.close()
