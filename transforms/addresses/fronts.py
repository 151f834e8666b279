"""What stands in front of a town: postal code, prefecture, city, or another city.

Belongs here: reading and skipping it. Must not hold: towns (`matches`), the list of municipalities.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.addresses.matches import fits
from transforms.addresses.municipalities import Place, find_place
from transforms.addresses.parts import Front, Parts

if TYPE_CHECKING:
    from transforms.addresses.letters import Folded
    from transforms.addresses.town_lists import TownList

_POSTAL = re.compile(r"^\(?〒?\(?([0-9]{3})-?([0-9]{4})\)?(?![0-9-])")
_UNKNOWN_CITY = re.compile(r"^[^0-9-]{1,6}?[市郡区](?![0-9])")


def read_postal(text: str) -> tuple[str | None, int]:
    """Return the seven digits in front, null where none are, and where they end."""
    found = _POSTAL.match(text)
    return (found[1] + found[2], found.end()) if found else (None, 0)


def read_front(text: str, at: int, towns: TownList) -> Front:
    """Skip the own prefecture and city, written once or more."""
    pref_seen, cities = False, 0
    while found := next((p for p in towns.prefixes if text.startswith(p, at)), None):
        at, cities = at + len(found), cities + 1
        pref_seen = len(found) > max(len(towns.prefixes[-1]), len(towns.prefixes[-2]))
    if not cities and text.startswith(towns.folded_pref, at):
        return Front(at + len(towns.folded_pref), pref=True, cities=0)
    return Front(at, pref=pref_seen, cities=cities)


def read_outside(text: Folded, at: int, front: Front, towns: TownList) -> Parts | None:
    """Return the parts of another city's address, null where it is none."""
    rest = text.text[at:]
    if front.cities == 0 and fits(text, front.at, towns):
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
