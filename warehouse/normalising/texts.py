"""The different texts of a column, each judged once, while the parts of a delivery go by.

Belongs here: finding the different texts and remembering what was made of them. Must not hold: what
a judgement is; the caller's function makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

_MOST_REMEMBERED = 1 << 19
# Measured per million rows: numbering texts that come again in other parts takes 0.1 to 0.2 CPU s,
# numbering those of one part a third of that less, and judging 0.1 (digits) to 1.2 (phones).
_CHEAP_TYPES, _CHEAP_SHARE = {"text", "name", "digits"}, 0.3
_SHARE, _NEW_SHARE, _FEW = 0.95, 0.6, 0.02


class Texts:
    """What is known of the texts of one column."""

    def __init__(self, kind: str, judge: Callable[[pl.Series], pl.DataFrame]) -> None:
        """Know nothing yet.

        Args:
            kind: type of the column, which tells what judging costs.
            judge: texts → one row each, in order, the text as `raw`; pure.
        """
        self._judge = judge
        self._limit = _CHEAP_SHARE if kind in _CHEAP_TYPES else _SHARE
        self._share: float | None = None
        # The numbers of texts live as long as a column of their type does.
        self._kind = pl.Series(dtype=pl.Categorical(pl.Categories.random()))
        self._known = pl.DataFrame()

    def look_up(self, texts: pl.Series) -> tuple[pl.DataFrame, pl.Series | None]:
        """Give judged texts, and for every row the number of its own; none: they are the rows."""
        if self._share is None:
            return self._measure(texts)
        if self._share > self._limit:
            return self._judge(texts), None
        if self._share > _FEW and self._known.height < _MOST_REMEMBERED:
            return self._remember(texts)
        return self._judge_once(texts)

    def _measure(self, texts: pl.Series) -> tuple[pl.DataFrame, pl.Series | None]:
        """Judge the first part; it tells how many different texts there are."""
        judged, numbers = self._judge_once(texts)
        self._share = judged.height / texts.len() if texts.len() else None
        if self._share is not None and _FEW < self._share <= self._limit:
            found = judged.drop_nulls("raw")
            order = self._number(found["raw"]).arg_sort()
            self._known = pl.concat([self._judge(_nothing(texts)), found[order]])
        return judged, numbers

    def _judge_once(self, texts: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        array = texts.to_arrow().dictionary_encode(null_encoding="encode")
        encoded = cast("pa.DictionaryArray", array)
        words = cast("pl.Series", pl.from_arrow(encoded.dictionary)).cast(pl.String)
        numbers = cast("pl.Series", pl.from_arrow(encoded.indices))
        return self._judge(words.alias(texts.name)), numbers.cast(pl.UInt32)

    def _remember(self, texts: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """Judge what no earlier part held; number 0 is the null."""
        numbers = self._number(texts)
        known, top = self._known.height - 1, cast("int", numbers.max() or 0) + 1
        if top > known and numbers.null_count() < numbers.len():
            new = pl.int_range(known, top, dtype=pl.UInt32, eager=True).cat.to(self._kind.dtype)
            judged = self._judge(new.cast(pl.String).alias(texts.name))
            self._known = pl.concat([self._known, judged], rechunk=True)
            if judged.height > _NEW_SHARE * texts.len():
                return self._forget(), (numbers + 1).fill_null(0)
        return self._known, (numbers + 1).fill_null(0)

    def _forget(self) -> pl.DataFrame:
        """Give what is known for the last time: where most texts are new, remembering is no use."""
        known, self._share = self._known, 1.0
        self._known, self._kind = self._known.clear(), pl.Series(dtype=pl.String)
        return known

    def _number(self, texts: pl.Series) -> pl.Series:
        return texts.cast(self._kind.dtype).to_physical().cast(pl.UInt32)


def _nothing(texts: pl.Series) -> pl.Series:
    return pl.Series(texts.name, [None], pl.String)
