"""Small pictures as inline SVG: no script, no font, nothing fetched.

Belongs here: bars before and after. Must not hold: numbers that are not in a table beside the
picture (the template sets both).
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LABEL, _BAR, _VALUE, _ROW = 190, 330, 90, 34
_BEFORE, _AFTER = "#9aa7b5", "#0b5a8a"
_MOST_BARS = 24


def draw_pairs(title: str, rows: Sequence[tuple[str, float, float]], *, percent: bool) -> str:
    """Draw two bars per row, before above after.

    Args:
        title: Read aloud in place of the picture.
        rows: Label, value before, value after; not negative.
        percent: Values are shares of 1.
    """
    most = 1.0 if percent else max((max(b, a) for _, b, a in rows), default=0.0)
    height = _ROW * len(rows) + 26
    drawn = [_legend(height)]
    for place, (label, before, after) in enumerate(rows):
        top = _ROW * place + 4
        drawn.append(_text(_LABEL - 8, top + 17, label, anchor="end"))
        for value, colour, offset in ((before, _BEFORE, 0), (after, _AFTER, 13)):
            width = _BAR * value / most if most else 0.0
            shown = f"{value:.1%}" if percent else f"{value:,.0f}"
            drawn.append(
                f'<rect x="{_LABEL}" y="{top + offset}" width="{width:.1f}" height="11" '
                f'fill="{colour}"/>'
            )
            drawn.append(_text(_LABEL + width + 5, top + offset + 10, shown, size=10))
    return _frame(title, height, drawn)


def draw_marginal(
    title: str, values: Sequence[str], before: Sequence[float], after: Sequence[float]
) -> str:
    """Draw how often each value occurs, before and after; long lists show the most frequent."""
    rows = list(zip(values, map(float, before), map(float, after), strict=True))
    shown = sorted(rows, key=lambda row: -row[1])[:_MOST_BARS] if len(rows) > _MOST_BARS else rows
    return draw_pairs(title, [(_cut(label), b, a) for label, b, a in shown], percent=False)


def _frame(title: str, height: int, drawn: Sequence[str]) -> str:
    width = _LABEL + _BAR + _VALUE
    return (
        f'<svg role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title>{"".join(drawn)}</svg>'
    )


def _legend(height: int) -> str:
    at = height - 12
    return (
        f'<rect x="{_LABEL}" y="{at}" width="10" height="10" fill="{_BEFORE}"/>'
        f"{_text(_LABEL + 15, at + 9, '加工の前', size=10)}"
        f'<rect x="{_LABEL + 80}" y="{at}" width="10" height="10" fill="{_AFTER}"/>'
        f"{_text(_LABEL + 95, at + 9, '公開する表', size=10)}"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-size="{size}">{escape(words)}</text>'


_LONGEST = 14


def _cut(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"
