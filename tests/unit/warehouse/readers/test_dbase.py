"""Every record of a dBase file is a row as it stands, or set aside as deleted."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.readers.dbase_files import dbase
from warehouse.readers.fixed.dbase import read_dbase
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal

FIELDS = (("番号", "C", 5), ("氏名", "C", 12), ("人口", "N", 8), ("率", "N", 6), ("日付", "D", 8))


@pytest.fixture
def read(tmp_path):
    def ask(data):
        (tmp_path / "f").write_bytes(data)
        return read_dbase(tmp_path / "f", "町丁.dbf")

    return ask


def refused(read, data):
    with pytest.raises(Refusal) as caught:
        read(data)
    assert "町丁.dbf" in caught.value.where
    return caught.value


def test_fields_are_the_text_that_stands_in_them(read):
    grid = read(
        dbase(FIELDS, [("007", "髙橋㈱", "0012", "1.10", "20260401"), ("", "ｱﾍﾞ", "", "***", "")])
    )
    assert grid.cells.rows() == [
        (1, "番号", "氏名", "人口", "率", "日付"),
        (2, "007", "髙橋㈱", "0012", "1.10", "20260401"),
        (3, None, "ｱﾍﾞ", None, "***", None),
    ]
    assert (grid.names, grid.encoding) == (("番号", "氏名", "人口", "率", "日付"), "cp932")
    assert grid.set_aside.is_empty()


def test_deleted_records_are_set_aside_with_their_text(read):
    fields = FIELDS[:2]
    grid = read(dbase(fields, [("1", "甲"), (None, "2", "乙"), ("3", "丙")]))
    assert grid.cells[ROW].to_list() == [1, 2, 4]
    ((row, fields_, reason, text),) = grid.set_aside.select(ROW, "fields", "reason", "text").rows()
    assert (row, fields_, reason) == (3, 2, "削除済")
    assert text.split() == ["*2", "乙"]


@pytest.mark.parametrize(
    ("encoding", "language"),
    [("cp932", 0), ("cp932", 0x57), ("cp932", 0x7B), ("utf-8", 0), ("utf-8", 0x57), ("euc_jp", 0)],
)
def test_a_mark_that_says_nothing_or_the_wrong_thing_is_not_trusted(read, encoding, language):
    names = ["豊中市本町一丁目", "大阪府豊中市", "住民基本台帳", "曽根東町", "服部西町"]
    data = dbase([("名称", "C", 30)], [(name,) for name in names], language=language, encoding=encoding)  # fmt: skip
    grid = read(data)
    assert grid.cells["c1"].to_list() == ["名称", *names]
    assert grid.encoding == encoding


def test_half_a_character_is_a_bad_record(read):
    grid = read(dbase(FIELDS[:2], [("1", "甲"), ("2", "亜".encode("cp932")[:1]), ("3", "丙")]))
    assert grid.cells[ROW].to_list() == [1, 2, 4]
    assert grid.ragged.select(ROW, "rule").rows() == [(3, "row.broken")]


def test_a_name_cut_in_a_kanji_keeps_what_is_whole(read):
    cut = "住民票コード".encode("cp932")[:9]
    assert read(dbase([(cut, "C", 3)], [("1",)])).names == ("住民票コ",)


def test_memos_are_told_to_stand_elsewhere(read):
    grid = read(dbase([("番号", "C", 3), ("備考", "M", 10)], [("1", "       12"), ("2", "")], version=0x83))  # fmt: skip
    assert grid.cells["c2"].to_list() == ["備考", "12", None]
    assert any("備考" in note and "1 件" in note for note in grid.notes)
    assert read(dbase([("番号", "C", 3), ("備考", "M", 10)], [("1", "")])).notes == ()


def test_integers_of_foxpro_are_their_digits(read):
    grid = read(dbase([("数", "I", 4)], [(struct.pack("<i", -5),), (struct.pack("<i", 70000),)], version=0x30))  # fmt: skip
    assert grid.cells["c1"].to_list() == ["数", "-5", "70000"]


def test_wide_fields_and_line_feeds_stay_whole(read):
    long = "あ" * 150 + "\n" + "い"
    grid = read(dbase([("文", "C", 400)], [(long,), ("甲",)]))
    assert grid.cells["c1"].to_list() == ["文", long, "甲"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (dbase(FIELDS[:1], [("1",)], count=2, end=b""), "dbf.truncated"),
        (dbase([("x", "B", 8)], [(b"\x00" * 8,)], version=0x30), "dbf.binary_field"),
        (b"\x03" * 100, "dbf.broken"),
    ],
)
def test_what_would_be_lost_is_refused(read, data, rule):
    assert refused(read, data).rule == rule


def test_a_table_without_records_has_its_header(read):
    assert read(dbase(FIELDS[:1], [])).cells.rows() == [(1, "番号")]


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.text("aｱ亜髙\ue000 0", max_size=5)), max_size=6))
def test_every_record_comes_back_or_is_deleted(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("dbf") / "f"
    path.write_bytes(dbase([("t", "C", 10)], [((None, t) if gone else (t,)) for gone, t in rows]))
    grid = read_dbase(path, "f")
    kept = [(i + 2, t.rstrip() or None) for i, (gone, t) in enumerate(rows) if not gone]
    assert grid.cells.rows()[1:] == kept
    assert grid.set_aside[ROW].to_list() == [i + 2 for i, (gone, _) in enumerate(rows) if gone]
