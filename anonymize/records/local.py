"""Local recoding: every class gets labels of its own, as fine as its members allow; no row is lost.

Belongs here: the steps from groups to published labels. Must not hold: the steps themselves
(`local_nodes`, `local_sweep`, `local_repair`), the measuring of the result (`judging`, `utility`).

The steps: combinations of levels are chosen and tried, cheapest first (`local_nodes`,
`local_sweep`); who is left joins the nearest class (`local_repair`, many at once: `local_join`), or
is suppressed where the limit allows; each class gets in each column the lowest label its members
share.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.demands import make_demands
from anonymize.records.groups import Groups
from anonymize.records.local_join import join_many
from anonymize.records.local_ladders import Ladder, make_ladders
from anonymize.records.local_members import Members, Membership
from anonymize.records.local_nodes import choose_nodes
from anonymize.records.local_repair import repair, too_many, turn_out
from anonymize.records.local_solution import (
    LocalSolution,
    label_classes,
    no_solution,
    read_alike,
    solution_of,
)
from anonymize.records.local_sweep import sweep
from anonymize.records.models import KMap, Model

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
Mend = Callable[[Sequence[Ladder], Codes, Membership, Ints], tuple[Ints, bool]]
_SHARE_WITH_SPREADS = 0.25  # sensitive values make each combination about four times as dear
_WHOLE = 1e-6  # counts are whole; this much is rounding
_REASON = (
    "すべての行を1つにまとめてもモデルを満たしません。モデルをゆるめるか、行を増やしてください。"
)


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
    require_readable(models, suppression_limit)
    ladders = make_ladders(hierarchies, groups.codes, groups.rows, weights)
    members = Members(groups, make_demands(models, groups))
    most = most_suppressed(groups, suppression_limit)
    class_of = find_classes(ladders, groups.codes, members, most, seed=seed)
    if class_of is None:
        return no_solution(groups, ladders, begun=begun)
    texts = label_classes(ladders, groups.codes, class_of)
    return solution_of(groups, members, ladders, texts, class_of, begun=begun)


def find_classes(
    ladders: Sequence[Ladder],
    codes: Codes,
    members: Membership,
    most: int,
    *,
    seed: int,
    mend: Mend = repair,
) -> Ints | None:
    """Put groups into classes that satisfy the models and differ in their labels.

    Args:
        ladders: n of them.
        codes: g × n level-0 codes.
        members: Who is in the groups, and the demands.
        most: Rows that may be left without a class.
        seed: As `recode`.
        mend: Finds places for those left when they are too many.

    Returns:
        Per group its class, -1 for those left; None if the whole table fails.
    """
    share = _SHARE_WITH_SPREADS if members.demands.spreads else 1.0
    nodes = choose_nodes([one.costs for one in ladders], len(codes), share, seed)
    starred = [one.starred[levels] for one, levels in zip(ladders, nodes.T, strict=True)]
    # `*` everywhere reads as suppressed: joining somebody is tried first.
    nodes = nodes[~np.logical_and.reduce(starred)]
    class_of = sweep(ladders, nodes, codes, members)
    while True:  # every round but the last leaves fewer classes
        class_of = turn_out(members, class_of)
        if too_many(class_of, len(ladders)) and members.rows[class_of < 0].sum() > most:
            class_of = join_many(ladders, nodes, codes, members, class_of)
        if members.rows[class_of < 0].sum() > most:
            class_of, found = mend(ladders, codes, members, class_of)
            if not found:
                return None
        alike = read_alike(label_classes(ladders, codes, class_of), class_of)
        if alike.max(initial=-1) == class_of.max(initial=-1):
            return alike
        class_of = alike


def most_suppressed(groups: Groups, suppression_limit: float) -> int:
    """Count the rows that may be suppressed."""
    return int(suppression_limit * groups.total_rows + _WHOLE)


def require_readable(models: Sequence[Model], suppression_limit: float) -> None:
    """Refuse a limit that is no share, and k-map.

    Raises:
        ValueError: In Japanese.
    """
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
