"""What an attacker who has a synthetic table gains about the persons it was made from.

Belongs here: the tables as whole numbers, the comparison with persons who were kept out, intervals.
Must not hold: the attacks (`attacks_alone`, `attacks_linked`, `attacks_inferred`).

Whatever succeeds as often on persons whom the synthesis never saw (the control) is knowledge about
the population, not about anybody. Risk is what goes beyond:

    risk = (success on originals - success on control) / (1 - success on control)

Source: Giomi, Boenisch, Wehmeyer and Tasnádi, A Unified Framework for Quantifying Privacy Risk in
Synthetic Data, 2023; rates and intervals after Wilson, 1927. The attacks are those of that paper;
an attacker who knows the method, or better ones, may do more: a low risk is no proof. The distance
of synthetic rows to the nearest original is not used at all: it is no proof of privacy either.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import norm

from anonymize.complaint import complaint, require_columns

Ranks = npt.NDArray[np.int32]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval; shares from 0 to 1."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True)
class Risk:
    """The outcome of one attack.

    Attributes:
        attack: `singling_out_univariate`, `singling_out_multivariate`, `linkability` or
            `inference`.
        on: The column guessed by inference; empty for the others.
        attempts: Guesses made on each side; 0: the table offers nothing to guess with.
        success: Rate of right guesses on originals.
        control: The same on persons who were kept out.
        baseline: The same by guessing blindly; an attack that is not above it says nothing.
        risk: What the synthetic table adds, 0 to 1.
    """

    attack: str
    on: str
    attempts: int
    success: Interval
    control: Interval
    baseline: float
    risk: Interval

    @property
    def is_informative(self) -> bool:
        """Tell whether the attack could have found something."""
        return self.attempts > 0 and max(self.success.high, self.control.high) > self.baseline


@dataclass(frozen=True)
class Tables:
    """Three tables over the same columns, as ranks that can be compared among them.

    Attributes:
        names: The columns.
        is_number: Per column, whether the order of ranks means something.
        spans: Per column the distance that counts as 1 (0 for categories).
        original: (n, c) ranks of rows the synthesis was made from.
        control: (n, c) of rows kept out; as many as `original`.
        synthetic: (m, c), in an order that means nothing.
        values: Per column the number of each rank (0 for categories), with a NaN for null.
    """

    names: tuple[str, ...]
    is_number: tuple[bool, ...]
    spans: tuple[float, ...]
    original: Ranks
    control: Ranks
    synthetic: Ranks
    values: tuple[npt.NDArray[np.float64], ...]


def arrange(
    original: pl.DataFrame, control: pl.DataFrame, synthetic: pl.DataFrame, *, seed: int
) -> Tables:
    """Bring three tables to one numbering of values; the longer of the first two is sampled.

    Args:
        original: Rows that the synthesis was made from.
        control: Rows of the same population that it never saw.
        synthetic: What is to be published.
        seed: Of the sample and of the order.

    Raises:
        ValueError: Different columns, a table with no rows, or a column of numbers here and of texts
            there: generalise the originals as the published table is.
    """
    names = original.columns
    for other in (control, synthetic):
        require_columns(other.columns, names, "比べる表")
    if not min(original.height, control.height, synthetic.height, len(names)):
        raise complaint(
            "行のない表があります", "引数 original・control・synthetic", "行を入れてください。"
        )
    rng = np.random.default_rng(seed)
    size = min(original.height, control.height)
    sampled = [
        table.select(names)[np.sort(rng.permutation(table.height)[:size])]
        for table in (original, control)
    ]
    shuffled = synthetic.select(names)[rng.permutation(synthetic.height)]
    columns = [_rank([table[name] for table in (*sampled, shuffled)]) for name in names]
    parts = [np.column_stack([column[0][at] for column in columns]) for at in range(3)]
    values = tuple(column[1] for column in columns)
    return Tables(
        tuple(names),
        tuple(column[2] for column in columns),
        tuple(float(np.nanmax(v) - np.nanmin(v)) if n else 0.0 for v, n in _with(values, columns)),
        parts[0],
        parts[1],
        parts[2],
        values,
    )


def wilson(hits: int, attempts: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Estimate a rate with Wilson's interval, 1927; without attempts it is anywhere."""
    if not attempts:
        return Interval(0.0, 0.0, 1.0)
    z = float(norm.ppf((1 + confidence) / 2))
    centre = (hits + z * z / 2) / (attempts + z * z)
    half = z / (attempts + z * z) * math.sqrt(hits * (attempts - hits) / attempts + z * z / 4)
    return Interval(hits / attempts, max(centre - half, 0.0), min(centre + half, 1.0))


def weigh(
    attack: str,
    hits: Sequence[int],
    attempts: int,
    *,
    on: str = "",
    baseline: float = 0.0,
    confidence: float = CONFIDENCE,
) -> Risk:
    """Compare hits on originals with hits on the control.

    Args:
        attack: Its name.
        hits: On originals, on control.
        attempts: On each side.
        on: The guessed column.
        baseline: Success of blind guesses.
        confidence: Of the intervals.
    """
    success, control = (wilson(h, attempts, confidence=confidence) for h in hits)
    # Centre and half-width instead of the plain rate: with 0 or all hits the error is not 0.
    (rate, error), (other, other_error) = _centre(success), _centre(control)
    room = max(1 - other, 1e-9)
    risk = (rate - other) / room
    spread = math.hypot(error / room, other_error * (1 - rate) / room**2)
    found = Interval(*(min(max(v, 0.0), 1.0) for v in (risk, risk - spread, risk + spread)))
    return Risk(
        attack, on, attempts, success, control, baseline, found if attempts else Interval(0, 0, 1)
    )


def _centre(interval: Interval) -> tuple[float, float]:
    return (interval.low + interval.high) / 2, (interval.high - interval.low) / 2


def _rank(
    columns: list[pl.Series],
) -> tuple[list[Ranks], npt.NDArray[np.float64], bool]:
    """Number the values of one column over all tables in their order; null is last."""
    kinds = {c.dtype.is_numeric() or c.dtype.is_temporal() for c in columns if c.dtype != pl.Null}
    if len(kinds) > 1:
        raise complaint(
            "数の列と文字の列は比べられません",
            f"列「{columns[0].name}」",
            "元の表と control も、公開する表と同じ区分に直してから渡してください。",
        )
    is_number = kinds == {True}
    plain = [c.to_physical().cast(pl.Float64) if is_number else c.cast(pl.String) for c in columns]
    joined = pl.concat([c.alias("value") for c in plain])
    distinct = joined.drop_nulls().unique().sort()
    codes = joined.replace_strict(
        distinct,
        pl.int_range(distinct.len(), eager=True),
        default=distinct.len(),
        return_dtype=pl.Int32,
    )
    ends = np.cumsum([c.len() for c in plain])[:-1]
    values = distinct.to_numpy() if is_number else np.zeros(distinct.len())
    return np.split(codes.to_numpy(), ends), np.append(values, np.nan), is_number


def _with(values: tuple, columns: list) -> zip:
    return zip(values, (column[2] and column[1].size > 1 for column in columns), strict=True)
