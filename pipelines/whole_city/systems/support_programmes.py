"""The guide to the city's support programmes, as public relations gather it from the offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import label, landline, serial
from pipelines.whole_city.support_guide import PROGRAMMES
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "support_programmes"
_EXCHANGE = 1052
_FIRST_EXTENSION = 2100


def deliver(city: City) -> Iterator[Delivery]:
    """Give the guide once a fiscal year, in April or in the city's first month."""
    answering = name_holders(city.rng(DATASET), PROGRAMMES.height)
    for year, moment in sent_yearly(city, 4, 12):
        yield Delivery(DATASET, str(year), moment, _rows(answering, year))


def _rows(answering: pl.Series, year: int) -> pl.DataFrame:
    first, last = (
        pl.col("season").str.extract(f"(\\d+)月{word}").cast(pl.Int32) for word in ("から", "まで")
    )
    opening = pl.date(pl.lit(year) + (first < 4).cast(pl.Int32), first, 1)  # noqa: PLR2004 - April
    closing = pl.date(pl.lit(year) + (last < 4).cast(pl.Int32), last, 1).dt.month_end()  # noqa: PLR2004
    dated = pl.col("season").str.contains("から")
    return PROGRAMMES.select(
        label("SS", 3).alias("programme_id"),
        *("programme_name", "common_name", "kind_code", "department_name", "target"),
        *("outline", "content", "how_to_apply", "season"),
        pl.when(dated).then(opening).cast(pl.Date).alias("opening_date"),
        pl.when(dated).then(closing).cast(pl.Date).alias("closing_date"),
        *("legal_basis", "keywords"),
        landline(_EXCHANGE, _office()).alias("phone"),
        (pl.lit(_FIRST_EXTENSION) + serial()).cast(pl.String).alias("extension"),
        pl.lit(answering).alias("staff_name"),
    )


def _office() -> pl.Expr:
    """Number the offices: one telephone for all programmes of one."""
    return pl.col("department_name").rank("dense").cast(pl.Int64)
