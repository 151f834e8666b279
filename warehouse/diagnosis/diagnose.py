"""The diagnosis of one file: what it is, what stands in it, what is wrong with it.

A file that is refused is an answer too: the refusal becomes a finding. Hostile files die in the
parsing child, not here.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from warehouse.diagnosis.column_rules import judge_columns
from warehouse.diagnosis.column_types import infer_type
from warehouse.diagnosis.examples import show_examples, show_name, show_texts
from warehouse.diagnosis.facts import carry_down, data_rows, gather_facts
from warehouse.diagnosis.keys import propose_keys
from warehouse.diagnosis.persons import suspect_persons
from warehouse.diagnosis.report import (
    SEVERITIES,
    ColumnReport,
    Diagnosis,
    Finding,
    SheetReport,
    TableReport,
)
from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import Scene
from warehouse.diagnosis.sheet_rules import judge_sheet
from warehouse.diagnosis.table_rules import judge_table
from warehouse.diagnosis.text_rules import judge_texts
from warehouse.readers.kind import detect_kind
from warehouse.readers.opening import open_book
from warehouse.refusal import Refusal
from warehouse.tables.find import find_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.readers.book import Book, Sheet
    from warehouse.readers.child import ParsingChild
    from warehouse.readers.grid import Grid
    from warehouse.tables.table import Table

# Of a longer text the head and the tail are looked at.
RECORDS_SEEN = 200_000
SHEETS_AT_ONCE = 8
_SUFFIXES = {
    "text": {".txt", ".dat", ".prn", ".csv"},
    "json": {".json", ".geojson"},
    "jsonl": {".jsonl", ".ndjson", ".json"},
    "csv": {".csv", ".txt"},
    "tsv": {".tsv", ".txt", ".tab"},
}


def inspect_file(path: Path, child: ParsingChild) -> Diagnosis:
    """Diagnose a file in the parsing child; whatever is wrong with it becomes a finding.

    The sheets of a big workbook are looked at a few at a time, each few within the child's limits.
    """
    file, start, parts = path.name, 0, []
    sheets_in_all = 1
    while start < sheets_in_all:
        try:
            part, sheets_in_all = child.run(diagnose_part, path, file, start, file=file)
        except Refusal as refusal:
            part = _diagnose_refused(path, file, refusal)
        parts.append(part)
        start += SHEETS_AT_ONCE
    return _join(parts)


def diagnose(path: Path, file: str) -> Diagnosis:
    """Diagnose the bytes at `path`, delivered as `file`, in this process."""
    first, sheets = diagnose_part(path, file, 0)
    rest = range(SHEETS_AT_ONCE, sheets, SHEETS_AT_ONCE)
    return _join([first, *(diagnose_part(path, file, start)[0] for start in rest)])


def diagnose_part(path: Path, file: str, start: int) -> tuple[Diagnosis, int]:
    """Diagnose a few sheets from the 0-based `start` on, and the file itself with the first.

    Returns:
        The diagnosis and the number of sheets there are in all.
    """
    try:
        book = open_book(path, file, most=RECORDS_SEEN)
    except Refusal as refusal:
        return _diagnose_refused(path, file, refusal), 0
    findings = [] if start else [*_judge_file(book)]
    sheets = []
    for sheet in book.sheets[start : start + SHEETS_AT_ONCE]:
        try:
            report, found = _diagnose_sheet(sheet, book.kind)
        except Refusal as refusal:
            if len(book.sheets) == 1:
                return _diagnose_refused(path, file, refusal), 1
            report, found = SheetReport(sheet.name, sheet.is_hidden), [refused(refusal)]
        sheets.append(report)
        findings += found
    said = Diagnosis(file, book.kind, book.encoding, book.proof, tuple(sheets), tuple(findings))
    return said, len(book.sheets)


def _diagnose_refused(path: Path, file: str, refusal: Refusal) -> Diagnosis:
    """Say what the file is as far as its first bytes tell, and why it is not read."""
    kind = None
    with contextlib.suppress(Refusal):
        kind = detect_kind(path, file)
    return Diagnosis(file, kind, None, findings=(refused(refusal),))


def _join(parts: Sequence[Diagnosis]) -> Diagnosis:
    """Put the parts of one file together, the gravest findings first."""
    sheets = tuple(sheet for part in parts for sheet in part.sheets)
    findings = (finding for part in parts for finding in part.findings)
    ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
    return replace(parts[0], sheets=sheets, findings=tuple(ordered))


def scenes_of(grid: Grid, kind: str) -> tuple[Scene, ...]:
    """Find the tables of a sheet and everything the rules need to know of them."""
    return tuple(_scene(grid, table, kind) for table in find_tables(grid))


def refused(refusal: Refusal) -> Finding:
    """Make the finding that a refusal is."""
    return Finding(refusal.rule, "fatal", refusal.where, refusal.what, refusal.remedy)


def _judge_file(book: Book) -> list[Finding]:
    suffix = PurePath(book.file).suffix.lower()
    expected = _SUFFIXES.get(book.kind, {f".{book.kind}"})
    found = [find("file.opened", book.file, warning) for warning in book.warnings]
    if suffix not in expected:
        said = f"拡張子は {suffix or 'なし'} ですが、中身は {book.kind} です。"
        found.append(find("type.differs", book.file, said))
    if book.gaiji:
        said = f"外字が {book.gaiji} 文字あります。消さずに読みました。"
        found.append(find("gaiji.kept", book.file, said))
    return found


def _diagnose_sheet(sheet: Sheet, kind: str) -> tuple[SheetReport, list[Finding]]:
    grid = sheet.read()
    scenes = scenes_of(grid, kind)
    findings = [*judge_sheet(grid, [scene.table for scene in scenes])]
    for scene in scenes:
        findings += [*judge_table(scene), *judge_texts(scene), *judge_columns(scene)]
    tables = tuple(_report(scene) for scene in scenes)
    return SheetReport(sheet.name, sheet.is_hidden, tables), findings


def _scene(grid: Grid, table: Table, kind: str) -> Scene:
    rows = data_rows(grid, table)
    facts = gather_facts(rows, table)
    types = {column.number: infer_type(column) for column in facts}
    today = dt.datetime.now(tz=dt.UTC).year
    suspicion = suspect_persons(facts, types, today_year=today)
    return Scene(grid, table, rows, facts, types, suspicion, kind)


def _report(scene: Scene) -> TableReport:
    table = scene.table
    names = {number: kind.name for number, kind in scene.types.items()}
    carried = carry_down(scene.rows, table)
    facts = scene.facts if carried is scene.rows else gather_facts(carried, table)
    examples = show_examples(scene.facts, scene.types, scene.suspicion)
    labels = show_texts(total.label for total in table.totals)
    return TableReport(
        range=scene.range,
        header_rows=table.header_rows,
        data_rows=table.data_rows,
        columns=tuple(_column(scene, column, examples) for column in scene.facts),
        rows=scene.rows.height,
        keys=propose_keys(carried, facts, names),
        is_about_persons=scene.suspicion.is_about_persons,
        notes=show_texts(note.text for note in table.notes),
        totals=tuple(
            (total.row, label, total.is_proved)
            for total, label in zip(table.totals, labels, strict=True)
        ),
    )


def _column(
    scene: Scene, facts: ColumnFacts, examples: Mapping[int, tuple[str, ...]]
) -> ColumnReport:
    kind = scene.types[facts.number]
    return ColumnReport(
        number=facts.number,
        name=show_name(facts, scene.suspicion),
        unit=facts.column.unit or kind.unit,
        type=kind.name,
        examples=examples[facts.number],
        personal=scene.suspicion.kinds.get(facts.number),
        fits=kind.fits,
        blanks=facts.blanks,
        distinct=facts.distinct,
    )
