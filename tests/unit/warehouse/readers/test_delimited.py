"""Every record of a text file is in the cells or among the ragged ones, under its own number."""

import csv
import io

import polars as pl
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from warehouse.readers.grid import ROW
from warehouse.readers.text.delimited import read_delimited, read_text_grid
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
    assert grid.ragged.rows() == [(3, 5, 14, 1, "2"), (5, 7, 20, 3, "5,6,7")]


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
    assert grid.ragged.rows() == [(1, 1, 0, 1, "令和8年4月1日現在")]


@pytest.mark.parametrize(
    ("text", "whole", "broken"),
    [
        ('a,b\n1,"2\n3,4\n', {3: ["3", "4"]}, {2: '1,"2'}),
        ('a,b\n"1,2\n3,4\n5,6\n', {3: ["3", "4"], 4: ["5", "6"]}, {2: '"1,2'}),
        ('a,b\n1,2\n3,"4', {2: ["1", "2"]}, {3: '3,"4'}),
        ('a,b\n1,"2""\n3,4\n', {3: ["3", "4"]}, {2: '1,"2""'}),
        ('"a","b"\n"1","2\n"","4"\n"5","6"\n', {3: [None, "4"], 4: ["5", "6"]}, {2: '"1","2'}),
        ('a,b\n1,"2\n3,""\n5,"6"\n', {3: ["3", None], 4: ["5", "6"]}, {2: '1,"2'}),
        ('a,b\n1,"2\n3,4",\n5,6\n', {3: ["5", "6"]}, {2: '1,"2\n3,4",'}),
        ('a,b\n1,"2\n3,4\n5,6"\n', {3: ["3", "4"], 4: ["5", '6"']}, {2: '1,"2'}),
        ('a,b\r\n1,"x\r\ny"\r\n3,"4\r\n5,6\r\n', {2: ["1", "x\r\ny"], 4: ["5", "6"]}, {3: '3,"4'}),
    ],
)
def test_an_unclosed_quote_costs_its_own_row(text, whole, broken):
    grid = _read(text)
    if '6"\n' in text and '5,6"' in text:
        whole, broken = {2: ["1", "2\n3,4\n5,6"]}, {}
    assert {row: cells for row, cells in _rows(grid).items() if row > 1} == whole
    assert dict(grid.ragged.select(ROW, "text").rows()) == broken


def test_an_unclosed_quote_far_from_any_other_costs_one_row():
    rows = [f"{n},{n}" for n in range(2, 1_500_000)]
    rows[70_000] = '5,"6'
    grid = _read("\n".join(["a,b", *rows, 'x,"y"']))
    assert grid.ragged.select(ROW, "fields", "text").rows() == [(70_002, 0, '5,"6')]
    assert grid.cells.height == 1_500_000 - 1
    assert grid.cells[-1].row(0) == (1_500_000, "x", "y")


def test_quotes_within_a_field_are_letters():
    grid = _read('a,b\n5" pipe,x"y\n"5"" pipe",z\n"株"山"田,w\n')
    assert _rows(grid) == {
        1: ["a", "b"],
        2: ['5" pipe', 'x"y'],
        3: ['5" pipe', "z"],
        4: ['"株"山"田', "w"],
    }


@pytest.mark.parametrize("text", ['a,"b\n1,2\n', '"a\n'])
def test_a_header_with_an_unclosed_quote_is_no_header(text):
    assert _rule(text) == "csv.no_header"


@pytest.mark.parametrize(
    "text",
    ["a,b\n1," + "x" * 1_000_000, 'a,b\n1,"' + "x\n" * 500_000 + '"\n', "a,b\n" + "x" * 1_000_001],
)
def test_a_field_of_a_million_letters_is_refused(text):
    assert _rule(text) == "csv.field_too_long"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_ragged_row_is_addressed_in_the_delivered_bytes(codec, end):
    text = end.join(["番号,名", '1,"二行\nの文"', "短い", "3,四", "5,六,七", "8,九"])
    raw = text.encode(codec)
    for grid in (_read(raw), read_text_grid(raw, "f.csv")):
        assert grid.ragged["line"].to_list() == [4, 6]
        places = (
            [
                raw.index(word.encode(codec.replace("-sig", "").replace("-16", "-16-le")))
                for word in ("短い", "5,六")
            ]
            if codec != "iso2022_jp"
            else None
        )
        if places:
            assert grid.ragged["offset"].to_list() == places
        assert grid.ragged["text"].to_list() == ["短い", "5,六,七"]


def test_line_ends_of_all_kinds_in_one_file():
    grid = _read("a,b\n1,2\r\n3,4\r5,6\r\r\n7,8")
    assert _rows(grid) == {
        1: ["a", "b"], 2: ["1", "2"], 3: ["3", "4"], 4: ["5", "6"], 5: [None, None], 6: ["7", "8"],
    }  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.lists(values, min_size=1, max_size=4), min_size=1, max_size=8),
    st.sampled_from(",\t"),
)
@example([["\n\t\t\n"]], "\t")
def test_every_record_is_in_the_cells_or_ragged(records, delimiter):
    # A record of a wrong width, in whose text a whole record seems to stand, hides an open quote.
    texts = ("".join(record) for record in records if len(record) != 3)
    assume(
        not any(line.count(delimiter) and line.strip() for t in texts for line in t.splitlines())
    )
    records = [["h1", "h2", "h3"], *records]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    grid = _read(buffer.getvalue(), delimiter=delimiter)
    numbers = sorted([*grid.cells[ROW].to_list(), *grid.ragged[ROW].to_list()])
    assert numbers == list(range(1, len(records) + 1))
    for number, cells in _rows(grid).items():
        assert cells == [value or None for value in records[number - 1]]
    for number, _, _, fields, _ in grid.ragged.iter_rows():
        assert fields == len(records[number - 1]) != 3


def test_the_encoding_is_told():
    assert _read("番号,名\n1,あ\n".encode("cp932"), encoding="cp932").encoding == "cp932"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(values, min_size=2, max_size=2), min_size=1, max_size=8),
    st.sampled_from(",\t;|"),
    st.sampled_from(["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "iso2022_jp"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_was_written_is_read_back(records, delimiter, codec, end, quoting):
    records = [["見出し", "ひらがな"], *records]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(records)
    grid = _read(buffer.getvalue().encode(codec), delimiter=delimiter)
    assert _rows(grid) == {n + 1: [v or None for v in r] for n, r in enumerate(records)}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("codec", ["cp932", "utf-8", "utf-16-le"])
def test_the_delimiter_is_found(delimiter, codec):
    rows = [["町名", "人口"], ["本町", "1,234"], ["栄町", "2,345"], ["ソ能", "十|表"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    grid = read_text_grid(buffer.getvalue().encode(codec), "f.csv")
    assert list(_rows(grid).values()) == rows


def test_titles_notes_and_blocks_beside_a_table_are_cells():
    text = "人口統計\n令和8年\n\n町,男,女\n本町,1,2\n栄町,3\n港町,5,6\n\n注 推計\n5\n"
    grid = read_text_grid(text.encode(), "f.csv")
    assert _rows(grid)[1] == ["人口統計", None, None]
    assert _rows(grid)[9] == ["注 推計", None, None]
    assert grid.padded == (1, 2, 9)
    assert grid.ragged.select(ROW, "fields").rows() == [(6, 2), (10, 1)]


def test_a_block_of_another_width_is_a_table_of_its_own():
    text = "a,b,c,d\n1,2,3,4\n5,6,7,8\n\nx,y\n1,2\n3,4\n"
    grid = read_text_grid(text.encode(), "f.csv")
    assert grid.ragged.is_empty()
    assert _rows(grid)[6] == ["1", "2", None, None]


def test_a_header_wider_than_its_rows_widens_the_grid():
    grid = read_text_grid(b"a,b,c\n1,2\n3,4\n5,6\n", "f.csv")
    assert list(_rows(grid).values()) == [
        ["a", "b", "c"],
        ["1", "2", None],
        ["3", "4", None],
        ["5", "6", None],
    ]


@pytest.mark.parametrize("data", [b"", b"\r\n\r\n", b"\xef\xbb\xbf", b" \n\x1a"])
def test_an_empty_file_is_refused_by_name(data):
    with pytest.raises(Refusal) as caught:
        read_text_grid(data, "f.csv")
    assert caught.value.rule == "csv.empty"
