import re
from html.parser import HTMLParser

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notebooks.toolkit.tables import MISSING, format_column, format_count, format_rate, show


class Cells(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.cells, self.tags = [], []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):  # noqa: ARG002
        self.tags.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_data(self, data):
        if self.cells:
            self.cells[-1] += data


def write(values, decimals=None):
    frame = pl.DataFrame({"value": values})
    return frame.select(format_column("value", frame.schema["value"], decimals))["value"].to_list()


@given(st.lists(st.integers(-(10**14), 10**14), min_size=1))
def test_integers_are_grouped_as_python_does(values):
    assert write(values) == [f"{value:,}".replace("-", "−") for value in values]


def test_other_numbers_round_half_away_and_keep_their_decimals():
    assert write([16.395, 1234.25, 0.0, None]) == ["16.4", "1,234.3", "0.0", MISSING]
    assert write([-0.04, -1234567.0]) == ["0.0", "−1,234,567.0"]
    assert write([2.5, 999.5], decimals=0) == ["3", "1,000"]


@pytest.mark.parametrize(
    ("value", "text"), [(0.25, "0.3％"), (16.395, "16.4％"), (100, "100.0％"), (None, MISSING)]
)
def test_format_rate(value, text):
    assert format_rate(value) == text


def test_format_count():
    assert format_count(28145, "件") == "28,145件"
    assert format_count(None, "件") == MISSING


def test_table_names_its_rows_columns_and_units():
    frame = pl.DataFrame({"name": ["粗大ごみ", "水道"], "count": [28145, 0]})
    markup = show(
        frame, caption="減る件数", titles={"name": "手続", "count": "件数"}, units={"count": "件"}
    ).markup
    assert Cells(markup).cells == ["手続", "件数(件)", "粗大ごみ", "28,145", "水道", "0"]
    assert markup.count('scope="col"') == markup.count('scope="row"') == 2
    assert "<caption" in markup
    assert re.search(r'<td style="[^"]*text-align:right[^"]*">28,145<', markup)


@given(st.text(max_size=20))
def test_no_value_becomes_markup(text):
    parsed = Cells(show(pl.DataFrame({"x": [text], "y": ["b"]}), caption="表").markup)
    plain = Cells(show(pl.DataFrame({"x": ["a"], "y": ["b"]}), caption="表").markup)
    assert parsed.tags == plain.tags


def test_left_out_rows_are_told():
    table = show(pl.DataFrame({"x": range(5)}), caption="表", max_rows=2)
    assert "全5行のうち先頭の2行" in table.markup
    assert Cells(table.markup).tags.count("tr") == 3


def test_an_empty_table_says_so():
    assert "該当する行はありません" in show(pl.DataFrame({"x": []}), caption="表").markup


def test_a_pandas_frame_is_shown_too():
    assert "1,234" in show(pd.DataFrame({"x": ["a"], "y": [1234]}), caption="表").markup
