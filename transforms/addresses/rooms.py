"""Building and room: 豊中ハイツ203号室 is 豊中ハイツ and 203.

Belongs here: where a building ends and its room begins. Must not hold: numbers of an address.
"""

import re
from typing import NamedTuple

import polars as pl

from transforms.verdict import CONTROLS, WHITESPACE

JOINTS = WHITESPACE + CONTROLS + "-－−‐、,，:：;；/／"
_DIGIT, _LATIN, _JOIN = "0-9０-９", "A-Za-zＡ-Ｚａ-ｚ", "－‐−―-"
_MARKED = "(?:号室|号|室)?"
# Three or four digits are a room; fewer only with 号室; a letter or a 棟 number may stand before.
_PATTERNS = (
    (
        f"^((?s:.*)[^{_DIGIT}{_LATIN}{_JOIN}]|)((?:[{_LATIN}][{_JOIN}]?|[{_DIGIT}]{{1,2}}[{_JOIN}])"
        f"[{_DIGIT}]{{3,4}}){_MARKED}$"
    ),
    f"^((?s:.*)[^{_DIGIT}{_JOIN}]|)[{_JOIN}]?([{_DIGIT}]{{3,4}}[A-ZＡ-Ｚ]?){_MARKED}$",
    f"^((?s:.*)[^{_DIGIT}{_JOIN}]|)[{_JOIN}]?([{_DIGIT}]{{1,4}}[A-ZＡ-Ｚ]?)(?:号室|室)$",
)
_COMPILED = tuple(re.compile(pattern) for pattern in _PATTERNS)
_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)} | dict.fromkeys(
    "－‐−―", "-"
)


class Rooms(NamedTuple):
    """A building as written and a room in half-width, each an expression."""

    building: pl.Expr
    room: pl.Expr


def part_rooms(rest: pl.Expr) -> Rooms:
    """Return building and room of what follows the numbers of an address."""
    rest = rest.str.strip_chars(JOINTS)
    found = [rest.str.extract_groups(pattern).struct for pattern in _PATTERNS]
    building = pl.coalesce(*(groups.field("1") for groups in found), rest)
    room = pl.coalesce(*(groups.field("2") for groups in found))
    return Rooms(
        building.str.strip_chars(JOINTS),
        room.str.replace_many(list(_NARROW), list(_NARROW.values())),
    )


def join_room(rest: str) -> str:
    """Return one text as it will be written: the room apart and with 号室."""
    rest = rest.strip(JOINTS)
    for pattern in _COMPILED:
        if found := pattern.match(rest):
            return f"{found[1].strip(JOINTS)} {found[2]}号室".strip()
    return rest
