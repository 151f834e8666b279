"""What every group of rows shall be published as: the search, by the policy's way of recoding.

Here stands the choice of the search and what it gave, in one form for both ways.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import polars as pl

from anonymize.records import full_domain, households, local
from warehouse.anonymising.publish import published_as
from warehouse.anonymising.texts import text_frame
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anonymize.hierarchy.hierarchy import Hierarchy
    from assets.anonymisation import Policy
    from warehouse.anonymising.prepared import Prepared
    from warehouse.anonymising.publish import Published

_MOST_NODES = 5_000_000
# A proof can take longer than anybody waits; the best found by then is told as not proven.
_LONGEST_SEARCH = 30 * 60.0


@dataclass(frozen=True)
class Recoding:
    """What was found.

    Attributes:
        published: what every group is published as; None when nothing satisfies the policy.
        reason: why not, in Japanese; empty when something does.
        optimal_proven: whether nothing of less loss exists within the way of recoding.
        levels: the level of each column; for local recoding empty.
        loss: 0 to 1.
    """

    published: Published | None
    reason: str
    optimal_proven: bool
    levels: Mapping[str, int]
    loss: float


def recode(prepared: Prepared) -> Recoding:
    """Find what every group is published as.

    Raises:
        Refusal: `policy.lattice` when there are too many combinations of levels to prove anything.
        ValueError: in Japanese, when the models cannot be read.
    """
    if prepared.policy.recoding == "local":
        return _locally(prepared)
    return _by_levels(prepared)


def _by_levels(prepared: Prepared) -> Recoding:
    policy, groups, hierarchies = prepared.policy, prepared.groups, prepared.hierarchies
    _require_small(hierarchies)
    found = full_domain.search(
        groups,
        hierarchies,
        prepared.models,
        policy.suppression_limit,
        weights_of(policy),
        population=prepared.population,
        seconds=_LONGEST_SEARCH,
    )
    if not found.feasible:
        return Recoding(None, found.reason, found.optimal_proven, {}, 1.0)
    levels = [found.levels[h.column] for h in hierarchies]
    labels = [h.labels[level] for h, level in zip(hierarchies, levels, strict=True)]
    codes = [
        h.codes[level][groups.codes[:, at]]
        for at, (h, level) in enumerate(zip(hierarchies, levels, strict=True))
    ]
    published = published_as(groups, labels, codes, found.suppressed)
    return Recoding(published, "", found.optimal_proven, dict(found.levels), found.loss)


def _locally(prepared: Prepared) -> Recoding:
    """Fit a label to each class; nothing is proven, and no level holds for a whole column."""
    policy, groups = prepared.policy, prepared.groups
    asked = (groups, prepared.hierarchies, prepared.models)
    limit, weights, seed = policy.suppression_limit, weights_of(policy), policy.seed
    if policy.household is None:
        found = local.recode(*asked, limit, weights, seed=seed)
    else:
        home = policy.household
        batches = (text_frame(b, [home.id, *home.columns]) for b in prepared.source.batches())
        households.require_shared(pl.concat(batches), home.id, home.columns)
        found = households.recode(
            *asked, home.columns, suppression_limit=limit, weights=weights, seed=seed
        )
    if not found.feasible:
        return Recoding(None, found.reason, False, {}, 1.0)  # noqa: FBT003 - nothing is proven
    codes = list(found.codes.T)
    published = published_as(groups, found.labels, codes, found.suppressed)
    return Recoding(published, "", False, {}, found.loss)  # noqa: FBT003


def weights_of(policy: Policy) -> dict[str, float]:
    """Give the weight of every quasi-identifier."""
    return {name: spec.weight for name, spec in policy.quasi_identifiers.items()}


def count_nodes(hierarchies: Sequence[Hierarchy]) -> int:
    """Count the combinations of one level per column."""
    return prod(h.height + 1 for h in hierarchies)


def _require_small(hierarchies: Sequence[Hierarchy]) -> None:
    nodes = count_nodes(hierarchies)
    if nodes > _MOST_NODES:
        raise Refusal(
            "policy.lattice",
            f"段の組み合わせが多すぎます({nodes:,} 通り。上限 {_MOST_NODES:,})",
            "ポリシーの quasi_identifiers",
            "段の少ない階層にするか、準識別子を減らすか、recoding: local にしてください。",
        )
