"""Which school the children of a town go to: the districts of the towns themselves."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.systems.school_register import name_schools
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "school_districts"
_DECIDED = dt.date(1990, 4, 1)
_KINDS = {"1": "elementary", "2": "junior_high"}


def deliver(city: City) -> Iterator[Delivery]:
    """Give the districts once a fiscal year, in April or in the city's first month."""
    named = city.towns.join(name_schools(city), on="school_district", maintain_order="left")
    rows = pl.concat(
        named.select(
            school_kind_code=pl.lit(code),
            town="town",
            school_name=school,
            extent_code=pl.lit("1"),
            decided_date=pl.lit(_DECIDED),
            note=pl.lit(None, pl.String),
        )
        for code, school in _KINDS.items()
    )
    for year, moment in sent_yearly(city, 4, 8):
        yield Delivery(DATASET, str(year), moment, rows)
