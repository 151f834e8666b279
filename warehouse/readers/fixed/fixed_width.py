"""Fixed-width text, as host systems write it, by the layout a contract declares.

Positions are bytes: in cp932 a kanji takes two, a half-width kana one. Nothing is guessed: a record
of another length, of no declared kind or with bytes that are no text is kept apart with its place,
and the number a trailer states must be the number of data records.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.fixed.record_cuts import SEPARATORS, Cut, OddRecord, cut_records
from warehouse.readers.fixed.record_kinds import DATA, NOTHING, REASONS, UNKNOWN, RecordSorter
from warehouse.readers.fixed.record_text import decode_column
from warehouse.readers.grid import RAGGED_SCHEMA, ROW, SET_ASIDE_SCHEMA, Grid
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from assets.record_layout import RecordLayout

BAD_SCHEMA = {**RAGGED_SCHEMA, "rule": pl.String}
_SPACE, _LF, _CR = 32, 10, 13


@dataclass
class _Seen:
    """What is counted over the whole file."""

    good: int = 0
    gaiji: int = 0
    fillers: Counter[str] = field(default_factory=Counter)


def read_fixed_width(path: Path, layout: RecordLayout, encoding: str, file: str) -> Grid:
    """Read a whole file; `_row` is the record's number, the columns are the layout's fields.

    Raises:
        Refusal: `fixed_width.empty`, `fixed_width.shape`, `fixed_width.encoding`,
            `fixed_width.count`, `fixed_width.no_trailer`.
    """
    parts = list(stream_fixed_width(path, layout, encoding, file))
    return Grid(
        pl.concat([part.cells for part in parts]),
        ragged=pl.concat([part.ragged for part in parts]),
        set_aside=pl.concat([part.set_aside for part in parts]),
        encoding=encoding,
        names=parts[0].names,
        notes=tuple(note for part in parts for note in part.notes),
    )


def stream_fixed_width(
    path: Path, layout: RecordLayout, encoding: str, file: str
) -> Iterator[Grid]:
    """Read a file part by part in bounded memory; the last part holds no records, but the notes.

    Raises:
        Refusal: as `read_fixed_width`.
    """
    sorter, seen = RecordSorter(layout.records, file), _Seen()
    with path.open("rb") as handle:
        for cut in cut_records(handle, layout.records):
            seen.good += len(cut.numbers)
            _check_shape(cut, layout, seen.good, file)
            part = _read_part(cut, sorter.sort(cut), layout, encoding, seen)
            _check_encoding(part, encoding, file)
            yield part
    if not seen.good:
        raise Refusal("fixed_width.empty", "記録が1件もありません。", file, _AGAIN)
    sorter.finish()
    yield _part(layout, encoding, _cells([], layout), notes=_notes(seen))


_AGAIN = "元のシステムから出力し直して、もう一度提出してください。"


def _part(
    layout: RecordLayout,
    encoding: str,
    cells: pl.DataFrame,
    *,
    bad: Iterable[pl.DataFrame] = (),
    aside: Iterable[pl.DataFrame] = (),
    notes: tuple[str, ...] = (),
) -> Grid:
    return Grid(
        cells,
        ragged=pl.concat([pl.DataFrame(schema=BAD_SCHEMA), *bad]).sort(ROW),
        set_aside=pl.concat([pl.DataFrame(schema=SET_ASIDE_SCHEMA), *aside]).sort(ROW),
        encoding=encoding,
        names=tuple(item.name for item in layout.fields),
        notes=notes,
    )


def _read_part(
    cut: Cut, kinds: NDArray[np.int8], layout: RecordLayout, encoding: str, seen: _Seen
) -> Grid:
    at = np.flatnonzero(kinds == DATA)
    rows = cut.rows if len(at) == len(cut.rows) else cut.rows[at]
    columns, is_broken = _decode(rows, layout, encoding, seen)
    cells = _cells([pl.Series(ROW, cut.numbers[at]), *columns], layout)
    lines, width = bool(SEPARATORS[layout.records.separator]), len(layout.fields)

    def listed(records: Iterable[OddRecord], fields: int, **said: str) -> pl.DataFrame:
        return list_records(records, encoding, fields=fields, lines=lines, **said)

    blank = [odd for odd in cut.odd if not odd.data.strip(NOTHING)]
    other = [odd for odd in cut.odd if odd.data.strip(NOTHING)]
    aside = [
        listed(records_at(cut, np.flatnonzero(kinds == kind)), 1, reason=reason)
        for kind, reason in REASONS.items()
    ]
    bad = [
        listed(other, width, rule="row.length"),
        listed(records_at(cut, np.flatnonzero(kinds == UNKNOWN)), width, rule="row.kind"),
        listed(records_at(cut, at[is_broken]), width, rule="row.broken"),
    ]
    aside.append(listed(blank, 0, reason="空行"))
    good = cells.filter(pl.Series(~is_broken)) if is_broken.any() else cells
    return _part(layout, encoding, good, bad=bad, aside=aside)


def _decode(
    rows: NDArray[np.uint8], layout: RecordLayout, encoding: str, seen: _Seen
) -> tuple[list[pl.Series], NDArray[np.bool_]]:
    """Decode field by field; a record with a line feed or half a character in it is broken."""
    is_broken = np.zeros(len(rows), bool)
    if not SEPARATORS[layout.records.separator]:
        is_broken |= ((rows == _LF) | (rows == _CR)).any(axis=1)
        rows = np.where(is_broken[:, None], np.uint8(_SPACE), rows) if is_broken.any() else rows
    columns = []
    for number, item in enumerate(layout.fields, start=1):
        text = decode_column(rows[:, item.start - 1 : item.end], encoding)
        is_broken[text.broken] = True
        columns.append(text.values.alias(f"c{number}"))
        seen.gaiji += text.gaiji
        if item.filler:
            seen.fillers[item.name] += len(text.values) - text.values.null_count()
    return columns, is_broken


def _cells(columns: list[pl.Series], layout: RecordLayout) -> pl.DataFrame:
    schema = {ROW: pl.Int64} | {f"c{i + 1}": pl.String for i in range(len(layout.fields))}
    return pl.DataFrame(columns or None, schema=schema)


def records_at(cut: Cut, at: NDArray[np.int64]) -> Iterator[OddRecord]:
    """Give some records of the right length with their places."""
    for i in at:
        yield OddRecord(int(cut.numbers[i]), int(cut.offsets[i]), cut.rows[i].tobytes())


def list_records(
    records: Iterable[OddRecord], encoding: str, *, fields: int, lines: bool = False, **said: str
) -> pl.DataFrame:
    """List records that are no rows with their place, their text and what is `said` of them.

    Args:
        records: the records.
        encoding: of their text; bytes that are none are shown as such.
        fields: how many fields each stands for in the account.
        lines: whether a record is a line.
        said: `reason` for records set aside, `rule` for bad ones.
    """
    facts = [
        {
            ROW: record.number,
            "line": record.number if lines else None,
            "offset": record.offset,
            "fields": fields,
            "text": record.data.decode(encoding, "backslashreplace"),
            **said,
        }
        for record in records
    ]
    return pl.DataFrame(facts, schema=SET_ASIDE_SCHEMA if "reason" in said else BAD_SCHEMA)


def _check_shape(cut: Cut, layout: RecordLayout, good: int, file: str) -> None:
    """Refuse a file of another shape before its every record is called bad.

    Raises:
        Refusal: `fixed_width.shape`.
    """
    wanted = layout.records
    if good:
        inside = cut.rows[:, 1:]
        is_cut = inside.size and ((inside == _LF).any(axis=1)).mean() > 1 / 2
        if wanted.separator != "none" or not is_cut:
            return
        said = "改行のないはずの記録の中に、改行があります"
    else:
        lengths = Counter(len(odd.data) for odd in cut.odd if odd.data.strip(NOTHING))
        if not lengths:
            return
        length, _ = lengths.most_common(1)[0]
        said = f"どの記録も長さが契約({wanted.length} バイト)と違い、多くは {length} バイトです"
    raise Refusal(
        "fixed_width.shape",
        f"{said}。",
        file,
        "契約の records の length と separator(crlf・lf・none)が、"
        "届いたファイルのレイアウトに合っているかを確かめてください。",
    )


def _check_encoding(part: Grid, encoding: str, file: str) -> None:
    """Half a character here and there is a fault of records, everywhere one of the file.

    Raises:
        Refusal: `fixed_width.encoding`.
    """
    broken = part.ragged.filter(pl.col("rule") == "row.broken").height
    if broken > part.cells.height:
        raise Refusal(
            "fixed_width.encoding",
            f"半分を超える記録({broken} 件)が、契約の文字コード({encoding})の文字になりません。",
            file,
            "契約の encoding と、fields の start・bytes が届いたファイルに合っているかを"
            "確かめてください。",
        )


def _notes(seen: _Seen) -> tuple[str, ...]:
    notes = [
        f"予備の項目「{name}」が空白でない記録が {count} 件あります。"
        for name, count in seen.fillers.items()
        if count
    ]
    if seen.gaiji:
        notes.append(f"外字が {seen.gaiji} 字あります。そのまま残しました。")
    return tuple(notes)
