"""The list of public facilities of each fiscal year, on which libraries and bookings rest.

Names are town names with the usual kinds of facility; addresses and telephone numbers do not exist.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import JST, Delivery, fiscal_year
from pipelines.whole_city.sites import ADDRESS_FRONT, block, near, serial
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "public_facilities"
LIBRARY, HALL, GYMNASIUM, PLAZA, THEATRE, NURSERY = (
    "図書館",
    "公民館",
    "体育館",
    "コミュニティプラザ",
    "市民ホール",
    "こども園",
)
# kind, reading, how many, who runs it, open from, until, closed on.
_KINDS = pl.DataFrame(
    [
        (LIBRARY, "トショカン", 9, "読書振興課", "9:30", "19:00", "月曜日・年末年始"),
        (HALL, "コウミンカン", 8, "社会教育課", "9:00", "22:00", "火曜日・年末年始"),
        (GYMNASIUM, "タイイクカン", 6, "スポーツ振興課", "9:00", "21:00", "年末年始"),
        (PLAZA, "コミュニティプラザ", 10, "コミュニティ政策課", "9:00", "21:30", "年末年始"),
        ("老人憩の家", "ロウジンイコイノイエ", 12, "長寿社会政策課", "9:00", "17:00", "日曜日・祝日"),
        (NURSERY, "コドモエン", 15, "こども事業課", "7:00", "19:00", "日曜日・祝日"),
        (THEATRE, "シミンホール", 3, "魅力文化創造課", "9:00", "22:00", "月曜日・年末年始"),
    ],
    ["kind", "reading", "count", "department_name", "opening_time", "closing_time", "closed_days"],
    orient="row",
)  # fmt: skip
KIND_NAMES = tuple(_KINDS["kind"].to_list())


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 20 April or in the city's first month."""
    facilities = draw_facilities(city).drop("kind", "town")
    for year in sorted({fiscal_year(month) for month in city.months}):
        first = next(month for month in city.months if fiscal_year(month) == year)
        moment = dt.datetime(first.year, first.month, 20, 10, tzinfo=JST)
        yield Delivery(DATASET, str(year), moment, facilities)


def draw_facilities(city: City) -> pl.DataFrame:
    """Draw the facilities: the contract's columns, and `kind` and `town`."""
    rng = city.rng(DATASET)
    kinds = _KINDS.select(pl.all().repeat_by("count").explode()).drop("count")
    towns = city.towns.unique("base", keep="first", maintain_order=True)
    # Kinds follow one another through one shuffled list of towns, so that each is spread.
    order = np.resize(rng.permutation(towns.height), kinds.height)
    sited = pl.concat([kinds, towns[order]], how="horizontal")
    return sited.select(
        facility_id=pl.concat_str(pl.lit("F"), serial().cast(pl.String).str.zfill(3)),
        facility_name=pl.col("base") + pl.col("kind"),
        facility_name_kana=pl.col("kana").str.normalize("NFKC") + pl.col("reading"),
        postal_code=pl.col("postal_code").str.replace("-", "", literal=True),
        address=pl.concat_str(pl.lit(ADDRESS_FRONT), "town", block(rng, sited.height)),
        latitude=near("latitude", rng, sited.height),
        longitude=near("longitude", rng, sited.height),
        phone=TRANSFORMS["phone"].function(pl.format("06-1000-{}", serial() + 1000)).struct.field("value"),
        opening_time="opening_time",
        closing_time="closing_time",
        closed_days="closed_days",
        is_wheelchair_accessible=pl.Series(rng.random(sited.height) < 0.8),  # noqa: PLR2004 - most are
        department_name="department_name",
        url=pl.lit(None, pl.String),
        kind="kind",
        town="town",
    )  # fmt: skip
