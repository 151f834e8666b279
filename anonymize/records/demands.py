"""What the models demand of a class, and how many of its rows no node below can keep.

Belongs here: models as tests on sizes and spreads, for the search. Must not hold: the definitions
(`models`), the measurement of a published table (`judging`, which shares no code with this).

Suppression makes pruning delicate. A node below splits a class into parts and may keep some of
them. For sizes and distinct values no part of a failing class can pass. The other models may be
passed by a part, but whatever parts pass, their union passes too: each model bounds a convex
function of the shares p. So the rows that can be kept are at most those of the largest
sub-multiset of the class that passes, and the rest is lost at every node below. `most_kept` bounds
that multiset from above; `shares` holds how.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint
from anonymize.records.classes import Classes, Spread
from anonymize.records.groups import Groups, Pairs
from anonymize.records.models import (
    AlphaK,
    BetaLikeness,
    DeltaDisclosure,
    DistinctL,
    EntropyL,
    EqualT,
    KAnonymity,
    KMap,
    Model,
    OrderedT,
    RecursiveCL,
)
from anonymize.records.shares import (
    Shares,
    capped,
    distinct,
    entropy,
    even,
    ordered,
    recursive,
    within,
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SpreadDemand:
    """A demand on the sensitive values of a class.

    Attributes:
        on: The sensitive column.
        test: What passes and what is kept at most.
        convex: Whether counts of parts add up, so that `most_kept` may be used.
    """

    on: str
    test: Shares
    convex: bool

    def holds(self, spread: Spread, sizes: Floats) -> Bools:
        """Per class whether it passes."""
        return self.test.holds(spread, sizes)

    def most_kept(self, failing: Spread) -> Floats:
        """Per failing class the most entries of `spread` any node below can keep, from above."""
        if self.convex:
            return self.test.most_kept(failing)
        possible = failing.add_up(self.test.support[failing.value]) >= self.test.least_support
        return np.where(possible, failing.add_up(failing.count), 0.0)


@dataclass(frozen=True)
class Demands:
    """All demands of a policy.

    Attributes:
        size: Least members of a class.
        population: Least members of a class in the population table.
        spreads: Demands on sensitive values.
    """

    size: int
    population: int
    spreads: tuple[SpreadDemand, ...]

    def big_enough(self, classes: Classes) -> Bools:
        """Per class whether it passes what is demanded of sizes."""
        return (classes.sizes >= self.size) & (classes.population >= self.population)


def make_demands(models: Sequence[Model], groups: Groups) -> Demands:
    """Turn models into tests.

    Raises:
        ValueError: An order lacks a value of the table, or values without order are no numbers.
    """
    size = max((m.k for m in models if isinstance(m, KAnonymity | AlphaK)), default=1)
    population = max((m.k for m in models if isinstance(m, KMap)), default=0)
    spreads = []
    for model in models:
        if isinstance(model, KAnonymity | KMap):
            continue
        pairs = groups.sensitive[model.on]
        convex = not len(pairs.person) and not len(groups.recurring)
        spreads.append(SpreadDemand(model.on, _TESTS[type(model)](model, pairs), convex))
    return Demands(size, population, tuple(spreads))


def table_shares(pairs: Pairs) -> Floats:
    """The share q of each value in the table; everyone counts once with each value."""
    counts = np.bincount(pairs.value, pairs.count, len(pairs.values))
    if len(pairs.person):
        once = np.unique(pairs.person[:, 1:], axis=0)[:, 0]
        counts -= np.bincount(pairs.person[:, 1], minlength=len(counts))
        counts += np.bincount(once, minlength=len(counts))
    return counts / counts.sum()


def places_in_order(values: Sequence[str], model: OrderedT) -> npt.NDArray[np.int64]:
    """The place of each value of the table from low to high; equal numbers by their text.

    Raises:
        ValueError: A value is not in `order`, or there is no order and it is no number.
    """
    where = f"列「{model.on}」の t-近接性(順序つき)"
    if model.order:
        known = {name: place for place, name in enumerate(model.order)}
        if missing := [value for value in values if value not in known]:
            named = f"「{missing[0]}」" if missing[0] else "(空欄)"
            raise complaint(
                f"順序の一覧にない値があります: {named}", where, "order にその値を加えてください。"
            )
        keys = [float(known[value]) for value in values]
    else:
        try:
            keys = [float(value) for value in values]
        except ValueError:
            keys = [float("nan")]
        if not np.isfinite(keys).all():
            raise complaint(
                "数ではない値があり、順序が決まりません",
                where,
                "order に値を低い方から順に書いてください。",
            )
    rank = np.empty(len(keys), np.int64)
    rank[np.lexsort((np.array(values, dtype=str), np.array(keys)))] = np.arange(len(keys))
    return rank


def _ordered(model: OrderedT, pairs: Pairs) -> Shares:
    return ordered(table_shares(pairs), places_in_order(pairs.values, model), model.t)


def _beta(model: BetaLikeness, pairs: Pairs) -> Shares:
    shares = table_shares(pairs)
    slack = np.minimum(model.beta, -np.log(shares)) if model.enhanced else model.beta
    return capped(np.minimum(shares * (1 + slack), 1.0))


_TESTS: dict[type, Callable[..., Shares]] = {
    DistinctL: lambda model, pairs: distinct(len(pairs.values), model.l),
    EntropyL: lambda model, pairs: entropy(len(pairs.values), model.l),
    RecursiveCL: lambda model, pairs: recursive(len(pairs.values), model.c, model.l),
    EqualT: lambda model, pairs: even(table_shares(pairs), model.t),
    OrderedT: _ordered,
    AlphaK: lambda model, pairs: capped(np.full(len(pairs.values), model.alpha), by_size=True),
    BetaLikeness: _beta,
    DeltaDisclosure: lambda model, pairs: within(table_shares(pairs), model.delta),
}
