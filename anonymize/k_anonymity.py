"""k-anonymity: how many rows share their quasi-identifiers, and removal of those too few.

Belongs here: counting and suppressing equivalence classes (Samarati and Sweeney, 1998; Sweeney,
2002). Must not hold: the search for a generalisation, and measures of sensitive values: a class of
k rows with one and the same sensitive value tells it of all k.

Null is a value like any other: rows without a value share a class with each other only.
"""

from collections.abc import Sequence

import polars as pl

from anonymize.complaint import complaint, require_columns

SIZE = "size"
_LEAST_K = 2


def equivalence_classes(frame: pl.DataFrame, quasi_identifiers: Sequence[str]) -> pl.DataFrame:
    """Count the rows of every combination of quasi-identifiers that occurs.

    Args:
        frame: One row per person.
        quasi_identifiers: Columns an outsider may know of a person; none is named `size`.

    Returns:
        The quasi-identifiers and `size` (rows, UInt32), sorted by the quasi-identifiers.

    Raises:
        ValueError: No column given, a column is missing, or one is named `size`.
    """
    names = _require_quasi_identifiers(frame, quasi_identifiers)
    return frame.group_by(names).agg(pl.len().alias(SIZE)).sort(names)


def min_class_size(frame: pl.DataFrame, quasi_identifiers: Sequence[str]) -> int:
    """Return the size of the smallest equivalence class: the k the table has; 0 if empty.

    Raises:
        ValueError: As `equivalence_classes`.
    """
    sizes = equivalence_classes(frame, quasi_identifiers)[SIZE]
    return int(sizes.sort()[0]) if len(sizes) else 0


def suppress_small_classes(
    frame: pl.DataFrame, quasi_identifiers: Sequence[str], k: int
) -> tuple[pl.DataFrame, int]:
    """Remove every row whose equivalence class has fewer than `k` rows.

    Does not protect: whoever knows the full total learns how many rows are gone; two releases
    with different quasi-identifiers may be joined.

    Args:
        frame: One row per person; the order of the rest is kept.
        quasi_identifiers: As for `equivalence_classes`.
        k: At least 2.

    Returns:
        The remaining rows and the number of rows removed.

    Raises:
        ValueError: As `equivalence_classes`, or `k` below 2.
    """
    names = _require_quasi_identifiers(frame, quasi_identifiers)
    if k < _LEAST_K:
        raise complaint("k が小さすぎます", "引数 k", "2以上の整数にしてください。")
    kept = frame.filter(pl.len().over(names) >= k)
    return kept, frame.height - kept.height


def _require_quasi_identifiers(frame: pl.DataFrame, names: Sequence[str]) -> list[str]:
    where = "引数 quasi_identifiers"
    if not names or isinstance(names, str) or SIZE in names:
        raise complaint(
            f"準識別子の指定が正しくありません(1列以上の一覧で、「{SIZE}」という名は使えません)",
            where,
            "列名の一覧を渡し、必要なら列の名前を変えてください。",
        )
    require_columns(frame.columns, list(names), where)
    return list(names)
