"""What is kept in memory of a column's values to know it again: counts, shares and hashes.

A profile never leaves the process and its parsing child; no value of a row is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import polars as pl

from transforms.verdict import trim
from transforms.width import fold_width
from warehouse.drift.likeness import Likeness
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Iterable

SEED = 2026
SKETCH = 4096
ALIGNED = 2000
_SHAPES = 12
KEY = "_key"
_HALF, _MOSTLY, _SHORT = 5, 0.8, 6
_FEW = 3


@dataclass(frozen=True)
class Profile:
    """A column of one delivery.

    Attributes:
        filled: number of values.
        distinct: number of different ones.
        sketch: the smallest hashes of the different values, sorted, at most `SKETCH`.
        shapes: form of the values (digits 9, kana ア, kanji 漢, latin A; runs as one) → share.
        length: mean number of characters.
    """

    filled: int
    distinct: int
    sketch: pl.Series
    shapes: dict[str, float] = field(default_factory=dict)
    length: float = 0.0


def profile_column(column: pl.Series) -> Profile:
    """Profile the values of one column; blank ones do not count."""
    values = column.to_frame("v").select(_plain("v")).drop_nulls()["v"]
    hashes = values.unique().hash(SEED).sort()
    shapes = values.to_frame().select(shape=_shape("v"))["shape"].value_counts(sort=True)
    shares = shapes.head(_SHAPES).with_columns(pl.col("count") / max(len(values), 1))
    return Profile(
        filled=len(values),
        distinct=len(hashes),
        sketch=hashes.head(SKETCH),
        shapes=dict(shares.iter_rows()),
        length=_mean(values.str.len_chars()),
    )


def hash_rows(rows: pl.DataFrame, key: Iterable[str]) -> pl.DataFrame:
    """Hash every value, and the key as `_key`; a blank value stays null."""
    columns = [name for name in rows.columns if name != ROW]
    plain = rows.select(_plain(name).alias(name) for name in columns)
    hashed = [pl.when(pl.col(n).is_not_null()).then(pl.col(n).hash(SEED)).alias(n) for n in columns]
    return plain.select(pl.struct(list(key)).hash(SEED).alias(KEY), *hashed)


def choose_keys(keys: pl.Series) -> pl.Series:
    """Choose the rows that are compared one by one: those of the smallest hashes of the key."""
    return keys.unique().sort().head(ALIGNED)


def compare_values(old: Profile, new: Profile, title: str) -> Likeness:
    """Compare two columns without knowing which rows belong together."""
    if not old.filled or not new.filled:
        return Likeness(0)
    shared = _overlap(old.sketch, new.sketch)
    # Few different values (flags, codes) are found in many columns: they prove little.
    weight = min(old.distinct, new.distinct)
    weight /= weight + _HALF
    if all(p.shapes.get("9", 0) > _MOSTLY and p.length < _SHORT for p in (old, new)):
        weight /= 2  # small numbers meet by chance
    by_shape = 0.45 * _shape_likeness(old, new)
    by_value = 0.95 * shared * weight
    if by_value >= by_shape:
        return Likeness(by_value, f"値の {shared:.0%} が前回の「{title}」にある値")
    return Likeness(by_shape, f"値の形が前回の「{title}」に似ている") if by_shape else Likeness(0)


def compare_aligned(pairs: pl.DataFrame, old: str, new: str, title: str) -> Likeness:
    """Compare two columns row by row, beyond what chance alone would make the same."""
    both = pairs.select(old=pl.col(old), new=pl.col(new)).drop_nulls()
    if both.height < _FEW:
        return Likeness(0)
    same = _mean(both["old"] == both["new"])
    shares = [
        both[n].value_counts().with_columns(pl.col("count") / both.height) for n in both.columns
    ]
    meeting = shares[0].join(shares[1], left_on="old", right_on="new", suffix="_new")
    chance = float((meeting["count"] * meeting["count_new"]).sum())
    if chance >= 1 - 1e-9:
        return Likeness(0)
    beyond = max(0.0, (same - chance) / (1 - chance))
    weight = both.height / (both.height + 2)
    words = f"同じキーの行の {same:.0%} で値が前回の「{title}」と同じ({both.height:,} 行)"
    return Likeness(0.98 * beyond * weight, words)


def _plain(name: str) -> pl.Expr:
    text = fold_width(trim(pl.col(name).cast(pl.String)))
    return pl.when(text != "").then(text)


def _shape(name: str) -> pl.Expr:
    return (
        pl.col(name)
        .str.replace_all(r"[0-9]+", "9")
        .str.replace_all(r"[\p{Hiragana}\p{Katakana}ー]+", "ア")
        .str.replace_all(r"[\p{Han}々]+", "漢")
        .str.replace_all(r"[A-Za-z]+", "A")
        .str.slice(0, 12)
    )


def _overlap(old: pl.Series, new: pl.Series) -> float:
    """Estimate the share of the new values that the old column holds, from the smallest hashes."""
    full = [s for s in (old, new) if len(s) == SKETCH]
    limit = min((s[-1] for s in full), default=None)
    if limit is not None:
        old, new = old.filter(old <= limit), new.filter(new <= limit)
    return _mean(new.is_in(old.implode()))


def _shape_likeness(old: Profile, new: Profile) -> float:
    shared = sum(min(share, new.shapes.get(shape, 0.0)) for shape, share in old.shapes.items())
    longer, shorter = max(old.length, new.length), min(old.length, new.length)
    return shared * (shorter / longer if longer else 0.0)


def _mean(series: pl.Series) -> float:
    return cast("float", series.mean() or 0.0)
