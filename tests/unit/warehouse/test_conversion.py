"""What is read out is what stood in the file, and every record is accounted for."""

import csv
import io

import polars as pl
import pytest

from warehouse.conversion import long_text
from warehouse.conversion.convert import convert
from warehouse.conversion.converted import name_columns
from warehouse.refusal import Refusal

ROWS = [["番号", "氏名", "人口"], *([f"{n:04}", "山田", f"{n},000"] for n in range(1, 60))]


def _csv(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


@pytest.fixture(params=["grid", "stream"])
def read_out(request, tmp_path, monkeypatch):
    """Read a text out: as a grid, or as the stream large files take."""
    if request.param == "stream":
        monkeypatch.setattr(long_text, "_LONG_BYTES", -1)

    def read(text, codec="cp932", out="o.parquet", number=None):
        path = tmp_path / "f.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(codec))
        done = convert(path, "f.csv", tmp_path / out, None, number)
        assert done.closes
        target = tmp_path / out
        frame = (
            pl.read_csv(target, infer_schema=False)
            if out.endswith("csv")
            else pl.read_parquet(target)
        )
        return done, frame

    return read


@pytest.mark.parametrize("out", ["o.parquet", "o.csv"])
@pytest.mark.parametrize("codec", ["cp932", "utf-8-sig", "utf-16", "euc_jp"])
def test_a_table_is_written_as_text_with_its_rows(read_out, codec, out):
    done, frame = read_out(_csv(ROWS), codec, out)
    assert (done.rows_in, done.written, done.set_aside) == (60, 59, {"見出し": 1})
    assert frame.columns == ["_source_row", "番号", "氏名", "人口"]
    assert frame.row(0)[1:] == ("0001", "山田", "1,000")
    assert [int(row) for row in frame["_source_row"]] == list(range(2, 61))


def test_ragged_rows_go_to_quarantine_with_their_address(read_out, tmp_path):
    rows = [*ROWS[:20], ["短い"], ["1", '二\n行"', "3"], ["a", "b", "c", "d"], *ROWS[20:]]
    done, frame = read_out(_csv(rows) + "9,x,y\r\n")
    assert (done.quarantined, frame.height) == (2, 61)
    with (tmp_path / "o.quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [(row["行"], row["物理行"], row["項目数"]) for row in kept] == [
        ("21", "21", "1"),
        ("23", "24", "4"),
    ]
    assert kept[0]["元の行"] == "短い"
    assert 21 not in frame["_source_row"].to_list()


def test_a_clean_file_leaves_no_quarantine_behind(read_out, tmp_path):
    (tmp_path / "o.quarantine.csv").write_text("old")
    done, _ = read_out(_csv(ROWS))
    assert done.quarantine is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f.csv", "o.parquet"]


def test_titles_blank_lines_and_notes_are_set_aside_by_reason(read_out):
    done, frame = read_out("人口のいちらん\r\n\r\n" + _csv(ROWS) + "\r\n※ 推計による\r\n")
    assert frame.height == 59
    assert done.quarantined == 0
    assert done.set_aside["見出し"] == 1
    assert sum(done.set_aside.values()) == 5
    assert done.set_aside["空行"] == 2


def test_blank_and_equal_headers_get_names_of_their_own(read_out):
    rows = [["番号", "氏名", "氏名", ""], *([f"{n:03}", "山", "川", "x"] for n in range(50))]
    done, frame = read_out(_csv(rows))
    assert frame.columns[1:] == ["番号", "氏名(列B)", "氏名(列C)", "列D"]
    assert len(done.remarks) >= 3


def test_a_header_that_reads_like_a_letter_is_a_header(read_out):
    rows = [["D", "C", "名前"], *([f"{n:03}", "山", "川"] for n in range(50))]
    done, frame = read_out(_csv(rows))
    assert frame.columns[1:] == ["D", "C", "名前"]
    assert not done.remarks


def test_a_damaged_file_is_refused_and_nothing_is_left(read_out, tmp_path):
    with pytest.raises(Refusal) as caught:
        read_out(_csv(ROWS).encode("cp932") + b"1,\x81 ,2\r\n")
    assert caught.value.rule == "encoding.broken"
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"]


def test_a_table_that_is_not_there_is_refused(read_out):
    with pytest.raises(Refusal) as caught:
        read_out(_csv(ROWS), number=7)
    assert caught.value.rule == "table.missing"


def test_another_ending_than_parquet_or_csv_is_refused(read_out):
    with pytest.raises(Refusal) as caught:
        read_out(_csv(ROWS), out="o.xlsx")
    assert caught.value.rule == "out.format"


def test_marks_and_zeros_stay(read_out):
    rows = [*ROWS, ["0007", "***", "-"], ["NA", "null", "1e5"]]
    _, frame = read_out(_csv(rows))
    assert frame[-2:].rows() == [(61, "0007", "***", "-"), (62, "NA", "null", "1e5")]


def test_a_sheet_is_asked_for_by_name_or_number(tmp_path):
    workbook = tmp_path / "b.xlsx"
    import xlsxwriter  # noqa: PLC0415

    with xlsxwriter.Workbook(workbook) as book:
        for name in ("一", "二"):
            sheet = book.add_worksheet(name)
            for place, row in enumerate(ROWS):
                sheet.write_row(place, 0, [name + row[0], *row[1:]])
    for wanted, first in ((None, "一0001"), ("二", "二0001"), ("2", "二0001")):
        done = convert(workbook, "b.xlsx", tmp_path / "o.parquet", wanted, None)
        assert done.closes
        assert pl.read_parquet(tmp_path / "o.parquet").row(0)[1] == first
    with pytest.raises(Refusal) as caught:
        convert(workbook, "b.xlsx", tmp_path / "o.parquet", "三", None)
    assert caught.value.rule == "sheet.missing"


def test_names_are_unique_whatever_the_headers():
    names, remarks = name_columns([(1, "a"), (2, "a"), (3, ""), (4, "列C"), (5, "b")])
    assert names == ["a(列A)", "a(列B)", "列C", "列C_", "b"]
    assert len(remarks) == 3
