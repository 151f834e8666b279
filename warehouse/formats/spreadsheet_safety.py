"""What a spreadsheet would make of the text of a release: formulas, broken lines, lost zeros.

The rule. A text cell is blocked when Excel or LibreOffice would take it for a formula: it begins
with = or @, or with + or - and is neither a plain number nor the sign alone, or with a tab or a
carriage return. Columns of numbers are never touched: -5 is a number. No character is ever put
before a value, because the value would then be another one.

Belongs here: finding such cells and wording what happens to others. Must not hold: the formats.
A message names rows and columns, never a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from anonymize.gate import Finding

if TYPE_CHECKING:
    from anonymize.gate import Severity
    from assets.standard import Standard

_PLAIN = r"[+\-＋－]?(?:[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?%?)?"
_ROWS_NAMED = 3
_LOOKED_AT = r"^[=@+\-＝＠＋－\t\r \u3000]|[ \u3000]$|[\x00-\x1f\x7f\u0085\u2028\u2029\ufffe\uffff]"


class _Fault(NamedTuple):
    """What is looked for: text of `pattern` that is not wholly of `but`."""

    rule: str
    severity: Severity
    pattern: str
    but: str | None
    message: str
    remedy: str


_FAULTS = (
    _Fault(
        "format.formula", "blocker", r"^[=@+\-\t\r]", rf"^{_PLAIN}$",
        "表計算ソフトが数式として実行してしまう値",
        "SQL で先頭の記号(= + - @ やタブ)を使わない書き方に直してください(例: 電話番号は (06)6858-2525)。",
    ),
    _Fault(
        "format.formula_like", "warning", "^[＝＠＋－]", rf"^{_PLAIN}$",
        "全角の記号で始まり、ソフトによっては数式に変わる値",
        "できれば、先頭の記号を使わない書き方に直してください。",
    ),
    _Fault(
        "format.line_break", "blocker", r"[\n\r\x0b\x0c\x{85}\x{2028}\x{2029}]", None,
        "改行を含む値(1行1件でなくなります)",
        "SQL で改行を「;」か空白に置き換えてください。",
    ),
    _Fault(
        "format.control_character", "blocker", r"[\x00-\x08\x0e-\x1f\x7f\x{FFFE}\x{FFFF}]", None,
        "目に見えない制御文字を含む値",
        "契約の規則か SQL で、制御文字を除いてください。",
    ),
    _Fault(
        "format.padding", "warning", r"^[ \u3000]|[ \u3000]$", None,
        "前か後ろに空白のある値",
        "SQL で trim してください。",
    ),
)  # fmt: skip

# What opening a CSV by double click does to text, and to which.
_CHANGES = (
    (r"^[+-]?0[0-9]+$", "先頭の0が消えます"),
    (r"^[0-9]{12,}$", "長い数字が 1.23E+12 のような表示に変わり16桁目からは0になります"),
    (r"^[0-9]{1,4}[-/][0-9]{1,2}(?:[-/][0-9]{1,4})?$", "日付に変わり表示の形が変わります"),
    (r"^[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?$", "時刻に変わり表示の形が変わります"),
    (r"^[0-9]+[eE][+-]?[0-9]+$", "指数の数値に変わります"),
    (r"^\+[0-9,.]+%?$", "先頭の+が消えます"),
    (r"^\([0-9,.]+\)$", "負の数に変わります"),
    (r"^(?i:true|false)$", "論理値に変わります"),
)


def unsafe_cells(table: pl.DataFrame, standard: Standard) -> list[Finding]:
    """Find text that must not, or had better not, go out in a file people open in a spreadsheet.

    Args:
        table: Typed, as it will be written.
        standard: Its layout; columns of numbers are left alone.
    """
    found: list[Finding] = []
    for name in table.columns:
        column = standard.column(name)
        if table.schema[name] == pl.String and not (column and column.is_number):
            found += _unsafe_in(table[name])
    return found


def describe_changes(series: pl.Series) -> str:
    """Say what a spreadsheet does to a text column's values on opening the CSV; empty for nothing."""
    if series.dtype != pl.String:
        return ""
    return ";".join(said for pattern, said in _CHANGES if series.str.contains(pattern).any())


def _unsafe_in(series: pl.Series) -> list[Finding]:
    rows = series.str.contains(_LOOKED_AT).fill_null(value=False).arg_true()
    suspects = series.gather(rows)
    found = []
    for fault in _FAULTS:
        is_bad = suspects.str.contains(fault.pattern)
        if fault.but:
            is_bad &= ~suspects.str.contains(fault.but)
        if is_bad.any():
            found.append(_tell(fault, series.name, rows.filter(is_bad)))
    return found


def _tell(fault: _Fault, name: str, rows: pl.Series) -> Finding:
    """Rows are counted as a spreadsheet does, the header being row 1."""
    said = "、".join(f"{row + 2}行目" for row in rows.head(_ROWS_NAMED))
    more = f" ほか {rows.len() - _ROWS_NAMED}" if rows.len() > _ROWS_NAMED else ""
    message = f"{fault.message}が {rows.len()} 件あります。"
    return Finding(fault.rule, fault.severity, f"「{name}」列 {said}{more}", message, fault.remedy)
