"""Every record of fixed-width text is a row, set aside with a reason, or bad with its place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.record_layout import RecordField, Records, find_layout
from warehouse.readers.fixed import record_cuts
from warehouse.readers.fixed.fixed_width import read_fixed_width, stream_fixed_width
from warehouse.readers.fixed.record_cuts import cut_records
from warehouse.readers.fixed.record_text import PADDING, decode_column
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal

KINDS = {
    "header": {"at": 1, "value": "1"},
    "data": {"at": 1, "value": "2"},
    "trailer": {"at": 1, "value": "8", "count": {"start": 2, "bytes": 6}},
    "end": {"at": 1, "value": "9"},
}
PLAIN = (("番号", 4, False), ("氏名", 10, False), ("予備", 3, True))
SEPARATORS = {"crlf": b"\r\n", "lf": b"\n", "none": b""}
# What a cp932 field may hold: one byte, two bytes, a user-defined character.
SIGNS = "aZ0-* 'ｱﾞ亜髙①㈱～－\ue000\ue757　"


def layout(fields=PLAIN, separator="crlf", kinds=None, first=1):
    made, at = [], first
    for name, width, filler in fields:
        made.append(
            RecordField.model_validate(
                {"name": name, "start": at, "bytes": width, "filler": filler}
            )
        )
        at += width
    shape = {"length": at - 1, "separator": separator, "kinds": kinds}
    return find_layout([Records.model_validate(shape)], made, "-")


def record(*values, fields=PLAIN, encoding="cp932"):
    parts = [
        value.encode(encoding).ljust(width)
        for value, (_, width, _) in zip(values, fields, strict=True)
    ]
    assert all(len(p) == w for p, (_, w, _) in zip(parts, fields, strict=True))
    return b"".join(parts)


@pytest.fixture
def read(tmp_path):
    def ask(data, shape=None, encoding="cp932"):
        path = tmp_path / "f"
        path.write_bytes(data)
        return read_fixed_width(path, shape or layout(), encoding, "住民.dat")

    return ask


@pytest.fixture
def refused(read):
    def ask(data, shape=None, encoding="cp932"):
        with pytest.raises(Refusal) as caught:
            read(data, shape, encoding)
        assert "住民.dat" in caught.value.where
        return caught.value

    return ask


def bad(grid):
    return grid.ragged.select(ROW, "line", "offset", "rule", "text").rows()


def aside(grid):
    return grid.set_aside.select(ROW, "reason").rows()


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("last", [True, False])
def test_fields_are_cut_at_bytes_whatever_they_hold(read, separator, last):
    records = [record("0001", "髙橋　一郎", ""), record("002", "ｱﾍﾞ ｼﾝ", ""), record(" 3", "", "")]
    end = SEPARATORS[separator]
    grid = read(end.join(records) + (end if last else b""), layout(separator=separator))
    assert grid.cells.rows() == [
        (1, "0001", "髙橋　一郎", None),
        (2, "002", "ｱﾍﾞ ｼﾝ", None),
        (3, " 3", None, None),
    ]
    assert (grid.names, grid.notes) == (("番号", "氏名", "予備"), ())
    assert grid.ragged.is_empty()


def test_gaiji_stay_and_are_counted_and_fillers_that_speak_are_told(read):
    grid = read(record("1", "\ue000\ue757吉", "A") + b"\r\n" + record("2", "亜", "") + b"\r\n")
    assert grid.cells["c2"].to_list() == ["\ue000\ue757吉", "亜"]
    assert grid.cells["c3"].to_list() == ["A", None]
    assert [note for note in grid.notes if "「予備」" in note and "1 件" in note]
    assert [note for note in grid.notes if "外字が 2 字" in note]


def test_a_record_of_another_length_keeps_its_number_place_and_text(read):
    good = record("1", "亜", "")
    short, long = record("2", "短い", "")[:-1], record("3", "長い", "") + b"x"
    grid = read(b"\r\n".join([good, short, good, long, good]) + b"\r\n")
    assert grid.cells[ROW].to_list() == [1, 3, 5]
    assert bad(grid) == [
        (2, 2, 19, "row.length", short.decode("cp932")),
        (4, 4, 56, "row.length", long.decode("cp932")),
    ]


def test_a_line_feed_alone_ends_no_record_of_crlf(read):
    good = record("1", "亜", "")
    grid = read(good + b"\r\n" + good + b"\n" + good + b"\r\n" + good + b"\r\n")
    assert grid.cells[ROW].to_list() == [1, 3]
    assert [row[0] for row in bad(grid)] == [2]


def test_half_a_character_is_a_bad_record_and_the_others_stay(read):
    good, half = record("1", "亜", ""), b"0002" + "亜".encode("cp932")[:1].rjust(10) + b"   "
    grid = read(b"\r\n".join([good, half, good]) + b"\r\n")
    assert grid.cells[ROW].to_list() == [1, 3]
    ((number, line, offset, rule, text),) = bad(grid)
    assert (number, line, offset, rule) == (2, 2, 19, "row.broken")
    assert "\\x88" in text


def test_a_piece_at_the_end_is_bad_and_an_end_mark_is_blank(read):
    good = record("1", "亜", "")
    grid = read(good * 2 + good[:5], layout(separator="none"))
    assert [row[:4] for row in bad(grid)] == [(3, None, 34, "row.length")]
    for end in (b"\r\n", b"\x1a", b"\n"):
        grid = read(good * 2 + end, layout(separator="none"))
        assert aside(grid) == [(3, "空行")]
        assert grid.ragged.is_empty()
    assert aside(read(good + b"\r\n\r\n\x1a")) == [(2, "空行"), (3, "空行")]


def kinded(*rows, separator="crlf"):
    shape = layout(kinds=KINDS, first=2, separator=separator)
    end = SEPARATORS[separator]
    return b"".join(row.ljust(shape.records.length) + end for row in rows), shape


def data(number="0001", name="亜"):
    return b"2" + record(number, name, "")


def test_kinds_are_told_apart_and_those_that_are_no_data_set_aside(read):
    grid = read(*kinded(b"1KYUYO", data(), data("0002"), b"8000002", b"9"))
    assert grid.cells["c1"].to_list() == ["0001", "0002"]
    assert aside(grid) == [
        (1, "ヘッダーレコード"),
        (4, "トレーラーレコード"),
        (5, "エンドレコード"),
    ]
    assert grid.set_aside["text"][0].rstrip() == "1KYUYO"


def test_a_record_of_no_kind_is_bad_unless_it_is_blank(read):
    grid = read(*kinded(data(), b"7what", b"", b"8000001"))
    assert [(row[0], row[3]) for row in bad(grid)] == [(2, "row.kind")]
    assert aside(grid) == [(3, "空行"), (4, "トレーラーレコード")]


def test_every_trailer_counts_what_stands_before_it(read):
    grid = read(*kinded(b"1", data(), b"8000001", b"1", data(), data(), b"8000002", b"9"))
    assert grid.cells.height == 3


@pytest.mark.parametrize("said", [b"000001", b"000003", b"  3   ", b"abc   ", b"      "])
def test_a_trailer_that_says_another_number_refuses_the_file(refused, said):
    refusal = refused(*kinded(b"1", data(), data(), b"8" + said, b"9"))
    assert refusal.rule == "fixed_width.count"
    assert "4件目" in refusal.where


def test_a_bad_data_record_was_sent_and_counts(read):
    rows, shape = kinded(data(), data())
    rows += data()[:-2] + b"\r\n" + b"8000003".ljust(18) + b"\r\n"
    grid = read(rows, shape)
    assert (grid.cells.height, grid.ragged.height) == (2, 1)


@pytest.mark.parametrize("rows", [(data(),), (b"8000000", data()), (b"1",)])
def test_a_file_that_ends_before_its_trailer_is_refused(refused, rows):
    assert refused(*kinded(*rows)).rule == "fixed_width.no_trailer"


def test_counts_hold_over_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(record_cuts, "BLOCK_BYTES", 40)
    content, shape = kinded(b"1", *[data()] * 30, b"8000030", data(), b"8000001", b"9")
    path = tmp_path / "f"
    path.write_bytes(content)
    with path.open("rb") as handle:
        cuts = list(cut_records(handle, shape.records, 40))
    assert len(cuts) > 10
    assert np.concatenate([cut.numbers for cut in cuts]).tolist() == list(range(1, 36))
    assert sum(part.cells.height for part in stream_fixed_width(path, shape, "cp932", "f")) == 31


@pytest.mark.parametrize(
    ("content", "shape", "rule", "word"),
    [
        (b"", layout(), "fixed_width.empty", "1件もありません"),
        (b"\r\n\r\n", layout(), "fixed_width.empty", "1件もありません"),
        ((b"x" * 20 + b"\r\n") * 3, layout(), "fixed_width.shape", "20 バイト"),
        ((b"x" * 17 + b"\n") * 3, layout(), "fixed_width.shape", "17"),
        ((b"x" * 17 + b"\r\n") * 9, layout(separator="lf"), "fixed_width.shape", "18 バイト"),
        ((b"x" * 17 + b"\r\n") * 9, layout(separator="none"), "fixed_width.shape", "改行"),
        ("0001髙橋   １ \r\n".encode() * 9, layout(), "fixed_width.encoding", "cp932"),
    ],
)
def test_another_layout_is_refused_as_a_whole(refused, content, shape, rule, word):
    refusal = refused(content, shape)
    assert refusal.rule == rule
    assert word in refusal.what


def test_euc_and_utf_8_have_their_own_widths(read):
    grid = read(("0001" + "亜" * 5 + "   \r\n").encode("euc_jp"), layout(), "euc_jp")
    assert grid.cells["c2"].to_list() == ["亜" * 5]
    grid = read("0001亜亜亜1   \r\n".encode(), layout(), "utf-8")
    assert grid.cells["c2"].to_list() == ["亜亜亜1"]


@settings(deadline=None)
@given(
    st.lists(st.lists(st.text(SIGNS, max_size=6), min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(sorted(SEPARATORS)),
)
def test_what_is_written_is_read_back(tmp_path_factory, rows, separator):
    fields = (("a", 12, False), ("b", 12, False), ("c", 13, False))
    path = tmp_path_factory.mktemp("fixed") / "f"
    end = SEPARATORS[separator]
    path.write_bytes(b"".join(record(*row, fields=fields) + end for row in rows))
    grid = read_fixed_width(path, layout(fields, separator), "cp932", "f")
    assert grid.ragged.is_empty()
    wanted = [tuple(value.rstrip(PADDING) or None for value in row) for row in rows]
    assert [row[1:] for row in grid.cells.iter_rows()] == wanted


@settings(deadline=None)
@given(st.binary(max_size=200), st.sampled_from(sorted(SEPARATORS)), st.integers(1, 30))
def test_no_byte_of_any_file_is_lost(tmp_path_factory, content, separator, block):
    path = tmp_path_factory.mktemp("cut") / "f"
    path.write_bytes(content)
    shape = Records.model_validate({"length": 5, "separator": separator})
    end, found = SEPARATORS[separator], []
    with path.open("rb") as handle:
        for cut in cut_records(handle, shape, block):
            found += [(n, o, r.tobytes()) for n, o, r in zip(cut.numbers.tolist(), cut.offsets.tolist(), cut.rows, strict=True)]  # fmt: skip
            found += [(odd.number, odd.offset, odd.data) for odd in cut.odd]
    found.sort()
    assert [number for number, _, _ in found] == list(range(1, len(found) + 1))
    assert all(content[offset : offset + len(part)] == part for _, offset, part in found)
    places = [0, *(offset + len(part) for _, offset, part in found)]
    starts = [*(offset for _, offset, _ in found), len(content)]
    between = [content[a:b] for a, b in zip(places, starts, strict=True)]
    assert all(gap in {b"", end} for gap in between), between


@given(st.lists(st.binary(min_size=6, max_size=6), min_size=1, max_size=5))
def test_only_undecodable_fields_are_broken(values):
    values = [value.replace(b"\n", b"x") for value in values]
    column = decode_column(np.frombuffer(b"".join(values), np.uint8).reshape(-1, 6), "cp932")
    for position, value in enumerate(values):
        try:
            text = value.decode("cp932").rstrip(PADDING) or None
        except UnicodeDecodeError:
            assert position in column.broken
            assert column.values[position] is None
        else:
            assert position not in column.broken
            assert column.values[position] == text
