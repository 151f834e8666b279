"""From which columns a column is made, through all layers: header → raw → common → internal → product.

Belongs here: the edges between columns, as the register declares them. Must not hold: which files
have come (`origins`), or how it is told (`events`, the command line, the portal).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING

from assets.release import CellKey, Noise, TableProtection
from warehouse.history.known import PERIOD_COLUMNS, PERIODS
from warehouse.lineage.sql_columns import ROWS, Derived, column_sources
from warehouse.protect import internal_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.contract import Contract
    from assets.register import MartQuery, Register, ReleaseQuery

# What the platform adds to every row; it comes from the delivery itself, not from a column of it.
DELIVERED = ("_delivery", "_period", "_row", "_valid_from", "_valid_to")
_LAYER_OF = {"common": "internal", "mart": "mart"}


@dataclass(frozen=True, order=True)
class Field:
    """A column of an asset (`internal/resident_register`, `town`); `*` are its rows."""

    asset: str
    column: str


@dataclass(frozen=True)
class Lineage:
    """The columns of every asset in their order, and what each is made of.

    Attributes:
        columns: asset → its columns.
        edges: field → the fields it is made of; none for what is written into a query.
        inexact: fields of queries that could not be followed: they name all they may depend on.
    """

    columns: dict[str, tuple[str, ...]]
    edges: dict[Field, frozenset[Field]]
    inexact: frozenset[Field]

    def upstream(self, field: Field) -> list[Field]:
        """List everything a field is made of, nearest first, each once."""
        found: dict[Field, None] = {}
        waiting = [field]
        while waiting:
            nearest = sorted({f for at in waiting for f in self.edges.get(at, ())} - found.keys())
            found |= dict.fromkeys(nearest)
            waiting = nearest
        return list(found)


@lru_cache(maxsize=1)
def column_lineage(register: Register) -> Lineage:
    """Read the lineage of every column off the register; once for one that was loaded."""
    columns: dict[str, tuple[str, ...]] = {}
    edges: dict[Field, frozenset[Field]] = {}
    inexact: set[Field] = set()
    for name, dataset in register.datasets.items():
        columns |= _dataset_columns(name, dataset.contract)
        edges |= _dataset_edges(name, dataset.contract)
    for asset, query, outputs in _queries(register):
        columns[asset] = tuple(outputs)
        made = _made_of(register, query, outputs)
        edges |= {Field(asset, c): _fields(d) for c, d in made.items()}
        inexact |= {Field(asset, c) for c, d in made.items() if not d.is_exact}
        rows = frozenset(Field(_asset(source), ROWS) for source in query.spec.sources)
        edges[Field(asset, ROWS)] = rows
    return Lineage(columns, edges, frozenset(inexact))


def _dataset_columns(name: str, contract: Contract) -> dict[str, tuple[str, ...]]:
    return {
        f"landing/{name}": tuple(dict.fromkeys(_headers(contract))),
        f"raw/{name}": tuple(contract.columns),
        f"common/{name}": tuple(contract.table_columns),
        f"internal/{name}": tuple(internal_columns(contract)),
    }


def _headers(contract: Contract) -> list[str]:
    return [source.name for column in contract.columns.values() for source in column.source]


def _dataset_edges(name: str, contract: Contract) -> dict[Field, frozenset[Field]]:
    landing, raw, common, internal = (
        f"{layer}/{name}" for layer in ("landing", "raw", "common", "internal")
    )
    edges: dict[Field, frozenset[Field]] = {}
    for column, said in contract.columns.items():
        edges[Field(raw, column)] = frozenset(Field(landing, s.name) for s in said.source)
        for beside in (column, *said.beside(column)):
            edges[Field(common, beside)] = frozenset({Field(raw, column)})
    for column in internal_columns(contract):
        edges[Field(internal, column)] = frozenset({Field(common, column)})
    for column in (*DELIVERED, ROWS):
        chain = (internal, common, raw, landing)
        for at, before in itertools.pairwise(chain):
            edges[Field(at, column)] = frozenset({Field(before, ROWS)})
    return edges


def _queries(register: Register) -> list[tuple[str, MartQuery | ReleaseQuery, list[str]]]:
    marts = [(f"mart/{m.name}", m, [*m.spec.columns]) for m in register.marts.values()]
    releases = [
        (f"open/{r.name}", r, [c.name for c in r.standard.columns])
        for r in register.releases.values()
    ]
    return [*marts, *releases]


def _made_of(
    register: Register, query: MartQuery | ReleaseQuery, outputs: list[str]
) -> dict[str, Derived]:
    tables = {source: _table_columns(register, source) for source in query.spec.sources}
    tables |= {PERIODS: list(PERIOD_COLUMNS)} if PERIODS in query.sql else {}
    declared = getattr(query, "declared", {})
    tables |= {f"declared.{name}": [*table.columns] for name, table in declared.items()}
    made = _name_deliveries(column_sources(query.sql, tables, outputs), query.spec.sources)
    protection = getattr(query.spec, "protection", None)
    if isinstance(protection, CellKey | Noise):
        # Counted here, not by the query: a count is made of where a person stands, and of who it is.
        asked = column_sources(query.sql, tables, [protection.person, protection.cell])
        told = _name_deliveries(asked, query.spec.sources).values()
        counted = Derived(
            frozenset(f for d in told for f in d.columns), is_exact=all(d.is_exact for d in told)
        )
        made |= {c: counted for c in protection.counts if c in made}
    if not isinstance(protection, TableProtection | Noise):
        return made
    return _add_margins(made, protection.sums)


def _name_deliveries(made: dict[str, Derived], sources: list[str]) -> dict[str, Derived]:
    """What is told by the list of delivered periods comes from the deliveries of the sources."""
    rows = frozenset((source, ROWS) for source in sources)
    told = {c: frozenset(f for f in d.columns if f[0] != PERIODS) for c, d in made.items()}
    return {
        c: d if told[c] == d.columns else Derived(told[c] | rows, is_exact=d.is_exact)
        for c, d in made.items()
    }


def _table_columns(register: Register, source: str) -> list[str]:
    layer, name = source.split(".", 1)
    if layer == "mart":
        return [*register.marts[name].spec.columns]
    if layer == "common":
        return [*DELIVERED, *internal_columns(register.datasets[name].contract)]
    return []


def _add_margins(made: dict[str, Derived], sums: Mapping[str, list[str]]) -> dict[str, Derived]:
    """A margin is added up after rounding: it is made of what its parts are made of."""
    for margin, patterns in sums.items():
        parts = [made[c] for c in made if any(fnmatchcase(c, pattern) for pattern in patterns)]
        fields = frozenset(field for part in parts for field in part.columns)
        made[margin] = Derived(fields, is_exact=all(part.is_exact for part in parts))
    return made


def _fields(derived: Derived) -> frozenset[Field]:
    return frozenset(Field(_asset(table), column) for table, column in derived.columns)


def _asset(source: str) -> str:
    layer, name = source.split(".", 1)
    return f"{_LAYER_OF.get(layer, layer)}/{name}"
