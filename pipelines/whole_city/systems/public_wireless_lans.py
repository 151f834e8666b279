"""Where the city's facilities offer a wireless network to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.sites import label
from pipelines.whole_city.systems.public_facilities import (
    GYMNASIUM,
    HALL,
    LIBRARY,
    PLAZA,
    THEATRE,
    draw_facilities,
)
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "public_wireless_lans"
_SSID = "MIHON_Free_Wi-Fi"
_AREAS = {
    LIBRARY: ["1階 閲覧室", "2階 学習室"],
    HALL: ["ロビー", "2階 集会室"],
    GYMNASIUM: ["ロビー"],
    PLAZA: ["1階 交流スペース", "2階 会議室"],
    THEATRE: ["ホワイエ", "1階 展示室", "カフェ"],
}
_MOST_DEVICES = 4


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 25 April or in the city's first month."""
    rows = draw_access_points(city, draw_facilities(city))
    for year, moment in sent_yearly(city, 4, 25):
        yield Delivery(DATASET, str(year), moment, rows)


def draw_access_points(city: City, facilities: pl.DataFrame) -> pl.DataFrame:
    """Draw the access points: the contract's columns.

    Args:
        city: gives randomness.
        facilities: as `public_facilities.draw_facilities` gives them.
    """
    rng = city.rng(DATASET)
    areas = pl.DataFrame({"kind": list(_AREAS), "area": list(_AREAS.values())}).explode("area")
    places = facilities.join(areas, on="kind", how="inner", maintain_order="left_right")
    devices = pl.Series(rng.integers(1, _MOST_DEVICES, places.height))
    return places.select(
        label("AP", 4).alias("access_point_id"),
        "facility_id",
        "facility_name",
        "facility_name_kana",
        "address",
        "latitude",
        "longitude",
        pl.lit("豊中市").alias("installer_name"),
        "postal_code",
        "phone",
        ssid=pl.lit(_SSID),
        area="area",
        device_count=devices,
        line_number=pl.format("L-{}", pl.col("facility_id").str.slice(1).str.zfill(6)),
        contractor_name=pl.lit("見本通信株式会社"),
    )
