"""How a workbook of rows to correct is known again, and each row in it, whatever happens to the file.

Here stand the words both sides agree on: who writes the workbook and who reads it back. The mark
of the workbook stands in two places, the identity of a row beside the row itself, so that a new
name, another spreadsheet program or another order of rows does no harm.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
ROWS_SHEET, GUIDE_SHEET, MARK_SHEET = "直す行", "使い方", "machikane_returned"
ACTION, REASON = "@action", "@reason"
CORRECTED, EXCLUDED, LEFT = "直した", "除く", "そのまま"
ACTIONS = (CORRECTED, EXCLUDED, LEFT)
TOO_LONG = "(長すぎて表示できません。この欄はそのまま使われます)"
CELL_LIMIT = 32_767
# The machine's row stands above the header the clerk sees.
KEY_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3

_ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Mark:
    """What a workbook says of itself: its dataset and how many rows were written into it."""

    dataset: str
    rows: int

    def __str__(self) -> str:
        """Spell it as it stands in the workbook."""
        return f"{MARK_SHEET};{VERSION};{self.dataset};{self.rows}"


@dataclass(frozen=True)
class RowIdentity:
    """Which row of which delivery this is, what it was when it was written out.

    Attributes:
        delivery: id of the delivery.
        row: its record number there.
        delivered: hash of the row as delivered.
        shown: hash of the row as the clerk saw it; it differs from the one read when edited.
    """

    delivery: str
    row: int
    delivered: str
    shown: str

    def __str__(self) -> str:
        """Spell it as it stands beside the row."""
        return f"{self.delivery}:{self.row}:{self.delivered}:{self.shown}"


def read_mark(text: str | None) -> tuple[int, Mark] | None:
    """Read a mark with its format version; None when the text is not one."""
    found = re.fullmatch(rf"{MARK_SHEET};(\d+);([a-z][a-z0-9_]*);(\d+)", (text or "").strip())
    return (int(found[1]), Mark(found[2], int(found[3]))) if found else None


def read_row_identity(text: str | None) -> RowIdentity | None:
    """Read what `str(RowIdentity)` gave; None when it is damaged."""
    found = re.fullmatch(
        r"([0-9a-f]{16}):(\d{1,15}):([0-9a-f]{16}):([0-9a-f]{16})", (text or "").strip()
    )
    return RowIdentity(found[1], int(found[2]), found[3], found[4]) if found else None


def hash_row(cells: Mapping[str, str | None]) -> str:
    """Hash the cells of one row by their column names, whatever their order; blank is blank."""
    content = sorted((name, value or "") for name, value in cells.items())
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:16]


def hash_text(text: str) -> str:
    """Hash a record that has no cells yet, because its fields do not fit the header."""
    return hash_row({"": text})


def as_shown(value: str | None) -> str:
    """Give a value as it survives a spreadsheet: line ends and control characters do not."""
    if value is None:
        return ""
    if len(value) > CELL_LIMIT:
        return TOO_LONG
    plain = _ESCAPED.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(_CONTROL.sub("", line) for line in plain.split("\n"))
