"""What is published comes back as it was, from CSV and from JSON."""

import csv
import io
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.release.formats import BOM, read_csv, to_csv, to_json

AWKWARD = [
    "0012", "", None, "1e5", "NA", "null", 'say "hi"', "a,b", "二行の\n文", "a\r\nb", " 空白 ", "'",
    "TRUE", "2026-04-01", "\u2028行\u0085区切り", "=1+1", "髙﨑", "\\n", "😀",
]  # fmt: skip
texts = st.one_of(
    st.none(),
    st.sampled_from(AWKWARD),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\x00"), min_size=1),
)
tables = st.lists(st.tuples(texts, texts, st.integers(-(2**62), 2**62)), min_size=1).map(
    lambda rows: pl.DataFrame(
        rows, schema={"名称": pl.String, "備考": pl.String, "人数": pl.Int64}, orient="row"
    )
)


def _without_empty(table):
    """An empty text and a blank are one thing in a CSV."""
    return table.with_columns(pl.col(pl.String).replace("", None))


@settings(deadline=None)
@given(tables)
def test_csv_comes_back_as_it_was(table):
    again = read_csv(to_csv(table), ["人数"])
    assert again.schema == table.schema
    assert _without_empty(again).equals(_without_empty(table))


@settings(deadline=None)
@given(tables)
def test_other_programs_read_the_same_csv(table):
    text = to_csv(table).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == ["名称", "備考", "人数"]
    assert rows[1:] == [[str(v) if v is not None else "" for v in row] for row in table.rows()]


@settings(deadline=None)
@given(tables)
def test_json_comes_back_as_it_was(table):
    assert json.loads(to_json(table)) == table.to_dicts()


def test_csv_has_its_mark_and_line_ends_and_json_its_kinds():
    table = pl.DataFrame({"コード": ["0012", None], "人数": [3, 0]})
    assert to_csv(table).startswith(BOM)
    assert to_csv(table) == BOM + "コード,人数\r\n0012,3\r\n,0\r\n".encode()
    assert json.loads(to_json(table)) == [
        {"コード": "0012", "人数": 3},
        {"コード": None, "人数": 0},
    ]


def test_a_table_without_rows_is_a_header_and_an_empty_array():
    empty = pl.DataFrame(schema={"名称": pl.String, "人数": pl.Int64})
    assert read_csv(to_csv(empty), ["人数"]).equals(empty)
    assert json.loads(to_json(empty)) == []


def test_only_the_columns_named_become_numbers_and_a_word_in_one_is_an_error():
    data = BOM + b"a,b\r\n007,007\r\n"
    assert read_csv(data, ["b"]).rows() == [("007", 7)]
    with pytest.raises(pl.exceptions.InvalidOperationError):
        read_csv(BOM + b"a\r\nx\r\n", ["a"])
