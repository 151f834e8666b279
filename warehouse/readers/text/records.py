"""Where the records of a delimited text begin, whatever its quotes do.

A field that opens with `"` runs to its closing quote, over line ends too. When that quote is never
closed (the next quote stands where none can close a field, behind a line end), the line alone is
set apart and reading goes on behind it. Quotes inside a field that did not open with one are
letters. Texts with regular quotes are recognised by columns of positions; only a block with an
irregular quote is walked through quote by quote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

_QUOTE, _LF, _CR = 34, 10, 13
# How far a closing quote is looked for before the field counts as unclosed.
_FARTHEST = 4 << 20


@dataclass(frozen=True)
class Records:
    """The records of a block of UTF-8 bytes.

    Attributes:
        text: what a strict parser may read: the block without the records set apart.
        end: bytes of the block that are whole records; the rest waits for more.
        starts: where each record of the block begins, those set apart too.
        unclosed: places in `starts` of the records with an unclosed quote.
    """

    text: bytes
    end: int
    starts: np.ndarray
    unclosed: list[int] = field(default_factory=list)


def find_regular_end(block: bytes, delimiter: bytes, *, is_last: bool) -> int | None:
    """Find how far a block is whole records with regular quotes; `None` when it is not regular."""
    if b'"' not in block:
        return len(block)
    letters = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    end = len(block)
    if len(quotes) % 2:
        end = _end_before_open_quote(block, quotes)
        if is_last or len(block) - end > _FARTHEST:
            return None
        quotes = quotes[: np.searchsorted(quotes, end)]
    return end if _are_regular(letters, quotes, delimiter) else None


def _end_before_open_quote(block: bytes, quotes: np.ndarray) -> int:
    """The record with the last, still open quote waits: find where it begins."""
    end = int(quotes[-1])
    while True:
        end = max(block.rfind(b"\n", 0, end), block.rfind(b"\r", 0, end))
        if end < 0 or np.searchsorted(quotes, end) % 2 == 0:
            return end + 1


def _are_regular(letters: np.ndarray, quotes: np.ndarray, delimiter: bytes) -> bool:
    """Each opening quote follows a border, each closing one stands before a border."""
    is_border = np.zeros(256, bool)
    is_border[[_QUOTE, _LF, _CR, delimiter[0]]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    before, behind = opening[opening > 0] - 1, closing[closing < len(letters) - 1] + 1
    return bool(is_border[letters[before]].all() and is_border[letters[behind]].all())


def split_regular(block: bytes) -> Records:
    """List the records of a block whose quotes are regular."""
    ends = line_ends(block)
    quotes = np.flatnonzero(np.frombuffer(block, np.uint8) == _QUOTE)
    if len(quotes):
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
    starts = np.concatenate(([0], ends))
    return Records(block, len(block), starts[starts < len(block)])


def line_ends(block: bytes) -> np.ndarray:
    """List the places behind each line end: LF, CRLF or a CR alone."""
    letters = np.frombuffer(block, np.uint8)
    is_end = letters == _LF
    if b"\r" in block:
        is_lone = letters == _CR
        is_lone[:-1] &= letters[1:] != _LF
        is_end |= is_lone
    return np.flatnonzero(is_end) + 1


def delivered_line_ends(raw: bytes, encoding: str) -> np.ndarray:
    """List the places behind each line end of bytes as they were delivered."""
    if not encoding.startswith("utf-16"):
        return line_ends(raw)
    units = np.frombuffer(raw[: len(raw) // 2 * 2], "<u2" if encoding.endswith("le") else ">u2")
    letters = np.where(units < ord("~"), units, ord("~")).astype(np.uint8)
    return 2 * line_ends(letters.tobytes())


def count_line_ends(block: bytes) -> int:
    """Count the line ends of a block: LF, CRLF or a CR alone."""
    letters = np.frombuffer(block, np.uint8)
    count = int(np.count_nonzero(letters == _LF))
    if b"\r" in block:
        returns = letters == _CR
        count += int(np.count_nonzero(returns))
        count -= int(np.count_nonzero(returns[:-1] & (letters[1:] == _LF)))
    return count


def split_irregular(block: bytes, delimiter: bytes, width: int, *, is_last: bool) -> Records:
    """List the records of any block, quote by quote.

    Args:
        block: UTF-8, from the beginning of a record.
        delimiter: one byte.
        width: number of fields a record should have.
        is_last: whether nothing comes behind the block.
    """
    return _Walk(block, delimiter, width, is_last=is_last).split()


def split_fields(record: bytes, delimiter: bytes) -> list[str]:
    """Split one record as it was read into its fields, its line end left out."""
    line = _Walk(record, delimiter, 0, is_last=True).read_record(0)
    return [value.decode() for value in line.fields]


@dataclass
class _Line:
    end: int
    fields: list[bytes]
    fate: str = "clean"  # or odd, unclosed, waiting


@lru_cache
def _stops(delimiter: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"[\r\n" + re.escape(delimiter) + rb"]")


class _Walk:
    """One way through an irregular block."""

    def __init__(self, block: bytes, delimiter: bytes, width: int, *, is_last: bool) -> None:
        self.block, self.delimiter, self.width, self.is_last = block, delimiter, width, is_last
        self.ends = line_ends(block)
        self.stops = _stops(delimiter)
        self.starts: list[np.ndarray] = []
        self.kept: list[bytes] = []
        self.unclosed: list[int] = []
        self.count = 0

    def split(self) -> Records:
        place = 0
        while (quote := self.block.find(b'"', place)) >= 0:
            start = self._line_start(quote, place)
            self._keep_plain(place, start)
            line = self._read_believable(start)
            if line.fate == "waiting":
                return self._finish(start)
            self._take(start, line)
            place = line.end
        self._keep_plain(place, len(self.block))
        return self._finish(len(self.block))

    def _finish(self, end: int) -> Records:
        starts = np.concatenate(self.starts) if self.starts else np.zeros(0, np.int64)
        return Records(b"".join(self.kept), end, starts, self.unclosed)

    def _line_start(self, place: int, least: int) -> int:
        before = np.searchsorted(self.ends, place, "right")
        return max(least, int(self.ends[before - 1])) if before else least

    def _line_end(self, place: int) -> int:
        after = np.searchsorted(self.ends, place, "right")
        return int(self.ends[after]) if after < len(self.ends) else len(self.block)

    def _keep_plain(self, start: int, end: int) -> None:
        if end <= start:
            return
        first, last = np.searchsorted(self.ends, (start, end), "right")
        starts = np.concatenate(([start], self.ends[first:last]))
        starts = starts[starts < end]
        self.starts.append(starts)
        self.kept.append(self.block[start:end])
        self.count += len(starts)

    def _take(self, start: int, line: _Line) -> None:
        self.starts.append(np.array([start]))
        if line.fate == "unclosed":
            self.unclosed.append(self.count)
        elif line.fate == "odd":
            quoted = (b'"' + value.replace(b'"', b'""') + b'"' for value in line.fields)
            self.kept.append(self.delimiter.join(quoted) + b"\n")
        else:
            self.kept.append(self.block[start : line.end])
        self.count += 1

    def _read_believable(self, start: int) -> _Line:
        """Read a record, unless its quote is closed by chance only.

        A record over several lines, of a wrong width, hides an unclosed quote when the line behind
        its first is a record of its own, without quotes.
        """
        line = self.read_record(start)
        first_end = self._line_end(start)
        if (
            line.fate in {"clean", "odd"}
            and line.end > first_end
            and len(line.fields) != self.width
        ):
            behind = self.block[first_end : self._line_end(first_end)]
            fields = behind.rstrip(b"\r\n").split(self.delimiter)
            is_own = b'"' not in behind and any(field.strip() for field in fields)
            if is_own and len(fields) == self.width:
                return _Line(first_end, [], "unclosed")
        return line

    def read_record(self, start: int) -> _Line:
        line, place = _Line(start, []), start
        while True:
            if self.block[place : place + 1] == b'"':
                place = self._read_quoted(place, line)
                if line.fate in {"unclosed", "waiting"}:
                    return line
            else:
                end = self._stop(place)
                line.fields.append(self.block[place:end])
                place = end
            if self.block[place : place + 1] != self.delimiter:
                line.end = self._line_end(place)
                return line
            place += 1

    def _read_quoted(self, place: int, line: _Line) -> int:
        close = self._closing_quote(place + 1)
        if close < 0:
            is_lost = self.is_last or len(self.block) - place > _FARTHEST
            line.fate, line.end = ("unclosed", self._line_end(place)) if is_lost else ("waiting", 0)
            return place
        behind = self.block[close + 1 : close + 2]
        if behind in {b"", b"\r", b"\n", self.delimiter}:
            line.fields.append(self.block[place + 1 : close].replace(b'""', b'"'))
            return close + 1
        if self._line_end(place) <= close:
            line.fate, line.end = "unclosed", self._line_end(place)
            return place
        end = self._stop(close + 1)
        line.fields.append(self.block[place:end])
        line.fate = "odd"
        return end

    def _closing_quote(self, place: int) -> int:
        close = self.block.find(b'"', place)
        while close >= 0 and self.block[close + 1 : close + 2] == b'"':
            close = self.block.find(b'"', close + 2)
        return close

    def _stop(self, place: int) -> int:
        found = self.stops.search(self.block, place)
        return found.start() if found else len(self.block)
