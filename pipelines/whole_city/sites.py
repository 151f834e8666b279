"""Where the places of the departments' lists lie, what they are called, and where one phones.

Belongs here: drawing places that nobody can find: 番 from 901 do not exist in the city's towns, and
no telephone number of 大阪 begins with 1 after its area code. Must not hold: what a department keeps
of a place (`systems`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import numpy as np

    from pipelines.whole_city.city import City

ADDRESS_FRONT = "大阪府豊中市"
FIRST_BLOCK, LAST_BLOCK = 901, 999
_LETTERS_A_BUILDING = 30
_SPREAD_DEGREES = 0.002
_BOUNDS = {"latitude": (34.72, 34.84), "longitude": (135.43, 135.52)}
_WHOLE_CITY = 400_000
_DIGITS = ("", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")


def count_for(city: City, per_400_000: int, least: int) -> int:
    """Say how many of a kind of place a city of its size has, at least `least`."""
    residents = city.residents_on(city.months[0]).height
    return max(least, round(residents * per_400_000 / _WHOLE_CITY))


def draw_sites(city: City, rng: np.random.Generator, count: int) -> pl.DataFrame:
    """Draw places anywhere in the city.

    Returns:
        `town`, `base`, `base_kana` (full width), `postal_code` (seven digits), `area`,
        `school_district`, `address` (as the platform writes it), `latitude`, `longitude`.
    """
    return place(city.towns[rng.integers(0, city.towns.height, count)], rng)


def draw_named(
    city: City, rng: np.random.Generator, count: int, words: Mapping[str, str]
) -> pl.DataFrame:
    """Draw places with names that differ: the name of a town and one of `words`.

    Args:
        city: gives the towns.
        rng: draws.
        count: how many; fewer where there are not so many names.
        words: what follows the name of the town, to its reading.

    Returns:
        As `draw_sites`, with `name`, `name_kana` and `word`.
    """
    bases = city.towns.with_row_index("at").group_by("base", maintain_order=True).agg("at")
    chosen = rng.permutation(bases.height * len(words))[:count]
    several = bases["at"].gather(chosen // len(words))
    nth = pl.Series(rng.integers(0, 1_000_000, len(chosen))) % several.list.len()
    towns = city.towns[several.list.get(nth).to_list()]
    word = pl.Series(list(words)).gather(chosen % len(words))
    reading = word.replace_strict(dict(words), return_dtype=pl.String)
    return place(towns, rng).with_columns(
        name=pl.col("base") + word, name_kana=pl.col("base_kana") + reading, word=word
    )


def place(towns: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Give each row of `TOWNS` an address and a place near the middle of the town."""
    return towns.select(
        "town",
        "base",
        pl.col("kana").str.normalize("NFKC").alias("base_kana"),
        pl.col("postal_code").str.replace("-", "", literal=True),
        "area",
        "school_district",
        pl.concat_str(pl.lit(ADDRESS_FRONT), "town", block(rng, towns.height)).alias("address"),
        near("latitude", rng, towns.height),
        near("longitude", rng, towns.height),
    )


def block(rng: np.random.Generator, count: int) -> pl.Expr:
    """Draw what follows the town in an address: 901-12."""
    numbers = pl.Series(rng.integers(FIRST_BLOCK, LAST_BLOCK, count))
    return pl.format("{}-{}", numbers, pl.Series(rng.integers(1, _LETTERS_A_BUILDING, count)))


def near(column: str, rng: np.random.Generator, count: int) -> pl.Expr:
    """Put places near the middle of their towns: `latitude` or `longitude`, to about 0.1 m."""
    slip = pl.Series(rng.uniform(-_SPREAD_DEGREES, _SPREAD_DEGREES, count))
    return (pl.col(column) + slip).clip(*_BOUNDS[column]).round(6)


def landline(exchange: int, serial: pl.Expr) -> pl.Expr:
    """Give the telephone of the n-th place of a list: (06)1012-0007; `exchange` is 1000 to 1999."""
    return pl.format("(06){}-{}", pl.lit(exchange), serial.cast(pl.String).str.zfill(4))


def serial() -> pl.Expr:
    """Number rows, 1 first."""
    return pl.int_range(pl.len()) + 1


def label(letters: str, digits: int) -> pl.Expr:
    """Number rows as a list does: `AED-0001`."""
    return pl.lit(letters) + serial().cast(pl.String).str.zfill(digits)


def later(first: dt.date, days: pl.Series) -> pl.Expr:
    """Give so many days after a first one."""
    return pl.lit(first) + pl.duration(days=pl.lit(days))


def read_number(number: int) -> str:
    """Read a number from 1 to 99 aloud: 23 is ニジュウサン."""
    tens, ones = divmod(number, 10)
    ten = "" if not tens else f"{_DIGITS[tens] if tens > 1 else ''}ジュウ"
    return ten + _DIGITS[ones]
