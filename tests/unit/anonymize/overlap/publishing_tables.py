"""Small released tables with the truth beside them, for tests of the attacks."""

from __future__ import annotations

import numpy as np
import polars as pl

from anonymize.overlap.labels import Dimension
from anonymize.overlap.released import SEEN, Released, as_counted, as_hidden_below, as_rounded

TOWNS = ["本町", "南町", "北町"]
BANDS = ["0-4歳", "5-9歳", "10-14歳", "15歳以上"]
SEXES = ["男性", "女性"]
NAMES = ["地域", "年齢", "性別"]
DIMENSIONS = [
    Dimension("地域", "category", groups={"東部": ("本町", "南町")}),
    Dimension("年齢", "age"),
    Dimension("性別", "category"),
]
MARGINS = (
    ("地域", "性別"),
    ("地域", "年齢"),
    ("性別", "年齢"),
    ("地域",),
    ("性別",),
    ("年齢",),
    (),
)


def counts(seed: int = 0, least: int = 20, most: int = 60) -> np.ndarray:
    """Draw towns x bands x sexes."""
    shape = (len(TOWNS), len(BANDS), len(SEXES))
    return np.random.default_rng(seed).integers(least, most, shape)


def moved(table: np.ndarray, place: tuple[int, int, int], persons: int) -> np.ndarray:
    """Add persons to one cell."""
    changed = table.copy()
    changed[place] += persons
    return changed


def inner(table: np.ndarray) -> pl.DataFrame:
    """Write the finest cells, one a row."""
    places = np.indices(table.shape).reshape(3, -1)
    labels = [np.array(names)[at] for names, at in zip((TOWNS, BANDS, SEXES), places, strict=True)]
    return pl.DataFrame({**dict(zip(NAMES, labels, strict=True)), SEEN: table.ravel()})


def whole(table: np.ndarray) -> pl.DataFrame:
    """Write the finest cells and every margin."""
    cells = inner(table)
    sums = [
        cells.group_by(list(by)).agg(pl.col(SEEN).sum()) if by else cells.select(pl.col(SEEN).sum())
        for by in MARGINS
    ]
    return pl.concat([cells, *sums], how="diagonal")


def hide(cells: pl.DataFrame, below: int = 10) -> pl.DataFrame:
    """Withhold small counts."""
    return cells.with_columns(pl.when(pl.col(SEEN) >= below).then(SEEN).alias(SEEN))


def bare(
    cells: pl.DataFrame, *, period: int = 1, release: str = "人口", version: int = 1
) -> Released:
    """Publish as counted."""
    return _released(cells.with_columns(as_counted(SEEN)), release, version, period)


def hidden(
    cells: pl.DataFrame, *, period: int = 1, release: str = "人口", version: int = 1
) -> Released:
    """Publish with counts under 10 withheld."""
    bounds = as_hidden_below(SEEN, 10)
    return _released(hide(cells).with_columns(bounds), release, version, period)


def rounded(cells: pl.DataFrame, base: int, *, period: int = 1, release: str = "人口") -> Released:
    """Publish cells that were rounded already."""
    return _released(cells.with_columns(as_rounded(SEEN, base)), release, 1, period)


def _released(cells: pl.DataFrame, release: str, version: int, period: int) -> Released:
    kept = [n for n in cells.columns if n in {*NAMES, "low", "high", "hidden", "seen"}]
    return Released(release, version, f"2026-{period:02}-01", cells.select(kept))


def truth_of(cell: str, table: np.ndarray) -> int | None:
    """Add up the true counts of a published address; None: it names no published cell."""
    if "のうち" in cell or "組合せ" in cell:
        return None
    labels = dict(part.split("=") for part in cell.split("・")) if cell != "全体" else {}
    picked = [
        [names.index(labels[name])] if name in labels else list(range(len(names)))
        for name, names in zip(NAMES, (TOWNS, BANDS, SEXES), strict=True)
    ]
    return int(table[np.ix_(*picked)].sum())
