"""A workbook of corrected rows, read back. Both functions run in the parsing child.

Whether a file is one is told from its content, never from its name. What cannot be used is said
row by row; nothing is taken that the clerk has not marked.
"""

from __future__ import annotations

import json
import unicodedata
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW
from warehouse.readers.workbooks.workbook import read_workbook
from warehouse.refusal import Refusal
from warehouse.returns.identity import (
    ACTION,
    ACTIONS,
    CORRECTED,
    EXCLUDED,
    FIRST_ROW,
    KEY_ROW,
    LEFT,
    MARK_SHEET,
    REASON,
    ROWS_SHEET,
    VERSION,
    Mark,
    as_shown,
    hash_row,
    read_mark,
    read_row_identity,
)

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.readers.grid import Grid

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Where the names of sheets stand: xlsx first, then the OpenDocument parts, smallest first.
_PARTS = ("xl/workbook.xml", "settings.xml", "content.xml")
_PART_BYTES, _OLE_BYTES = 4 << 20, 64 << 20
_TEXT_BYTES = 256
_ID = "id"
_LISTED = 10
STATEMENTS = {
    "sheet_row": pl.Int64,
    "of_delivery": pl.String,
    "of_row": pl.Int64,
    "action": pl.String,
    "reason": pl.String,
    "delivered": pl.String,
    "cells": pl.String,
}


@dataclass(frozen=True)
class Returned:
    """What one workbook says.

    Attributes:
        mark: its dataset, and how many rows were written into it.
        statements: one row per marked row (`STATEMENTS`).
        blank: rows that say nothing.
        notes: Japanese sentences on what was not taken, and why.
    """

    mark: Mark
    statements: pl.DataFrame
    blank: int
    notes: tuple[str, ...]


def is_workbook(path: Path) -> bool:
    """Tell by its first bytes whether a file may be one.

    Raises:
        Refusal: `returned.as_text` for one that was saved as text: it has lost its guards.
    """
    with path.open("rb") as handle:
        head = handle.read(_TEXT_BYTES)
    if any(f"{MARK_SHEET};".encode(codec) in head for codec in ("ascii", "utf-16-le", "utf-16-be")):
        raise Refusal(
            "returned.as_text",
            "「直す行」のファイルが CSV などの文字のファイルとして保存されています。",
            path.name,
            "「Excel ブック(.xlsx)」で保存し直して、受付箱に置いてください。",
        )
    return head[:4] in {_ZIP, _OLE}


def recognise(path: Path, file: str) -> str | None:
    """Tell the dataset whose corrected rows a file holds; None when it is any other file.

    Raises:
        Refusal: `returned.damaged` or `returned.newer` when it is one but cannot be trusted.
    """
    return _read_mark(path, file).dataset if _is_marked(path) else None


def read_returned(path: Path, file: str) -> Returned:
    """Read what a workbook says of its rows.

    Raises:
        Refusal: as `recognise`, or of the spreadsheet reader.
    """
    mark = _read_mark(path, file)
    rows, stray = _name_columns(read_workbook(path, sheet=ROWS_SHEET, file=file), file)
    data = rows.filter(pl.col(ROW) >= FIRST_ROW).filter(
        pl.any_horizontal(pl.exclude(ROW).is_not_null())
    )
    judged = _judge(data)
    faults = judged.filter(pl.col("fault").is_not_null())
    good = judged.filter(pl.col("fault").is_null())
    present = judged.filter(pl.col("of_row").is_not_null()).n_unique(["of_delivery", "of_row"])
    return Returned(
        mark=mark,
        statements=good.filter(pl.col("action").is_not_null()).select(
            pl.col(name).cast(dtype) for name, dtype in STATEMENTS.items()
        ),
        blank=good["action"].null_count(),
        notes=(
            *_word_faults(faults, file),
            *_word_stray(stray, file),
            *_word_missing(mark.rows - present, file),
        ),
    )


def _is_marked(path: Path) -> bool:
    """Look for the mark where the names of sheets stand, without unfolding the whole file."""
    with path.open("rb") as handle:
        head = handle.read(4)
        if head == _OLE:
            data = handle.read(_OLE_BYTES)
            return any(MARK_SHEET.encode(codec) in data for codec in ("ascii", "utf-16-le"))
    if head != _ZIP:
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [name for name in _PARTS if name in set(archive.namelist())]
            return any(MARK_SHEET.encode() in _head(archive, name) for name in parts)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        return False  # the reader of deliveries words that better


def _head(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_BYTES)


def _read_mark(path: Path, file: str) -> Mark:
    """Read the mark from both places; they must not contradict each other."""
    found = [_mark_of(path, sheet, file) for sheet in (MARK_SHEET, ROWS_SHEET)]
    versions = {version for version, _ in filter(None, found)}
    marks = {mark for _, mark in filter(None, found)}
    if versions - {VERSION}:
        raise Refusal(
            "returned.newer",
            "別の版のまちかねが書き出した「直す行」のファイルです。",
            file,
            "machikane quarantine データセット --out で書き出し直し、直したところを写してください。",
        )
    if len(marks) != 1:
        raise _damaged("どのデータセットの行かを示す印が消えているか、書き換えられています。", file)
    return marks.pop()


def _mark_of(path: Path, sheet: str, file: str) -> tuple[int, Mark] | None:
    try:
        cells = read_workbook(path, sheet=sheet, file=file).cells
    except Refusal as refusal:
        if refusal.rule == "workbook.no_sheet":
            return None
        raise
    return read_mark(cells["c1"][0]) if cells.height and "c1" in cells.columns else None


def _name_columns(grid: Grid, file: str) -> tuple[pl.DataFrame, int]:
    """Name the columns by the machine's row; count the cells that stand under no name."""
    keys = grid.cells.filter(pl.col(ROW) == KEY_ROW).drop(ROW).to_dicts()
    given = {column: key.strip() for column, key in (keys[0] if keys else {}).items() if key}
    names = {"c1": _ID, **{column: key for column, key in given.items() if column != "c1"}}
    if not {ACTION, REASON} <= set(names.values()) or len(set(names.values())) != len(names):
        raise _damaged(
            "列の名前を示す1行目(隠れています)が消えているか、書き換えられています。", file
        )
    below = grid.cells.filter(pl.col(ROW) >= FIRST_ROW)
    others = [column for column in below.columns if column not in {ROW, *names}]
    stray = sum(below.height - below[column].null_count() for column in others)
    return grid.cells.select(ROW, **{key: pl.col(column) for column, key in names.items()}), stray


def _judge(data: pl.DataFrame) -> pl.DataFrame:
    """Give every row its identity, what is said of it, or the reason why it cannot be used."""
    columns = [n for n in data.columns if n not in {ROW, _ID} and not n.startswith("@")]
    # A loop over the rows of one workbook that a person has filled in.
    said = [_judge_row(row, columns) for row in data.iter_rows(named=True)]
    schema = {**STATEMENTS, "fault": pl.String}
    judged = pl.DataFrame(said, schema=schema, orient="row")
    twice = pl.struct("of_delivery", "of_row").is_duplicated() & pl.col("of_row").is_not_null()
    fault = pl.when(twice).then(pl.lit("同じ行が2つ以上あります")).otherwise(pl.col("fault"))
    return judged.with_columns(fault.alias("fault"))


def _judge_row(row: dict[str, str | None], columns: list[str]) -> tuple[object, ...]:
    identity = read_row_identity(row[_ID])
    if identity is None:
        return (
            row[ROW],
            None,
            None,
            None,
            None,
            None,
            None,
            "まちかねが書き出した行ではありません",
        )
    cells = {name: row[name] for name in columns}
    word = unicodedata.normalize("NFKC", row[ACTION] or "").strip()
    reason = (row[REASON] or "").strip()
    is_edited = hash_row({name: as_shown(value) for name, value in cells.items()}) != identity.shown
    fault = _find_fault(word, reason, is_edited=is_edited)
    about = (row[ROW], identity.delivery, identity.row, word or None, reason or None)
    return (*about, identity.delivered, json.dumps(cells, ensure_ascii=False), fault)


def _find_fault(word: str, reason: str, *, is_edited: bool) -> str | None:
    if not word and is_edited:
        return "値が直されていますが、「対応」が空です"
    if not word or word in {CORRECTED, LEFT}:
        return None
    if word not in ACTIONS:
        return f"「対応」が {'・'.join(ACTIONS)} のどれでもありません"
    return None if reason or word != EXCLUDED else "「除く」には「除く理由」が必要です"


def _word_faults(faults: pl.DataFrame, file: str) -> list[str]:
    grouped = faults.group_by("fault", maintain_order=True).agg("sheet_row")
    return [
        f"{fault}。{len(rows):,} 行を使いませんでした(隔離に残ります)。\n"
        f"  場所: {file}(シート「{ROWS_SHEET}」)の {_list_rows(rows)}\n"
        "  直し方: その行を直して、もう一度受付箱に置いてください。"
        for fault, rows in grouped.iter_rows()
    ]


def _list_rows(rows: list[int]) -> str:
    shown = "、".join(f"{row}行" for row in rows[:_LISTED])
    return shown + (f" ほか {len(rows) - _LISTED:,} 行" if len(rows) > _LISTED else "")


def _word_stray(cells: int, file: str) -> list[str]:
    if not cells:
        return []
    return [
        (
            f"見出しのない列に書かれた {cells:,} 個のセルは読みませんでした。\n"
            f"  場所: {file}(シート「{ROWS_SHEET}」)\n"
            "  直し方: 直す値は、見出しのある列に書いてください。"
        )
    ]


def _word_missing(missing: int, file: str) -> list[str]:
    if missing <= 0:
        return []
    return [
        (
            f"書き出したときにあった {missing:,} 行が消されています。その行は隔離に残ります。\n"
            f"  場所: {file}(シート「{ROWS_SHEET}」)\n"
            "  直し方: 取り込まない行は消さずに、「対応」で「除く」を選んで理由を書いてください。"
        )
    ]


def _damaged(what: str, file: str) -> Refusal:
    remedy = (
        "machikane quarantine データセット --out で書き出し直し、直したところを写してください"
        "(隠れた列・行・シートは消さないでください)。"
    )
    return Refusal("returned.damaged", what, file, remedy)
