"""One address read with care, letter by letter: for spellings the quick reading does not know.

Belongs here: the order of postal code, prefecture, city, town, numbers and building. Must not hold:
verdicts of what was found (`address`), numbers and their marks (`tails`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from transforms.addresses.letters import Folded, fold, fold_name
from transforms.addresses.municipalities import Place, find_place
from transforms.addresses.numerals import write_kanji
from transforms.addresses.rooms import JOINTS, join_room
from transforms.addresses.tails import KANJI, Number, Tail, read_tail
from transforms.width import DASHES

if TYPE_CHECKING:
    from transforms.addresses.town_lists import Base, TownList


class Parts(NamedTuple):
    """What one text says.

    Attributes:
        rule: The rule that decided so far; postal code and register are compared later.
        level: How far it was resolved.
        pref: Prefecture.
        city: City.
        base: Official name without 丁目.
        town: Official name, 丁目 in kanji.
        block: 番 or 番地.
        number: 号, or the branch of a 番地.
        rest: Building and room as written.
        room: Room where it was one of the numbers.
        postal: Postal code as written, seven digits.
        reason: Why it stopped here or what was mended, in Japanese.
    """

    rule: str
    level: str
    pref: str | None = None
    city: str | None = None
    base: str | None = None
    town: str | None = None
    block: str | None = None
    number: str | None = None
    rest: str | None = None
    room: str | None = None
    postal: str | None = None
    reason: str | None = None


class Front(NamedTuple):
    """Prefecture and city in front: where they end, what was written and how often."""

    at: int
    pref: bool
    cities: int


class Match(NamedTuple):
    """A town found: its name, the end of its spelling, the rule it was found by."""

    base: Base
    end: int
    rule: str


_POSTAL = re.compile(r"^\(?〒?\(?([0-9]{3})-?([0-9]{4})\)?(?![0-9-])")
_SEVERAL = re.compile(r"[、，,;；/／\n\r]|及び|および|並びに|または|又は")
_VICINITY = re.compile(
    r"^\(?(?:ノ)?(付近|地内|地先|先|内|他|外|ホカ|横|前|隣|裏|周辺|近ク|近辺|一円|一帯|アタリ|辺リ)\)?$"
)
_RANGE = re.compile(rf"^[~・,、.](?=[0-9{KANJI}])|^カラ|^及ビ")
# Numerals or joints with no name behind them.
_BARE = re.compile(rf"^(?:[ノ~・,、.]+|[ノ~・,、.]*[{KANJI}]+)(?:[0-9(]|$)")
# Behind a 丁目 this would be a 小字 or a number.
_JOINED = re.compile(rf"^字|^ノ[0-9{KANJI}]")
_BRACKETS = re.compile(r"^[(（\[［【〔〈](.*)[)）\]］】〕〉]$", re.DOTALL)
_UNKNOWN_CITY = re.compile(r"^[^0-9-]{1,6}?[市郡区](?![0-9])")
_CONTINUES = re.compile(rf"^[0-9({KANJI}~・,、.]|^字|^付近|^地内|^地先|^先$|^ノ[0-9]|^-[0-9]")
_NUMBERED = re.compile(r"[0-9]+(?:-|ノ|番|丁目)")
_DIGITS_SHORT = 5
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
    postal, at = _read_postal(text.text)
    front = _read_front(text.text, at, towns)
    if front.at == at or front.pref:
        outside = _read_outside(text, at, front, towns)
        if outside is not None:
            return outside._replace(postal=postal)
    return _read_inside(raw, text, front, towns)._replace(postal=postal)


class Head(NamedTuple):
    """What stands before the first digit: the town, its 丁目 if in kanji, the rule and its reason.

    For another city `base` is null and the place is named instead.
    """

    base: Base | None
    chome: int | None
    rule: str
    reason: str | None
    pref: str | None
    city: str | None


def read_head(raw: str, towns: TownList) -> Head | None:
    """Return the town or the other city a text names, null where nothing is sure without the rest."""
    text = fold(raw)
    front = _read_front(text.text, 0, towns)
    numbered = fold(raw + "1")
    if not front.cities and not _match_towns(numbered, front.at, towns):
        outside = _read_outside(numbered, 0, front, towns)
        if outside is not None:
            return Head(None, None, outside.rule, outside.reason, outside.pref, outside.city)
    if front.pref and not front.cities:
        return None
    for match in _match_towns(text, front.at, towns):
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
    _, at = _read_postal(text.text)
    front = _read_front(text.text, at, towns)
    if front.cities or find_place(text.text[at:]):
        return True
    return any(read_tail(text, match.end).numbers for match in _match_towns(text, front.at, towns))


def _read_postal(text: str) -> tuple[str | None, int]:
    found = _POSTAL.match(text)
    return (found[1] + found[2], found.end()) if found else (None, 0)


def _read_front(text: str, at: int, towns: TownList) -> Front:
    """Skip the own prefecture and city, written once or more."""
    pref_seen, cities = False, 0
    while found := next((p for p in towns.prefixes if text.startswith(p, at)), None):
        at, cities = at + len(found), cities + 1
        pref_seen = len(found) > max(len(towns.prefixes[-1]), len(towns.prefixes[-2]))
    if not cities and text.startswith(towns.folded_pref, at):
        return Front(at + len(towns.folded_pref), pref=True, cities=0)
    return Front(at, pref=pref_seen, cities=cities)


def _read_outside(text: Folded, at: int, front: Front, towns: TownList) -> Parts | None:
    """Return the parts of another city's address, null where it is none."""
    rest = text.text[at:]
    if front.cities == 0 and _fits(text, front.at, towns):
        return None
    place = find_place(rest)
    if place is None:
        return None
    if (place.pref, place.city) == (towns.pref, towns.city):
        return None
    if place.city is None and place.pref == towns.pref:
        remaining = rest[place.length :]
        if not _UNKNOWN_CITY.match(remaining):
            return None
    return Parts("address.outside", "outside", place.pref, place.city, reason=_explain(place))


def _explain(place: Place) -> str:
    if place.city:
        return f"{place.pref}{place.city}の住所です。町名は調べていません"
    if place.pref:
        return f"{place.pref}の住所です。市区町村名が今の一覧にありません"
    return f"同じ名の市区町村が{place.readings}つあり、都道府県名がないので決められません"


def _fits(text: Folded, at: int, towns: TownList) -> bool:
    """Return whether a town of the own city stands here, with what it needs behind it."""
    return any(
        _check_chome(match, read_tail(text, match.end), towns) is None
        for match in _match_towns(text, at, towns)
    )


def _match_towns(text: Folded, at: int, towns: TownList) -> list[Match]:
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


def _check_chome(match: Match, tail: Tail, towns: TownList) -> tuple[str, str] | None:
    """Return the rule and the reason why the 丁目 does not do, null where it does."""
    base, numbers = match.base, tail.numbers
    first = numbers[0] if numbers else None
    if not base.has_chome and towns.chome_known:
        if first and first.mark == "chome":
            return "address.no_such_chome", f"{base.name}に丁目はありません"
        return None
    if not base.has_chome:
        return None
    if first is None or first.mark in {"block", "number", "room"}:
        return "address.no_chome", f"{base.name}の丁目が書かれていません"
    if _is_odd(first.digits):
        return "address.chome_unclear", "丁目の数字が読み切れません"
    if towns.chome_known and int(first.digits) not in base.chomes:
        return "address.no_such_chome", f"{base.name}に{first.digits}丁目はありません"
    if first.mark == "":
        return "address.no_chome", f"{base.name}の後の数字が丁目か番か分かりません"
    return None


def _is_odd(digits: str) -> bool:
    return digits.startswith("0") or len(digits) > _DIGITS_SHORT


def _read_inside(raw: str, text: Folded, front: Front, towns: TownList) -> Parts:
    """Return the parts of an address of the own city."""
    known = (
        Parts("", "city", towns.pref, towns.city)
        if front.cities or front.pref
        else Parts("", "none")
    )
    if front.at >= len(text.text):
        return _stop_early(known, front, towns)
    matches = _match_towns(text, front.at, towns)
    mended = False
    bare = towns.bare_city
    if not matches and not front.cities and text.text.startswith(bare, front.at):
        matches = _match_towns(text, front.at + len(bare), towns)
        mended = bool(matches)
    if not matches:
        return _refuse(known, text.text[front.at :], front, towns)
    failed: Parts | None = None
    for match in matches:
        tail = read_tail(text, match.end)
        fault = _check_chome(match, tail, towns)
        if match.rule == "ambiguous":
            names = "、".join(found.base.name for found in matches if found.end == match.end)
            return known._replace(
                **_city_only(towns),
                rule="address.reading_ambiguous",
                reason=f"同じ読みの町があります({names})",
            )
        if fault is None:
            return _assemble(raw, text, front, match, tail, towns, mended=mended)
        failed = failed or known._replace(**_city_only(towns), rule=fault[0], reason=fault[1])
        if _RANGE.match(text.text[tail.end :]):
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
    raw: str, text: Folded, front: Front, match: Match, tail: Tail, towns: TownList, *, mended: bool
) -> Parts:
    """Put town, numbers and building together and name the rule."""
    base, numbers = match.base, list(tail.numbers)
    town = base.name
    if base.has_chome:
        town += write_kanji(int(numbers.pop(0).digits)) + "丁目"
    parts = Parts("", "town", towns.pref, towns.city, base.name, town)
    parts = _place_numbers(parts, numbers)
    parts = _place_rest(parts, raw, text, tail.end, has_numbers=bool(tail.numbers))
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


def _place_numbers(parts: Parts, numbers: list[Number]) -> Parts:
    """Put the numbers behind the town in their places; what does not fit is left unread."""
    room = None
    if numbers and numbers[-1].mark == "room":
        room = numbers.pop().digits
    digits = [number.digits for number in numbers]
    marks = [number.mark for number in numbers]
    if (
        any(_is_odd(value) for value in digits)
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


def _place_rest(parts: Parts, raw: str, text: Folded, end: int, *, has_numbers: bool) -> Parts:
    """Cut what follows the numbers from the source: a building, a remark, or not understood."""
    rest = text.text[end:]
    if not rest or parts.rule:
        return parts
    if found := _VICINITY.match(rest):
        reason = f"「{found[1]}」とあり、場所が一つに決まりません"
        return parts._replace(rule="address.vicinity", level="town", reason=reason)
    if _RANGE.match(rest):
        return _drop_last(parts)._replace(rule="address.range", reason="番号が範囲で書かれています")
    if rest.startswith("(") and _NUMBERED.search(rest):
        return parts._replace(
            rule="address.unread", reason="かっこの中にも番地のような数字があります"
        )
    if rest.startswith("字") and not has_numbers:
        return _read_koaza(parts, text, end)
    written = _unwrap(raw[text.start[end] :])
    if not any(letter.isalnum() for letter in written) or "\n" in written:
        return parts._replace(rule="address.unread", reason="番号の後が読めません")
    if not has_numbers and not text.gap[end]:
        return parts._replace(rule="address.unread", reason="町名の後が読めません")
    whole = f"{parts.rest} {written}" if parts.rest else written
    joined = f"{whole} {parts.room}号室" if parts.room else join_room(whole)
    if not all(_stands_apart(parts, text) for text in (whole, joined)):
        return parts._replace(rule="address.unread", reason="番号と方書の境が読めません")
    return parts._replace(rest=whole)


def _stands_apart(parts: Parts, written: str) -> bool:
    """Return whether the building would be read the same behind the numbers and a space."""
    before = "-".join(filter(None, (parts.block, parts.number)))
    whole = fold(f"{before} {written}")
    rest, tail = whole.text[len(before) :], read_tail(whole, 0)
    if any(pattern.match(rest) for pattern in (_RANGE, _BARE, _VICINITY)):
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
    placed = _place_numbers(parts, numbers)
    return placed._replace(
        rule="address.koaza", level="town", reason=f"小字「{name}」は町名の一覧にありません"
    )


def _unwrap(written: str) -> str:
    """Return a building without what joins it to the numbers and without brackets around it."""
    bare = written.lstrip(JOINTS + DASHES).rstrip(JOINTS)
    while found := _BRACKETS.match(bare):
        bare = found[1].lstrip(JOINTS + DASHES).rstrip(JOINTS)
    return bare
