"""Charts drawn on the server as plain geometry: a population pyramid, and series over time.

Belongs here: finding out what of a table can be drawn, the sums, and the places of bars and lines in
units of the drawing. Must not hold: wording and markup; the table of figures beside every chart is
made of the same numbers.

Only quantities that may be added up are: persons, households, yen, pieces. Shares are never summed,
and what falls below zero is not drawn.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.standard import Standard

WIDTH = 360.0
_ROW = 15.0
_MIDDLE = 46.0
_TOP = 26.0
_PLOT_HEIGHT = 190.0
_LEFT, _RIGHT, _HEAD, _FOOT = 46.0, 14.0, 14.0, 30.0
_AGE = re.compile(r"(\d+)(?:[-~〜～](\d+)歳|歳以上)の(男性|女性)")
_AREA, _TOTALS = "地域名", ("合計", "総計", "計", "全域", "市全体", "総数")
_TIMES = ("調査年月日", "年月", "年月日", "年度", "年", "月", "対象年月", "会計年度", "基準日")
ADDABLE = frozenset({"人", "世帯", "円", "千円", "百万円", "件", "台", "基", "床", "冊", "回", "か所", "kg", "t"})  # fmt: skip
_FEWEST_TIMES = 3
_MOST_SERIES = 4


@dataclass(frozen=True)
class AgeGroup:
    """One bar to each side. Lengths are units of the drawing; counts are persons."""

    label: str
    men: float
    women: float
    men_length: float
    women_length: float
    y: float


@dataclass(frozen=True)
class Tick:
    """A line of an axis: where, and its number."""

    at: float
    value: float


@dataclass(frozen=True)
class Mark:
    """A moment named below a line."""

    at: float
    text: str


@dataclass(frozen=True)
class Pyramid:
    """Persons by sex and age, eldest on top. `blanks` counts cells that hold no number."""

    groups: tuple[AgeGroup, ...]
    ticks: tuple[Tick, ...]
    half: float
    height: float
    middle: float
    day: str
    blanks: int


@dataclass(frozen=True)
class Point:
    """One moment of a series."""

    x: float
    y: float
    label: str
    value: float


@dataclass(frozen=True)
class Series:
    """One quantity over time, as a line. `unit` is such as 人."""

    name: str
    unit: str
    points: tuple[Point, ...]
    path: str
    ticks: tuple[Tick, ...]
    labels: tuple[Mark, ...]
    height: float


def draw_pyramid(table: pl.DataFrame) -> Pyramid | None:
    """Draw the residents by sex and age, all areas and the newest day; None: no such columns."""
    found = {name: hit for name in table.columns if (hit := _AGE.fullmatch(name))}
    ages = list(dict.fromkeys((int(hit[1]), hit[2]) for hit in found.values()))
    names = {(int(hit[1]), hit[3]): name for name, hit in found.items()}
    if not ages or not all((low, sex) in names for low, _ in ages for sex in ("男性", "女性")):
        return None
    rows, day = _newest(_without_totals(table))
    numbers = rows.select(pl.col(list(found)).cast(pl.Float64, strict=False))
    sums = numbers.sum().row(0, named=True)
    most = max(sums.values(), default=0.0)
    step, end = _scale(most)
    half = (WIDTH - _MIDDLE) / 2
    groups = []
    for place, (low, high) in enumerate(sorted(ages, reverse=True)):
        men, women = sums[names[low, "男性"]], sums[names[low, "女性"]]
        groups.append(
            AgeGroup(
                f"{low}-{high}" if high else f"{low}+", men, women,
                round(men / end * half, 1), round(women / end * half, 1), _TOP + place * _ROW,
            )
        )  # fmt: skip
    height = _TOP + len(groups) * _ROW + _FOOT
    ticks = tuple(
        Tick(round(k * step / end * half, 1), k * step) for k in range(round(end / step) + 1)
    )  # fmt: skip
    blanks = int(numbers.null_count().sum_horizontal().item()) if numbers.height else 0
    return Pyramid(tuple(groups), ticks, half, height, _MIDDLE, day, blanks)


def draw_series(table: pl.DataFrame, standard: Standard) -> list[Series]:
    """Draw what can be added up against the column of time within one table."""
    time = next((c for c in _TIMES if c in table.columns and _moments(table, c) >= _FEWEST_TIMES), None)  # fmt: skip
    if time is None:
        return []
    quantities = _quantities(table, standard)
    rows = _without_totals(table).drop_nulls(time)
    sums = rows.group_by(time).agg(pl.col([n for n, _ in quantities]).cast(pl.Float64, strict=False).sum()).sort(time)  # fmt: skip
    labels = sums[time].to_list()
    lines = [(name, unit, sums[name].to_list()) for name, unit in quantities]
    return [_line(*line[:2], labels, line[2]) for line in lines if min(line[2]) >= 0]


def draw_versions(
    tables: Sequence[tuple[str, pl.DataFrame]], standard: Standard, rows_name: str, rows_unit: str
) -> list[Series]:
    """Draw totals and the number of rows over the versions of a release.

    Args:
        tables: Label (as of when) and rows of each version, oldest first; labels differ.
        standard: The layout.
        rows_name: What the number of rows is called.
        rows_unit: And its unit.
    """
    if len(tables) < _FEWEST_TIMES - 1:
        return []
    labels = [label for label, _ in tables]
    quantities = _quantities(tables[-1][1], standard)[:1]
    found = []
    for name, unit in quantities:
        if all(name in table.columns for _, table in tables):
            totals = [_total(table, name) for _, table in tables]
            found += [_line(name, unit, labels, totals)] if min(totals) >= 0 else []
    counts = [float(table.height) for _, table in tables]
    return found or [_line(rows_name, rows_unit, labels, counts)]


def _total(table: pl.DataFrame, name: str) -> float:
    rows, _ = _newest(_without_totals(table))
    return float(rows[name].cast(pl.Float64, strict=False).sum())


def _quantities(table: pl.DataFrame, standard: Standard) -> list[tuple[str, str]]:
    """List what may be added up, whole totals before their parts."""
    found = [
        (c.name, c.unit)
        for c in standard.columns
        if c.is_number and c.unit in ADDABLE and c.name in table.columns and not _AGE.fullmatch(c.name)
    ]  # fmt: skip
    filled = [(n, u) for n, u in found if table[n].null_count() < table.height]
    return [(name, unit or "") for name, unit in filled][:_MOST_SERIES]


def _moments(table: pl.DataFrame, name: str) -> int:
    return table[name].drop_nulls().n_unique()


def _without_totals(table: pl.DataFrame) -> pl.DataFrame:
    """Drop rows that add up the others; kept when nothing else is there."""
    if _AREA not in table.columns:
        return table
    parts = table.filter(~pl.col(_AREA).is_in(_TOTALS).fill_null(value=False))
    return parts if parts.height else table


def _newest(table: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Keep the rows of the newest day, where a table holds several."""
    day = next((c for c in _TIMES if c in table.columns and _moments(table, c)), None)
    if day is None:
        return table, ""
    newest = str(table[day].drop_nulls().max())
    return table.filter(pl.col(day) == newest), newest


def _scale(most: float) -> tuple[float, float]:
    """Choose a round step and the end of an axis that holds `most` in at most four steps."""
    if most <= 0:
        return 1.0, 1.0
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough)
    step = max(step, 1.0)
    return step, step * math.ceil(most / step)


def _line(name: str, unit: str, labels: list[str], values: list[float]) -> Series:
    """Place a line; the axis starts at zero so that a small change looks small."""
    step, end = _scale(max(values, default=0))
    width = WIDTH - _LEFT - _RIGHT
    gap = width / max(len(values) - 1, 1)
    points = tuple(
        Point(
            round(_LEFT + k * gap, 1),
            round(_HEAD + _PLOT_HEIGHT * (1 - max(value, 0) / end), 1), str(label), value,
        )
        for k, (label, value) in enumerate(zip(labels, values, strict=True))
    )  # fmt: skip
    ticks = tuple(
        Tick(round(_HEAD + _PLOT_HEIGHT * (1 - k * step / end), 1), k * step)
        for k in range(round(end / step) + 1)
    )
    return Series(
        name=name,
        unit=unit,
        points=points,
        path="M" + "L".join(f"{p.x:g} {p.y:g}" for p in points),
        ticks=ticks,
        labels=tuple(Mark(p.x, p.label) for p in _some(points)),
        height=_HEAD + _PLOT_HEIGHT + _FOOT,
    )


def _some(points: tuple[Point, ...]) -> list[Point]:
    """Choose the points whose label fits: first, last, and some between."""
    most = 4
    if len(points) <= most:
        return list(points)
    wanted = [round(k * (len(points) - 1) / (most - 1)) for k in range(most)]
    ordered = sorted(set(wanted))
    far = [a for a, b in pairwise(ordered) if b > a]
    return [points[k] for k in (*far, ordered[-1])]
