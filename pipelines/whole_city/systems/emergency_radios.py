"""The loudspeakers of the disaster radio: about one for every four towns, and one at every school."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.sites import label, place, read_number, serial
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator

    from pipelines.whole_city.city import City

DATASET = "emergency_radios"
_TOWNS_A_STATION = 4
_SCHOOL = "3"
_KANJI = {f"{kanji}丁目": f"{read_number(n)}チョウメ" for n, kanji in enumerate(
    ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十"), 1)}  # fmt: skip


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, in April or in the city's first month."""
    stations = _draw(city)
    for year, moment in sent_yearly(city, 4, 25):
        yield Delivery(DATASET, str(year), moment, stations)


def _draw(city: City) -> pl.DataFrame:
    rng = city.rng(DATASET)
    schools = city.towns.unique("school_district", keep="last", maintain_order=True)
    number = pl.col("school_district").str.extract(r"(\d+)")
    readings = {str(n): read_number(n) for n in range(1, 100)}
    at_schools = schools.with_columns(
        name=pl.col("school_district").str.strip_suffix("区"),
        reading=pl.format("ダイ{}ショウガッコウ", number.replace(readings)),
        mount=pl.lit(_SCHOOL),
    )
    others = city.towns.gather_every(_TOWNS_A_STATION)
    in_towns = others.with_columns(
        name="town",
        reading=pl.col("kana").str.normalize("NFKC") + _read_chome(),
        mount=pl.Series(rng.choice(["1", "2"], others.height, p=[0.7, 0.3])),
    )
    named = pl.concat([in_towns, at_schools])
    sites = place(named, rng).hstack(named.select("name", "reading", "mount"))
    return _lay_out(sites, rng)


def _read_chome() -> pl.Expr:
    word = pl.col("town").str.extract("([一二三四五六七八九十]丁目)$")
    return word.replace(_KANJI).fill_null("")


def _lay_out(sites: pl.DataFrame, rng: Generator) -> pl.DataFrame:
    inspected = pl.Series(rng.integers(0, 60, sites.height))
    return sites.select(
        station_number=label("K", 3),
        station_name=pl.col("name") + "子局",
        station_name_kana=pl.col("reading") + "シキョク",
        area_name="area",
        address="address",
        latitude="latitude",
        longitude="longitude",
        mount_code="mount",
        speaker_count=pl.Series(rng.integers(1, 4, sites.height, endpoint=True)),
        frequency_note=pl.format("設定{}", serial() % 7 + 1),
        inspected_date=pl.lit(dt.date(2024, 2, 1)) - pl.duration(days=pl.lit(inspected)),
    )
