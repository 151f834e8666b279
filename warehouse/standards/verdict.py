"""What was found out about a published file: plain data, and its form for machines.

Belongs here: the shape of the answer. Must not hold: judging (`files`), drawing (`page`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warehouse.standards.detect import Detection
    from warehouse.standards.difference import Difference


@dataclass(frozen=True)
class TableVerdict:
    """One table of the file.

    Attributes:
        sheet: Empty for text files.
        header_row: 1-based row of the headings.
        rows: Number of data rows.
        detection: What it is.
        differences: Empty when it is no standard dataset.
        aside: Why the table was not checked; empty when it was.
    """

    sheet: str
    header_row: int
    rows: int
    detection: Detection
    differences: tuple[Difference, ...] = ()
    aside: str = ""


@dataclass(frozen=True)
class FileVerdict:
    """A whole file.

    Attributes:
        encoding: Of a text, BOM included in its name; None for workbooks.
        differences: Of the file as a whole.
        notes: Sentences in Japanese worth knowing that are no differences.
    """

    file: str
    kind: str
    encoding: str | None
    tables: tuple[TableVerdict, ...]
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def all_differences(self) -> tuple[Difference, ...]:
        """Give the differences of the file and of all its tables."""
        inside = (one for table in self.tables for one in table.differences)
        return (*self.differences, *inside)

    @property
    def recognised(self) -> tuple[TableVerdict, ...]:
        """Give the tables that are a standard dataset."""
        return tuple(t for t in self.tables if t.detection.layout is not None and not t.aside)

    @property
    def errors(self) -> int:
        """Count the differences of severity 誤り."""
        return sum(one.is_error for one in self.all_differences)

    @property
    def passes(self) -> bool:
        """Tell whether the file is a standard dataset without 誤り."""
        return bool(self.recognised) and not self.errors


@dataclass(frozen=True)
class Group:
    """Differences of one rule in one column, told together."""

    first: Difference
    count: int


def group_differences(differences: tuple[Difference, ...]) -> list[Group]:
    """Gather differences by severity, rule and column; 誤り first, then as they came."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    firsts: dict[tuple[str, str, str, str], Difference] = {}
    for one in differences:
        key = (one.severity, one.rule, one.sheet, one.column)
        counts[key] += one.rows
        firsts.setdefault(key, one)
    groups = [Group(first, counts[key]) for key, first in firsts.items()]
    return sorted(groups, key=lambda group: not group.first.is_error)


def as_json(verdict: FileVerdict) -> dict[str, Any]:
    """Tell everything, every difference included, in plain JSON."""
    return {
        "file": verdict.file,
        "kind": verdict.kind,
        "encoding": verdict.encoding,
        "passes": verdict.passes,
        "errors": verdict.errors,
        "cautions": len(verdict.all_differences) - verdict.errors,
        "notes": list(verdict.notes),
        "differences": [_difference(one) for one in verdict.differences],
        "tables": [_table(table) for table in verdict.tables],
    }


def _table(table: TableVerdict) -> dict[str, Any]:
    found, nearest = table.detection.layout, table.detection.nearest
    return {
        "sheet": table.sheet,
        "header_row": table.header_row,
        "rows": table.rows,
        "dataset": found.slug if found else None,
        "number": found.standard.number if found else None,
        "title": found.standard.title if found else None,
        "edition": found.edition if found else None,
        "form": found.form if found else None,
        "certainty": table.detection.certainty,
        "reason": table.detection.reason,
        "nearest": nearest.label if nearest else None,
        "known": round(table.detection.known, 3),
        "own": round(table.detection.own, 3),
        "aside": table.aside,
        "differences": [_difference(one) for one in table.differences],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "severity": one.severity,
        "sheet": one.sheet,
        "row": one.row,
        "column": one.column,
        "value": one.value,
        "repaired": one.repaired,
        "rows": one.rows,
        "what": one.what,
        "remedy": one.remedy,
    }
