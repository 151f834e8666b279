"""Put dirt into the written rows of one file: so many rows, each with exactly one fault."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.dirt import dates, figures, identifiers, words
from pipelines.whole_city.dirt.kind import Field, Kind
from pipelines.whole_city.dirt.records import RECORD_KINDS, RecordKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.dirt.records import Changed, Lines

VALUE_KINDS = (*dates.KINDS, *identifiers.KINDS, *figures.KINDS, *words.KINDS)
TITLES = {kind.id: kind.title for kind in (*VALUE_KINDS, *RECORD_KINDS)}
TRUTH = {"at": pl.Int64, "kind": pl.String, "column": pl.String}
_RAW = {"csv", "tsv", "json", "fixed_width"}


@dataclass(frozen=True)
class Dirtied:
    """The rows of a file with their faults.

    Attributes:
        text: file columns as written, in the file's order.
        origin: number of the clean row each came from; null: a line that was put in.
        truth: `at` (number of the row in `text`, 0 first), `kind`, `column` (null: the record).
    """

    text: pl.DataFrame
    origin: pl.Series
    truth: pl.DataFrame

    @property
    def is_clean(self) -> pl.Series:
        """Tell of every row whether it must be accepted."""
        rows = pl.int_range(self.text.height, eager=True)
        return ~rows.is_in(self.truth["at"].implode())


def inject(
    lines: Lines, share: float, rng: np.random.Generator, *, codec: str, room: dict[str, int]
) -> Dirtied:
    """Spoil a share of the rows, as many of one kind as of another.

    Args:
        lines: the written rows and the clean ones.
        share: of the rows, 0 to 1.
        rng: draws rows and faults.
        codec: of the file: not every fault can be written in every encoding.
        room: file column → bytes there are for a value, where the file's format sets a limit.
    """
    height = lines.text.height
    count = min(height, int(height * share + rng.random()))
    kinds = _fitting(lines, codec)
    if not count or not kinds:
        return _nothing(lines)
    chosen = rng.choice(height, count, replace=False)
    order = rng.permutation(len(kinds))[np.arange(count) % len(kinds)]
    dirt = _Dirt(lines.text, rng, codec, room)
    for number, (kind, fields) in enumerate(kinds):
        rows = chosen[order == number]
        if isinstance(kind, RecordKind):
            dirt.change(kind.id, kind.change(lines, rows, rng))
            continue
        for place, rows_of_field in _deal(rows, len(fields), rng):
            dirt.spoil(kind, fields[place], rows_of_field)
    return dirt.finish()


def _nothing(lines: Lines) -> Dirtied:
    origin = pl.int_range(lines.text.height, eager=True)
    return Dirtied(lines.text, origin, pl.DataFrame(schema=TRUTH))


def _deal(rows: np.ndarray, hands: int, rng: np.random.Generator) -> Iterator[tuple[int, np.ndarray]]:  # fmt: skip
    """Deal rows to fields, as evenly as it goes, beginning anywhere."""
    first = int(rng.integers(0, hands))
    for place in range(min(hands, len(rows))):
        yield (first + place) % hands, rows[place::hands]


def _fitting(lines: Lines, codec: str) -> list[tuple[Kind | RecordKind, list[Field]]]:
    """List the kinds for which the contract has a rule, with the columns they can fall into."""
    contract = lines.contract
    fields = [
        Field(
            name,
            contract.columns[name],
            is_key=name in contract.key,
            is_unicode=contract.source.format == "workbook",
            is_raw_text=contract.source.format in _RAW and codec != "iso2022_jp",
        )
        for name in lines.delivered
    ]
    fitting = [(kind, [field for field in fields if kind.fits(field)]) for kind in VALUE_KINDS]
    return [
        *((kind, found) for kind, found in fitting if found),
        *((kind, []) for kind in RECORD_KINDS if kind.fits(lines)),
    ]


class _Dirt:
    """Gathers what is changed and put in, and says in the end where everything stands."""

    def __init__(
        self, text: pl.DataFrame, rng: np.random.Generator, codec: str, room: dict[str, int]
    ) -> None:
        self._columns = {name: text[name] for name in text.columns}
        self._height, self._rng, self._codec, self._room = text.height, rng, codec, room
        self._truth: list[pl.DataFrame] = []
        self._new: list[tuple[str, Changed]] = []

    def spoil(self, kind: Kind, field: Field, rows: np.ndarray) -> None:
        """Spoil one column of some rows; what did not change or has no room is left alone."""
        written = self._columns[field.name].gather(rows)
        made = kind.spoil(written, field, self._rng)
        is_spoiled = made.is_not_null() & made.ne_missing(written) & self._has_room(field, made)
        rows, made = rows[is_spoiled.to_numpy()], made.filter(is_spoiled)
        self._put(field.name, rows, made)
        self._tell(rows, kind.id, field.name)

    def change(self, kind: str, changed: Changed) -> None:
        """Change whole records, or keep for later what is put in."""
        if changed.is_new:
            self._new.append((kind, changed))
            self._tell(changed.of if changed.is_dirty else changed.of[:0], kind, None)
            return
        for name in changed.rows.columns:
            self._put(name, changed.of, changed.rows[name])
        self._tell(changed.of, kind, None)

    def finish(self) -> Dirtied:
        """Put the new lines behind the records they belong to, and number everything."""
        old = pl.DataFrame(list(self._columns.values()))
        text = pl.concat([old, *(changed.rows for _, changed in self._new)])
        after = np.concatenate([changed.of for _, changed in self._new] or [np.empty(0, np.int64)])
        places = np.concatenate([np.arange(self._height), after + 0.5])
        order = np.argsort(places, kind="stable")
        now = np.empty(len(order), np.int64)
        now[order] = np.arange(len(order))
        start = self._height
        for kind, changed in self._new:
            self._tell(np.arange(start, start + len(changed.of)), kind, None)
            start += len(changed.of)
        truth = pl.concat([pl.DataFrame(schema=TRUTH), *self._truth])
        truth = truth.with_columns(at=pl.Series(now).gather(truth["at"])).sort("at")
        origin = pl.Series(np.where(order < self._height, order, -1)).replace(-1, None)
        return Dirtied(text[order] if self._new else text, origin, truth)

    def _has_room(self, field: Field, made: pl.Series) -> pl.Series:
        if field.name not in self._room:
            return pl.Series([True]).new_from_index(0, len(made))
        sizes = [len((value or "").encode(self._codec)) for value in made]
        return pl.Series(sizes, dtype=pl.Int64) <= self._room[field.name]

    def _put(self, name: str, rows: np.ndarray, values: pl.Series) -> None:
        if len(rows):
            self._columns[name] = self._columns[name].clone().scatter(rows, values)

    def _tell(self, rows: np.ndarray, kind: str, column: str | None) -> None:
        told = {
            "at": rows.astype(np.int64),
            "kind": [kind] * len(rows),
            "column": [column] * len(rows),
        }
        self._truth.append(pl.DataFrame(told, schema=TRUTH))
