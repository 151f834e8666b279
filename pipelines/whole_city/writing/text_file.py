"""CSV and TSV in the encoding of a department's system."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipelines.whole_city.dirt.records import MISSING_SIGN, SEPARATOR_SIGN

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.whole_city.writing.sheet import Sheet
    from pipelines.whole_city.writing.style import Style

_SEPARATORS = {"csv": ",", "tsv": "\t"}
_LINE_END = "\r\n"


def write_text(path: Path, sheet: Sheet, style: Style, file_format: str) -> None:
    """Write a sheet as delimited text.

    Raises:
        UnicodeEncodeError: a value has a letter that the encoding does not know.
    """
    separator = _SEPARATORS[file_format]
    body = sheet.rows.write_csv(
        include_header=False,
        separator=separator,
        line_terminator=_LINE_END,
        quote_style="always" if style.quotes else "necessary",
    )
    body = _write_signs(body, separator, quotes=style.quotes)
    whole = _join(sheet.head, separator) + body + _join(sheet.tail, separator)
    path.write_bytes(style.mark + whole.encode(style.codec))


def _write_signs(body: str, separator: str, *, quotes: bool) -> str:
    """Let a separator stand unquoted, and fields be missing at the end of a record."""
    quote = '"' if quotes else ""
    if MISSING_SIGN in body:
        body = body.replace(f"{separator}{quote}{MISSING_SIGN}{quote}", "")
    return body.replace(SEPARATOR_SIGN, quote + separator + quote)


def _join(lines: list[list[str]], separator: str) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=_LINE_END).writerows(lines)
    return out.getvalue()
