"""What local recoding publishes, per group and in the rows.

Belongs here: labels of classes, the solution and its writing. Must not hold: how classes are found
(`local`, `households`).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.records.groups import Groups
from anonymize.records.local_ladders import Ladder, lowest_common
from anonymize.records.local_members import Membership

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
_REASON = (
    "すべての行を1つにまとめてもモデルを満たしません。モデルをゆるめるか、行を増やしてください。"
)


@dataclass(frozen=True)
class LocalSolution:
    """What every group is published as.

    Attributes:
        feasible: Whether all models hold in all classes, within the limit.
        reason: Why not, in Japanese; empty when feasible.
        columns: The quasi-identifiers.
        labels: Per column the texts that may be published.
        codes: g × n Int32: per group and column its label, an index into `labels`.
        suppressed: Per group whether its rows are suppressed: `*` in every column.
        suppressed_rows: Rows in suppressed groups.
        class_of: Per group its class, Int64, -1 when suppressed. Classes differ in some text.
        classes: How many classes there are.
        min_class: Members of the smallest of them; 0 without any.
        loss: Normalised certainty penalty, mean over rows and (by weight) columns; 1 when not
            feasible.
        seconds: Wall time.
    """

    feasible: bool
    reason: str
    columns: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: Codes
    suppressed: npt.NDArray[np.bool_]
    suppressed_rows: int
    class_of: Ints
    classes: int
    min_class: int
    loss: float
    seconds: float


def label_classes(ladders: Sequence[Ladder], codes: Codes, class_of: Ints) -> Codes:
    """Give every group the labels of its class: in each column the lowest its members share.

    Args:
        ladders: n of them.
        codes: g × n level-0 codes.
        class_of: Per group its class, numbered from 0 without gaps, or -1.

    Returns:
        g × n labels; `*`, the first of the texts, for -1.
    """
    placed = np.flatnonzero(class_of >= 0)
    of = class_of[placed]
    level = lowest_common(ladders, codes[placed], of, int(of.max(initial=-1)) + 1)
    texts = np.zeros((len(class_of), len(ladders)), np.int32)
    for column, ladder in enumerate(ladders):
        texts[placed, column] = ladder.labels[level[of, column], codes[placed, column]]
    return texts


def read_alike(texts: Codes, class_of: Ints) -> Ints:
    """Put classes with the same labels together, numbered in the order of their labels."""
    placed = np.flatnonzero(class_of >= 0)
    alike = np.full(len(class_of), -1, np.int64)
    first = np.zeros(int(class_of.max(initial=-1)) + 1, np.int64)
    first[class_of[placed]] = placed
    names = np.unique(texts[first], axis=0, return_inverse=True)[1].reshape(-1)
    alike[placed] = names[class_of[placed]]
    return alike


def solution_of(
    groups: Groups,
    members: Membership,
    ladders: Sequence[Ladder],
    texts: Codes,
    class_of: Ints,
    *,
    begun: float,
) -> LocalSolution:
    """Describe what was found.

    Args:
        groups: The table.
        members: Who is in the groups.
        ladders: n of them.
        texts: g × n labels.
        class_of: Per group its class; classes differ in their labels.
        begun: When the search began, on the monotonic clock.
    """
    placed = np.flatnonzero(class_of >= 0)
    classes = int(class_of.max(initial=-1)) + 1
    sizes = members.count(placed, class_of[placed], classes)
    penalty = np.zeros(len(class_of))
    for column, ladder in enumerate(ladders):
        penalty += ladder.penalty[texts[:, column]]
    rows = groups.total_rows
    return LocalSolution(
        feasible=True,
        reason="",
        columns=groups.columns,
        labels=tuple(one.texts for one in ladders),
        codes=texts,
        suppressed=class_of < 0,
        suppressed_rows=int(groups.rows[class_of < 0].sum()),
        class_of=class_of,
        classes=classes,
        min_class=int(sizes.min()) if classes else 0,
        loss=float(penalty @ groups.rows / rows) if rows else 0.0,
        seconds=time.monotonic() - begun,
    )


def no_solution(groups: Groups, ladders: Sequence[Ladder], *, begun: float) -> LocalSolution:
    """Say that nothing satisfies the models: everything is suppressed."""
    number = len(groups.rows)
    return LocalSolution(
        feasible=False,
        reason=_REASON,
        columns=groups.columns,
        labels=tuple(one.texts for one in ladders),
        codes=np.zeros((number, len(ladders)), np.int32),
        suppressed=np.ones(number, np.bool_),
        suppressed_rows=groups.total_rows,
        class_of=np.full(number, -1, np.int64),
        classes=0,
        min_class=0,
        loss=1.0,
        seconds=time.monotonic() - begun,
    )


def publish(
    frame: pl.DataFrame, solution: LocalSolution, of_rows: npt.NDArray[np.int32]
) -> pl.DataFrame:
    """Write the labels into a table; rows keep their order, other columns stay.

    Args:
        frame: The table, or a part of it.
        solution: A feasible one.
        of_rows: Per row of `frame` its group (`Groups.of_rows`, or `locate` for a part).

    Raises:
        ValueError: The solution is not feasible, or a column is missing.
    """
    if not solution.feasible:
        raise complaint("匿名加工ができていません", "方針", solution.reason)
    require_columns(frame.columns, list(solution.columns), "準識別子の一覧")
    return frame.with_columns(
        pl.Series(name, texts, dtype=pl.String).gather(solution.codes[of_rows, place]).alias(name)
        for place, (name, texts) in enumerate(zip(solution.columns, solution.labels, strict=True))
    )
