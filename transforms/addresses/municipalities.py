"""Prefectures and municipalities: which one stands in front of an address.

Belongs here: the list and the longest match. Must not hold: towns.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.addresses.letters import fold_name

_FILE = Path(__file__).parent / "data" / "municipalities.csv"


class Place(NamedTuple):
    """What stands in front: prefecture and city where known, and the length read."""

    pref: str | None
    city: str | None
    length: int
    readings: int = 1


class Gazetteer(NamedTuple):
    """Folded spellings to places.

    Attributes:
        prefs: Spelling of a prefecture, in full.
        short: Prefecture without 都, 府, 県 to its full name.
        within: Prefecture and folded spelling to the city in it.
        alone: Folded spelling to every `(pref, city)` it may be.
        longest: Letters of the longest spelling.
    """

    prefs: Mapping[str, str]
    short: Mapping[str, str]
    within: Mapping[tuple[str, str], str]
    alone: Mapping[str, tuple[tuple[str, str], ...]]
    longest: int


@cache
def read_gazetteer() -> Gazetteer:
    """Return the gazetteer of the bundled list."""
    listed = pl.read_csv(_FILE, infer_schema=False).select("pref", "city").rows()
    prefs = {fold_name(pref): pref for pref, _ in listed}
    within: dict[tuple[str, str], str] = {}
    alone: dict[str, list[tuple[str, str]]] = {}
    doubtful: set[tuple[str, str]] = set()
    for pref, city in listed:
        for spelling in _spellings(city):
            key = fold_name(spelling)
            if within.setdefault((pref, key), city) != city and spelling != city:
                doubtful.add((pref, key))
            alone.setdefault(key, []).append((pref, city))
    full = {(pref, fold_name(city)): city for pref, city in listed}
    kept = {place: city for place, city in within.items() if place not in doubtful} | full
    return Gazetteer(
        prefs=MappingProxyType(prefs),
        short=MappingProxyType({key[:-1]: pref for key, pref in prefs.items() if pref != "北海道"}),
        within=MappingProxyType(kept),
        alone=MappingProxyType({key: tuple(places) for key, places in alone.items()}),
        longest=max(map(len, alone)),
    )


def _spellings(city: str) -> set[str]:
    """Return how a city is written: in full, without its 郡, a ward without its city."""
    spelt = {city}
    county, mark, town = city.partition("郡")
    if (
        mark
        and county
        and town
        and not city.endswith("市")
        and town[-1] in "町村"
        and len(town) > 1
    ):
        spelt.add(town)
    if city.endswith("区") and "市" in city:
        spelt.add(city[city.index("市") + 1 :])
    return spelt


def find_place(text: str) -> Place | None:
    """Return the municipality in front of a folded text, the longest that fits.

    Without a prefecture a name found in several is returned with neither; a 町 or 村 counts only
    when a name follows, because 本町1-1 is a town of some city.
    """
    known = read_gazetteer()
    for size in (3, 4):
        if pref := known.prefs.get(text[:size]):
            return _within(pref, text, size) or Place(pref, None, size)
    return _alone(text) or _shortened(text)


def _within(pref: str, text: str, skip: int) -> Place | None:
    known = read_gazetteer()
    for end in range(min(len(text), skip + known.longest), skip, -1):
        if city := known.within.get((pref, text[skip:end])):
            return Place(pref, city, end)
    return None


def _alone(text: str) -> Place | None:
    known = read_gazetteer()
    for end in range(min(len(text), known.longest), 1, -1):
        places = known.alone.get(text[:end])
        if places is None or (text[end - 1] in "町村" and not _names_more(text, end)):
            continue
        if len(places) == 1:
            return Place(*places[0], end)
        return Place(None, None, end, len(places))
    return None


def _names_more(text: str, end: int) -> bool:
    """Return whether a 町 or 村 is a municipality: its 郡 is written or a name follows."""
    return "郡" in text[:end] or text[end : end + 1] not in {
        "",
        *"0123456789一二三四五六七八九十-(",
    }


def _shortened(text: str) -> Place | None:
    """Return the place behind a prefecture written without 都, 府 or 県."""
    known = read_gazetteer()
    for size in (2, 3):
        if (pref := known.short.get(text[:size])) and (found := _within(pref, text, size)):
            return found
    return None
