"""One entrance: whatever a file is called, it opens as what it is."""

import gc
import io
import tempfile

import polars as pl
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from tests.unit.warehouse.readers.dbase_files import dbase
from tests.unit.warehouse.readers.test_archive import pack
from warehouse.readers.opening import open_book
from warehouse.refusal import Refusal

CSV = "番号,氏名\n001,髙橋\n002,\ue000田\n"
ROWS = [("番号", "氏名"), ("001", "髙橋")]


def workbook(*names, hidden=()):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name in names:
        sheet = book.add_worksheet(name)
        for row, line in enumerate(ROWS):
            sheet.write_row(row, 0, line)
        if name in hidden:
            sheet.hide()
    book.close()
    return buffer.getvalue()


def parquet_bytes():
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"番号": ["001"], "氏名": ["髙橋"]}), buffer)
    return buffer.getvalue()


DBF = dbase([("番号", "C", 3), ("氏名", "C", 10)], [("001", "髙橋")])
JSON = '[{"番号":"001","氏名":"髙橋"}]'.encode()
LINES = '{"番号":"001","氏名":"髙橋"}\n{"番号":"002","氏名":"山田"}\n'.encode()


@pytest.fixture
def opened(tmp_path):
    def ask(data, file="届いた.csv"):
        path = tmp_path / "f"
        path.write_bytes(data)
        return open_book(path, file)

    return ask


def rows(grid):
    return [row[1:] for row in grid.cells.iter_rows()]


@pytest.mark.parametrize(
    ("data", "kind", "encoding"),
    [
        (CSV.encode("cp932"), "csv", "cp932"),
        (CSV.replace(",", "\t").encode("utf-16"), "tsv", "utf-16-le"),
        (JSON, "json", "utf-8"),
        (LINES, "jsonl", "utf-8"),
        (parquet_bytes(), "parquet", None),
        (DBF, "dbf", None),
        (workbook("名簿"), "xlsx", None),
    ],
)
def test_every_kind_opens_under_any_name(opened, data, kind, encoding):
    book = opened(data, "名簿.xls")
    assert (book.file, book.kind, book.encoding) == ("名簿.xls", kind, encoding)
    (sheet,) = book.sheets
    assert sheet.name == ("名簿" if kind == "xlsx" else "")
    assert rows(sheet.read())[:2] == ROWS


def test_gaiji_and_the_proof_of_the_encoding_are_told(opened):
    book = opened(CSV.encode("cp932"))
    assert book.gaiji == 1
    assert book.proof


def test_hidden_sheets_are_there(opened):
    book = opened(workbook("表", "控え", hidden=("控え",)))
    assert [(sheet.name, sheet.is_hidden) for sheet in book.sheets] == [
        ("表", False), ("控え", True),
    ]  # fmt: skip


def test_the_files_of_a_zip_are_sheets_and_what_is_no_table_is_told(opened):
    book = opened(
        pack(
            [
                ("課/名簿.csv", CSV.encode("cp932")),
                ("名簿.xlsx", workbook("表", "控え")),
                ("説明.pdf", b"%PDF-1.7"),
                ("__MACOSX/._a", b"x"),
            ]
        ),
        "まとめ.csv",
    )
    assert book.kind == "zip"
    assert [sheet.name for sheet in book.sheets] == [
        "課/名簿.csv",
        "名簿.xlsx/表",
        "名簿.xlsx/控え",
    ]
    assert [rows(sheet.read())[:2] for sheet in book.sheets] == [ROWS] * 3
    assert book.sheets[0].read().encoding == "cp932"
    assert book.sheets[1].read().sheet == "名簿.xlsx/表"
    assert any("説明.pdf" in warning and "PDF" in warning for warning in book.warnings)
    assert any("__MACOSX" in warning for warning in book.warnings)
    assert book.gaiji == 1


def test_an_unpacked_zip_leaves_nothing_behind(opened, monkeypatch, tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    book = opened(pack([("名簿.csv", CSV.encode("cp932"))]))
    assert list(temporary.iterdir())
    assert rows(book.sheets[0].read())[0] == ROWS[0]
    del book
    gc.collect()
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "kind.empty"),
        (b"%PDF-1.7", "kind.pdf"),
        (pack([("a.pdf", b"%PDF-1.7")]), "zip.no_table"),
        (pack([]), "zip.no_table"),
        (b'[{"a":', "json.broken"),
    ],
)
def test_what_is_no_table_is_refused(opened, data, rule):
    with pytest.raises(Refusal) as caught:
        opened(data)
    assert caught.value.rule == rule


def test_cells_are_text_in_every_kind(opened):
    for data in (CSV.encode(), JSON, LINES, parquet_bytes(), DBF, workbook("表")):
        grid = opened(data).sheets[0].read()
        assert set(grid.cells.dtypes[1:]) == {pl.String}
        assert grid.cells["_row"].dtype == pl.Int64


def test_a_long_text_can_be_shown_by_its_head_and_tail_with_true_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("warehouse.readers.opening.LONG_BYTES", 1 << 20)
    path = tmp_path / "long.csv"
    lines = ["番号,町名", *(f"{number},本町" for number in range(2_000_000))]
    path.write_text("\n".join(lines), "utf-8")
    (whole,), (shown,) = (open_book(path, "long.csv", most=m).sheets for m in (None, 1000))
    assert whole.read().cells.height == len(lines)
    cells = shown.read().cells
    assert cells.height < len(lines)
    assert (cells["_row"][0], cells["_row"][-1]) == (1, len(lines))
    assert cells["c1"][-1] == "1999999"
