"""The schools of the city: one elementary school a district, a junior high for two, and some others.

Their 学校コード begin, after kind, prefecture and founder, with 999, which no school has; the check digit is
not known to us and is a 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.sites import draw_sites, landline, read_number, serial
from pipelines.whole_city.systems.school_register import name_schools
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from pipelines.whole_city.city import City

DATASET = "educational_institutions"
ELEMENTARY, JUNIOR_HIGH = "B1", "C1"
_SENT_IN, _SENT_ON = 4, 22
_EXCHANGE = 1056
# Name, reading, kind, founder's kind and name.
_OTHERS = pl.DataFrame(
    [
        ("見本高等学校", "ミホンコウトウガッコウ", "D1", "2", "大阪府"),
        ("北見本高等学校", "キタミホンコウトウガッコウ", "D1", "2", "大阪府"),
        ("見本学園高等学校", "ミホンガクエンコウトウガッコウ", "D1", "3", "学校法人見本学園"),
        ("見本支援学校", "ミホンシエンガッコウ", "E1", "2", "大阪府"),
        ("見本幼稚園", "ミホンヨウチエン", "A1", "3", "学校法人見本学園"),
        ("みほん第二幼稚園", "ミホンダイニヨウチエン", "A1", "3", "学校法人見本学園"),
    ],
    ["school_name", "reading", "kind", "founder", "founder_name"],
    orient="row",
)
_PLACE = ("town", "postal_code", "address", "latitude", "longitude")


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, in April or in the city's first month."""
    rng = city.rng(DATASET)
    schools = _lay_out(pl.concat([*_of_the_city(city, rng), _others(city, rng)]), rng)
    for year, moment in sent_yearly(city, _SENT_IN, _SENT_ON):
        yield Delivery(DATASET, str(year), moment, schools)


def _of_the_city(city: City, rng: Generator) -> Iterator[pl.DataFrame]:
    """Give the elementary schools where every list has them, and the junior high schools."""
    own = {"founder": pl.lit("2"), "founder_name": pl.lit("豊中市")}
    elementary = draw_schools(city)
    yield elementary.select(
        "school_name", reading="school_name_kana", kind=pl.lit(ELEMENTARY), **own
    ).hstack(elementary.select(_PLACE))
    names = name_schools(city)["junior_high"].unique().sort()
    number = names.str.extract(r"(\d+)").replace({str(n): read_number(n) for n in range(1, 100)})
    yield (
        pl.DataFrame({"school_name": names, "number": number})
        .select(
            "school_name",
            reading=pl.format("ダイ{}チュウガッコウ", "number"),
            kind=pl.lit(JUNIOR_HIGH),
            **own,
        )
        .hstack(draw_sites(city, rng, len(names)).select(_PLACE))
    )


def _others(city: City, rng: Generator) -> pl.DataFrame:
    return _OTHERS.hstack(draw_sites(city, rng, _OTHERS.height).select(_PLACE))


def _lay_out(sites: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    number = pl.format("999{}0", serial().cast(pl.String).str.zfill(4))
    pupils = pl.Series(rng.integers(120, 900, sites.height))
    founded = pl.Series(rng.integers(1948, 1985, sites.height))
    return sites.select(
        school_code=pl.concat_str("kind", pl.lit("27"), "founder", number),
        school_kind_code="kind",
        founder_kind_code="founder",
        founder_name="founder_name",
        branch_code=pl.lit("1"),
        school_name="school_name",
        school_name_kana="reading",
        postal_code="postal_code",
        town="town",
        block=pl.col("address").str.extract(r"(\d+-\d+)$"),
        latitude="latitude",
        longitude="longitude",
        phone=landline(_EXCHANGE, serial()),
        founded_date=pl.date(pl.lit(founded), 4, 1),
        closed_date=pl.lit(None, pl.Date),
        head_name=name_holders(rng, sites.height),
        pupil_count=pupils,
    )
