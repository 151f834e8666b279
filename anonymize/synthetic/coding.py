"""A column as small whole numbers and back: categories, classes of numbers and dates, null.

Belongs here: learning the classes (from data, with rare values left out, or from a declaration),
encoding, decoding by chance within a class. Must not hold: how columns depend on one another
(`trees`, `marginals`).
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint
from anonymize.synthetic.schema import Column, Kind

Codes = npt.NDArray[np.int32]
RARE = -1
_MOST_CLASSES = 100
_DECLARED_CLASSES = 32
_DECLARED_DECIMALS = 2
_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class Coding:
    """What each code of a column stands for.

    Attributes:
        kind: Of the column.
        dtype: Of the column.
        labels: Categories; code i is `labels[i]`.
        low: Least value of each class of a number or date (days since 1970), Float64.
        high: Largest value of each class, included.
        decimals: Digits after the point that decoded numbers have.
        null: Code of null, or -2 when null is no value.
    """

    kind: Kind
    dtype: pl.DataType
    labels: tuple[str, ...]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    decimals: int
    null: int

    @property
    def size(self) -> int:
        """Number of codes."""
        return max(len(self.labels), self.low.size) + (self.null >= 0)

    @property
    def is_ordered(self) -> bool:
        """Whether near codes mean near values (null comes last)."""
        return self.kind != "category"


def learn(values: pl.Series, column: Column, smallest: int) -> Coding:
    """Make classes of at least `smallest` rows each; rarer categories get no code.

    A value that many rows share (0 yen) is a class of its own; the others are joined to classes of
    neighbouring values. The outermost classes end at the `smallest`-th value from the end, so that
    the one oldest or richest person's value is not told (top and bottom coding).

    Args:
        values: The column.
        column: Its kind.
        smallest: Rows that a class needs, at least 1.
    """
    if column.kind == "category":
        texts = values.cast(pl.String)
        counts = texts.drop_nulls().value_counts(sort=True).filter(pl.col("count") >= smallest)
        labels = tuple(sorted(counts[values.name].to_list()))
        return _coding(values, column, labels=labels, smallest=smallest)
    numbers = np.sort(_numbers(values.drop_nulls()))
    if numbers.size < smallest:
        return _coding(values, column, smallest=smallest)
    low, high = _classes(numbers, smallest)
    return _coding(values, column, low=low, high=high, smallest=smallest)


def declare(values: pl.Series, column: Column) -> Coding:
    """Make classes from the declaration alone, as differential privacy demands.

    Categories as declared; integers and dates up to 100 equally wide classes, numbers 32, and 0 one
    of its own. Numbers come back with two decimals.

    Raises:
        ValueError: Categories, or minimum and maximum, are not declared.
    """
    null = column.may_be_null
    if column.kind == "category":
        if not column.categories or len(set(column.categories)) != len(column.categories):
            raise complaint(
                "区分の一覧が宣言されていないか、同じ値が2回あります",
                f"列「{values.name}」の categories",
                "差分プライバシーでは、データを見ずに決めた一覧が要ります。",
            )
        return _coding(values, column, labels=column.categories, null=null)
    low, high = _declared_classes(values.name, column)
    return _coding(values, column, low=low, high=high, null=null)


def encode(values: pl.Series, coding: Coding) -> Codes:
    """Give each row's code; `RARE` for a category without one (or null where null is no value)."""
    if coding.kind == "category":
        old, new = list(coding.labels), list(range(len(coding.labels)))
        codes = values.cast(pl.String).replace_strict(old, new, default=RARE, return_dtype=pl.Int32)
        blank = values.is_null().to_numpy()
        found = codes.fill_null(RARE).to_numpy().copy()
    else:
        blank = values.is_null().to_numpy()
        numbers = _numbers(values.fill_null(strategy="zero") if values.null_count() else values)
        found = np.searchsorted(coding.low, numbers, side="right").astype(np.int32) - 1
        found = np.maximum(found, 0) if coding.low.size else np.full(values.len(), RARE, np.int32)
    found[blank] = coding.null if coding.null >= 0 else RARE
    return found.astype(np.int32)


def decode(name: str, codes: Codes, coding: Coding, rng: np.random.Generator) -> pl.Series:
    """Give a value for each code: the category, or one drawn evenly from the class; RARE is null."""
    is_null = (codes == coding.null) | (codes == RARE)
    if coding.kind == "category":
        labels = pl.Series(name, [*coding.labels, None], pl.String)
        texts = labels.gather(np.where(is_null, len(coding.labels), codes))
        return _retype(texts, coding.dtype)
    if not coding.low.size:
        return pl.Series(name, [None], coding.dtype).new_from_index(0, codes.size)
    inside = np.where(is_null, 0, codes)
    low, high = coding.low[inside], coding.high[inside]
    step = 10.0**-coding.decimals
    steps = np.floor(rng.random(codes.size) * (np.rint((high - low) / step) + 1))
    numbers = np.round(np.minimum(low + steps * step, high), coding.decimals)
    series = pl.Series(name, numbers)
    whole = series if coding.kind == "number" else series.cast(pl.Int64)
    typed = (
        whole.cast(pl.Int32).cast(pl.Date) if coding.kind == "date" else whole.cast(coding.dtype)
    )
    return pl.select(pl.when(~pl.Series(is_null)).then(typed).alias(name)).to_series()


def _classes(
    numbers: npt.NDArray[np.float64], smallest: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Cut sorted numbers into classes of at least `smallest` rows."""
    target = max(smallest, numbers.size // _MOST_CLASSES)
    values, counts = np.unique(numbers, return_counts=True)
    heavy = counts >= target
    light_rows = np.cumsum(np.where(heavy, 0, counts))
    # A new class begins at and after a heavy value, and whenever enough light rows have gone by.
    block = (light_rows - np.where(heavy, 0, counts)) // target
    begins = heavy | np.append(True, heavy[:-1]) | np.append(True, block[1:] != block[:-1])
    start = np.flatnonzero(begins)
    rows = np.add.reduceat(counts, start)
    start = _join_small(start, rows, smallest)
    end = np.append(start[1:], values.size) - 1
    low, high = values[start], values[end]
    least, most = numbers[smallest - 1], numbers[-smallest]
    if least > most:
        # Too few rows for two ends: the middle one is all that may be told.
        least = most = numbers[numbers.size // 2]
    return np.clip(low, least, most), np.clip(high, least, most)


def _join_small(start: npt.NDArray, rows: npt.NDArray, smallest: int) -> npt.NDArray:
    """Join classes under the minimum to the one before (the first ones to the one after)."""
    kept, held = [], 0
    for begin, size in zip(start.tolist(), rows.tolist(), strict=True):
        if not kept or (held >= smallest and size >= smallest):
            kept.append(begin)
            held = size
        else:
            held += size
    return np.array(kept)


def _declared_classes(
    name: str, column: Column
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    if column.minimum is None or column.maximum is None:
        raise complaint(
            "最小値と最大値が宣言されていません",
            f"列「{name}」の minimum・maximum",
            "差分プライバシーでは、データを見ずに決めた範囲が要ります。",
        )
    first, last = _number(column.minimum), _number(column.maximum)
    if not first < last:
        raise complaint(
            "最小値が最大値以上です", f"列「{name}」", "最小値 < 最大値にしてください。"
        )
    if column.kind == "number":
        edges = np.linspace(first, last, _DECLARED_CLASSES + 1)
        return _with_zero(edges[:-1], edges[1:], 10.0**-_DECLARED_DECIMALS)
    count = int(min(last - first + 1, _MOST_CLASSES))
    starts = np.unique(np.floor(np.linspace(first, last + 1, count + 1)))
    if column.kind == "date":
        return starts[:-1], starts[1:] - 1
    return _with_zero(starts[:-1], starts[1:] - 1, 1.0)


def _with_zero(
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64], step: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Make 0 a class of its own: many have no income, and none of them a small one."""
    at = int(np.searchsorted(low, 0.0, side="right")) - 1
    if at < 0 or high[at] < 0 or low[at] == high[at]:
        return low, high
    cut_low = [v for v in (low[at], 0.0, step) if v <= high[at]]
    cut_high = [-step, 0.0, high[at]][: len(cut_low)]
    parts = [(a, b) for a, b in zip(cut_low, cut_high, strict=True) if a <= b]
    lows, highs = zip(*parts, strict=True)
    return (
        np.concatenate([low[:at], lows, low[at + 1 :]]),
        np.concatenate([high[:at], highs, high[at + 1 :]]),
    )


def _coding(
    values: pl.Series,
    column: Column,
    *,
    labels: tuple[str, ...] = (),
    low: npt.NDArray | None = None,
    high: npt.NDArray | None = None,
    smallest: int = 1,
    null: bool | None = None,
) -> Coding:
    nothing = np.empty(0, np.float64)
    low, high = (nothing if ends is None else ends for ends in (low, high))
    has_null = values.null_count() >= smallest if null is None else null
    size = max(len(labels), low.size)
    decimals = _decimals(values) if column.kind == "number" and null is None else 0
    if column.kind == "number" and null is not None:
        decimals = _DECLARED_DECIMALS
    return Coding(column.kind, values.dtype, labels, low, high, decimals, size if has_null else -2)


def _decimals(values: pl.Series) -> int:
    """Count the digits after the point that the column is written with, at most 6."""
    numbers = values.drop_nulls().cast(pl.Float64).to_numpy()
    return next((d for d in range(6) if np.allclose(numbers, np.round(numbers, d), atol=1e-9)), 6)


def _numbers(values: pl.Series) -> npt.NDArray[np.float64]:
    days = values.cast(pl.Int32) if values.dtype == pl.Date else values
    return days.cast(pl.Float64).to_numpy()


def _number(bound: float | dt.date) -> float:
    return float((bound - _EPOCH).days) if isinstance(bound, dt.date) else float(bound)


def _retype(texts: pl.Series, dtype: pl.DataType) -> pl.Series:
    if dtype == pl.Boolean:
        return texts.replace_strict({"true": True, "false": False}, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return texts.str.to_date("%Y-%m-%d")
    return texts.cast(dtype)
