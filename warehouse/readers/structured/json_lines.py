"""JSON Lines: one record a line, read part by part; a line that is no record is kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.readers.grid import RAGGED_SCHEMA, ROW, SET_ASIDE_SCHEMA, Grid
from warehouse.readers.structured.json_tables import refuse_depth, refuse_twice
from warehouse.readers.structured.json_text import DuplicateKeyError, flatten, load_json, spell
from warehouse.readers.text.decoder import Decoder, Part, judge_file
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

_BAD_SCHEMA = {**RAGGED_SCHEMA, "rule": pl.String}


def read_json_lines(path: Path, file: str, *, encoding: str = "auto") -> Grid:
    """Read a file: row 1 holds the paths, the record of line n stands in row n + 1.

    Where the lines are lists there are no paths, and line n is row n.

    Raises:
        Refusal: `encoding.*`, `json.duplicate_key`, `json.too_deep`, `json.broken`.
    """
    decoder = Decoder(path, judge_file(path, encoding, file), encoding, file)
    lines = _Lines(file)
    for part in decoder.parts():
        lines.read(part)
    if not lines.frames:
        raise Refusal(
            "json.broken",
            "JSON として読める行がありません。",
            file,
            "元のシステムから出力し直して、もう一度提出してください。",
        )
    return lines.grid(decoder.verdict.encoding)


class _Lines:
    """The lines of one file, read so far."""

    def __init__(self, file: str) -> None:
        self.frames: list[pl.DataFrame] = []
        self._file, self._shape, self._count = file, dict, 0
        self._bad: list[dict[str, object]] = []
        self._blank: list[dict[str, object]] = []

    def read(self, part: Part) -> None:
        lines = part.text.decode().split("\n")
        if not lines[-1]:
            lines.pop()
        found: dict[int, dict[str, str | None]] = {}
        for place, line in enumerate(lines):
            self._count += 1
            text = line.strip("\r\x1a \t")
            record = self._read_line(text) if text else None
            if record is not None:
                found[self._count] = record
            else:
                self._keep_apart(line, part, place, is_blank=not text)
        if found:
            self.frames.append(_frame(found))

    def _read_line(self, text: str) -> dict[str, str | None] | None:
        where = f"{self._file} の {self._count}行目"
        try:
            value = load_json(text)
        except DuplicateKeyError as error:
            raise refuse_twice(error.key, where) from None
        except RecursionError:
            raise refuse_depth(where) from None
        except ValueError:
            return None
        if not self.frames and isinstance(value, list):
            self._shape = list
        if not isinstance(value, self._shape) or not value:
            return None
        return flatten(value) if isinstance(value, dict) else _spread(value)

    def _keep_apart(self, line: str, part: Part, place: int, *, is_blank: bool) -> None:
        before = part.raw.split(b"\n")[:place]
        facts: dict[str, object] = {
            ROW: self._count,
            "line": self._count,
            "offset": part.offset + sum(map(len, before)) + len(before),
            "fields": 0 if is_blank else 1,
            "text": line,
        }
        if is_blank:
            self._blank.append({**facts, "reason": "空行"})
        else:
            self._bad.append({**facts, "rule": "row.broken"})

    def grid(self, encoding: str) -> Grid:
        """Put everything together."""
        cells = pl.concat(self.frames, how="diagonal")
        shift = 0
        names: tuple[str, ...] = ()
        if self._shape is dict:
            names, shift = tuple(cells.columns[1:]), 1
            header = pl.DataFrame([[1], *([name] for name in names)], schema=cells.schema)
            cells = pl.concat([header, cells.with_columns(pl.col(ROW) + 1)])
        cells.columns = [ROW, *(f"c{i + 1}" for i in range(cells.width - 1))]
        return Grid(
            cells,
            ragged=pl.DataFrame(self._bad, schema=_BAD_SCHEMA).with_columns(pl.col(ROW) + shift),
            set_aside=pl.DataFrame(self._blank, schema=SET_ASIDE_SCHEMA).with_columns(
                pl.col(ROW) + shift
            ),
            encoding=encoding,
            names=names,
        )


def _spread(values: list[Any]) -> dict[str, str | None]:
    return {str(number): spell(value) for number, value in enumerate(values, start=1)}


def _frame(records: dict[int, dict[str, str | None]]) -> pl.DataFrame:
    """Columns of one part, in the order in which their names were first met."""
    names = dict.fromkeys(name for record in records.values() for name in record)
    columns = {name: [record.get(name) for record in records.values()] for name in names}
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return cells.insert_column(0, pl.Series(ROW, list(records), dtype=pl.Int64))
