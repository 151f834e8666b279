"""What follows a town and its 丁目: numbers in their places, a building, a remark.

Belongs here: which number is 番, 号 or a room, and what may be cut off as a building. Must not hold:
which towns exist.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.addresses.letters import fold
from transforms.addresses.rooms import JOINTS, MARK
from transforms.addresses.tails import KANJI, is_odd, read_tail
from transforms.width import DASHES

if TYPE_CHECKING:
    from transforms.addresses.letters import Folded
    from transforms.addresses.parts import Parts
    from transforms.addresses.tails import Number

_VICINITY = re.compile(
    r"^\(?(?:ノ)?(付近|地内|地先|先|内|他|外|ホカ|横|前|隣|裏|周辺|近ク|近辺|一円|一帯|アタリ|辺リ)\)?$"
)
_RANGE = re.compile(rf"^[~・,、.](?=[0-9{KANJI}])|^カラ|^及ビ")
# Numerals or joints with no name behind them.
_BARE = re.compile(rf"^(?:[ノ~・,、.]+|[ノ~・,、.]*[{KANJI}]+)(?:[0-9(]|$)")
# Behind a 丁目 this would be a 小字 or a number.
_JOINED = re.compile(rf"^字|^ノ[0-9{KANJI}]")
_BRACKETS = re.compile(r"^[(（\[［【〔〈](.*)[)）\]］】〕〉]$", re.DOTALL)
_NUMBERED = re.compile(r"[0-9]+(?:-|ノ|番|丁目)")


def place_numbers(parts: Parts, numbers: list[Number]) -> Parts:
    """Put the numbers behind the town in their places; what does not fit is left unread."""
    room = None
    if numbers and numbers[-1].mark == "room":
        room = numbers.pop().digits + MARK
    digits = [number.digits for number in numbers]
    marks = [number.mark for number in numbers]
    if (
        any(is_odd(value) for value in digits)
        or {"chome", "odd"} & {*marks}
        or _out_of_order(marks)
    ):
        return parts._replace(rule="address.unread", reason="番・号の数字が読み切れません")
    block, number, *more = [*digits, None, None][: max(2, len(digits))]
    level = "number" if number else "block" if block else "town"
    parts = parts._replace(block=block, number=number, level=level, room=room)
    if not more:
        return parts
    if len(more) > 2 or (room and len(more) > 1):  # noqa: PLR2004 (a building and a room)
        return parts._replace(rule="address.unread", reason="番号が多すぎて読み分けられません")
    if room:
        return parts._replace(rest=f"{more[0]}", reason="3つ目の番号を棟、最後を部屋とみなしました")
    if len(more) == 1:
        return parts._replace(room=more[0], reason="番号の最後を部屋とみなしました")
    return parts._replace(
        rest=more[0], room=more[1], reason="番号の最後を部屋、その前を棟とみなしました"
    )


def _out_of_order(marks: list[str]) -> bool:
    """Return whether 号 stands first, or 番 behind the second number (1-2番地 is one branch)."""
    if marks[:1] == ["number"]:
        return True
    return any(
        mark == "block" and (at > 1 or (at == 1 and marks[0] != "dash"))
        for at, mark in enumerate(marks)
    )


def place_rest(parts: Parts, raw: str, text: Folded, end: int, *, has_numbers: bool) -> Parts:
    """Cut what follows the numbers from the source: a building, a remark, or not understood."""
    rest = text.text[end:]
    if not rest or parts.rule:
        return parts
    if remark := _read_remark(parts, rest):
        return remark
    if rest.startswith("字") and not has_numbers:
        return _read_koaza(parts, text, end)
    return _cut_building(parts, raw[text.start[end] :], glued=not (has_numbers or text.gap[end]))


def _read_remark(parts: Parts, rest: str) -> Parts | None:
    """Return the parts where what follows is no building: 付近, a range, another address."""
    if found := _VICINITY.match(rest):
        reason = f"「{found[1]}」とあり、場所が一つに決まりません"
        return parts._replace(rule="address.vicinity", level="town", reason=reason)
    if _RANGE.match(rest):
        return _drop_last(parts)._replace(rule="address.range", reason="番号が範囲で書かれています")
    if rest.startswith("(") and _NUMBERED.search(rest):
        reason = "かっこの中にも番地のような数字があります"
        return parts._replace(rule="address.unread", reason=reason)
    return None


def _cut_building(parts: Parts, written: str, *, glued: bool) -> Parts:
    """Keep the building where it is one and would be read the same again."""
    written = _unwrap(written)
    whole = f"{parts.rest} {written}" if parts.rest else written
    joined = f"{whole} {parts.room.removesuffix(MARK)}{MARK}" if parts.room else whole
    reason = None
    if not any(letter.isalnum() for letter in written) or "\n" in written:
        reason = "番号の後が読めません"
    elif glued:
        reason = "町名の後が読めません"
    elif not all(_stands_apart(parts, text) for text in (whole, joined)):
        reason = "番号と方書の境が読めません"
    if reason:
        return parts._replace(rule="address.unread", reason=reason)
    return parts._replace(rest=whole)


def _stands_apart(parts: Parts, written: str) -> bool:
    """Return whether the building would be read the same behind the numbers and a space."""
    before = "-".join(filter(None, (parts.block, parts.number)))
    whole = fold(f"{before} {written}")
    rest, tail = whole.text[len(before) :], read_tail(whole, 0)
    if any(pattern.match(rest) for pattern in (_RANGE, _BARE, _VICINITY)):
        return False
    if rest.startswith("(") and _NUMBERED.search(rest):
        return False
    if not before and _JOINED.match(rest):
        return False
    if _NUMBERED.search(rest) and (not before or _looks_like_address(rest)):
        return False
    digits = [number.digits for number in tail.numbers]
    return tail.end == len(before) and digits == [n for n in (parts.block, parts.number) if n]


def _drop_last(parts: Parts) -> Parts:
    """Return the parts without the last number: it is only one end of a range."""
    if parts.number:
        return parts._replace(number=None, room=None, level="block")
    return parts._replace(block=None, level="town")


def _looks_like_address(rest: str) -> bool:
    return bool(re.search(r"丁目|[0-9]+-[0-9]+-[0-9]+|[0-9]番地?[0-9]", rest))


def _read_koaza(parts: Parts, text: Folded, end: int) -> Parts:
    found = re.match("字([^0-9]+)", text.text[end:])
    name = found[1] if found else ""
    numbers = read_tail(text, end + (found.end() if found else 0)).numbers
    placed = place_numbers(parts, numbers)
    return placed._replace(
        rule="address.koaza", level="town", reason=f"小字「{name}」は町名の一覧にありません"
    )


def _unwrap(written: str) -> str:
    """Return a building without what joins it to the numbers and without brackets around it."""
    bare = written.lstrip(JOINTS + DASHES).rstrip(JOINTS)
    while found := _BRACKETS.match(bare):
        bare = found[1].lstrip(JOINTS + DASHES).rstrip(JOINTS)
    return bare


def is_range(rest: str) -> bool:
    """Return whether what follows a number makes it one end of a range: ~3, ・2."""
    return bool(_RANGE.match(rest))
