"""The workbook a clerk corrects: the rows that wait, what is wrong with each, and how to send it back.

Only the look and the places of things stand here. Every cell is text, so that a spreadsheet
neither eats a leading zero nor turns 1-2 into a date.
"""

from __future__ import annotations

import io
import math
import unicodedata
from typing import TYPE_CHECKING

import xlsxwriter

from warehouse.returns.identity import (
    ACTION,
    ACTIONS,
    CELL_LIMIT,
    CORRECTED,
    EXCLUDED,
    FIRST_ROW,
    GUIDE_SHEET,
    HEADER_ROW,
    KEY_ROW,
    MARK_SHEET,
    REASON,
    ROWS_SHEET,
    TOO_LONG,
    Mark,
    RowIdentity,
    as_shown,
    hash_row,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from warehouse.returns.waiting import Fault, Waiting, WaitingRow

_FIXED = ("", "対応", "除く理由", "行", "ファイル", "どこが誤りか・どう直すか", "届いたままの行")
_ID_COLUMN, _ACTION_COLUMN, _REASON_COLUMN, _PLACE, _FILE, _FAULTS, _TEXT = range(7)
_DATA = len(_FIXED)
_WIDTHS = {_ACTION_COLUMN: 10, _REASON_COLUMN: 18, _PLACE: 9, _FILE: 24, _FAULTS: 46, _TEXT: 40}
_NARROWEST, _WIDEST, _LOOKED_AT = 8, 36, 500
_LINE, _MOST_LINES, _GUIDE_WIDTH = 19, 12, 90
_GUIDE = (
    "色のついたセルが、取り込めなかった値です。セルに重ねると、何が誤りかが出ます。",
    (
        f"元の書類で確かめて正しい値に書き直し、「対応」で「{CORRECTED}」を選びます。"
        "次も同じ誤りが届かないよう、元のシステムも直してください。"
    ),
    f"取り込まない行は「{EXCLUDED}」を選び、「除く理由」を必ず書きます。行は消さないでください。",
    (
        "まだ決められない行は空のままにします。隔離に残り、あとでまた書き出せます。"
        "前に返した「直した」「除く」を取り消すときは「そのまま」を選びます。"
    ),
    "保存して(名前は自由です)受付箱に置きます。次の取り込みで同じ検査を受け、まだ誤りのある行はもう一度ここに出ます。",
)
_WARNING = "個人情報を含むことがあります。所管課の中だけで扱い、受付箱に置いたら手元のファイルを消してください。"


class _Look:
    """The formats of one workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        edge = {"border": 1, "border_color": "#BFBFBF", "valign": "top"}
        text = {**edge, "num_format": "@"}
        free = {**text, "locked": False}
        self.key = book.add_format({"num_format": "@", "font_color": "#808080"})
        self.header = book.add_format(
            {
                **edge,
                "bold": True,
                "bg_color": "#1F4E79",
                "font_color": "#FFFFFF",
                "text_wrap": True,
            }
        )
        self.fixed = book.add_format({**text, "bg_color": "#F2F2F2"})
        self.wrapped = book.add_format({**text, "bg_color": "#F2F2F2", "text_wrap": True})
        self.answer = book.add_format({**free, "bg_color": "#FFF9E5", "text_wrap": True})
        self.cell = book.add_format(free)
        self.faulty = book.add_format({**free, "bg_color": "#FFD6D6", "font_color": "#9C0006"})
        self.done = book.add_format({"bg_color": "#D5EDD9"})
        self.missing = book.add_format({"bg_color": "#FFB3B3"})
        self.out = book.add_format({"font_color": "#A6A6A6", "font_strikeout": True})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.prose = book.add_format({"text_wrap": True, "valign": "top"})


def make_workbook(waiting: Waiting) -> bytes:
    """Make the workbook of the waiting rows of one dataset."""
    rows = waiting.rows
    buffer = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": "游ゴシック", "font_size": 11},
    }
    mark = Mark(waiting.dataset.name, len(rows))
    title = waiting.dataset.contract.title
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"直す行: {title}", "comments": _WARNING})
        book.set_custom_property(MARK_SHEET, str(mark))
        look = _Look(book)
        sheet = book.add_worksheet(ROWS_SHEET)
        _write_header(sheet, look, waiting, mark)
        for number, row in enumerate(rows):
            _write_row(sheet, look, FIRST_ROW - 1 + number, row, waiting.headers)
        _arrange(sheet, look, waiting, rows)
        _write_guide(book.add_worksheet(GUIDE_SHEET), look, title)
        hidden = book.add_worksheet(MARK_SHEET)
        hidden.write_string(0, 0, str(mark))
        hidden.protect()
        hidden.very_hidden()
    return buffer.getvalue()


def _write_header(sheet: Worksheet, look: _Look, waiting: Waiting, mark: Mark) -> None:
    keys = {_ID_COLUMN: str(mark), _ACTION_COLUMN: ACTION, _REASON_COLUMN: REASON}
    keys |= {_PLACE: "@row", _FILE: "@file", _FAULTS: "@faults", _TEXT: "@text"}
    keys |= {_DATA + i: name for i, name in enumerate(waiting.headers)}
    for column, key in keys.items():
        sheet.write_string(KEY_ROW - 1, column, key, look.key)
    for column, heading in enumerate((*_FIXED, *waiting.headers.values())):
        sheet.write_string(HEADER_ROW - 1, column, heading, look.header)


def _write_row(
    sheet: Worksheet, look: _Look, at: int, row: WaitingRow, headers: dict[str, str]
) -> None:
    shown = {name: as_shown(row.cells.get(name)) for name in headers}
    identity = RowIdentity(row.delivery, row.row, row.delivered, hash_row(shown))
    text = row.text or ""
    sheet.write_string(at, _ID_COLUMN, str(identity), look.fixed)
    sheet.write_blank(at, _ACTION_COLUMN, None, look.answer)
    sheet.write_blank(at, _REASON_COLUMN, None, look.answer)
    sheet.write_string(at, _PLACE, f"{row.row}行", look.fixed)
    file = f"{row.file}(シート「{row.sheet}」)" if row.sheet else row.file
    prose = {_FILE: file, _FAULTS: _word_faults(row, headers), _TEXT: text[:CELL_LIMIT]}
    for column, words in prose.items():
        sheet.write_string(at, column, words, look.wrapped)
    lines = max(_count_lines(words, _WIDTHS[column]) for column, words in prose.items())
    sheet.set_row(at, _LINE * min(lines, _MOST_LINES))
    faults = {name: fault for fault in row.faults for name in fault.columns}
    for column, name in enumerate(headers, start=_DATA):
        is_faulty = name in faults or row.text is not None
        form = look.faulty if is_faulty else look.cell
        form = look.wrapped if shown[name] == TOO_LONG else form
        _write_cell(sheet, at, column, shown[name], form)
        if name in faults:
            sheet.write_comment(
                at, column, _word_fault(faults[name]), {"author": "まちかね", "x_scale": 1.8}
            )


def _write_cell(sheet: Worksheet, row: int, column: int, text: str, form: Format) -> None:
    if text:
        sheet.write_string(row, column, text, form)
    else:
        sheet.write_blank(row, column, None, form)


def _word_faults(row: WaitingRow, headers: dict[str, str]) -> str:
    again = ["前に戻された値に、まだ誤りがあります。"] if row.was_returned else []
    said = []
    for fault in row.faults:
        named = "・".join(headers.get(name, name) for name in fault.columns) or "行全体"
        said.append(f"【{named}】{_word_fault(fault)}")
    return "\n".join([*again, *said])[:CELL_LIMIT]


def _word_fault(fault: Fault) -> str:
    """Say what is wrong and what to do; most remedies begin with what is wrong."""
    says_it = fault.remedy.startswith(fault.what)
    return fault.remedy if says_it else f"{fault.what}。{fault.remedy}"


def _arrange(sheet: Worksheet, look: _Look, waiting: Waiting, rows: tuple[WaitingRow, ...]) -> None:
    """Set widths, panes, filter, lists, locks and the printed page."""
    first, last = FIRST_ROW - 1, max(FIRST_ROW - 1, FIRST_ROW + len(rows) - 2)
    rightmost = _DATA + len(waiting.headers) - 1
    sheet.set_row(KEY_ROW - 1, None, None, {"hidden": True})
    sheet.set_row(HEADER_ROW - 1, 36)
    sheet.set_column(_ID_COLUMN, _ID_COLUMN, None, None, {"hidden": True})
    for column, width in _widths(waiting, rows).items():
        sheet.set_column(column, column, width)
    has_text = any(row.text is not None for row in rows)
    sheet.set_column(_TEXT, _TEXT, _WIDTHS[_TEXT], None, {} if has_text else {"hidden": True})
    sheet.freeze_panes(FIRST_ROW - 1, _FILE)
    sheet.autofilter(HEADER_ROW - 1, _ACTION_COLUMN, last, rightmost)
    sheet.data_validation(
        *(first, _ACTION_COLUMN, last, _ACTION_COLUMN),
        {
            "validate": "list",
            "source": list(ACTIONS),
            "error_title": "対応",
            "error_message": f"{'・'.join(ACTIONS)} のどれかを選ぶか、空のままにしてください。",
        },
    )
    _colour_answers(sheet, look, (first, last, rightmost))
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.set_footer(f"&L{_WARNING}&R&P / &N")


def _colour_answers(sheet: Worksheet, look: _Look, area: tuple[int, int, int]) -> None:
    """Show at a glance what has been answered, and where a reason is still missing."""
    first, last, rightmost = area
    answer, reason = f"$B{first + 1}", f"$C{first + 1}"
    no_reason = f'=AND({answer}="{EXCLUDED}",LEN(TRIM({reason}))=0)'
    for columns, test, form in (
        ((_ACTION_COLUMN, _ACTION_COLUMN), f'={answer}="{CORRECTED}"', look.done),
        ((_REASON_COLUMN, _REASON_COLUMN), no_reason, look.missing),
        ((_DATA, rightmost), f'={answer}="{EXCLUDED}"', look.out),
    ):
        sheet.conditional_format(
            first, columns[0], last, columns[1],
            {"type": "formula", "criteria": test, "format": form},
        )  # fmt: skip


def _widths(waiting: Waiting, rows: tuple[WaitingRow, ...]) -> dict[int, int]:
    """Fit every data column to what stands in it, within bounds."""
    looked_at = rows[:_LOOKED_AT]
    fitted = {}
    for column, (name, header) in enumerate(waiting.headers.items(), start=_DATA):
        texts = [header, *(as_shown(row.cells.get(name)) for row in looked_at)]
        widest = max(_measure(text) for text in texts)
        fitted[column] = min(max(widest + 3, _NARROWEST), _WIDEST)
    return {**_WIDTHS, **fitted}


def _measure(text: str) -> int:
    """Count the width of the longest line: a full-width character is two."""
    lines = text.split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in t) for t in lines)


def _count_lines(text: str, width: int) -> int:
    """Count the lines that a text takes in a column: spreadsheets do not measure it for us."""
    return sum(max(1, math.ceil((_measure(line) + 1) / width)) for line in text.split("\n"))


def _write_guide(sheet: Worksheet, look: _Look, title: str) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 4)
    sheet.set_column(1, 1, _GUIDE_WIDTH)
    sheet.write_string(0, 0, f"「{title}」の隔離された行の直し方", look.title)
    for number, line in enumerate(_GUIDE, start=1):
        sheet.write_string(number + 1, 0, f"{number}.", look.prose)
        sheet.write_string(number + 1, 1, line, look.prose)
        sheet.set_row(number + 1, _LINE * _count_lines(line, _GUIDE_WIDTH))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(len(_GUIDE) + 3, 1, _WARNING, look.prose)
    sheet.protect()
