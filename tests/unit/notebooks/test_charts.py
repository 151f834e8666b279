import subprocess
import sys
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from notebooks.toolkit import charts

SVG = "{http://www.w3.org/2000/svg}"
BARS: dict[str, Any] = {
    "label": "name",
    "value": "count",
    "title": "減る件数",
    "unit": "件",
    "source": "公表値",
}
GAPS: dict[str, Any] = {
    "label": "name",
    "current": "now",
    "target": "aim",
    "title": "目標との差",
    "unit": "％",
    "source": "公表値",
}


@pytest.fixture
def frame():
    return pl.DataFrame(
        {
            "name": ["粗大ごみ", "文化・スポーツ施設", "入札参加"],
            "count": [28145, 0, 53],
            "now": [16.4, 88.5, 28.5],
            "aim": [50, 50, 50],
        }
    )


def compute_contrast(colour, background=(1.0, 1.0, 1.0)):
    """WCAG 2.2 contrast ratio."""

    def luminance(rgb):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(mpl.colors.to_rgb(colour)), luminance(background)))
    return (high + 0.05) / (low + 0.05)


def list_words(figure):
    return {text.get_text() for text in figure.findobj(Text)}


def test_colours_can_be_told_apart():
    assert compute_contrast(charts.EMPHASIS) >= 3
    assert compute_contrast(charts.NEUTRAL) >= 3
    assert compute_contrast(charts.INK) >= 7
    assert compute_contrast(charts.EMPHASIS, mpl.colors.to_rgb(charts.NEUTRAL)) >= 2


@pytest.mark.parametrize(
    ("draw", "options"), [(charts.horizontal_bars, BARS), (charts.gap_chart, GAPS)]
)
def test_unit_source_and_numbers_are_always_there(frame, draw, options):
    figure = draw(frame, **options)
    words = list_words(figure)
    assert {f"単位: {options['unit']}", "出典: 公表値", options["title"]} <= words
    assert set(frame["name"]) <= words
    assert ("28,145" in words) if draw is charts.horizontal_bars else ("16.4 → 50.0" in words)
    assert "出典: 公表値" in figure.alt


def test_only_the_highlighted_bar_has_the_emphasis(frame):
    bars = (
        charts.horizontal_bars(frame, **BARS, highlight="粗大ごみ").axes[0].findobj(Rectangle)[:3]
    )
    assert [mpl.colors.to_hex(bar.get_facecolor()) for bar in bars] == [
        charts.EMPHASIS,
        charts.NEUTRAL,
        charts.NEUTRAL,
    ]
    assert [bar.get_width() for bar in bars if isinstance(bar, Rectangle)] == frame[
        "count"
    ].to_list()


def test_a_reached_target_shows_no_gap(frame):
    figure = charts.gap_chart(frame, **GAPS)
    (lines,) = [item for item in figure.axes[0].collections if isinstance(item, LineCollection)]
    assert len(lines.get_segments()) == 2
    assert "88.5 到達" in list_words(figure)


def test_svg_holds_paths_and_refers_to_nothing_outside(frame):
    figure = charts.horizontal_bars(frame, **BARS)
    svg = figure.to_svg()
    tree = ET.fromstring(svg)  # noqa: S314
    assert not list(tree.iter(f"{SVG}text"))
    assert len(list(tree.iter(f"{SVG}use"))) > 20
    links = [value for node in tree.iter() for key, value in node.items() if key.endswith("href")]
    assert all(link.startswith("#") for link in links)
    assert svg == charts.horizontal_bars(frame, **BARS).to_svg()


def test_jupyter_gets_svg_with_a_text_alternative(frame):
    data, metadata = charts.horizontal_bars(frame, **BARS)._repr_mimebundle_()
    assert data["image/svg+xml"].startswith("<?xml")
    assert "粗大ごみ 28,145" in metadata["image/svg+xml"]["alt"]


def test_other_figures_keep_their_style(frame):
    before = dict(mpl.rcParams)
    charts.gap_chart(frame, **GAPS).to_svg()
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("count", [[], [1, None]])
def test_holes_and_nothing_are_refused_without_quoting_rows(count):
    frame = pl.DataFrame(
        {"name": ["秘密の名"] * len(count), "count": count},
        schema={"name": pl.String, "count": pl.Int64},
    )
    with pytest.raises(ValueError, match="場所: 列") as caught:
        charts.horizontal_bars(frame, **BARS)
    assert "秘密" not in str(caught.value)


def test_every_japanese_glyph_is_found_without_a_warning():
    program = """
import logging, sys, warnings
warnings.simplefilter("error")
logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
logging.getLogger("matplotlib.font_manager").addFilter(lambda r: "font cache" not in r.getMessage())
import polars as pl
from notebooks.toolkit.charts import horizontal_bars
frame = pl.DataFrame({"name": ["髙﨑①㈱・ー〜"], "count": [-3]})
horizontal_bars(frame, label="name", value="count", title="題", unit="％", source="出典").to_svg()
print("drawn")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("drawn", "")
