"""A delivered file, opened: what it really is, and its sheets as grids read one at a time.

`open_book` is the one entrance to every format for those who have no contract yet (inspection,
reading out, drafting a contract).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from warehouse.readers.grid import Grid

Kind = Literal[
    "csv",
    "tsv",
    "text",
    "xlsx",
    "xlsm",
    "xlsb",
    "xls",
    "ods",
    "json",
    "jsonl",
    "parquet",
    "dbf",
    "zip",
]

TEXTS: frozenset[Kind] = frozenset({"csv", "tsv", "text"})


@dataclass(frozen=True)
class Sheet:
    """One sheet, or the whole of a file that has none.

    Attributes:
        name: the sheet's name; for a member of a zip `folder/member.csv` or `member.xlsx/sheet`;
            empty for a text file.
        is_hidden: whether it is hidden in the workbook.
        read: reads its cells.
    """

    name: str
    is_hidden: bool
    read: Callable[[], Grid]


@dataclass(frozen=True)
class Book:
    """A file and its sheets.

    Attributes:
        file: the name it was delivered under.
        kind: the real type, told from the bytes.
        encoding: `utf-8`, `utf-8-sig`, `utf-16-le`, `utf-16-be`, `cp932`, `euc_jp`, `iso2022_jp`,
            `ascii`; `None` for files that are not text.
        proof: why that encoding, in Japanese.
        gaiji: number of user-defined characters (U+E000 and up) that were kept.
        sheets: in the file's order, hidden ones too.
        warnings: Japanese sentences about what was kept aside on opening (macros, unread members).
    """

    file: str
    kind: Kind
    encoding: str | None
    sheets: tuple[Sheet, ...]
    proof: str = ""
    gaiji: int = 0
    warnings: tuple[str, ...] = field(default=())
