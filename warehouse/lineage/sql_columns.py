"""Which columns of which tables a query's columns are computed from, told from its text (sqlglot, MIT).

Belongs here: reading SQL. Must not hold: what the tables are, or any figure. A query that cannot be
followed is said to depend on everything it may read: too much is told, never too little.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlglot.lineage import Node

_DIALECT = "duckdb"
# sqlglot warns, statement and all, of what it cannot walk; that it could not is in the answer.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

ColumnOf = tuple[str, str]
ROWS = "*"


@dataclass(frozen=True)
class Derived:
    """What a column is computed from: (table, column), and whether the query could be followed.

    The column `*` stands for the rows themselves: they are counted.
    """

    columns: frozenset[ColumnOf]
    is_exact: bool = True


def column_sources(
    sql: str, tables: Mapping[str, Iterable[str]], outputs: Iterable[str]
) -> dict[str, Derived]:
    """Tell for every output column what it is computed from.

    What decides on rows alone (WHERE, ON) is not told; what a value is made of is.

    Args:
        sql: one query.
        tables: `schema.table` → its columns.
        outputs: the columns wanted; one that the query does not give has nothing behind it.
    """
    known = {name: [*columns] for name, columns in tables.items()}
    try:
        found = _follow(sql, known)
    except (SqlglotError, ValueError, KeyError):
        found = None
    if found is None:
        all_columns = ((name, column) for name, columns in known.items() for column in columns)
        return dict.fromkeys(outputs, Derived(frozenset(all_columns), is_exact=False))
    return {output: found.get(output, Derived(frozenset())) for output in outputs}


def _follow(sql: str, tables: Mapping[str, list[str]]) -> dict[str, Derived] | None:
    """Follow a query; None when a column of it has a source that cannot be named."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for name, columns in tables.items():
        layer, table = name.split(".", 1)
        schema.setdefault(layer, {})[table] = dict.fromkeys(columns, "text")
    query = parse_one(sql, dialect=_DIALECT).transform(_unfold_pivot)
    # Untrimmed: what is shown of a step is not needed, and trimming copies the query every time.
    nodes = lineage(None, query, schema=schema, dialect=_DIALECT, trim_selects=False)
    found = {output: _leaves(node, tables) for output, node in nodes.items()}
    return None if None in found.values() else cast("dict[str, Derived]", found)


def _leaves(node: Node, tables: Mapping[str, list[str]]) -> Derived | None:
    columns: set[ColumnOf] = set()
    for step in node.walk():
        if _counts_rows(step):
            columns |= {(table, ROWS) for table in tables}
        if not step.downstream and isinstance(step.source, exp.Table):
            table = f"{step.source.db}.{step.source.name}"
            column = exp.to_column(step.name).name
            if column not in tables.get(table, ()):
                return None
            columns.add((table, column))
        elif not step.downstream and isinstance(step.expression, exp.Placeholder):
            return None
    return Derived(frozenset(columns))


def _counts_rows(step: Node) -> bool:
    counts = step.expression.find_all(exp.Count)
    return any(isinstance(count.this, exp.Star | type(None)) for count in counts)


def _unfold_pivot(node: exp.Expression) -> exp.Expression:
    """Write DuckDB's `PIVOT t ON c IN (…) USING a GROUP BY g` as the SELECT it stands for."""
    if not (isinstance(node, exp.Pivot) and node.this and node.expressions):
        return node
    on, group, using = node.expressions, node.args.get("group"), node.args.get("using") or []
    if len(on) != 1 or not isinstance(on[0], exp.In) or not group or len(using) != 1:
        return node
    value, measure = on[0].this, using[0]
    cells = [
        exp.alias_(
            exp.Case().when(exp.EQ(this=value.copy(), expression=given.copy()), measure.copy()),
            given.name,
            quoted=True,
        )
        for given in on[0].expressions
    ]
    return exp.select(*(key.copy() for key in group.expressions), *cells).from_(node.this.copy())
