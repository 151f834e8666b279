"""Which column of a layout a heading names: letter by letter, by glyph variant, by a known alias.

Belongs here: comparing headings with one layout. Must not hold: which layout a file is (`detect`),
what a difference is called (`columns`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from transforms.texts.headers import header_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.standard import Standard, StandardColumn

How = Literal["exact", "glyph", "alias"]
_LOOSE = re.compile(r"[_()\[\]【】「」<>・、,./;:ー]")
# A repeated heading is told apart as `name#2` by the readers.
_REPEATED = re.compile(r"#\d+$")


@dataclass(frozen=True)
class Match:
    """One heading and the column it names."""

    heading: str
    column: StandardColumn
    how: How


@dataclass(frozen=True)
class Matches:
    """What the headings of a table are in a layout.

    Attributes:
        found: In the order of the file; each column of the layout at most once.
        unknown: Headings the layout does not have.
        twice: Headings whose column another heading has taken already.
    """

    found: tuple[Match, ...]
    unknown: tuple[str, ...]
    twice: tuple[Match, ...]

    @property
    def headings(self) -> dict[str, str]:
        """Give the heading of every column found."""
        return {match.column.name: match.heading for match in self.found}


@lru_cache(maxsize=8192)
def fold_heading(heading: str) -> str:
    """Fold width, case, spaces and dashes, so that glyph variants are one: 名称＿カナ is 名称_カナ."""
    return header_key(heading).casefold()


@lru_cache(maxsize=8192)
def fold_loosely(heading: str) -> str:
    """Fold also brackets, underscores and points away: 名称（カナ） is 名称_カナ."""
    return _LOOSE.sub("", fold_heading(heading))


def bare_heading(heading: str) -> str:
    """Take off what tells a repeated heading apart."""
    return _REPEATED.sub("", heading)


def spellings(column: StandardColumn) -> tuple[str, ...]:
    """Give every heading known for a column: its name, its English one, those seen elsewhere."""
    english = (column.title_en,) if column.title_en else ()
    return (column.name, *english, *column.aliases)


def match_headings(headings: Sequence[str], standard: Standard) -> Matches:
    """Say what every heading of a table is in this layout.

    An exact heading has the column before a variant of it, wherever they stand.
    """
    index = _index(_Key(standard))
    judged = [(heading, *_look_up(heading, index)) for heading in headings]
    exact = {column.name for _, column, how in judged if column and how == "exact"}
    found, unknown, twice, taken = [], [], [], set()
    for heading, column, how in judged:
        if column is None:
            unknown.append(heading)
            continue
        match = Match(heading, column, how)
        if column.name in taken or (how != "exact" and column.name in exact):
            # An alias beside its column is another column of the publisher's own.
            if how == "alias":
                unknown.append(heading)
            else:
                twice.append(match)
            continue
        taken.add(column.name)
        found.append(match)
    return Matches(tuple(found), tuple(unknown), tuple(twice))


class _Key:
    """A layout as a key: it is frozen data without a hash of its own."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard

    def __hash__(self) -> int:
        return id(self.standard)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.standard is other.standard


@lru_cache(maxsize=128)
def _index(key: _Key) -> dict[str, tuple[StandardColumn, How]]:
    """Gather every spelling of every column, the surest first."""
    columns = (*key.standard.columns, *key.standard.also)
    index: dict[str, tuple[StandardColumn, How]] = {}
    for column in columns:
        index.setdefault(f"={column.name}", (column, "exact"))
    for fold in (fold_heading, fold_loosely):
        for column in columns:
            index.setdefault(fold(column.name), (column, "glyph"))
        for column in columns:
            for alias in spellings(column):
                index.setdefault(fold(alias), (column, "alias"))
    return index


def _look_up(
    heading: str, index: dict[str, tuple[StandardColumn, How]]
) -> tuple[StandardColumn | None, How]:
    bare = bare_heading(heading)
    for key in (f"={bare}", fold_heading(bare), fold_loosely(bare)):
        if key and key in index:
            return index[key]
    return None, "exact"
