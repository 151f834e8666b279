"""The measured points between risk and loss, as one self-contained SVG with Japanese letters.

Here stands the drawing; the points are measured by `suggest`.
"""

from __future__ import annotations

import importlib.util
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = (7.2, 4.6)


@dataclass(frozen=True)
class Point:
    """One measured publication.

    Attributes:
        name: what stands beside the point.
        risk: mean chance, over the rows that come out, that somebody who knows the
            quasi-identifiers finds the row (1 / persons of its class), 0 to 1.
        highest: the same of the row in most danger.
        loss: normalised certainty penalty, 0 to 1.
        entropy: non-uniform entropy loss, 0 to 1.
        query_error: mean relative error of random counts.
        suppressed: share of rows suppressed.
        smallest: persons of the smallest class.
    """

    name: str
    risk: float
    highest: float
    loss: float
    entropy: float
    query_error: float
    suppressed: float
    smallest: int


def draw_curve(points: Sequence[Point], title: str) -> str:
    """Draw risk against loss, and give the SVG; letters are outlines, so no font is needed."""
    import matplotlib as mpl  # noqa: PLC0415 - a second of import, only for a picture
    from matplotlib import font_manager  # noqa: PLC0415
    from matplotlib.backends.backend_svg import FigureCanvasSVG  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    font = _font()
    if font is not None:
        font_manager.fontManager.addfont(font)
    family = font_manager.FontProperties(fname=font).get_name() if font else "sans-serif"
    style: Any = {"font.family": family, "svg.fonttype": "path", "svg.hashsalt": "machikane"}
    with mpl.rc_context(style):
        figure = Figure(figsize=_SIZE, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.plot([100 * p.risk for p in points], [100 * p.loss for p in points], color="#7a8ca0")
        for point in points:
            at = 100 * point.risk, 100 * point.loss
            axes.scatter(*at, s=46, color="#0b5a8a", zorder=3)
            axes.annotate(point.name, at, (8, 6), textcoords="offset points", fontsize=10)
        axes.set_xlabel("再識別のリスク(行の平均、%) ← 低いほど安全")
        axes.set_ylabel("失われる情報(NCP、%) ← 低いほど役に立つ")
        axes.set_title(title, loc="left")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
        axes.margins(0.15)
        axes.grid(color="#e3e8ee")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()


def _font() -> Path | None:
    """Find the bundled IPAex Gothic without importing its package, which changes every figure."""
    package = importlib.util.find_spec("matplotlib_fontja")
    folders = (package.submodule_search_locations or []) if package else []
    found = (Path(folder) / "fonts" / "ipaexg.ttf" for folder in folders)
    return next((path for path in found if path.is_file()), None)
