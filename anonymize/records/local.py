"""Local recoding: every class gets labels of its own, as fine as its members allow; no row is lost.

Belongs here: the steps from groups to published labels. Must not hold: the steps themselves
(`local_nodes`, `local_sweep`, `local_repair`), the measuring of the result (`judging`, `utility`).

The steps: combinations of levels are chosen and tried, cheapest first (`local_nodes`,
`local_sweep`); who is left joins the nearest class (`local_repair`), or is suppressed where the
limit allows; each class gets in each column the lowest label its members share.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.demands import make_demands
from anonymize.records.groups import Groups
from anonymize.records.local_ladders import Ladder, lowest_common, make_ladders
from anonymize.records.local_members import Members
from anonymize.records.local_nodes import choose_nodes
from anonymize.records.local_repair import repair, turn_out
from anonymize.records.local_sweep import sweep
from anonymize.records.models import KMap, Model

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
_SHARE_WITH_SPREADS = 0.25  # sensitive values make each combination about four times as dear
_WHOLE = 1e-6  # counts are whole; this much is rounding
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


def recode(
    groups: Groups,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    suppression_limit: float = 0.0,
    weights: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
) -> LocalSolution:
    """Find labels for every group.

    Args:
        groups: The table.
        hierarchies: One per column of `groups`, in its order.
        models: All must hold in every class that is not suppressed.
        suppression_limit: Share of the rows that may be suppressed, from 0 to 1. It is used only
            for rows that find no class of their own.
        weights: Columns' weights in the loss, 1 where not named.
        seed: Decides which combinations are tried where they are too many to try all.

    Raises:
        ValueError: The demands cannot be read (limit, weights, order), or k-map is asked.
    """
    begun = time.monotonic()
    _require_readable(models, suppression_limit)
    ladders = make_ladders(hierarchies, groups.codes, groups.rows, weights)
    members = Members(groups, make_demands(models, groups))
    share = _SHARE_WITH_SPREADS if groups.sensitive else 1.0
    nodes = choose_nodes([one.costs for one in ladders], len(groups.rows), share, seed)
    starred = [one.starred[levels] for one, levels in zip(ladders, nodes.T, strict=True)]
    # `*` everywhere reads as suppressed: joining somebody is tried first.
    nodes = nodes[~np.logical_and.reduce(starred)]
    class_of = sweep(ladders, nodes, groups.codes, members, seed)
    most = int(suppression_limit * groups.total_rows + _WHOLE)
    class_of, found = _settle(ladders, groups, members, class_of, most)
    return _solution(ladders, groups, members, class_of, found=found, begun=begun)


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


def _require_readable(models: Sequence[Model], suppression_limit: float) -> None:
    if not 0 <= suppression_limit <= 1:
        raise complaint(
            "抑制の上限が0から1の間にありません",
            "suppression_limit",
            "行の割合で書いてください(2 % なら 0.02)。",
        )
    if any(isinstance(model, KMap) for model in models):
        raise complaint(
            "k-map は局所再符号化(recoding: local)では使えません",
            "models の k_map",
            "recoding: full_domain にするか、k_map を k にしてください(k の方が厳しい条件です)。",
        )


def _settle(
    ladders: Sequence[Ladder], groups: Groups, members: Members, class_of: Ints, most: int
) -> tuple[Ints, bool]:
    """Find a place for who is left, until classes that read alike satisfy the models as one.

    Every round but the last leaves fewer classes.
    """
    while True:
        class_of = turn_out(members, class_of)
        if groups.rows[class_of < 0].sum() > most:
            class_of, found = repair(ladders, groups.codes, members, class_of)
            if not found:
                return class_of, False
        texts, of = _texts(ladders, groups.codes, class_of)
        alike = np.unique(texts, axis=0, return_inverse=True)[1].reshape(-1)
        if alike.max(initial=-1) + 1 == len(texts):
            return class_of, True
        class_of[of] = alike[class_of[of]]


def _texts(ladders: Sequence[Ladder], codes: Codes, class_of: Ints) -> tuple[Codes, Ints]:
    """Per class its labels, classes × n; and the groups that have a class."""
    placed = np.flatnonzero(class_of >= 0)
    of = class_of[placed]
    classes = int(of.max(initial=-1)) + 1
    level = lowest_common(ladders, codes[placed], of, classes)
    example = np.empty((classes, len(ladders)), np.int32)
    example[of] = codes[placed]
    texts = [one.labels[level[:, c], example[:, c]] for c, one in enumerate(ladders)]
    return np.stack(texts, axis=1), placed


def _solution(
    ladders: Sequence[Ladder],
    groups: Groups,
    members: Members,
    class_of: Ints,
    *,
    found: bool,
    begun: float,
) -> LocalSolution:
    if not found:
        class_of = np.full(len(class_of), -1, np.int64)
    texts, placed = _texts(ladders, groups.codes, class_of)
    codes = np.zeros((len(class_of), len(ladders)), np.int32)  # `*` is the first of the texts
    codes[placed] = texts[class_of[placed]]
    sizes = members.count(placed, class_of[placed], len(texts))
    suppressed = class_of < 0
    penalty = np.zeros(len(class_of))
    for column, ladder in enumerate(ladders):
        penalty += ladder.penalty[codes[:, column]]
    rows = groups.total_rows
    return LocalSolution(
        feasible=found,
        reason="" if found else _REASON,
        columns=groups.columns,
        labels=tuple(one.texts for one in ladders),
        codes=codes,
        suppressed=suppressed,
        suppressed_rows=int(groups.rows[suppressed].sum()),
        class_of=class_of,
        classes=len(texts),
        min_class=int(sizes.min(initial=rows)) if len(texts) else 0,
        loss=float(penalty @ groups.rows / rows) if found and rows else float(not found),
        seconds=time.monotonic() - begun,
    )
