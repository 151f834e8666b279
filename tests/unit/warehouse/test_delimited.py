"""Every record of a text file is in the cells or among the ragged ones, under its own number."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.readers.delimited import read_delimited
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal

values = st.text(st.sampled_from("aあ0 ,\"\n\t'。-"), max_size=6)


def _read(text, *, delimiter=",", header_row=1, encoding="auto"):
    data = text if isinstance(text, bytes) else text.encode("utf-8")
    return read_delimited(
        data, delimiter=delimiter, declared_encoding=encoding, header_row=header_row, file="f.csv"
    )


def _rows(grid):
    return {row[0]: list(row[1:]) for row in grid.cells.iter_rows()}


def _rule(text, **options):
    with pytest.raises(Refusal) as caught:
        _read(text, **options)
    return caught.value.rule


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_any_line_end_gives_the_same_rows(end, last):
    text = end.join(["a,b", "1,2", "3,4"]) + (end if last else "")
    assert _rows(_read(text)) == {1: ["a", "b"], 2: ["1", "2"], 3: ["3", "4"]}


def test_quoted_newlines_delimiters_and_quotes_stay_in_their_cell():
    grid = _read('a,b\n1,"二行の\n文"\n2,"x,y"\n3,"say ""hi"""\n4,z\n')
    assert _rows(grid) == {
        1: ["a", "b"],
        2: ["1", "二行の\n文"],
        3: ["2", "x,y"],
        4: ["3", 'say "hi"'],
        5: ["4", "z"],
    }


def test_ragged_rows_keep_their_number_and_text_behind_quoted_newlines():
    grid = _read('a,b\n1,"x\ny\nz"\n2\n3,4\n5,6,7\n8,9\n')
    assert _rows(grid) == {1: ["a", "b"], 2: ["1", "x\ny\nz"], 4: ["3", "4"], 6: ["8", "9"]}
    assert grid.ragged.rows() == [(3, 1, "2"), (5, 3, "5,6,7")]


def test_numbers_hold_over_many_blocks():
    lines = ["a,b", *("x,y" if n % 1000 else "short" for n in range(2, 300_001))]
    grid = _read("\n".join(lines))
    assert grid.ragged[ROW].to_list() == list(range(1000, 300_001, 1000))
    assert grid.cells.height + grid.ragged.height == 300_000
    assert grid.cells[ROW].to_list()[-1] == 299_999


def test_blank_lines_are_records_of_their_own():
    grid = _read("a,b\n1,2\n\n3,4\n\n")
    nothing = [None, None]
    assert _rows(grid) == {
        1: ["a", "b"],
        2: ["1", "2"],
        3: nothing,
        4: ["3", "4"],
        5: nothing,
    }


def test_nul_characters_are_dropped_and_blanks_become_null():
    assert _rows(_read('a,b\n1\x00,\n"",2\n')) == {1: ["a", "b"], 2: ["1", None], 3: [None, "2"]}


def test_nothing_is_taken_for_a_number_a_date_or_a_null():
    grid = _read("a,b\n007,2026-04-01\nNA,1e5\nnull,TRUE\n")
    assert grid.cells.schema == {ROW: pl.Int64, "c1": pl.String, "c2": pl.String}
    assert _rows(grid)[2] == ["007", "2026-04-01"]
    assert _rows(grid)[3] == ["NA", "1e5"]
    assert _rows(grid)[4] == ["null", "TRUE"]


def test_tabs_separate_a_tsv():
    grid = _read("a\tb\n1,5\t2\n", delimiter="\t")
    assert _rows(grid) == {1: ["a", "b"], 2: ["1,5", "2"]}


@pytest.mark.parametrize(
    ("text", "header_row"), [("", 1), ("\n", 1), ("a,b\n1,2\n", 3), (b"\xef\xbb\xbf", 1)]
)
def test_a_file_without_its_header_is_refused(text, header_row):
    assert _rule(text, header_row=header_row) == "csv.no_header"


def test_the_header_row_says_how_many_fields_there_are():
    grid = _read("令和8年4月1日現在\n\na,b,c\n1,2,3\n", header_row=3)
    assert _rows(grid) == {2: [None] * 3, 3: ["a", "b", "c"], 4: ["1", "2", "3"]}
    assert grid.ragged.rows() == [(1, 1, "令和8年4月1日現在")]


@pytest.mark.parametrize(
    "text",
    [
        'a,b\n1,"2\n3,4\n',
        'a,b\n"1,2\n3,4\n5,6\n',
        'a,b\n1,2\n3,"4',
        'a,b\n1,"2""\n3,4\n',
        'a,"b\n1,2\n',
        'a,"' + "b" * 200_000,
        'a,b\n1,"' + "x,y\n" * 600_000,
    ],
)
def test_an_unclosed_quote_swallows_no_rows_in_silence(text):
    assert _rule(text) == "csv.broken"


@settings(deadline=None)
@given(
    st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=8),
    st.sampled_from(",\t"),
)
def test_every_record_is_in_the_cells_or_ragged(records, delimiter):
    records = [["h1", "h2", "h3"], *records]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    grid = _read(buffer.getvalue(), delimiter=delimiter)
    numbers = sorted([*grid.cells[ROW].to_list(), *grid.ragged[ROW].to_list()])
    assert numbers == list(range(1, len(records) + 1))
    for number, cells in _rows(grid).items():
        assert cells == [value or None for value in records[number - 1]]
    for number, fields, _ in grid.ragged.iter_rows():
        assert fields == len(records[number - 1]) != 3


def test_the_encoding_is_told():
    assert _read("番号,名\n1,あ\n".encode("cp932"), encoding="cp932").encoding == "cp932"
