"""A contract drafted from a file: what the diagnosis found, in the words of the register.

The draft is tried on the file with the project's own reader and transforms, and weakened (a column
back to text, the key widened) until no value of the file would be set aside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.contract import Contract
from warehouse.carry import carry_down
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.diagnose import RECORDS_SEEN, scenes_of
from warehouse.diagnosis.draft_columns import DraftColumn, draft_columns
from warehouse.diagnosis.draft_rows import draft_set_aside
from warehouse.diagnosis.file_pattern import FilePattern, recognise_pattern
from warehouse.diagnosis.keys import best_key
from warehouse.diagnosis.romanise import romanise
from warehouse.inbox import NO_PERIOD
from warehouse.normalise import normalise
from warehouse.readers.opening import open_book
from warehouse.readers.parse import parse
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.diagnosis.scene import Scene
    from warehouse.readers.book import Book
    from warehouse.readers.extract import Extracted

CONFIRM = "要確認"
_TRIES = 4
_WORKBOOKS = {"xlsx", "xlsm", "xlsb", "xls", "ods"}
_FORMATS = {
    "csv": "csv",
    "tsv": "tsv",
    "json": "json",
    "jsonl": "json",
    "parquet": "parquet",
    "dbf": "dbf",
}
_ENCODINGS = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16",
              "cp932": "cp932", "euc_jp": "euc_jp", "iso2022_jp": "iso2022_jp"}  # fmt: skip
_TITLE_LENGTH = 40
_WORD_LENGTH = 3


@dataclass(frozen=True)
class Draft:
    """A contract and what came of its trial on the file.

    Attributes:
        name: proposed dataset id, empty when no word of the file could be romanised.
        fields: the contract as plain values, columns apart.
        columns: its columns.
        rows: data rows of the file; `set_aside` of them by reason, `quarantined` of them not taken.
        notices: Japanese sentences about what the draft could not take.
    """

    name: str
    fields: dict[str, Any]
    columns: tuple[DraftColumn, ...]
    period: str
    rows: int
    set_aside: dict[str, int]
    quarantined: int
    notices: tuple[str, ...]

    def as_contract(self) -> Contract:
        """Validate it."""
        columns = {column.name: column.as_fields() for column in self.columns}
        return Contract.model_validate({**self.fields, "columns": columns})


def draft_contract(path: Path, file: str, department: str) -> Draft:
    """Draft the contract of the first and biggest table of a file.

    Raises:
        Refusal: when the file is refused, holds no table with a header, or is of a kind that needs
            a layout only a person knows.
    """
    book = open_book(path, file, most=RECORDS_SEEN)
    scene, sheet, others = _choose(book)
    pattern = recognise_pattern(file)
    columns, set_aside_columns, notices = draft_columns(scene)
    rules = draft_set_aside(scene, set_aside_columns)
    fields = _fields(book, scene, pattern, department)
    source = _source(book, sheet, scene, pattern)
    source |= {"set_aside_rows": rules} if rules else {}
    source |= {"set_aside_columns": set_aside_columns} if set_aside_columns else {}
    draft = Draft(
        name=_name(scene, pattern, department),
        fields=fields | {"source": source, "key": [columns[0].name]},
        columns=tuple(columns),
        period=pattern.period,
        rows=0,
        set_aside={},
        quarantined=0,
        notices=(*others, *notices),
    )
    return _settle(draft, path, file)


def _choose(book: Book) -> tuple[Scene, int | str, tuple[str, ...]]:
    """Take the biggest table of the first visible sheet that has one; name what is left out."""
    tables = 0
    chosen: tuple[Scene, int | str] | None = None
    for number, sheet in enumerate(book.sheets, start=1):
        if sheet.is_hidden or chosen is not None:
            continue
        scenes = [s for s in scenes_of(sheet.read(), book.kind) if s.table.header_rows]
        tables = len(scenes)
        if scenes:
            best = max(scenes, key=lambda s: s.rows.height * len(s.facts))
            by_name = sheet.name and not any(c.isdigit() for c in sheet.name)
            chosen = best, sheet.name if by_name and number > 1 else number
    if chosen is None:
        raise Refusal(
            "add.no_table",
            "項目名の行のある表が見つからないので、契約を下書きできません。",
            book.file,
            "machikane inspect で何が読めたかを見て、1行目に項目名のあるファイルにしてください。",
        )
    others = []
    if len(book.sheets) > 1:
        others.append(f"シートが {len(book.sheets)} 枚あります。下書きはそのうち1枚の分です。")
    if tables > 1:
        others.append(f"シートに表が {tables} つあります。下書きはいちばん大きい表の分です。")
    return *chosen, tuple(others)


def _fields(book: Book, scene: Scene, pattern: FilePattern, department: str) -> dict[str, Any]:
    keeps = pattern.period != NO_PERIOD
    return {
        "title": _title(scene, pattern),
        "description": f"{book.file} から下書きした契約。1行が何を表すかをここに書く。",
        "owner": {"department": department, "contact": CONFIRM},
        "legal_basis": CONFIRM,
        "frequency": pattern.frequency,
        "retention": {"years": 5, "basis": CONFIRM},
        "history": "keep_periods" if keeps else "latest_only",
        "checks": [{"check": "row_count", "minimum": scene.rows.height // 2}],
    }


def _title(scene: Scene, pattern: FilePattern) -> str:
    titles = [" ".join(n.text.split()) for n in scene.table.notes if n.kind == "title"]
    for title in titles:
        is_short = _TITLE_LENGTH >= len(title) > _WORD_LENGTH
        if is_short and not title.startswith("#") and not words.names_a_time(title):
            return title
    return re.sub(r"[\s_-]+", " ", pattern.stem).strip() or pattern.pattern


def _name(scene: Scene, pattern: FilePattern, department: str) -> str:
    """Prefer the file's own words, then the title's; a bare number gets the department in front."""
    for said in (pattern.stem, _title(scene, pattern)):
        name = romanise(said)
        if name and not name.startswith("n_"):
            return name
    return "_".join(part for part in (romanise(department), romanise(pattern.stem)[2:]) if part)


def _source(book: Book, sheet: int | str, scene: Scene, pattern: FilePattern) -> dict[str, Any]:
    source: dict[str, Any] = {"file": pattern.pattern}
    if book.kind in _WORKBOOKS:
        source["format"] = "workbook"
        source |= {"sheet": sheet} if sheet != 1 else {}
    elif book.kind in _FORMATS:
        source["format"] = _FORMATS[book.kind]
        if book.kind in {"csv", "tsv"}:
            source["encoding"] = _ENCODINGS.get(str(book.encoding), "auto")
    else:
        raise Refusal(
            "add.kind",
            f"この種類のファイル({book.kind})は、人が配置を書かないと契約にできません。",
            book.file,
            "CONTRIBUTING.md の例を見て、source の配置を書いてください。",
        )
    if source["format"] in {"csv", "tsv", "workbook"}:
        layout: dict[str, Any] = {"header_rows": list(scene.table.header_rows or (1, 1))}
        unit_row = scene.table.unit_row
        if unit_row and not layout["header_rows"][0] <= unit_row <= layout["header_rows"][1]:
            layout["unit_row"] = unit_row
        if layout != {"header_rows": [1, 1]}:
            source["layouts"] = [layout]
    return source


def _settle(draft: Draft, path: Path, file: str) -> Draft:
    """Try the draft on its file and weaken what would set a value aside."""
    extracted = parse(path, draft.as_contract(), draft.period, file)
    rows, _ = carry_down(extracted.rows, draft.as_contract())
    for _ in range(_TRIES):
        draft = _with_key(draft, rows)
        result = normalise(rows, draft.as_contract())
        lost = result.verdicts.filter(pl.col("verdict") == "uncertain")["column"]
        weak = {*result.quarantine["column"].drop_nulls(), *lost}
        columns = tuple(c.as_text() if c.name in weak else c for c in draft.columns)
        if columns == draft.columns:
            break
        draft = replace(draft, columns=columns)
    quarantined = result.quarantined_rows + extracted.quarantine.height
    return replace(
        draft,
        rows=extracted.rows.height,
        set_aside=extracted.set_aside,
        quarantined=quarantined,
        notices=(*draft.notices, *_say_left(extracted, quarantined)),
    )


def _with_key(draft: Draft, rows: pl.DataFrame) -> Draft:
    """Choose the key on the values as they will be stored; complete columns come first."""
    typed = normalise(
        rows,
        replace(
            draft, fields=draft.fields | {"key": [c.name for c in draft.columns]}
        ).as_contract(),
    )
    kept = typed.rows if typed.rows.height else rows
    complete = [c for c in draft.columns if kept[c.name].null_count() == 0]
    ranked = [c.name for c in sorted(complete, key=lambda c: c.rank)]
    key, is_unique = best_key(kept, ranked)
    if not is_unique and kept.height:
        rest = [c.name for c in sorted(draft.columns, key=lambda c: c.rank) if c not in complete]
        wider, is_better = best_key(kept, [*ranked, *rest])
        key = wider if is_better else key or wider
    key = key or [draft.columns[0].name]
    required = {name for name in key if kept.height and kept[name].null_count() == 0}
    columns = tuple(replace(c, required=c.name in required and not c.marks) for c in draft.columns)
    return replace(draft, fields=draft.fields | {"key": key}, columns=columns)


def _say_left(extracted: Extracted, quarantined: int) -> list[str]:
    said = []
    if extracted.quarantine.height:
        said.append(f"列の数が違う行が {extracted.quarantine.height} 行あり、隔離されます。")
    if quarantined > extracted.quarantine.height:
        rest = quarantined - extracted.quarantine.height
        said.append(f"まったく同じ行か個人番号らしい値のある行が {rest} 行あり、隔離されます。")
    return said
