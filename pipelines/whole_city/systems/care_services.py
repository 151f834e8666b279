"""The offices of long-term care, each with one service or several; managers are nobody's relatives.

Numbers begin with 2799: no office of 大阪府 has a 9 in the place of the kind of institution.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import count_for, draw_named, label, landline, serial
from pipelines.whole_city.systems.aeds import EVERY_DAY, owners_of
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "care_services"
_PER_400_000, _LEAST = 620, 14
_EXCHANGE, _FAX_EXCHANGE = 1014, 1114
_WORKING_DAYS, _SIX_DAYS = "月・火・水・木・金", "月・火・水・木・金・土"
_WORDS = {
    f"{word}{kind}": f"{word_kana}{kind_kana}"
    for word, word_kana in (
        ("ひだまり", "ヒダマリ"), ("あおば", "アオバ"), ("やすらぎ", "ヤスラギ"), ("こもれび", "コモレビ"),
        ("すずらん", "スズラン"), ("なごみ", "ナゴミ"), ("さわやか", "サワヤカ"),
    )
    for kind, kind_kana in (("ケアセンター", "ケアセンター"), ("の家", "ノイエ"), ("苑", "エン"))
}  # fmt: skip
# Services of an office, how often, and on which days; those of the third list have places.
_BUNDLES = (
    (("43",), 0.22, _WORKING_DAYS),
    (("11",), 0.2, EVERY_DAY),
    (("13",), 0.12, _SIX_DAYS),
    (("78",), 0.12, _SIX_DAYS),
    (("15", "43"), 0.08, _SIX_DAYS),
    (("32",), 0.06, EVERY_DAY),
    (("17", "41"), 0.05, _SIX_DAYS),
    (("51", "21", "15"), 0.04, EVERY_DAY),
    (("33",), 0.04, EVERY_DAY),
    (("73",), 0.03, EVERY_DAY),
    (("52", "22", "16"), 0.02, EVERY_DAY),
    (("76", "71"), 0.02, EVERY_DAY),
)
_PLACES = {"15": 30, "16": 40, "21": 10, "22": 12, "32": 18, "33": 60, "51": 80, "52": 100, "73": 29, "78": 15}  # fmt: skip
_FIRST_DAY = dt.date(2012, 4, 1)
_MONTHS = 140
_YEARS_VALID = 6


def deliver(city: City) -> Iterator[Delivery]:
    """Give the state of April on the 27th, or in the city's first month."""
    services = draw_services(city)
    for year, moment in sent_yearly(city, 4, 27):
        known = services.filter(pl.col("designated_date") <= dt.date(year, 4, 1))
        yield Delivery(DATASET, str(year), moment, known)


def draw_services(city: City) -> pl.DataFrame:
    """Draw all services that are ever designated: the contract's columns, a row a service."""
    rng = city.rng(DATASET)
    offices = _draw_offices(city, rng)
    services = offices.explode("service_code")
    count = services.height
    begun = pl.lit(_FIRST_DAY).dt.offset_by(
        pl.format("{}mo", pl.Series(rng.integers(0, _MONTHS, count)))
    )
    weekdays, note = services["business_weekdays"], services["business_note"]
    return services.drop("business_weekdays", "business_note").with_columns(
        capacity_count=pl.col("service_code").replace_strict(_PLACES, default=None).cast(pl.Int64),
        business_weekdays=weekdays,
        business_note=note,
        designated_date=begun,
        expires_date=begun.dt.offset_by(f"{_YEARS_VALID}y").dt.offset_by("-1d"),
        manager_name=name_holders(rng, count),
        guidance_note=pl.lit(None, pl.String),
    )


def _draw_offices(city: City, rng: np.random.Generator) -> pl.DataFrame:
    sites = draw_named(city, rng, count_for(city, _PER_400_000, _LEAST), _WORDS)
    owners = owners_of(city, rng, sites.height)
    shares = np.array([share for _, share, _ in _BUNDLES])
    bundle = rng.choice(len(_BUNDLES), sites.height, p=shares / shares.sum())
    services = pl.Series([list(codes) for codes, _, _ in _BUNDLES]).gather(bundle)
    weekdays = pl.Series([days for _, _, days in _BUNDLES]).gather(bundle)
    has_fax = pl.Series(rng.random(sites.height) < 0.8)  # noqa: PLR2004 - most have
    return sites.select(
        label("2799", 6).alias("office_number"),
        services.alias("service_code"),
        pl.col("name").alias("office_name"),
        pl.col("name_kana").alias("office_name_kana"),
        "postal_code",
        "address",
        "latitude",
        "longitude",
        phone=landline(_EXCHANGE, serial()),
        fax=pl.when(has_fax).then(landline(_FAX_EXCHANGE, serial())),
        corporate_number=owners["corporate_number"],
        corporation_name=owners["corporate_name"].fill_null("社会福祉法人見本会"),
        business_weekdays=weekdays,
        business_note=pl.when(weekdays == EVERY_DAY).then(pl.lit("年中無休")).otherwise(pl.lit("祝日と年末年始を除く")),
    )  # fmt: skip
