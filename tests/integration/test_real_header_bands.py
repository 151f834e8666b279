"""The header bands of real sheets are where a reader sees them; skipped without the files."""

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from warehouse.readers.opening import open_book
from warehouse.refusal import Refusal
from warehouse.tables.find import find_tables
from warehouse.tables.roles import sheet_roles

LABELS = Path(__file__).with_name("real_header_bands.yaml")
KINDS = (".csv", ".xls", ".xlsx")
RIGHT = 0.95

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def real(project):
    folder = Path(os.environ.get("MACHIKANE_REAL_FILES", project.parent / "shared" / "real"))
    if not folder.is_dir():
        pytest.skip("実際のファイルがない")
    return folder


@pytest.fixture(scope="module")
def judged(real):
    """Sheet → (what a reader sees, what was found, whether every record has one role)."""
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))
    found = {}
    for path in sorted(p for p in real.rglob("*") if p.suffix in KINDS):
        file = path.relative_to(real).as_posix()
        try:
            book = open_book(path, path.name)
        except Refusal as refusal:
            found[file] = (refusal.rule, refusal.rule, True)
            continue
        for sheet in book.sheets:
            grid = sheet.read()
            tables = find_tables(grid)
            first = tables[0] if tables else None
            roles = sheet_roles(grid, tables)
            closes = roles["_row"].equals(grid.cells["_row"]) and roles["role"].null_count() == 0
            found[f"{file} {sheet.name}"] = (_label(labels, file, sheet.name), _seen(first), closes)
    return found


def _label(labels, file, sheet):
    for pattern, sheets in labels.items():
        if file == pattern or fnmatchcase(file, pattern):
            for name, label in sheets.items():
                if fnmatchcase(sheet, name):
                    return label["header"] and tuple(label["header"]), label["values"]
    return None


def _seen(table):
    if table is None:
        return None
    return table.header_rows, table.data_rows and table.data_rows[0]


def test_every_sheet_has_been_read_by_someone(judged):
    assert len(judged) > 190
    assert [sheet for sheet, (label, _, _) in judged.items() if label is None] == []


def test_the_header_bands_are_right(judged):
    missed = {sheet: (label, seen) for sheet, (label, seen, _) in judged.items() if label != seen}
    assert len(missed) <= (1 - RIGHT) * len(judged), missed
    print(f"{len(judged) - len(missed)} / {len(judged)}", missed)


def test_every_record_has_exactly_one_role(judged):
    assert [sheet for sheet, (_, _, closes) in judged.items() if not closes] == []
