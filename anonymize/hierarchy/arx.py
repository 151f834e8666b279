"""Hierarchy files as ARX writes them: one line per value, `;` between levels, level 0 first.

Belongs here: the text of such a file to rows and back. Must not hold: encodings (the caller's) and
the judgement of the rows (`checks`).

Format: no header; fields may stand in double quotes, a quote inside them doubled (RFC 4180 with
`;`), as in ARX's own examples (arx-deidentifier, data/*_hierarchy_*.csv).
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from anonymize.hierarchy.faults import Fault, HierarchyError
from anonymize.hierarchy.hierarchy import Hierarchy

SEPARATOR = ";"


@dataclass(frozen=True)
class Row:
    """One value's line: where it ends in the file, and its label at every level."""

    line: int
    labels: tuple[str, ...]


def read_arx(text: str, *, file: str, column: str) -> list[Row]:
    """Read the lines of a hierarchy file; wholly empty lines are passed over.

    Args:
        text: The file's text; a byte order mark may still stand in front.
        file: Its name, for the errors.
        column: The column it is for, for the errors.

    Raises:
        HierarchyError: A quoted field that never ends.
    """
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=SEPARATOR, strict=True
    )
    rows: list[Row] = []
    try:
        rows.extend(Row(reader.line_num, tuple(labels)) for labels in reader if labels)
    except csv.Error:
        where = f"{file} {reader.line_num}行目(列「{column}」)"
        what = '引用符「"」が閉じていない行があります'
        remedy = '値の中の「"」は「""」と2つ重ねて書いてください。'
        raise HierarchyError([Fault("unreadable", what, where, remedy)]) from None
    return rows


def write_arx(hierarchy: Hierarchy) -> str:
    """Write a hierarchy as the text of such a file, one line per value, a line feed after each."""
    columns = [
        [labels[code] for code in codes]
        for labels, codes in zip(hierarchy.labels, hierarchy.codes, strict=True)
    ]
    return write_rows(list(zip(*columns, strict=True)))


def write_rows(rows: Sequence[Sequence[str]]) -> str:
    """Write rows of labels as the text of a hierarchy file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=SEPARATOR, lineterminator="\n").writerows(rows)
    return text.getvalue()
