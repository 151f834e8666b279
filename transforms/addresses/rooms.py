"""Building and room: 豊中ハイツ203号室 is 豊中ハイツ and 203.

Belongs here: where a building ends and its room begins. Must not hold: numbers of an address.
"""

from typing import NamedTuple

import polars as pl

from transforms.verdict import CONTROLS, WHITESPACE

MARK = "号室"
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
    f"^((?s:.*)[^{_DIGIT}{_JOIN}]|)[{_JOIN}]?([{_DIGIT}]+[A-ZＡ-Ｚ]?)(?:号室|室)$",
)
_NARROW = {chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)} | dict.fromkeys(
    "－‐−―", "-"
)


class Rooms(NamedTuple):
    """What stands behind the numbers, each an expression.

    Attributes:
        building: Building and room, as written.
        room: The room alone, in half-width digits.
        line: `building` with what joins it to the numbers in one line.
    """

    building: pl.Expr
    room: pl.Expr
    line: pl.Expr


def part_rooms(rest: pl.Expr, last: pl.Expr, number: pl.Expr) -> Rooms:
    """Return building and room of what follows the numbers of an address.

    Args:
        rest: What follows the numbers, as written, or a 棟 that was one of them.
        last: Room where it was the last of the numbers, with `MARK` where it was marked so.
        number: The number (号) before them.
    """
    rest = rest.str.strip_chars(JOINTS)
    found = [rest.str.extract_groups(pattern).struct.field("2") for pattern in _PATTERNS]
    bare = last.str.strip_suffix(MARK)
    is_numbers = rest.is_null() | (number.is_not_null() & rest.str.contains("^[0-9]+$"))
    building = (
        pl.when(last.is_null())
        .then(rest)
        .when(is_numbers)
        .then(pl.concat_str(rest, last, separator="-", ignore_nulls=True))
        .otherwise(rest + " " + bare + MARK)
    )
    building = pl.when(building != "").then(building)
    hyphened = last.is_not_null() & is_numbers & (rest.is_not_null() | (last == bare))
    return Rooms(
        building,
        pl.coalesce(bare, *found).str.replace_many(list(_NARROW), list(_NARROW.values())),
        pl.when(hyphened).then("-" + building).otherwise(" " + building),
    )
