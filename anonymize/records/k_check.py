"""The k of a published table of any size, in one pass of DuckDB.

Belongs here: counting the classes of a relation. Must not hold: other models (`judging`), opening
of files, suppression (`k_anonymity`).

Rows with `*` in every quasi-identifier are suppressed: one class of their own, counted apart. A
null is a value like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import SUPPRESSED


@dataclass(frozen=True)
class KCheck:
    """The classes of a published table.

    Attributes:
        classes: Classes that are not suppressed.
        min_class: Members of the smallest of them: the k the table has; 0 without any.
        small_classes: Classes of fewer than k members.
        small_members: Members of those.
        suppressed: Members of the class of suppressed rows.
    """

    classes: int
    min_class: int
    small_classes: int
    small_members: int
    suppressed: int


def check_k(
    table: duckdb.DuckDBPyRelation,
    quasi_identifiers: Sequence[str],
    k: int,
    person: str | None = None,
) -> KCheck:
    """Count the classes.

    Args:
        table: The published table.
        quasi_identifiers: Columns an outsider may know of a person.
        k: At least 1.
        person: Column that tells persons apart; members are then distinct persons, and rows
            without one count as none.

    Raises:
        ValueError: No column given, or a column is missing.
    """
    if not quasi_identifiers or isinstance(quasi_identifiers, str):
        raise complaint(
            "準識別子が1列もありません", "準識別子の一覧", "列名の一覧を1列以上渡してください。"
        )
    wanted = [*quasi_identifiers, *([person] if person is not None else [])]
    require_columns(table.columns, wanted, "公表する表")
    names = [_quoted(name) for name in quasi_identifiers]
    members = "count(*)" if person is None else f"count(DISTINCT {_quoted(person)})"
    hidden = " AND ".join(f"CAST(q{i} AS VARCHAR) = '{SUPPRESSED}'" for i in range(len(names)))
    listed = ", ".join(f"{name} AS q{i}" for i, name in enumerate(names))
    counted = table.query(
        "published",
        f"SELECT members, coalesce({hidden}, false) AS hidden FROM"
        f" (SELECT {listed}, {members} AS members FROM published GROUP BY {', '.join(names)})",
    )
    small = f"NOT hidden AND members < {int(k)}"
    row = counted.aggregate(
        "count(*) FILTER (NOT hidden), coalesce(min(members) FILTER (NOT hidden), 0),"
        f" count(*) FILTER ({small}), coalesce(sum(members) FILTER ({small}), 0),"
        " coalesce(sum(members) FILTER (hidden), 0)"
    ).fetchall()[0]
    return KCheck(*map(int, row))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
