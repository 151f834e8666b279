"""What a file is stands in its bytes, whatever it is called."""

import contextlib
import gzip
import io
import json
import struct
import zipfile
from typing import get_args

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from warehouse.readers.book import Kind
from warehouse.readers.kind import detect_kind
from warehouse.refusal import Refusal

ODS = "application/vnd.oasis.opendocument."


@pytest.fixture
def kind(tmp_path):
    def ask(data, name="届いた.csv"):
        path = tmp_path / "f"
        path.write_bytes(data)
        return detect_kind(path, name)

    return ask


@pytest.fixture
def rule(kind):
    def ask(data):
        with pytest.raises(Refusal) as caught:
            kind(data)
        assert caught.value.where == "届いた.csv"
        assert caught.value.remedy.endswith("ください。")
        return caught.value.rule

    return ask


def packed(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def compound(*names):
    """A compound file of one directory sector and one sector of its allocation table."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00"))
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<II", header, 44, 1, 1)
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 0, *[0xFFFFFFFF] * 108)
    table = struct.pack("<128I", 0xFFFFFFFD, 2, 0xFFFFFFFE, *[0xFFFFFFFF] * 125)
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\x00")
        + struct.pack("<HB", 2 * len(name) + 2, 2)
        + bytes(61)
        for name in ("Root Entry", *names)
    )
    return bytes(header) + table + entries.ljust(1024, b"\x00")


def dbase(language=0x13, fields=((b"NAME", b"C", 10), (b"NO", b"N", 5)), version=3):
    width = 1 + sum(f[2] for f in fields)
    described = b"".join(n.ljust(11, b"\x00") + k + bytes(4) + bytes([w, 0]) + bytes(14) for n, k, w in fields)  # fmt: skip
    first = 32 + len(described) + 1
    head = struct.pack("<B3BIHH16xBBH", version, 126, 4, 1, 1, first, width, 0, language, 0)
    return head + described + b"\r" + b" " + b"a".ljust(width - 1) + b"\x1a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("番号,氏名\n001,髙橋\n", "csv"),
        ("題\n\n番号,氏名\n001,甲\n002,乙\n003,丙\n", "csv"),
        ("番号\t氏名\n001\t髙橋,一郎\n", "tsv"),
        ("番号\n001\n002\n", "text"),
        ("1001髙橋　　　　　\r\n1002鈴木　　　　　\r\n", "text"),
        ("[単位：人],男,女\n豊中,1,2\n", "csv"),
        ("[1],2\n[3],4\n", "csv"),
        ("{町名},人口\n本町,3\n", "csv"),
        ('[{"a":1}]', "json"),
        (' {\n "a": [1, 2]}\n', "json"),
        ('{"a":1}\n{"a":2}\n', "jsonl"),
        ('{"a":1}\n', "json"),
        ('[{"a":1},\n{"a":', "json"),
        ("{}", "json"),
        ('["a", 1.0]', "json"),
        ('["a",1]\n["b",2]\n', "jsonl"),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le"])
def test_texts_are_told_by_their_shape_in_every_encoding(kind, text, expected, encoding):
    assert kind(text.encode(encoding), "届いた.xlsx") == expected


def test_a_comma_inside_an_escaped_kanji_separates_nothing(kind):
    text = "学校の名簿と住所の一覧\n学生の名前\n"
    assert b"," in "学生".encode("iso2022_jp") or kind(text.encode("iso2022_jp")) == "text"
    assert kind("番号,名\n1,学\n".encode("iso2022_jp")) == "csv"


def test_a_few_stray_zeros_leave_a_text_a_text(kind):
    assert kind(b"a,b\n1\x00,2\n\x003,4\n" * 10) == "csv"


def test_workbooks_are_told_by_their_parts(kind, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "b"))
    book.add_worksheet()
    book.close()
    assert kind((tmp_path / "b").read_bytes()) == "xlsx"
    types = {"[Content_Types].xml": "<Types/>"}
    assert kind(packed(**types, **{"xl/workbook.xml": "", "xl/vbaProject.bin": ""})) == "xlsm"
    assert kind(packed(**types, **{"xl/workbook.bin": ""})) == "xlsb"
    assert kind(packed(mimetype=ODS + "spreadsheet")) == "ods"
    assert kind(compound("Workbook")) == "xls"
    assert kind(compound("a", "b", "c", "d", "Book")) == "xls"


def test_a_zip_of_anything_else_is_a_zip(kind):
    assert kind(packed(**{"住民.csv": "a,b"})) == "zip"
    assert kind(packed()) == "zip"


def test_parquet_and_dbase_are_told(kind, tmp_path):
    parquet.write_table(pa.table({"a": ["1"]}), tmp_path / "p")
    assert kind((tmp_path / "p").read_bytes()) == "parquet"
    assert kind(dbase()) == "dbf"
    assert kind(dbase(version=0x30)) == "dbf"


def test_a_header_that_contradicts_itself_is_no_dbase(rule):
    data = bytearray(dbase())
    data[10] += 1
    assert rule(bytes(data)) == "kind.unknown"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "kind.empty"),
        (b"\xef\xbb\xbf", "kind.empty"),
        (b"%PDF-1.7\n", "kind.pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "kind.image"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "kind.image"),
        (gzip.compress(b"a,b\n", mtime=0), "kind.archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(20), "kind.archive"),
        (b"Rar!\x1a\x07\x01\x00", "kind.archive"),
        (b"\x24\x5a-lh5-" + bytes(20), "kind.archive"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00", "kind.access"),
        (b"\x00\x01\x00\x00Standard Jet DB\x00", "kind.access"),
        (b"SQLite format 3\x00", "kind.database"),
        (b"\r\n<html xmlns:o=''><table><tr>", "kind.html"),
        ("<!DOCTYPE html>\n<html>".encode("utf-16"), "kind.html"),
        (b"<TABLE border=1><TR><TD>", "kind.html"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related;", "kind.mhtml"),
        (b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>', "kind.xml_workbook"),
        (b'<?xml version="1.0"?>\n<rows/>', "kind.xml"),
        (b"{\\rtf1\\ansi", "kind.rtf"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00" + bytes(20), "kind.old_workbook"),
        (bytes(range(256)) * 4, "kind.unknown"),
        (compound("WordDocument"), "kind.word"),
        (compound("PowerPoint Document"), "kind.powerpoint"),
        (compound("EncryptedPackage"), "workbook.encrypted"),
        (compound("何か"), "kind.other_office"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "kind.other_office"),
        (packed(mimetype=ODS + "text"), "kind.drawing"),
        (packed(**{"[Content_Types].xml": "", "word/document.xml": ""}), "kind.word"),
        (packed(**{"[Content_Types].xml": "", "ppt/a.xml": ""}), "kind.powerpoint"),
        (packed(**{"a.csv": "x" * 100})[:-30], "zip.broken"),
    ],
)
def test_what_is_no_table_is_refused_by_name(rule, data, expected):
    assert rule(data) == expected


def test_a_directory_too_big_to_read_is_refused_unread(rule):
    data = bytearray(packed(**{"a.csv": "x"}))
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 12, 1 << 30)
    assert rule(bytes(data)) == "zip.too_many"


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_get_a_kind_or_a_named_refusal(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "f"
    path.write_bytes(data)
    with contextlib.suppress(Refusal):
        assert detect_kind(path) in get_args(Kind)


@given(
    st.lists(
        st.dictionaries(st.text('aあ,\t\n"\\ {['), st.integers() | st.none(), max_size=3),
        max_size=3,
    )
)
def test_every_list_of_records_is_json(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("json") / "f"
    path.write_text(json.dumps(records, ensure_ascii=False), "utf-8")
    assert detect_kind(path) == "json"
