"""One place where a file differs from a layout: plain data.

Belongs here: the shape of a difference and its form for machines. Must not hold: rules (`rules`),
judging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["誤り", "注意"]
ERROR: Severity = "誤り"
CAUTION: Severity = "注意"


@dataclass(frozen=True)
class Difference:
    """One difference; what is checked is open data, so the value may be shown.

    Attributes:
        rule: Stable id such as `time.form`.
        severity: 誤り: programs that read the standard will stumble. 注意: worth a look.
        what: What differs, in Japanese.
        remedy: What to write instead, the mended value in it where there is one.
        column: Heading as delivered; empty for the file as a whole.
        row: 1-based, as a spreadsheet counts; None for a column or the file as a whole.
        value: The cell as delivered; None where no single cell is meant.
        repaired: The value the standard asks for, where it is certain, empty for a blank cell;
            None otherwise.
        rows: How many rows it is about.
    """

    rule: str
    severity: Severity
    what: str
    remedy: str
    column: str = ""
    row: int | None = None
    value: str | None = None
    repaired: str | None = None
    rows: int = 1
    sheet: str = ""
    file: str = ""

    @property
    def where(self) -> str:
        """Name the place in Japanese: sheet, row, column."""
        parts = [
            f"シート「{self.sheet}」" if self.sheet else "",
            f"{self.row}行目" if self.row is not None else "",
            f"列「{self.column}」" if self.column else "",
        ]
        return " ".join(part for part in parts if part) or "ファイル全体"

    @property
    def is_error(self) -> bool:
        """Tell whether the file fails because of it."""
        return self.severity == ERROR
