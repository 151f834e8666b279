"""From the register to the tables of `City`: numbers become names, days become dates.

Belongs here: writing out what the register holds, and what nothing depends on (numbers of persons
and households, telephones, mail). Telephones cannot be anybody's: a local exchange never begins
with 1, and no mobile number with 0 after its first three digits (電気通信番号規則 別表).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import PERSONS, VERSIONS, City
from pipelines.whole_city.people.draws import open_stream
from pipelines.whole_city.people.elsewhere import list_places
from pipelines.whole_city.people.founding import completed_years
from pipelines.whole_city.people.kinship import RELATIONSHIPS
from pipelines.whole_city.people.names import read_names
from pipelines.whole_city.people.places import BUILDINGS, list_towns
from pipelines.whole_city.people.register import ALIVE, REASONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pipelines.whole_city.people.register import Register

_FIRST_RESIDENT, _FIRST_HOUSEHOLD = 1_000_000, 200_000
_PHONE_FROM, _MAIL_FROM, _MAIL_UNTIL = 12, 15, 85
_MAIL_WORDS = (
    "sakura",
    "midori",
    "hikari",
    "aoba",
    "kaede",
    "sumire",
    "izumi",
    "nagisa",
    "tsubame",
)
_PHONE_KINDS = ["06-1", "090-0", "070-0"]


def to_city(register: Register, seed: int, months: Sequence[dt.date], day: int) -> City:
    """Give the city as others see it; `day` is the one on which those with a telephone were old enough."""
    households = _number(seed, "households", _FIRST_HOUSEHOLD, len(register.households))
    return City(
        seed=seed,
        months=tuple(months),
        towns=list_towns(),
        persons=_persons(register, seed, day),
        versions=_versions(register, households),
    )


def _persons(register: Register, seed: int, day: int) -> pl.DataFrame:
    people, names = register.people, read_names()
    count = len(people)
    years = completed_years(people["birth"], day)
    return pl.DataFrame(
        {
            "person": np.arange(count, dtype=np.int32),
            "resident_id": _number(seed, "residents", _FIRST_RESIDENT, count),
            "given": _say(names.givens, people["given"]),
            "given_kana": _say(names.given_kana, people["given"]),
            "sex_code": _say(["", "1", "2"], people["sex"]),
            "birth_date": _date(people["birth"]),
            "death_date": _date(people["death"]),
            "nationality": _say(names.nations, people["nation"]),
            "mother": _person(people["mother"]),
            "father": _person(people["father"]),
            **_contacts(seed, years).to_dict(),
        },
        schema=PERSONS,
    )


def _versions(register: Register, households: pl.Series) -> pl.DataFrame:
    rows, names = register.rows(), read_names()
    return pl.DataFrame(
        {
            "person": rows["person"],
            "number": rows["number"],
            "effective_date": _date(rows["effective"]),
            "notified_date": _date(rows["notified"]),
            "reason": _say(REASONS, rows["reason"]),
            "surname": _say(names.surnames, rows["surname"]),
            "surname_kana": _say(names.surname_kana, rows["surname"]),
            "household_id": households.gather(rows["household"]),
            "head": rows["head"],
            "relationship": _say(RELATIONSHIPS, rows["relationship"]),
            "town_id": rows["town"],
            "block": _write_blocks(rows),
            "building": _write_buildings(rows),
            "is_resident": rows["resident"],
            "elsewhere": _say(list_places(), rows["elsewhere"]),
        },
        schema=VERSIONS,
    )


def _say(words: Sequence[str], indices: np.ndarray) -> pl.Series:
    """Give the words at indices, nothing where an index is negative."""
    known = pl.Series(indices.astype(np.int64))
    return pl.Series(words, dtype=pl.String).gather(known.set(known < 0, None))


def _date(days: np.ndarray) -> pl.Series:
    known = pl.Series(np.ascontiguousarray(days))
    return known.set(known == ALIVE, None).cast(pl.Date)


def _person(indices: np.ndarray) -> pl.Series:
    known = pl.Series(np.ascontiguousarray(indices))
    return known.set(known < 0, None)


def _number(seed: int, purpose: str, first: int, count: int) -> pl.Series:
    """Give so many rising numbers of ten digits, with gaps."""
    steps = open_stream(seed, purpose).integers(1, 10, count)
    return pl.Series(first + np.cumsum(steps)).cast(pl.String).str.zfill(10)


def _write_blocks(rows: np.ndarray) -> pl.Series:
    frame = pl.DataFrame({"block": rows["block"], "house": rows["house"]})
    return frame.select(pl.format("{}番{}号", "block", "house")).to_series()


def _write_buildings(rows: np.ndarray) -> pl.Series:
    frame = pl.DataFrame({"building": _say(BUILDINGS, rows["building"]), "room": rows["room"]})
    written = pl.format("{}{}号室", "building", "room")
    return frame.select(pl.when(pl.col("building").is_not_null()).then(written)).to_series()


def _draw_contacts(seed: int, count: int) -> pl.DataFrame:
    """Draw what telephones and mail are made of, person after person: more people change nobody's."""
    bounds = {
        "kind": len(_PHONE_KINDS),
        "middle": 1000,
        "last": 9999,
        "word": len(_MAIL_WORDS),
        "luck": 100,
    }
    drawn = open_stream(seed, "contacts").integers(0, list(bounds.values()), (count, len(bounds)))
    return pl.DataFrame(drawn, schema=list(bounds)).with_columns(
        kind=_say(_PHONE_KINDS, drawn[:, 0]),
        middle=pl.col("middle").cast(pl.String).str.zfill(3),
        last=(pl.col("last") + 1).cast(pl.String).str.zfill(4),
        word=_say(_MAIL_WORDS, drawn[:, 3]),
        serial=pl.int_range(pl.len()) + 1,
    )


def _contacts(seed: int, years: np.ndarray) -> pl.DataFrame:
    """Give `phone` and `email` to those old enough; one of ten and two of five have none."""
    age = pl.lit(pl.Series(years))
    phone = (age >= _PHONE_FROM) & (pl.col("luck") >= 10)  # noqa: PLR2004 - of 100
    email = (age >= _MAIL_FROM) & (age < _MAIL_UNTIL) & (pl.col("luck") < 60)  # noqa: PLR2004 - of 100
    return _draw_contacts(seed, len(years)).select(
        phone=pl.when(phone).then(pl.format("{}{}-{}", "kind", "middle", "last")),
        email=pl.when(email).then(pl.format("{}.{}@example.jp", "word", "serial")),
    )
