"""Open any delivery that no contract describes yet: what it is, and its sheets read on demand."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.readers.archive import list_members
from warehouse.readers.book import TEXTS, Book, Sheet
from warehouse.readers.fixed.dbase import read_dbase
from warehouse.readers.kind import detect_kind
from warehouse.readers.structured.json_lines import read_json_lines
from warehouse.readers.structured.json_tables import read_json
from warehouse.readers.structured.parquet_text import read_parquet
from warehouse.readers.text.decoder import judge_file
from warehouse.readers.text.delimited import look_at, read_text_grid
from warehouse.readers.workbooks.workbook import list_sheets
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from warehouse.readers.archive import Member
    from warehouse.readers.book import Kind
    from warehouse.readers.grid import Grid

LONG_BYTES = 64 << 20


def open_book(path: Path, file: str, *, most: int | None = None) -> Book:
    """Open the bytes at `path`, delivered as `file`.

    With `most`, a long text is read as its head of about so many records and its tail.

    Raises:
        Refusal: when they are no table, hostile or broken.
    """
    kind = detect_kind(path, file)
    if kind == "zip":
        return _open_zip(path, file, most)
    if kind in TEXTS:
        return _open_text(path, kind, file, most)
    if kind == "json":
        return _open_json(path, kind, file)
    if kind == "jsonl":
        verdict = judge_file(path, "auto", file)
        sheets = (_only(partial(read_json_lines, path, file)),)
        return Book(file, kind, verdict.encoding, sheets, proof=verdict.proof)
    if kind in {"parquet", "dbf"}:
        read = read_parquet if kind == "parquet" else read_dbase
        return Book(file, kind, None, (_only(partial(read, path, file)),))
    sheets, warnings = list_sheets(path, file)
    return Book(file, kind, None, sheets, warnings=warnings)


def _only(read: Callable[[], Grid]) -> Sheet:
    return Sheet("", is_hidden=False, read=read)


def _open_text(path: Path, kind: Kind, file: str, most: int | None) -> Book:
    """The encoding is proved on every byte before it is told."""
    decoder = look_at(path, file).decoder
    for _ in decoder.parts():
        pass
    verdict, nuls = decoder.verdict, decoder.nuls
    most = most if path.stat().st_size > LONG_BYTES else None
    warnings = [f"NUL 文字が {nuls} 個あり、除いて読みます。"] if nuls else []
    if most:
        warnings.append(f"大きいファイルなので、始めの約 {most:,} 行と終わりを調べます。")
    return Book(
        file,
        kind,
        verdict.encoding,
        (_only(partial(read_text_grid, path, file, most=most)),),
        proof=verdict.proof,
        gaiji=decoder.gaiji,
        warnings=tuple(warnings),
    )


def _open_json(path: Path, kind: Kind, file: str) -> Book:
    document = read_json(path, file)
    decoded = document.decoded
    sheets = tuple(Sheet(t.name, False, partial(_give, t.grid)) for t in document.tables)  # noqa: FBT003
    return Book(file, kind, decoded.encoding, sheets, proof=decoded.proof, gaiji=decoded.gaiji)


def _give(grid: Grid) -> Grid:
    return grid


def _open_zip(path: Path, file: str, most: int | None) -> Book:
    """Every file of a zip is opened in its own right; one that is no table leaves a warning."""
    folder = tempfile.TemporaryDirectory(prefix="machikane-")
    contents = list_members(path, file, Path(folder.name))
    sheets: list[Sheet] = []
    warnings = [*contents.warnings]
    gaiji = 0
    for member in contents.members:
        try:
            inner = member.extract(Path(folder.name), file)
            book = open_book(inner, f"{file}/{member.name}", most=most)
        except Refusal as refusal:
            warnings.append(f"中の「{member.name}」は読めません。{refusal.what}{refusal.remedy}")
            continue
        sheets += (_inside(member, sheet, folder) for sheet in book.sheets)
        warnings += (f"中の「{member.name}」: {warning}" for warning in book.warnings)
        gaiji += book.gaiji
    if not sheets:
        raise Refusal(
            "zip.no_table",
            "zip の中に、表として読めるファイルがありません。",
            file,
            " ".join(warnings) or "zip が空です。ファイルを入れ直して提出してください。",
        )
    return Book(file, "zip", None, tuple(sheets), gaiji=gaiji, warnings=tuple(warnings))


def _inside(member: Member, sheet: Sheet, folder: tempfile.TemporaryDirectory[str]) -> Sheet:
    name = f"{member.name}/{sheet.name}" if sheet.name else member.name
    return Sheet(name, sheet.is_hidden, partial(_read_inside, sheet, name, folder))


def _read_inside(sheet: Sheet, name: str, folder: tempfile.TemporaryDirectory[str]) -> Grid:  # noqa: ARG001
    """Read a sheet out of the unpacked zip, whose folder lives as long as a sheet needs it."""
    return replace(sheet.read(), sheet=name)
