"""The patient attacker: what a series of blurred monthly counts says of each month's movement.

Belongs here: the posterior of a cell's monthly movements, given its whole published series, the
method (known to all, Kerckhoffs) and the demography. Must not hold: what is certain (`bounds`,
`linear`), tables and their addresses, wording. What comes out is likely, never certain.

A cell's true count is a hidden Markov chain: within a month each of the m persons who usually live
there may be replaced, so that arrivals are Poisson(rate x m) and departures Poisson(rate x count),
and the published number is drawn from the method's channel. Forward-backward (Rabiner, A tutorial
on hidden Markov models, Proc. IEEE 77, 1989, eqs. 19-37) gives P(movement | whole series). Two ways
of repeating are told apart:

* `fresh`: every month is drawn anew. Of an unchanged cell the months are averaged out.
* `sticky`: an unchanged count is published unchanged (keyed draw), so a published change proves a
  movement, and equal numbers say little more than one. That a count seen again after others is
  published as before is not used: for sticky methods the shares are lower bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from anonymize.complaint import complaint

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Repeat = Literal["fresh", "sticky"]
LIKELY = 0.95
SMALL = (1, 2)
LARGEST_STEP = 8
_CHUNK = 1 << 21  # cells x levels x steps held at once
_SAMPLE, _ROUNDS, _FIRST_RATE = 500, 4, 0.02
_LEAST_USUAL = 0.3  # persons: a cell that is published empty may still be moved into


@dataclass(frozen=True)
class Channel:
    """How a count becomes a published number, as anybody may know it.

    Attributes:
        name: tells one way of drawing from another.
        probability: P(published | count) of two int arrays of one shape.
        reach: largest |published - count| that can happen.
        repeat: whether an unchanged count is drawn anew.
    """

    name: str
    probability: Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float64]]
    reach: int
    repeat: Repeat


def exact_channel() -> Channel:
    """Publish counts as they are."""
    return Channel("exact", lambda seen, count: (seen == count).astype(np.float64), 0, "sticky")


def random_rounding_channel(base: int, repeat: Repeat) -> Channel:
    """Round to a neighbouring multiple without bias: P = 1 - |published - count| / base."""

    def probability(seen: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.maximum(0.0, 1.0 - np.abs(seen - count) / base)

    return Channel(f"random_rounding:{base}", probability, base - 1, repeat)


def noise_channel(weights: dict[int, float], repeat: Repeat) -> Channel:
    """Add a perturbation drawn from `weights`; what would be negative is published as 0."""
    reach = max(map(abs, weights))
    table = np.array([weights.get(e, 0.0) for e in range(-reach, reach + 1)])
    at_most = np.cumsum(table)

    def probability(seen: NDArray[np.int64], count: NDArray[np.int64]) -> NDArray[np.float64]:
        place = np.clip(seen - count + reach, 0, 2 * reach)
        inside = np.abs(seen - count) <= reach
        plain = np.where(inside, table[place], 0.0)
        floor = np.where(count <= reach, at_most[np.clip(reach - count, 0, 2 * reach)], 0.0)
        return np.where(seen == 0, floor, plain)

    return Channel(f"noise:{sorted(weights.items())}", probability, reach, repeat)


@dataclass(frozen=True)
class Movements:
    """The posterior of every monthly movement, and of every count.

    Attributes:
        chance: cells x (months - 1) x (2 * LARGEST_STEP + 1): P(movement = step - LARGEST_STEP).
        level: cells x months: the likeliest count.
        level_chance: of that count.
    """

    chance: NDArray[np.float64]
    level: NDArray[np.int64]
    level_chance: NDArray[np.float64]

    @property
    def best(self) -> NDArray[np.int64]:
        """The likeliest movement of each cell and month."""
        return self.chance.argmax(axis=2) - LARGEST_STEP

    @property
    def small(self) -> NDArray[np.float64]:
        """P(a movement of one or two persons)."""
        steps = [LARGEST_STEP + sign * size for size in SMALL for sign in (-1, 1)]
        return self.chance[:, :, steps].sum(axis=2)

    def stated(self, least: float = LIKELY) -> NDArray[np.bool_]:
        """Tell where a movement of one or two persons would be stated, this sure of it."""
        return (self.chance.max(axis=2) >= least) & np.isin(np.abs(self.best), SMALL)


def infer_movements(
    series: NDArray[np.int64], channel: Channel, rate: NDArray[np.float64]
) -> Movements:
    """Infer the monthly movements behind published series.

    Args:
        series: cells x months, persons, in the order of time.
        channel: The method.
        rate: Per cell, the share of persons replaced in a month (from public demography).

    Returns:
        The posterior. A cell whose series no path can explain has no chance anywhere.

    Raises:
        ValueError: Fewer than two months, or one rate per cell is not given.
    """
    if series.ndim != 2 or series.shape[1] < 2 or rate.shape != series.shape[:1]:  # noqa: PLR2004
        raise complaint(
            "系列の形が違います",
            "引数 series・rate",
            "セル×月(2か月以上)と、セルごとの率を渡してください。",
        )
    low = np.maximum(0, series.min(axis=1) - channel.reach)
    width = series.max(axis=1) + channel.reach - low + 1
    chance = np.zeros((len(series), series.shape[1] - 1, 2 * LARGEST_STEP + 1))
    level, level_chance = np.zeros_like(series), np.zeros(series.shape)
    order = np.argsort(width, kind="stable")
    start = 0
    while start < len(order):
        # Cells are sorted by width, so the last of a block is its widest.
        size = max(1, _CHUNK // int(width[order[start]] * (2 * LARGEST_STEP + 1)))
        block = order[start : start + size]
        widest = int(width[block].max())
        found = _infer(series[block], low[block], widest, channel, rate[block])
        chance[block], level[block], level_chance[block] = found
        start += size
    return Movements(chance, level, level_chance)


def estimate_rate(series: NDArray[np.int64], channel: Channel) -> NDArray[np.float64]:
    """Estimate the monthly rate of replacement from published series alone, one for all cells.

    Expectation-maximisation (Baum-Welch) on cells spread over the table: in a stationary cell
    E[movement^2] = 2 x rate x m. Between 1 in 1,000 and 1 in 5.

    Args:
        series: cells x months.
        channel: The method.
    """
    some = series[:: max(1, len(series) // _SAMPLE)]
    usual = np.maximum(some.mean(axis=1), _LEAST_USUAL)
    squares = np.arange(-LARGEST_STEP, LARGEST_STEP + 1) ** 2
    rate = _FIRST_RATE
    for _ in range(_ROUNDS):
        chance = infer_movements(some, channel, np.full(len(some), rate)).chance
        moved = float((chance * squares).sum(axis=2).mean(axis=1).sum())
        rate = min(max(moved / (2 * float(usual.sum())), 0.001), 0.2)
    return np.full(len(series), rate)


def _infer(
    series: NDArray[np.int64],
    low: NDArray[np.int64],
    width: int,
    channel: Channel,
    rate: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Run forward-backward over cells that share one width of levels."""
    levels = low[:, None] + np.arange(width)
    steps = _steps(levels, rate, np.maximum(series.mean(axis=1), _LEAST_USUAL))
    seen = [
        channel.probability(np.broadcast_to(s[:, None], levels.shape), levels) for s in series.T
    ]
    same = [(a == b)[:, None] for a, b in zip(series.T[:-1], series.T[1:], strict=True)]
    months = len(seen)

    def into(month: int, step: int) -> NDArray[np.float64]:
        """P(publication of `month` | level there, step into it)."""
        if step == 0 and channel.repeat == "sticky":
            return np.broadcast_to(same[month - 1], levels.shape).astype(np.float64)
        return seen[month]

    forward = [_normalised(seen[0])]
    for month in range(1, months):
        reached = np.zeros_like(seen[0])
        for step in range(-LARGEST_STEP, LARGEST_STEP + 1):
            reached += _shift(forward[-1] * steps[step], step) * into(month, step)
        forward.append(_normalised(reached))
    chance = np.zeros((len(series), months - 1, 2 * LARGEST_STEP + 1))
    level, level_chance = np.zeros_like(series), np.zeros(series.shape)
    backward = np.ones_like(seen[0])
    for month in range(months - 1, -1, -1):
        here = _normalised(forward[month] * backward)
        level[:, month] = low + here.argmax(axis=1)
        level_chance[:, month] = here.max(axis=1)
        if month == 0:
            break
        earlier = np.zeros_like(backward)
        for step in range(-LARGEST_STEP, LARGEST_STEP + 1):
            ahead = steps[step] * _shift(backward * into(month, step), -step)
            chance[:, month - 1, step + LARGEST_STEP] = (forward[month - 1] * ahead).sum(axis=1)
            earlier += ahead
        backward = _normalised(earlier)
    total = chance.sum(axis=2, keepdims=True)
    chance = np.divide(chance, total, out=np.zeros_like(chance), where=total > 0)
    return chance, level, level_chance


def _steps(
    levels: NDArray[np.int64], rate: NDArray[np.float64], usual: NDArray[np.float64]
) -> dict[int, NDArray[np.float64]]:
    """P(step | level): Poisson arrivals less Poisson departures that the level allows."""
    most = LARGEST_STEP + 4
    arrive = _poisson((rate * usual)[:, None], most)
    leave = _poisson((rate[:, None] * levels).ravel()[:, None], most).reshape(*levels.shape, -1)
    leave = np.where(np.arange(most + 1) <= levels[:, :, None], leave, 0.0)
    leave /= leave.sum(axis=2, keepdims=True)
    found = {}
    for step in range(-LARGEST_STEP, LARGEST_STEP + 1):
        gone = np.arange(max(0, -step), most + 1 - max(0, step))
        found[step] = np.einsum("clg,cg->cl", leave[:, :, gone], arrive[:, gone + step])
    return found


def _poisson(mean: NDArray[np.float64], most: int) -> NDArray[np.float64]:
    """P(0..most) of a Poisson number, one row per mean."""
    factors = mean / np.arange(1, most + 1)
    return np.exp(-mean) * np.cumprod(np.hstack([np.ones_like(mean), factors]), axis=1)


def _shift(values: NDArray[np.float64], step: int) -> NDArray[np.float64]:
    """Move columns to the right by a step; what leaves the window is lost."""
    moved = np.zeros_like(values)
    if step == 0:
        return values
    if step > 0:
        moved[:, step:] = values[:, :-step]
    else:
        moved[:, :step] = values[:, -step:]
    return moved


def _normalised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    total = values.sum(axis=1, keepdims=True)
    return np.divide(values, total, out=np.zeros_like(values), where=total > 0)
