"""What of a column is written the usual way and what otherwise: habits, and the rows that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.whole_city.writing.style import Style

_OTHER_FORM_SHARE = 0.04
_PADDED_SHARE = 0.01


class Choices:
    """Draws for one column of one file."""

    def __init__(
        self, style: Style, name: str, rows: int, rng: np.random.Generator, *, is_plain: bool
    ) -> None:
        """Take the hand of the dataset.

        Args:
            style: of the dataset.
            name: of the column.
            rows: how many.
            rng: draws which rows differ.
            is_plain: the file leaves no room for anything but the habit.
        """
        self._style, self._name, self._rows, self._rng = style, name, rows, rng
        self.is_plain = is_plain

    def habit(self, purpose: str, count: int) -> int:
        """Choose what the system does in this column, in every file."""
        return self._style.choose(f"{self._name}:{purpose}", count)

    def few(self, forms: tuple[int, ...], purpose: str) -> pl.Series:
        """Give every row the usual form, and a few rows any."""
        usual = np.full(self._rows, forms[self.habit(purpose, len(forms))], np.int64)
        if len(forms) > 1:
            other = self._some(_OTHER_FORM_SHARE)
            usual[other] = np.asarray(forms)[self._rng.integers(0, len(forms), len(other))]
        return pl.Series(usual)

    def write(
        self,
        values: pl.Series,
        usual: pl.Expr,
        *others: tuple[Callable[[pl.Expr], pl.Expr], float],
    ) -> pl.Series:
        """Write all rows the usual way, and of some what a function makes of that.

        Args:
            values: of the column; `usual` finds them as the text `text`.
            usual: the habit.
            others: function and share of the rows.
        """
        written = values.cast(pl.String).alias("text").to_frame().select(usual).to_series()
        for change, share in () if self.is_plain else others:
            places = self._some(share)
            if len(places):
                part = written.gather(places).alias("text").to_frame()
                written = written.scatter(places, part.select(change(pl.col("text"))).to_series())
        return written

    def pad(self, written: pl.Series) -> pl.Series:
        """Leave a blank behind some values, as exports from fixed fields do."""
        if self.is_plain:
            return written
        places = self._some(_PADDED_SHARE)
        blank = (" ", "\u3000")[self.habit("pad", 2)]
        return written.scatter(places, written.gather(places) + blank) if len(places) else written

    def _some(self, share: float) -> np.ndarray:
        count = self._rng.binomial(self._rows, share)
        return np.unique(self._rng.integers(0, self._rows, count)) if count else np.empty(0, int)
