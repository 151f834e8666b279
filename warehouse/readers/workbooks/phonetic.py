"""Furigana: what the author typed before the input method made kanji of it, kept with the texts."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from pathlib import Path

_CHUNK = 1 << 20


def read_readings(path: Path, part: str, cells: dict[str, int]) -> dict[str, str]:
    """Give the reading of every cell whose text has one.

    Args:
        path: the workbook.
        part: the part of the shared texts.
        cells: cell → number of its text.
    """
    if not cells:
        return {}
    follower = _Follower(max(cells.values()))
    with zipfile.ZipFile(path) as archive, archive.open(part) as source:
        while not follower.is_done and (chunk := source.read(_CHUNK)):
            follower.parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no names
    found = follower.readings
    return {cell: found[number] for cell, number in cells.items() if number in found}


class _Follower:
    """Follows the texts: what is written, and the runs that say how a part of it is read."""

    def __init__(self, last: int) -> None:
        self.readings: dict[int, str] = {}
        self._last, self._number = last, -1
        self._written: list[str] = []
        self._runs: list[tuple[int, int, list[str]]] = []
        self._target: list[str] | None = None
        self._is_run = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    @property
    def is_done(self) -> bool:
        """Tell whether all texts that are wanted have been passed."""
        return self._number > self._last

    def _start(self, name: str, about: dict[str, str]) -> None:
        name = name.rsplit(":", 1)[-1]
        if name == "si":
            self._number += 1
            self._written, self._runs = [], []
        elif name == "rPh":
            self._is_run = True
            self._runs.append((int(about.get("sb", "0")), int(about.get("eb", "0")), []))
        elif name == "t":
            self._target = self._runs[-1][2] if self._is_run else self._written

    def _characters(self, text: str) -> None:
        if self._target is not None:
            self._target.append(text)

    def _end(self, name: str) -> None:
        name = name.rsplit(":", 1)[-1]
        if name == "t":
            self._target = None
        elif name == "rPh":
            self._is_run = False
        elif name == "si" and self._runs:
            self.readings[self._number] = _read_aloud("".join(self._written), self._runs)


def _read_aloud(written: str, runs: list[tuple[int, int, list[str]]]) -> str:
    """Put the readings in the place of what they read; the rest stays as it is written."""
    parts, at = [], 0
    for start, end, reading in sorted(runs, key=lambda run: run[0]):
        parts += [written[at:start], "".join(reading)]
        at = max(at, end)
    return "".join([*parts, written[at:]])
