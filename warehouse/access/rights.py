"""Which tables and columns of a lake a role sees, computed from the register.

A table that the register does not declare, or a column that it does not classify, is seen by
nobody. No engine here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assets.column import Classification, Role
    from assets.register import Register
    from assets.role import AccessRole

Key = tuple[str, str, str]


@dataclass(frozen=True)
class _Described:
    """What the register says of one table.

    Attributes:
        departments: whose data it is made of.
        columns: column → class and role.
        whole: the class of every column of a table that is classified as a whole.
    """

    departments: set[str]
    columns: Mapping[str, tuple[Classification, Role | None]] = field(default_factory=dict)
    whole: Classification | None = None

    def classify(self, column: str) -> tuple[Classification, Role | None] | None:
        return (self.whole, None) if self.whole else self.columns.get(column)


@dataclass(frozen=True)
class Sight:
    """What a role sees of one table.

    Attributes:
        key: zone, schema, table.
        columns: the columns that are seen, in the table's order.
        withheld: column → why it is not seen, in Japanese.
    """

    key: Key
    columns: tuple[str, ...]
    withheld: Mapping[str, str]

    @property
    def name(self) -> str:
        """The name as it is written in SQL."""
        return ".".join(self.key)


def find_sights(
    role: AccessRole, register: Register, present: Mapping[Key, Iterable[str]]
) -> dict[Key, Sight]:
    """Choose, of the tables that are there, what the role sees.

    Args:
        role: from the register.
        register: what classifies the columns.
        present: table → its columns.
    """
    found = {}
    for key, columns in present.items():
        sight = _see(role, register, key, list(columns))
        if any(not name.startswith("_") for name in sight.columns):
            found[key] = sight
    return found


def _see(role: AccessRole, register: Register, key: Key, columns: list[str]) -> Sight:
    zone, schema, table = key
    said = _describe(register, key)
    grants = [
        grant
        for grant in role.grants
        if said is not None and grant.covers(zone, schema, table, said.departments)
    ]
    if said is None or not grants:
        return Sight(key, (), {})
    withheld = {}
    for name in columns:
        if name.startswith("_"):  # ours: the delivery, the period, the time a row holds
            continue
        known = said.classify(name)
        if known is None:
            withheld[name] = "台帳に分類がない"
        elif not any(grant.shows(table, name, *known) for grant in grants):
            withheld[name] = f"分類: {known[0]}"
    return Sight(key, tuple(n for n in columns if n not in withheld), withheld)


def _describe(register: Register, key: Key) -> _Described | None:
    zone, schema, table = key
    if schema == "common" and table in register.datasets:
        dataset = register.datasets[table]
        columns = dataset.contract.table_columns
        return _Described(
            {dataset.department}, {n: (c.classification, c.role) for n, c in columns.items()}
        )
    if schema == "mart" and table in register.marts:
        spec = register.marts[table].spec
        declared = {
            n: (c.classification, getattr(c, "role", None)) for n, c in spec.columns.items()
        }
        return _Described(_departments(register, spec.sources), declared)
    if schema == "release" and table in register.releases:
        sources = register.releases[table].spec.sources
        return _Described(_departments(register, sources), whole="公開")
    if schema == "link" and table in register.linkages:
        linked = [f"common.{d.dataset}" for d in register.linkages[table].spec.datasets]
        # Keys of persons are the register's own numbers in `secure`; elsewhere stand places only.
        return _Described(
            _departments(register, linked), whole="個人" if zone == "secure" else "庁内"
        )
    return None


def _departments(register: Register, sources: Iterable[str]) -> set[str]:
    """Name the departments whose data a mart or a release is made of."""
    found: set[str] = set()
    for source in sources:
        layer, name = source.split(".", 1)
        if layer == "mart" and name in register.marts:
            found |= _departments(register, register.marts[name].spec.sources)
        elif name in register.datasets:
            found.add(register.datasets[name].department)
    return found
