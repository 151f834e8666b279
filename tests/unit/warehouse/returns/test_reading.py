"""What a clerk wrote is read back row by row; what cannot be used is said, and never guessed."""

import json

import pytest
import xlsxwriter

from tests.unit.warehouse.returns.editing import read_rows, save_again
from tests.unit.warehouse.small_city import make_dataset
from warehouse.readers.workbooks.workbook import read_workbook
from warehouse.refusal import Refusal
from warehouse.returns.identity import (
    CORRECTED,
    EXCLUDED,
    LEFT,
    MARK_SHEET,
    ROWS_SHEET,
    TOO_LONG,
    hash_row,
    hash_text,
)
from warehouse.returns.reading import is_workbook, read_returned, recognise
from warehouse.returns.waiting import Fault, Waiting, WaitingRow
from warehouse.returns.workbook import make_workbook

DELIVERY = "0123456789abcdef"
HEADERS = {"person_id": "番号", "full_name": "氏名", "town": "町名", "visit_count": "回数"}
LONG = "長" * 40_000


def _row(number, cells, *faults, text=None, again=False):
    given = dict(zip(HEADERS, cells, strict=True))
    delivered = hash_row(given) if text is None else hash_text(text)
    return WaitingRow(
        DELIVERY, number, "利用者.csv", "", given, text, delivered, again, tuple(faults)
    )


ROWS = (
    _row(3, ("002", "乙", "1-2", "多数"), Fault(("visit_count",), "数でない値", "数にしてください。")),
    _row(5, ("0004", "=1+1", " 本町 ", None), Fault(("person_id",), "番号の桁数違い", "直してください。")),
    _row(7, (None,) * 4, Fault((), "列の数が違う行", "直してください。"), text="006,己"),
    _row(9, ("008", "a\r\nb", LONG, "x"), Fault(("visit_count",), "数でない値", "直してください。"), again=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("returned") / "直す行.xlsx"
    path.write_bytes(make_workbook(Waiting(make_dataset(), HEADERS, ROWS, total=4)))
    return path


def _edit(written, tmp_path, edit, **more):
    return save_again(written, tmp_path / "任意の名前.xlsx", edit, **more)


def _mark(**words):
    """Mark rows by their number in the file: `r3=(word, reason, {column: value})`."""

    def edit(rows):
        for row in rows:
            number = row["id"].split(":")[1]
            word, reason, cells = words.get(f"r{number}", (None, None, {}))
            row |= {"@action": word, "@reason": reason, **cells}

    return edit


def test_a_row_a_line_with_everything_a_clerk_needs(written):
    rows, _ = read_rows(written)
    assert [row["@row"] for row in rows] == ["3行", "5行", "7行", "9行"]
    assert {row["@file"] for row in rows} == {"利用者.csv"}
    assert rows[0]["@faults"] == "【回数】数でない値。数にしてください。"
    assert rows[2]["@faults"] == "【行全体】列の数が違う行。直してください。"
    assert rows[2]["@text"] == "006,己"
    assert rows[3]["@faults"].startswith("前に戻された値に、まだ誤りがあります。")
    grid = read_workbook(written, sheet=ROWS_SHEET, file="x").cells
    assert grid.row(1)[2:8] == (
        "対応", "除く理由", "行", "ファイル", "どこが誤りか・どう直すか", "届いたままの行",
    )  # fmt: skip
    assert grid.row(1)[8:] == ("番号", "氏名", "町名", "回数")


def test_every_value_is_text_as_delivered(written):
    rows, _ = read_rows(written)
    shown = [[row[name] for name in HEADERS] for row in rows]
    assert shown[:2] == [["002", "乙", "1-2", "多数"], ["0004", "=1+1", " 本町 ", None]]
    assert shown[2] == [None] * 4
    assert shown[3] == ["008", "a\nb", TOO_LONG, "x"]


def test_it_is_recognised_by_its_content(written, tmp_path):
    assert recognise(written, "x") == "people"
    renamed = tmp_path / "利用者_202604.csv"
    renamed.write_bytes(written.read_bytes())
    assert is_workbook(renamed)
    assert recognise(renamed, "x") == "people"


def test_other_files_are_not_recognised(tmp_path):
    other = tmp_path / "other.xlsx"
    with xlsxwriter.Workbook(str(other)) as book:
        book.add_worksheet(ROWS_SHEET).write_string(0, 0, "番号")
    broken, text = tmp_path / "broken.xlsx", tmp_path / "text.csv"
    broken.write_bytes(b"PK\x03\x04 machikane_returned")
    text.write_text(f"番号\n{MARK_SHEET}\n", "utf-8")
    assert [recognise(path, "x") for path in (other, broken, text)] == [None] * 3
    assert not is_workbook(text)


def test_nothing_said_is_nothing_done(written):
    found = read_returned(written, "x")
    assert (found.statements.height, found.blank, found.notes) == (0, 4, ())


def test_what_is_marked_is_taken(written, tmp_path):
    edit = _mark(
        r3=(CORRECTED, None, {"visit_count": "12"}),
        r5=(" 除く ", "名簿にない", {}),
        r7=(LEFT, None, {}),
        r9=(CORRECTED, None, {"visit_count": "1"}),
    )
    found = read_returned(_edit(written, tmp_path, edit), "x")
    said = found.statements.select("of_delivery", "of_row", "action", "reason").rows()
    assert said == [
        (DELIVERY, 3, CORRECTED, None),
        (DELIVERY, 5, EXCLUDED, "名簿にない"),
        (DELIVERY, 7, LEFT, None),
        (DELIVERY, 9, CORRECTED, None),
    ]
    assert json.loads(found.statements["cells"][0]) == {
        "person_id": "002", "full_name": "乙", "town": "1-2", "visit_count": "12",
    }  # fmt: skip
    assert found.statements["delivered"][0] == ROWS[0].delivered
    assert (found.blank, found.notes) == (0, ())


def test_another_order_of_rows_or_columns_does_no_harm(written, tmp_path):
    mark = _mark(r3=(CORRECTED, None, {"visit_count": "12"}))
    plain = read_returned(_edit(written, tmp_path, mark), "x").statements

    def turn(rows):
        mark(rows)
        return rows[::-1]

    turned = read_returned(_edit(written, tmp_path, turn), "x")
    assert turned.statements.drop("sheet_row").equals(plain.drop("sheet_row"))
    assert turned.notes == ()


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"r3": (None, None, {"visit_count": "12"})}, "値が直されていますが、「対応」が空です"),
        ({"r3": (EXCLUDED, "　", {})}, "「除く」には「除く理由」が必要です"),
        ({"r3": ("なおした", None, {})}, "のどれでもありません"),
        ({"r3": (CORRECTED, None, {"id": "x:3:y"})}, "まちかねが書き出した行ではありません"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_row(*, written, tmp_path, marks, said):
    def edit(rows):
        cells = marks["r3"][2]
        rows[0] |= {"@action": marks["r3"][0], "@reason": marks["r3"][1], **cells}

    found = read_returned(_edit(written, tmp_path, edit), "任意の名前.xlsx")
    assert found.statements.is_empty()
    assert said in found.notes[0]
    assert "場所: 任意の名前.xlsx(シート「直す行」)の 3行" in found.notes[0]
    assert not any("12" in note for note in found.notes)


def test_a_copied_row_is_not_used_twice_nor_once(written, tmp_path):
    def edit(rows):
        _mark(r3=(CORRECTED, None, {"visit_count": "12"}), r5=(EXCLUDED, "不要", {}))(rows)
        return [*rows, {**rows[0], "visit_count": "13"}]

    found = read_returned(_edit(written, tmp_path, edit), "x")
    assert found.statements["of_row"].to_list() == [5]
    assert "同じ行が2つ以上あります。2 行を使いませんでした" in found.notes[0]
    assert "3行、7行" in found.notes[0]


def test_removed_rows_and_stray_cells_are_said(written, tmp_path):
    removed = read_returned(_edit(written, tmp_path, lambda rows: rows[1:]), "x")
    assert "書き出したときにあった 1 行が消されています" in removed.notes[0]

    path = tmp_path / "stray.xlsx"
    rows, keys = read_rows(written)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(ROWS_SHEET)
        for column, key in enumerate(keys):
            sheet.write_string(0, column, key or "")
            for at, row in enumerate(rows):
                sheet.write_string(at + 2, column, row["id" if column == 0 else key] or "")
        sheet.write_string(2, len(keys) + 1, "覚え書き")
        book.add_worksheet(MARK_SHEET).write_string(0, 0, keys[0])
    stray = read_returned(path, "x")
    assert "見出しのない列に書かれた 1 個のセルは読みませんでした" in stray.notes[0]


def test_one_of_the_two_marks_is_enough(written, tmp_path):
    found = read_returned(_edit(written, tmp_path, lambda rows: rows, sheets=(ROWS_SHEET,)), "x")
    assert found.mark.dataset == "people"


def test_a_damaged_workbook_is_refused(written, tmp_path):
    rows, keys = read_rows(written)

    def write(name, first, keyed, mark):
        path = tmp_path / name
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet(ROWS_SHEET)
            for column, key in enumerate(keyed):
                sheet.write_string(0, column, key or "")
            sheet.write_string(0, 0, first)
            sheet.write_string(2, 0, rows[0]["id"])
            book.add_worksheet(MARK_SHEET).write_string(0, 0, mark)
        return path

    good = keys[0]
    for name, first, keyed, mark, rule in (
        ("a.xlsx", "消えた", keys, "消えた", "returned.damaged"),
        ("b.xlsx", good, keys, good.replace("people", "places"), "returned.damaged"),
        ("c.xlsx", good, ["", *keys[3:]], good, "returned.damaged"),
        ("d.xlsx", good, [*keys, keys[-1]], good, "returned.damaged"),
        ("e.xlsx", good, keys, good.replace(";1;", ";2;"), "returned.newer"),
    ):
        with pytest.raises(Refusal) as caught:
            read_returned(write(name, first, keyed, mark), name)
        assert caught.value.rule == rule, name
        assert caught.value.where == name
