"""What a diagnosis says: plain, picklable facts, and their JSON. Nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass, field

from warehouse.readers.grid import column_letter

SEVERITIES = ("fatal", "critical", "major", "minor", "info")


@dataclass(frozen=True)
class Finding:
    """One thing to know about the file; never a value of a person's row.

    Attributes:
        rule: `L1-01` … `L3-09` of the national rules, or an id of our own such as `total.differs`.
        severity: one of `SEVERITIES`.
        where: sheet, cell or row, in Japanese.
        message: what was seen.
        remedy: what to change at the source.
    """

    rule: str
    severity: str
    where: str
    message: str
    remedy: str


@dataclass(frozen=True)
class ColumnReport:
    """One column: what it is called, what its values are, whose data it may be.

    Attributes:
        number: 1-based column of the sheet.
        name: header path.
        type: a contract column type, or `empty`.
        examples: up to three values, masked when they may belong to a person.
        personal: kind of personal data suspected, such as `氏名`; None for none.
        fits: whether every value of the column is of the type.
        blanks: number of data rows without a value.
        distinct: number of different values.
    """

    number: int
    name: str
    unit: str | None
    type: str
    examples: tuple[str, ...]
    personal: str | None
    fits: bool = True
    blanks: int = 0
    distinct: int = 0

    @property
    def letter(self) -> str:
        """Name the column as a spreadsheet does."""
        return column_letter(self.number)


@dataclass(frozen=True)
class TableReport:
    """One table of a sheet; rows are 1-based and inclusive.

    Attributes:
        rows: number of data rows.
        keys: column numbers whose values together are unique and complete, best first.
        is_about_persons: whether a row evidently stands for one person.
        notes: texts beside the table.
        totals: row, label and whether the numbers add up.
    """

    range: str
    header_rows: tuple[int, int] | None
    data_rows: tuple[int, int] | None
    columns: tuple[ColumnReport, ...]
    rows: int = 0
    keys: tuple[tuple[int, ...], ...] = ()
    is_about_persons: bool = False
    notes: tuple[str, ...] = ()
    totals: tuple[tuple[int, str, bool | None], ...] = ()


@dataclass(frozen=True)
class SheetReport:
    """One sheet and its tables."""

    name: str
    is_hidden: bool
    tables: tuple[TableReport, ...] = ()


@dataclass(frozen=True)
class Diagnosis:
    """Everything seen in one file.

    Attributes:
        kind: the real type from the bytes; None when the file could not be told.
        encoding: of a text; None for workbooks and refused files.
        proof: why that encoding, in Japanese.
    """

    file: str
    kind: str | None
    encoding: str | None
    proof: str = ""
    sheets: tuple[SheetReport, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """Give the public form: `type`, `encoding`, `sheets`, `findings`."""
        return {
            "file": self.file,
            "type": self.kind,
            "encoding": self.encoding,
            "proof": self.proof,
            "sheets": [_sheet(sheet) for sheet in self.sheets],
            "findings": [vars(finding) for finding in self.findings],
        }


def _sheet(sheet: SheetReport) -> dict[str, object]:
    tables = [_table(table) for table in sheet.tables]
    return {"name": sheet.name, "hidden": sheet.is_hidden, "tables": tables}


def _table(table: TableReport) -> dict[str, object]:
    letters = {column.number: column.letter for column in table.columns}
    return {
        "range": table.range,
        "header_rows": list(table.header_rows) if table.header_rows else None,
        "data_rows": list(table.data_rows) if table.data_rows else None,
        "columns": [_column(column) for column in table.columns],
        "keys": [[letters[number] for number in key] for key in table.keys],
        "notes": list(table.notes),
        "totals": [{"row": r, "label": label, "proved": p} for r, label, p in table.totals],
    }


def _column(column: ColumnReport) -> dict[str, object]:
    return {
        "letter": column.letter,
        "name": column.name,
        "unit": column.unit,
        "type": column.type,
        "examples": list(column.examples),
        "personal": column.personal,
    }
