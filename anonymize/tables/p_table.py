"""The noise of the cell key method: for every true count, the chance of every deviation.

Belongs here: the distribution of most entropy under stated conditions, its limits, its look-up.
Must not hold: keys of persons and cells, tables (`cell_key`).

For a count i the deviations d with −D ≤ d ≤ D, i + d ≥ 0 and i + d outside 1…js are possible. Among
all distributions on them with mean 0 and variance V, that of most entropy has p_d ∝ exp(a d + c d²);
a and c minimise the convex dual log Σ exp(a d + c (d² − V)), solved by Newton's method. Sources:
Marley and Leaver, A method for confidentialising user-defined tables, 58th ISI congress, 2011
(entropy); Thompson, Broadfoot and Elazar, UNECE work session 2013 (tables by count); Giessing,
Privacy in Statistical Databases 2016 (small counts); Enderle, Giessing and Tent, Privacy in
Statistical Databases 2018.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from anonymize.complaint import complaint

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
_STEPS = 200
_CLOSE = 1e-12
_BIAS = 1e-9
_LEAST_HALVING = 1e-9
_FALL = 1e-4


@dataclass(frozen=True)
class PTable:
    """Chances of deviations.

    Attributes:
        deviation: The largest deviation D.
        variance: The variance V of every count but 0.
        suppressed_up_to: js: no published count lies in 1…js.
        chances: Row i for the count i, the last row for all counts from there on; column d + D.
    """

    deviation: int
    variance: float
    suppressed_up_to: int
    chances: Numbers

    @property
    def deviations(self) -> Counts:
        """The deviation of each column."""
        return np.arange(-self.deviation, self.deviation + 1)

    def look_up(self, counts: Counts, keys: Numbers) -> Counts:
        """Return the deviation of each count under its key, a uniform number in [0, 1)."""
        rows = np.minimum(counts, len(self.chances) - 1)
        steps = self._steps
        column = np.zeros(len(counts), np.int64)
        for place in range(steps.shape[1]):
            column += steps[rows, place] <= keys
        return column - self.deviation

    @property
    def _steps(self) -> Numbers:
        steps = np.cumsum(self.chances, axis=1)
        last = self.chances.shape[1] - 1 - np.argmax(self.chances[:, ::-1] > 0, axis=1)
        # Without this a key near 1 could fall behind the last possible deviation.
        steps[np.arange(steps.shape[1]) >= last[:, None]] = 1.0
        return steps


def p_table(*, deviation: int, variance: float, suppressed_up_to: int = 0) -> PTable:
    """Make the table of chances; 0 stays 0.

    Args:
        deviation: D, at least 1.
        variance: V, above 0, in persons squared; of every count but 0.
        suppressed_up_to: js, at least 0: counts 1…js are never published.

    Raises:
        ValueError: No distribution with mean 0 and this variance exists for some count (the first
            is named, with the variances that are possible), or an argument out of bounds.
    """
    _require(deviation, variance, suppressed_up_to)
    every = np.arange(-deviation, deviation + 1)
    rows = [np.where(every == 0, 1.0, 0.0)]
    for count in range(1, deviation + suppressed_up_to + 2):
        result = count + every
        possible = (result == 0) | (result > suppressed_up_to)
        row = np.zeros(len(every))
        row[possible] = _most_entropy(every[possible], variance, count)
        rows.append(row)
    made = PTable(deviation, variance, suppressed_up_to, np.array(rows))
    _check(made)
    return made


def _most_entropy(possible: Counts, variance: float, count: int) -> Numbers:
    below, above = possible[possible <= 0], possible[possible >= 0]
    if not len(below) or not len(above):
        raise _impossible(count, variance, None)
    least, most = float(-below.max() * above.min()), float(-below.min() * above.max())
    if np.isclose(variance, least, rtol=0, atol=_BIAS) and least > 0:
        return _two_points(possible, below.max(), above.min())
    if np.isclose(variance, most, rtol=0, atol=_BIAS):
        return _two_points(possible, below.min(), above.max())
    if not least < variance < most:
        raise _impossible(count, variance, (least, most))
    return _newton(possible.astype(float), variance)


def _two_points(possible: Counts, low: int, high: int) -> Numbers:
    chances = np.zeros(len(possible))
    chances[possible == low], chances[possible == high] = high / (high - low), -low / (high - low)
    return chances


def _newton(possible: Numbers, variance: float) -> Numbers:
    """Minimise the dual, halving the step until it falls (Boyd and Vandenberghe, 2004, 9.5)."""
    scale = np.array([possible.max() - possible.min(), variance + possible.max() ** 2])
    moments = np.stack([possible, possible**2 - variance]) / scale[:, None]
    weights = np.zeros(2)
    for _ in range(_STEPS):
        chances, value = _tilted(moments, weights)
        slope = moments @ chances
        if np.abs(slope * scale).max() < _CLOSE:
            break
        bend = (moments * chances) @ moments.T - np.outer(slope, slope)
        move = -np.linalg.solve(bend, slope)
        size = 1.0
        enough = value + _FALL * size * slope @ move
        while size > _LEAST_HALVING and _tilted(moments, weights + size * move)[1] > enough:
            size /= 2
            enough = value + _FALL * size * slope @ move
        if size <= _LEAST_HALVING:
            break
        weights = weights + size * move
    return _tilted(moments, weights)[0]


def _tilted(moments: Numbers, weights: Numbers) -> tuple[Numbers, float]:
    powers = weights @ moments
    top = powers.max()
    raised = np.exp(powers - top)
    return raised / raised.sum(), float(top + np.log(raised.sum()))


def _check(made: PTable) -> None:
    chances, deviations = made.chances, made.deviations
    bias = np.abs(chances @ deviations)
    off = np.abs(chances[1:] @ deviations**2 - made.variance)
    whole = np.abs(chances.sum(axis=1) - 1)
    if not max(bias.max(), off.max(), whole.max()) < _BIAS or (chances < 0).any():
        raise complaint(
            "遷移確率表を計算できませんでした",
            f"最大の増減{made.deviation}・分散{made.variance}・非公表の人数{made.suppressed_up_to}",
            "分散を、可能な範囲の端から離してください。",
        )


def _require(deviation: int, variance: float, suppressed_up_to: int) -> None:
    if deviation < 1 or suppressed_up_to < 0 or not variance > 0:
        raise complaint(
            "遷移確率表の条件が範囲の外です",
            "引数 deviation・variance・suppressed_up_to",
            "最大の増減は1以上、分散は0より大きく、公表しない人数は0以上にしてください。",
        )


def _impossible(count: int, variance: float, limits: tuple[float, float] | None) -> ValueError:
    where = f"真の人数が{count}人のセル"
    if limits is None:
        return complaint(
            "平均0の増減を作れません(増やす側か減らす側に、許された値がありません)",
            where,
            "最大の増減を、公表しない人数より大きくしてください。",
        )
    least, most = limits
    return complaint(
        f"平均0で分散{variance:g}の増減を作れません(可能な分散は{least:g}から{most:g}まで)",
        where,
        "分散をその範囲に入れるか、最大の増減・公表しない人数を変えてください。",
    )
