"""Charts a Japanese reader can read on any offline PC, in any colour vision.

Here belong the chart style and one function per kind of chart; each takes a
polars frame and returns a Figure that names its unit and its source. Here do
not belong queries, computations, or sentences about what a chart means.

A chart is shown as SVG with every glyph as a path: the reader needs no font.
"""

import importlib.util
import io
import textwrap
from collections.abc import Collection, Container, Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import polars as pl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from notebooks.toolkit.tables import format_column

# Both have a contrast of at least 3 to 1 on white and differ in lightness too,
# so that they stay apart for every colour vision and on a grey printer
# (WCAG 2.2, success criterion 1.4.11).
EMPHASIS = "#0b4f9c"
NEUTRAL = "#8a8f98"
INK = "#1f2933"
WIDTH_IN = 5.0  # about a phone's width, so that 11 pt stays readable there
ROW_IN = 0.36
TITLE_CHARACTERS = 26
STYLE = {
    "font.size": 11,
    "axes.unicode_minus": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "machikane",  # the same data give the same bytes
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "figure.facecolor": "white",
    "axes.facecolor": "white",
}


class Chart(Figure):
    """A matplotlib Figure that shows itself as SVG, with a text alternative."""

    alt: str = ""

    def to_svg(self) -> str:
        """Draw the chart.

        Returns:
            A complete SVG document without date, font or outside reference.
        """
        buffer = io.StringIO()
        with _use_style():
            self.savefig(buffer, format="svg", metadata={"Date": None, "Title": self.alt})
        return buffer.getvalue()

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """Answer Jupyter's question for every form of this object."""
        del include, exclude
        svg = "image/svg+xml"
        return {svg: self.to_svg(), "text/plain": self.alt}, {svg: {"alt": self.alt}}


def horizontal_bars(
    frame: pl.DataFrame,
    *,
    label: str,
    value: str,
    title: str,
    unit: str,
    source: str,
    highlight: str | Collection[str] = (),
    decimals: int = 0,
) -> Chart:
    """Draw one bar per row, in the order of the rows, each with its number.

    Args:
        frame: The rows to draw.
        label: Column of the names.
        value: Column of the numbers, none of them missing.
        title: What the chart says, in Japanese.
        unit: Unit of the numbers, in Japanese.
        source: Where the numbers come from, in Japanese.
        highlight: Name or names to be set off in the emphasis colour.
        decimals: Digits after the point.

    Returns:
        The chart.

    Raises:
        ValueError: There is no row, or a number is missing.
    """
    _require_values(frame, (label, value))
    chosen = [highlight] if isinstance(highlight, str) else list(highlight)
    names, numbers = frame.get_column(label).cast(pl.String), frame.get_column(value)
    texts = _write_numbers(frame, value, decimals).to_list()
    colours = frame.select(
        pl.when(names.is_in(chosen)).then(pl.lit(EMPHASIS)).otherwise(pl.lit(NEUTRAL))
    ).to_series()
    chart, axes = _start_chart(frame.height, title=title, unit=unit, source=source)
    with _use_style():
        bars = axes.barh(
            range(frame.height), numbers.to_list(), color=colours.to_list(), height=0.66
        )
        axes.bar_label(bars, labels=texts, padding=4)
        axes.margins(x=0.18)
        axes.xaxis.set_visible(False)
        _name_rows(axes, names)
    chart.alt = _describe(title, unit, source, names, texts)
    return chart


def gap_chart(
    frame: pl.DataFrame,
    *,
    label: str,
    current: str,
    target: str,
    title: str,
    unit: str,
    source: str,
    decimals: int = 1,
) -> Chart:
    """Draw how far each row is from its target.

    An open circle is the present, a blue diamond the target, the line between
    them the gap. A row that has reached its target shows the circle alone.

    Args:
        frame: The rows to draw.
        label: Column of the names.
        current: Column of today's numbers, none of them missing.
        target: Column of the numbers aimed at, none of them missing.
        title: What the chart says, in Japanese.
        unit: Unit of the numbers, in Japanese.
        source: Where the numbers come from, in Japanese.
        decimals: Digits after the point.

    Returns:
        The chart.

    Raises:
        ValueError: There is no row, or a number is missing.
    """
    _require_values(frame, (label, current, target))
    names = frame.get_column(label).cast(pl.String)
    rows = frame.with_row_index("_row")
    short = rows.filter(pl.col(current) < pl.col(target))
    now, aim = (_write_numbers(frame, column, decimals) for column in (current, target))
    texts = frame.select(
        pl.when(pl.col(current) < pl.col(target))
        .then(pl.format("{} → {}", now, aim))
        .otherwise(pl.format("{} 到達", now))
    ).to_series()
    chart, axes = _start_chart(frame.height, title=title, unit=unit, source=source)
    with _use_style():
        axes.hlines(short["_row"], short[current], short[target], color=EMPHASIS, linewidth=2.5)
        axes.scatter(
            rows[current],
            rows["_row"],
            s=52,
            color="white",
            edgecolor=INK,
            linewidth=1.6,
            zorder=3,
            label="現在",
        )
        axes.scatter(
            short[target], short["_row"], s=46, color=EMPHASIS, marker="D", zorder=3, label="目標"
        )
        for row, text in enumerate(texts):
            axes.text(
                1.03, row, text, transform=axes.get_yaxis_transform(), va="center", fontsize=10
            )
        axes.grid(axis="x", color="#e4e7eb", linewidth=0.8)
        axes.set_axisbelow(True)
        _name_rows(axes, names)
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(-0.02, 1.0),
            ncols=2,
            frameon=False,
            fontsize=9.5,
            handletextpad=0.3,
        )
    chart.alt = _describe(title, unit, source, names, texts.to_list())
    return chart


@cache
def register_font() -> str:
    """Make the bundled IPAex Gothic known to matplotlib.

    Read from the package's folder and not by importing it: its import changes
    the global style of every other figure in the process.

    Returns:
        The font family's name.

    Raises:
        FileNotFoundError: The package with the font is not installed.
    """
    package = importlib.util.find_spec("matplotlib_fontja")
    folders = (package.submodule_search_locations or []) if package else []
    for path in (Path(folder) / "fonts" / "ipaexg.ttf" for folder in folders):
        if path.is_file():
            font_manager.fontManager.addfont(path)
            return font_manager.FontProperties(fname=path).get_name()
    raise FileNotFoundError(
        "グラフ用の日本語フォント(IPAexゴシック)が見つかりません。\n"
        "場所: Pythonパッケージ matplotlib-fontja の fonts フォルダ\n"
        "次に: 基盤の導入手順に従って、パッケージをもう一度導入してください。"
    )


@contextmanager
def _use_style() -> Generator[None]:
    """Draw in our style and leave every other figure's style alone."""
    style: Any = {**STYLE, "font.family": register_font()}
    with mpl.rc_context(style):
        yield


def _start_chart(rows: int, *, title: str, unit: str, source: str) -> tuple[Chart, Axes]:
    """Make an empty chart with its title, unit and source."""
    lines = textwrap.wrap(title, TITLE_CHARACTERS)
    height = ROW_IN * rows + 0.24 * len(lines) + 1.1
    with _use_style():
        chart = Chart(figsize=(WIDTH_IN, height), layout="constrained")
        chart.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=13)
        chart.supxlabel(f"出典: {source}", x=0.01, ha="left", fontsize=9)
        axes = chart.add_subplot()
        axes.set_title(f"単位: {unit}", loc="right", fontsize=9.5)
    return chart, axes


def _write_numbers(frame: pl.DataFrame, column: str, decimals: int) -> pl.Series:
    """Write a column's numbers as the tables do."""
    return frame.select(format_column(column, frame.schema[column], decimals)).to_series()


def _name_rows(axes: Axes, names: pl.Series) -> None:
    """Write the names on the left, first row at the top, and clear the frame."""
    axes.set_yticks(range(names.len()), labels=names.to_list())
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)


def _describe(title: str, unit: str, source: str, names: pl.Series, texts: list[str]) -> str:
    """Write the text alternative: everything the picture says."""
    items = "、".join(f"{name} {text}" for name, text in zip(names, texts, strict=True))
    return f"グラフ「{title}」(単位: {unit})。{items}。出典: {source}"


def _require_values(frame: pl.DataFrame, columns: tuple[str, ...]) -> None:
    """Refuse a frame that would draw nothing, or draw a hole."""
    holes = [name for name in columns if frame.get_column(name).null_count()]
    if frame.is_empty() or holes:
        raise ValueError(
            f"グラフにする値が{'欠けています' if holes else '1件もありません'}。\n"
            f"場所: 列 {'、'.join(holes or columns)}\n"
            "次に: 欠けた行を除くか、元の表を確かめてから、もう一度実行してください。"
        )
