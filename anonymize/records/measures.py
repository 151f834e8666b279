"""The number a model has in a table, from its classes.

Belongs here: one measure per model, in polars. Must not hold: making the classes (`judging`), the
tests of the search (`shares`), which share no code with this.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.complaint import complaint
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

CLASS, COUNT, SIZE, SHARE, PART = "class", "count", "size", "q", "p"
_ROUNDING = 1e-9
_CELLS = 2_000_000


@dataclass(frozen=True)
class Measurement:
    """One model, measured.

    Attributes:
        model: What was asked.
        asked: The model's own number: k, l, c, t, α, β or δ.
        measured: The number the table has, in the same unit: the least k or l, the largest t, α, β
            or δ, the c above which recursive l holds. Infinite where no number would do; NaN
            without any class.
        holds: Whether every class satisfies the model.
    """

    model: Model
    asked: float
    measured: float
    holds: bool


@dataclass(frozen=True)
class Spread:
    """The values of a sensitive column.

    Attributes:
        pairs: Per class and value that occurs: `class`, `value`, `count` members, the `size` of the
            class, the share `p` in the class and `q` in the table.
        whole: Per `value` of the table, suppressed rows included, its share `q`.
    """

    pairs: pl.DataFrame
    whole: pl.DataFrame


def measure_sizes(model: KAnonymity | KMap, sizes: pl.Series) -> Measurement:
    """Measure a model of sizes."""
    return Measurement(model, model.k, *_at_least(sizes, model.k))


def measure_spread(model: Model, spread: Spread) -> Measurement:
    """Measure a model of sensitive values.

    Raises:
        ValueError: The order of `OrderedT` cannot be read.
    """
    return _MEASURES[type(model)](model, spread)


def _at_least(found: pl.Series, least: float) -> tuple[float, bool]:
    if not len(found):
        return float("nan"), True
    smallest = float(found.to_numpy().min())
    return smallest, bool(smallest >= least - _ROUNDING * max(abs(least), 1))


def _at_most(found: pl.Series, most: float) -> tuple[float, bool]:
    if not len(found):
        return float("nan"), True
    largest = float(found.to_numpy().max())
    return largest, bool(largest <= most + _ROUNDING)


def _per_class(spread: Spread, amount: pl.Expr) -> pl.Series:
    return spread.pairs.group_by(CLASS).agg(amount.alias("found"))["found"]


def _distinct(model: DistinctL, spread: Spread) -> Measurement:
    return Measurement(model, model.l, *_at_least(_per_class(spread, pl.len()), model.l))


def _entropy(model: EntropyL, spread: Spread) -> Measurement:
    p = pl.col(PART)
    found = _per_class(spread, (-(p * p.log()).sum()).exp())
    return Measurement(model, model.l, *_at_least(found, model.l))


def _recursive(model: RecursiveCL, spread: Spread) -> Measurement:
    falling = pl.col(COUNT).sort(descending=True)
    found = _per_class(spread, falling.first() / falling.slice(model.l - 1).sum())
    measured, _ = _at_most(found, model.c)
    return Measurement(model, model.c, measured, not measured >= model.c)


def _equal(model: EqualT, spread: Spread) -> Measurement:
    apart = (pl.col(PART) - pl.col(SHARE)).abs().sum() + (1 - pl.col(SHARE).sum())
    return Measurement(model, model.t, *_at_most(_per_class(spread, apart / 2), model.t))


def _ordered(model: OrderedT, spread: Spread) -> Measurement:
    """Mean of |P - Q| over the steps between the values of the table, put in order."""
    placed = _placed(model, spread.whole).with_row_index("place")
    goal = np.cumsum(placed[SHARE].to_numpy())[:-1]
    pairs = spread.pairs.join(placed.select("value", "place"), on="value").sort(CLASS)
    at = pairs[CLASS].rank("dense").to_numpy().astype(np.int64) - 1
    place, part = pairs["place"].to_numpy(), pairs[PART].to_numpy()
    found = []
    step = max(_CELLS // max(placed.height, 1), 1)
    for begin in range(0, int(at.max(initial=-1)) + 1, step):
        first, last = np.searchsorted(at, (begin, begin + step))
        table = np.zeros((int(at[last - 1]) + 1 - begin, placed.height))
        table[at[first:last] - begin, place[first:last]] = part[first:last]
        gaps = np.abs(np.cumsum(table, axis=1)[:, :-1] - goal)
        found.append(gaps.sum(axis=1) / max(placed.height - 1, 1))
    distances = pl.Series(np.concatenate(found) if found else [], dtype=pl.Float64)
    return Measurement(model, model.t, *_at_most(distances, model.t))


def _placed(model: OrderedT, whole: pl.DataFrame) -> pl.DataFrame:
    """Sort the table's values from low to high; equal numbers by their text."""
    where = f"列「{model.on}」の t-近接性(順序つき)"
    if not model.order:
        number = pl.col("value").cast(pl.Float64, strict=False).alias("key")
        placed = whole.with_columns(number)
        if placed["key"].null_count() or not placed["key"].is_finite().all():
            raise complaint(
                "数ではない値があり、順序が決まりません",
                where,
                "order に値を低い方から順に書いてください。",
            )
        return placed.sort("key", "value")
    keys = pl.DataFrame({"value": model.order, "key": range(len(model.order))})
    placed = whole.join(keys, on="value", how="left")
    if placed["key"].null_count():
        raise complaint("順序の一覧にない値があります", where, "order にその値を加えてください。")
    return placed.sort("key", "value")


def _alpha(model: AlphaK, spread: Spread) -> Measurement:
    found = _per_class(spread, (pl.col(COUNT) / pl.col(SIZE)).max())
    measured, holds = _at_most(found, model.alpha)
    sizes = _per_class(spread, pl.col(SIZE).first())
    return Measurement(model, model.alpha, measured, holds and _at_least(sizes, model.k)[1])


def _beta(model: BetaLikeness, spread: Spread) -> Measurement:
    gain = pl.col(PART) / pl.col(SHARE) - 1
    if model.enhanced:
        over = gain > -pl.col(SHARE).log() + _ROUNDING
        gain = pl.when(over).then(float("inf")).otherwise(gain)
    found = _per_class(spread, gain.max().clip(lower_bound=0))
    return Measurement(model, model.beta, *_at_most(found, model.beta))


def _delta(model: DeltaDisclosure, spread: Spread) -> Measurement:
    far = (pl.col(PART) / pl.col(SHARE)).log().abs().max()
    lacks = pl.len() < spread.whole.height
    found = _per_class(spread, pl.when(lacks).then(float("inf")).otherwise(far))
    measured, _ = _at_most(found, model.delta)
    return Measurement(model, model.delta, measured, not measured >= model.delta)


_MEASURES: dict[type, Callable[..., Measurement]] = {
    DistinctL: _distinct,
    EntropyL: _entropy,
    RecursiveCL: _recursive,
    EqualT: _equal,
    OrderedT: _ordered,
    AlphaK: _alpha,
    BetaLikeness: _beta,
    DeltaDisclosure: _delta,
}
