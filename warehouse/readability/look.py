"""One file looked at by the rules: what each table has, and what was found in it.

The judgements are the diagnosis's (`warehouse/diagnosis`), so that a clerk hears the same about a
delivery and about a file to publish. Belongs here: looking with what lies beside the file in mind.
Must not hold: verdicts and scores (`score`). Runs in the parsing child.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.column_rules import judge_columns
from warehouse.diagnosis.column_types import ColumnType
from warehouse.diagnosis.diagnose import RECORDS_SEEN, SHEETS_AT_ONCE, refused, scenes_of
from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import Scene, list_some
from warehouse.diagnosis.sheet_rules import judge_sheet
from warehouse.diagnosis.table_rules import judge_table
from warehouse.diagnosis.text_rules import judge_texts
from warehouse.readability.regions import RULE as REGIONS
from warehouse.readability.regions import judge_regions
from warehouse.readers.grid import column_letter
from warehouse.readers.opening import open_book
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.report import Finding
    from warehouse.readability.beside import Beside
    from warehouse.readers.book import Book, Sheet

_NUMBERS = {"integer", "decimal", "percent"}
_TIMES = {"date", "month", "year", "fiscal_year"}
_CHOICES = {"text", "code", "boolean"}
_MOST_CHOICES, _TWICE = 50, 2
_MOST_COLUMNS, _NUMBERED = 100, 4
# Headings of what is text though it may be spelled in digits, of what has no unit, and of counts
# that name their unit themselves.
_TEXT = r"(?:number|code|id|no|name|note|latitude|longitude)$|番号|コード|緯度|経度|名称?$|備考$"
_UNITLESS = r"(?:^|_)(?:year|month|day|era)$|[年月日]$|年度$"
_COUNTED = r"人口|(?:人|件|世帯|回|台|棟|校|枚|所|戸|冊|本|名|者|園|院|床|社|組|票|食|泊)数"
_IN_BRACKETS = (
    r"[(（](?:人|件|円|千円|百万円|%|％|㎡|平米|平方メートル|m2|k?m|c?m|m?m|k?g|mg|t|ha|度|歳|分|秒|時間|日|か月|年"
    r"|回|台|枚|世帯|戸|棟|校|個|本|冊|kcal|l)[)）]"
)
_EXCEL = {"xlsx", "xlsm", "xlsb", "xls", "ods"}
_TABLES = {"csv", "tsv", "xlsx", "xlsm", "ods", "json", "jsonl"}


@dataclass(frozen=True)
class Looked:
    """One table and what was found.

    Attributes:
        where: Sheet and range.
        headings: Of its columns.
        about: What it has that rules ask about: `numbers`, `marks`, `choices`, `codes`, …
        findings: Of the rules.
        unitless: Headings of numbers without a unit in the file.
        coded: Headings of bare codes.
        starts_at_top: Headings begin in row 1 and data follow them without a gap.
    """

    where: str
    headings: tuple[str, ...]
    about: frozenset[str]
    findings: tuple[Finding, ...]
    unitless: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    starts_at_top: bool = True


@dataclass(frozen=True)
class FileLook:
    """A file and its tables.

    Attributes:
        kind: `excel`, `csv` or another word; empty when it cannot be read.
        encoding: Of a text.
        refusal: Why it cannot be read, as a finding.
    """

    kind: str
    encoding: str | None
    tables: tuple[Looked, ...]
    findings: tuple[Finding, ...] = ()
    refusal: Finding | None = None


def look(path: Path, file: str, beside: Beside, start: int = 0) -> tuple[FileLook, int]:
    """Look at a few sheets of a file from the 0-based `start` on.

    Args:
        path: Its bytes.
        file: Its name.
        beside: What is said of its columns.
        start: Sheet to begin with; a big workbook is looked at a few sheets at a time.

    Returns:
        What was seen, and the number of sheets there are in all.
    """
    try:
        book = open_book(path, file, most=RECORDS_SEEN)
        some = book.sheets[start : start + SHEETS_AT_ONCE]
        tables = [table for sheet in some for table in _look_at_sheet(sheet, book.kind, beside)]
    except Refusal as refusal:
        return FileLook("", None, (), refusal=refused(refusal)), 0
    own = () if start else tuple(_judge_kind(book))
    return FileLook(_family(book), book.encoding, tuple(tables), own), len(book.sheets)


def _family(book: Book) -> str:
    return "excel" if book.kind in _EXCEL else "csv" if book.kind in {"csv", "tsv"} else book.kind


def _judge_kind(book: Book) -> Iterator[Finding]:
    if book.kind not in _TABLES:
        said = f"中身は {book.kind} です。機械が直接読み取れる形式(.xlsx、CSV など)ではありません。"
        yield find("L1-01", book.file, said)


def _look_at_sheet(sheet: Sheet, kind: str, beside: Beside) -> Iterator[Looked]:
    grid = sheet.read()
    scenes = [_believe(scene, beside) for scene in scenes_of(grid, kind)]
    of_sheet = [*judge_sheet(grid, [scene.table for scene in scenes])]
    for scene in scenes:
        findings = [f for f in judge_table(scene) if f.rule != REGIONS]
        findings += [*judge_texts(scene), *judge_columns(scene)]
        findings += [*_judge_width(scene), *judge_regions(scene)]
        yield _tell(scene, (*of_sheet, *findings))
        of_sheet = []


def _believe(scene: Scene, beside: Beside) -> Scene:
    """Take columns of digits for text where the definition or their own heading says so."""
    types = dict(scene.types)
    for column in scene.facts:
        said = beside.of(column.column.name)
        is_text = not said.is_number if said else re.search(_TEXT, column.header) is not None
        if is_text and types[column.number].name in _NUMBERS:
            types[column.number] = ColumnType("text")
    return replace(scene, types=types)


def _judge_width(scene: Scene) -> Iterator[Finding]:
    """Columns that repeat one thing by number, and more columns than anyone keeps as columns."""
    if len(scene.facts) > _MOST_COLUMNS:
        yield find("L3-09", scene.at(scene.range), f"列が {len(scene.facts)} 列あります。")
    groups: dict[str, list[str]] = {}
    for column in scene.facts:
        if match := re.fullmatch(r"(.*?\D)[\s_-]?[0-9]+", column.header):
            groups.setdefault(match[1], []).append(f"{column_letter(column.number)}列")
    for letters in groups.values():
        if len(letters) >= _NUMBERED:
            said = f"番号だけが違う項目名の列が {len(letters)} 列並んでいます。"
            yield find("L3-09", scene.at(list_some(letters)), said)


def _tell(scene: Scene, findings: tuple[Finding, ...]) -> Looked:
    numbers = [c for c in scene.facts if scene.types[c.number].name in _NUMBERS]
    return Looked(
        where=scene.at(scene.range),
        headings=tuple(column.column.name for column in scene.facts),
        about=frozenset(_about(scene, numbers)),
        findings=findings,
        unitless=tuple(c.column.name for c in numbers if _lacks_unit(scene, c)),
        coded=tuple(c.column.name for c in scene.facts if scene.types[c.number].name == "code"),
        starts_at_top=_starts_at_top(scene),
    )


def _starts_at_top(scene: Scene) -> bool:
    band, data = scene.table.header_rows, scene.table.data_rows
    return band is not None and band[0] == 1 and (data is None or data[0] == band[1] + 1)


def _about(scene: Scene, numbers: list[ColumnFacts]) -> Iterator[str]:
    kinds = {kind.name for kind in scene.types.values()}
    headers = [column.header for column in scene.facts]
    levels = [level for column in scene.facts for level in column.path.split("/")]
    if numbers:
        yield "numbers"
    if any(scene.types[column.number].marks for column in numbers):
        yield "marks"
    if "code" in kinds:
        yield "codes"
    if kinds & _TIMES or any(words.names_a_time(level) for level in levels):
        yield "times"
    if any(words.names_a_region(h) or words.names_a_region_code(h) for h in headers):
        yield "regions"
    if any(_is_choice(scene, column) for column in scene.facts):
        yield "choices"


def _is_choice(scene: Scene, column: ColumnFacts) -> bool:
    filled = column.rows - column.blanks
    is_few = column.distinct <= _MOST_CHOICES and filled >= _TWICE * column.distinct
    return scene.types[column.number].name in _CHOICES and is_few and filled > 0


def _lacks_unit(scene: Scene, column: ColumnFacts) -> bool:
    """Tell whether nothing says what is counted; marks of 0 and 1, years and months count nothing."""
    kind = scene.types[column.number]
    has_unit = column.column.unit or kind.unit or kind.name == "percent"
    is_time = re.search(_UNITLESS, column.header) and not words.names_a_time(column.header)
    needs_none = is_time or set(column.values["value"]) <= {"0", "1"}
    said = re.search(_COUNTED, column.header) or re.search(_IN_BRACKETS, column.header)
    return not has_unit and not needs_none and not said
