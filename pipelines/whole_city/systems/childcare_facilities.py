"""Where small children are looked after: the facilities that certifications name, and the city's own.

Heads are made up and belong to no resident.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import label, landline, place, read_number, serial
from pipelines.whole_city.systems.aeds import owners_of
from pipelines.whole_city.systems.childcare_certifications import PLACE_KINDS
from pipelines.whole_city.systems.public_facilities import NURSERY, draw_facilities
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "childcare_facilities"
_EXCHANGE = 1018
_SIX_DAYS = "月・火・水・木・金・土"
_CENTRE, _NURSERY, _KINDERGARTEN, _SMALL, _OTHER = "1", "2", "3", "4", "5"
# Kind of place in a certification: reading, kind of facility, places, ages.
_TOLD = {
    "1": ("コドモエン", _CENTRE, 120, "0歳から5歳"),
    "2": ("ホイクエン", _NURSERY, 90, "0歳から5歳"),
    "3": ("ヨウチエン", _KINDERGARTEN, 140, "3歳から5歳"),
    "4": ("ショウキボホイクエン", _SMALL, 19, "0歳から2歳"),
    "5": ("キッズルーム", _OTHER, 30, "0歳から5歳"),
    "6": ("ガクエンヨウチエン", _KINDERGARTEN, 160, "3歳から5歳"),
}
_HOURS = {
    _CENTRE: ("7:00", "19:00"),
    _NURSERY: ("7:00", "19:00"),
    _KINDERGARTEN: ("8:30", "17:00"),
    _SMALL: ("7:30", "19:00"),
    _OTHER: ("8:00", "20:00"),
}
_FIRST_DAY, _MONTHS = dt.date(1970, 4, 1), 640
_SHARED = (
    *("facility_name", "facility_name_kana", "kind_code", "capacity_count", "accepted_ages"),
    *("postal_code", "address", "latitude", "longitude", "phone"),
)


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 16 April or in the city's first month."""
    rows = draw_childcare(city)
    for year, moment in sent_yearly(city, 4, 16):
        yield Delivery(DATASET, str(year), moment, rows)


def draw_childcare(city: City) -> pl.DataFrame:
    """Draw the facilities: the contract's columns."""
    rng = city.rng(DATASET)
    rows = pl.concat([_own(city), _certified(city, rng)])
    count, own = rows.height, pl.col("is_public")
    owners = owners_of(city, rng, count)
    begun = pl.lit(_FIRST_DAY).dt.offset_by(
        pl.format("{}mo", pl.Series(rng.integers(0, _MONTHS, count)))
    )
    opens, closes = (
        pl.col("kind_code").replace_strict({k: h[n] for k, h in _HOURS.items()}) for n in (0, 1)
    )
    temporary, sick = (pl.Series(rng.random(count) < share) for share in (0.4, 0.06))
    return rows.select(
        label("N", 4).alias("facility_number"),
        *_SHARED[:3],
        "is_public",
        pl.when(own).then(pl.lit("豊中市")).otherwise(owners["corporate_name"]).alias("corporation_name"),
        pl.when(~own).then(owners["corporate_number"]).alias("corporate_number"),
        begun.alias("licensed_date"),
        *_SHARED[3:],
        open_weekdays=pl.lit(_SIX_DAYS),
        opening_time=opens,
        closing_time=closes,
        hours_note=pl.lit("祝日と年末年始を除く"),
        has_temporary_care=temporary,
        has_sick_child_care=sick,
        head_name=name_holders(rng, count),
        audit_note=pl.lit(None, pl.String),
    )  # fmt: skip


def _own(city: City) -> pl.DataFrame:
    """The public こども園 of the list of facilities."""
    nurseries = draw_facilities(city).filter(pl.col("kind") == NURSERY)
    _, kind, places, ages = _TOLD["1"]
    return nurseries.with_columns(
        kind_code=pl.lit(kind), capacity_count=pl.lit(places, pl.Int64), accepted_ages=pl.lit(ages)
    ).select(*_SHARED, is_public=True)


def _certified(city: City, rng: np.random.Generator) -> pl.DataFrame:
    """One facility of every kind in every school district, under the name certifications give it."""
    district = pl.col("school_district")
    words = pl.DataFrame({"code": list(PLACE_KINDS), "word": list(PLACE_KINDS.values())})
    towns = city.towns.unique("school_district", keep="last", maintain_order=True)
    several = place(towns, rng).join(words, how="cross", maintain_order="left_right")
    number = district.str.extract(r"(\d+)").cast(pl.Int64)
    readings = {n: f"ダイ{read_number(n)}" for n in range(1, 100)}
    reading, kind, places, ages = (
        pl.col("code").replace_strict({c: told[n] for c, told in _TOLD.items()}) for n in range(4)
    )
    return several.with_columns(
        facility_name=district.str.strip_suffix("小学校区") + pl.col("word"),
        facility_name_kana=number.replace_strict(readings, return_dtype=pl.String) + reading,
        kind_code=kind,
        capacity_count=places.cast(pl.Int64),
        accepted_ages=ages,
        phone=landline(_EXCHANGE, serial()),
    ).select(*_SHARED, is_public=False)
