"""One address read with care, letter by letter: for spellings the quick reading does not know.

Belongs here: the order of postal code, prefecture, city, town, numbers and building, and the rule it
comes to. Must not hold: what is compared afterwards (`address`), the reading of each part.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.addresses.fronts import read_front, read_outside, read_postal
from transforms.addresses.letters import Folded, fold, fold_name
from transforms.addresses.matches import check_chome, match_towns
from transforms.addresses.municipalities import find_place
from transforms.addresses.numerals import write_kanji
from transforms.addresses.parts import Front, Head, Match, Parts
from transforms.addresses.remainders import is_range, place_numbers, place_rest
from transforms.addresses.tails import Tail, read_tail

if TYPE_CHECKING:
    from transforms.addresses.town_lists import TownList

_SEVERAL = re.compile(r"[、，,;；/／\n\r]|及び|および|並びに|または|又は")
_SUGGESTED = 2


def read_address(raw: str, towns: TownList) -> Parts:
    """Return the parts of one address; never raises.

    Args:
        raw: Text, not blank.
        towns: The city that is meant where none is written.
    """
    if several := _find_several(raw, towns):
        return several
    text = fold(raw)
    postal, at = read_postal(text.text)
    front = read_front(text.text, at, towns)
    if front.at == at or front.pref:
        outside = read_outside(text, at, front, towns)
        if outside is not None:
            return outside._replace(postal=postal)
    return _read_inside(raw, text, front, towns)._replace(postal=postal)


def read_head(raw: str, towns: TownList) -> Head | None:
    """Return the town or the other city a text names, null where nothing is sure without the rest."""
    text = fold(raw)
    front = read_front(text.text, 0, towns)
    numbered = fold(raw + "1")
    if not front.cities and not match_towns(numbered, front.at, towns):
        outside = read_outside(numbered, 0, front, towns)
        if outside is not None:
            return Head(None, None, outside.rule, outside.reason, outside.pref, outside.city)
    if front.pref and not front.cities:
        return None
    for match in match_towns(text, front.at, towns):
        if match.rule == "ambiguous":
            return None
        tail = read_tail(text, match.end)
        marks = [number.mark for number in tail.numbers]
        if tail.end == len(text.text) and (
            not marks or (marks == ["chome"] and match.base.has_chome)
        ):
            chome = int(tail.numbers[0].digits) if marks else None
            rule, reason = _name_rule(raw, text, front, match, mended=False)
            return Head(match.base, chome, rule, reason, towns.pref, towns.city)
    return None


def _find_several(raw: str, towns: TownList) -> Parts | None:
    """Return the verdict on a cell of several addresses, told by the separators in it."""
    pieces = [piece for piece in _SEVERAL.split(raw) if piece.strip()]
    if len(pieces) <= 1:
        return None
    texts = [fold(piece) for piece in pieces]
    placed = [_is_address(text, towns) for text in texts]
    if any(placed[1:]):
        return Parts("address.several", "none", reason="住所が二つ以上書かれています")
    return None


def _is_address(text: Folded, towns: TownList) -> bool:
    _, at = read_postal(text.text)
    front = read_front(text.text, at, towns)
    if front.cities or find_place(text.text[at:]):
        return True
    return any(read_tail(text, match.end).numbers for match in match_towns(text, front.at, towns))


def _read_inside(raw: str, text: Folded, front: Front, towns: TownList) -> Parts:
    """Return the parts of an address of the own city."""
    known = (
        Parts("", "city", towns.pref, towns.city)
        if front.cities or front.pref
        else Parts("", "none")
    )
    if front.at >= len(text.text):
        return _stop_early(known, front, towns)
    matches = match_towns(text, front.at, towns)
    mended = False
    bare = towns.bare_city
    if not matches and not front.cities and text.text.startswith(bare, front.at):
        matches = match_towns(text, front.at + len(bare), towns)
        mended = bool(matches)
    if not matches:
        return _refuse(known, text.text[front.at :], front, towns)
    failed: Parts | None = None
    for match in matches:
        tail = read_tail(text, match.end)
        fault = check_chome(match, tail, towns)
        if match.rule == "ambiguous":
            names = "、".join(found.base.name for found in matches if found.end == match.end)
            return known._replace(
                **_city_only(towns),
                rule="address.reading_ambiguous",
                reason=f"同じ読みの町があります({names})",
            )
        if fault is None:
            return _assemble(raw, text, front, match, tail, towns=towns, mended=mended)
        failed = failed or known._replace(**_city_only(towns), rule=fault[0], reason=fault[1])
        if is_range(text.text[tail.end :]):
            failed = failed._replace(rule="address.range", reason="番号が範囲で書かれています")
    return failed or known


def _city_only(towns: TownList) -> dict[str, str]:
    return {"level": "city", "pref": towns.pref, "city": towns.city}


def _stop_early(known: Parts, front: Front, towns: TownList) -> Parts:
    if front.cities:
        return known._replace(rule="address.incomplete", reason="町名が書かれていません")
    if front.pref:
        return Parts(
            "address.incomplete", "prefecture", towns.pref, reason="市区町村名が書かれていません"
        )
    return Parts("address.incomplete", "none", reason="郵便番号だけが書かれています")


def _refuse(known: Parts, rest: str, front: Front, towns: TownList) -> Parts:
    """Return the refusal of a town that does not exist; the nearest names are only mentioned."""
    if front.pref and not front.cities:
        known = known._replace(level="prefecture", city=None)
    if not front.cities and not front.pref and not re.search("[0-9一二三四五六七八九十]", rest):
        return known._replace(rule="address.not_address", reason="住所として読めません")
    head = re.split("[0-9(-]", rest, maxsplit=1)[0]
    near = sorted(
        {name for key, names in towns.keys.items() if _alike(key, head) for name in names},
        key=len,
    )
    reason = f"{towns.city}にこの町名はありません"
    if near:
        reason += f"({'、'.join(near[:_SUGGESTED])}ではありませんか)"
    return known._replace(rule="address.no_town", reason=reason)


def _alike(key: str, head: str) -> bool:
    """Return whether one is the other with a letter or two added: 東豊中 and 東豊中町."""
    short, long = sorted((key.replace("ケ", ""), head.replace("ケ", "")), key=len)
    return (
        len(short) > 1
        and len(long) - len(short) <= _SUGGESTED
        and (long.startswith(short) or long.endswith(short))
    )


def _assemble(
    raw: str, text: Folded, front: Front, match: Match, tail: Tail, *, towns: TownList, mended: bool
) -> Parts:
    """Put town, numbers and building together and name the rule."""
    base, numbers = match.base, list(tail.numbers)
    town = base.name
    if base.has_chome:
        town += write_kanji(int(numbers.pop(0).digits)) + "丁目"
    parts = Parts("", "town", towns.pref, towns.city, base.name, town)
    parts = place_numbers(parts, numbers)
    parts = place_rest(parts, raw, text, tail.end, has_numbers=bool(tail.numbers))
    if parts.rule:
        return parts
    if front.pref and not front.cities:
        return parts._replace(
            rule="address.city_missing", reason="都道府県名の次に市区町村名がありません"
        )
    if base.has_chome and not towns.chome_known:
        return parts._replace(
            rule="address.chome_unverified", reason="丁目の一覧がないので確かめていません"
        )
    rule, reason = _name_rule(raw, text, front, match, mended=mended)
    return parts._replace(rule=rule, reason=parts.reason or reason)


def _name_rule(
    raw: str, text: Folded, front: Front, match: Match, *, mended: bool
) -> tuple[str, str | None]:
    name = match.base.name
    if front.cities > 1:
        return "address.doubled", "重ねて書かれた市名を一つにしました"
    if mended:
        return "address.city_mended", "市名の「市」を補いました"
    if match.rule == "reading":
        return "address.reading", f"かなの町名を{name}と読みました"
    begin = match.end - len(fold_name(name))
    written = "".join(raw[text.start[begin] : text.start[match.end]].split())
    if written.rstrip("-－") != name:
        return "address.variant", f"町名の字を{name}にそろえました"
    return "address.written_form", None
