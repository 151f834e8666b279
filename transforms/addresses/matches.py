"""Which towns of a list may stand at a place of a text, and whether the 丁目 behind does.

Belongs here: the longest match and its backtracking. Must not hold: what follows the 丁目
(`remainders`), prefecture and city (`fronts`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.addresses.parts import Match
from transforms.addresses.tails import KANJI, is_odd, read_tail

if TYPE_CHECKING:
    from transforms.addresses.letters import Folded
    from transforms.addresses.tails import Number, Tail
    from transforms.addresses.town_lists import Base, TownList

_MOST_CHOMES = 99
_CONTINUES = re.compile(rf"^[0-9({KANJI}~・,、.]|^字|^付近|^地内|^地先|^先$|^ノ[0-9]|^-[0-9]")


def fits(text: Folded, at: int, towns: TownList) -> bool:
    """Return whether a town of the own city stands here, with what it needs behind it."""
    return any(
        check_chome(match, read_tail(text, match.end), towns) is None
        for match in match_towns(text, at, towns)
    )


def match_towns(text: Folded, at: int, towns: TownList) -> list[Match]:
    """Return the towns that may stand here, longest spelling first."""
    found = []
    for skip in ("", "大字", "字"):
        if not text.text.startswith(skip, at):
            continue
        begin = at + len(skip)
        for end in range(min(len(text.text), begin + towns.longest), begin, -1):
            names = towns.keys.get(text.text[begin:end], ())
            if not names or not (_goes_on(text, end)):
                continue
            rule = "reading" if text.text[begin:end] in towns.readings else "name"
            found += [
                Match(towns.bases[name], end, rule if len(names) == 1 else "ambiguous")
                for name in names
            ]
        if found:
            break
    return found


def _goes_on(text: Folded, end: int) -> bool:
    """Return whether a town may end here: before a number, white space, a bracket, a remark."""
    rest = text.text[end:]
    if not rest or text.gap[end]:
        return True
    if rest[0] in KANJI:
        return bool(read_tail(text, end).numbers)
    return bool(_CONTINUES.match(rest)) or bool(re.match("[0-9]", rest))


def check_chome(match: Match, tail: Tail, towns: TownList) -> tuple[str, str] | None:
    """Return the rule and the reason why the 丁目 does not do, null where it does."""
    base, first = match.base, tail.numbers[0] if tail.numbers else None
    if base.has_chome:
        return _check_divided(base, first, towns)
    if towns.chome_known and first and first.mark == "chome":
        return "address.no_such_chome", f"{base.name}に丁目はありません"
    return None


def _check_divided(base: Base, first: Number | None, towns: TownList) -> tuple[str, str] | None:
    """Check the first number of a town that is divided into 丁目."""
    fault = None
    if first is None or first.mark in {"block", "number", "room"}:
        fault = "address.no_chome", f"{base.name}の丁目が書かれていません"
    elif is_odd(first.digits) or (not towns.chome_known and int(first.digits) > _MOST_CHOMES):
        fault = "address.chome_unclear", "丁目の数字が読み切れません"
    elif towns.chome_known and int(first.digits) not in base.chomes:
        fault = "address.no_such_chome", f"{base.name}に{first.digits}丁目はありません"
    elif first.mark in {"", "odd"}:
        fault = "address.no_chome", f"{base.name}の後の数字が丁目か番か分かりません"
    return fault
