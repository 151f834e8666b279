"""Protected cultural properties that do not exist: mounds, houses, trees, images, dances.

Where a person owns one, the list names nobody in an open column and no place.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import count_for, draw_named, label, later
from pipelines.whole_city.systems.aeds import EVERY_DAY
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "cultural_properties"
MOUND, GARDEN = "見本古墳", "見本庭園"
_PER_400_000, _LEAST = 90, 30
_FIRST_DAY, _DAYS = dt.date(1951, 6, 9), 26_000


class _Kind(NamedTuple):
    """A kind of property; level, kind and unit as the contract has them."""

    reading: str
    level: str
    class_name: str
    kind: str
    unit: str | None
    persons_share: float
    summary: str


_KINDS = {
    MOUND: _Kind("ミホンコフン", "1", "史跡", "9", "基", 0.0, "5世紀ごろの古墳"),
    GARDEN: _Kind("ミホンテイエン", "1", "名勝", "9", None, 0.0, "江戸時代に造られた庭園"),
    "見本の蔵": _Kind("ミホンノクラ", "1", "登録有形文化財", "1", "棟", 0.6, "明治時代の酒蔵"),
    "見本の主屋": _Kind("ミホンノオモヤ", "1", "重要文化財", "1", "棟", 0.3, "江戸時代の民家"),
    "見本の観音像": _Kind("ミホンノカンノンゾウ", "2", "有形文化財", "2", "躯", 0.0, "平安時代の木造の像"),
    "見本文書": _Kind("ミホンモンジョ", "3", "有形文化財", "2", "点", 0.5, "江戸時代の村の記録"),
    "見本のクスノキ": _Kind("ミホンノクスノキ", "3", "天然記念物", "9", "本", 0.0, "樹齢が300年を超えるクスノキ"),
    "見本の太鼓踊り": _Kind("ミホンノタイコオドリ", "3", "無形民俗文化財", "3", None, 0.0, "秋の祭りに伝わる踊り"),
}  # fmt: skip
_VISITED = [MOUND, GARDEN, "見本のクスノキ"]


def deliver(city: City) -> Iterator[Delivery]:
    """Give the list once a fiscal year, on 26 April or in the city's first month."""
    properties = draw_properties(city)
    for year, moment in sent_yearly(city, 4, 26):
        known = properties.filter(pl.col("designated_date") < dt.date(year, 4, 1))
        yield Delivery(DATASET, str(year), moment, known)


def draw_properties(city: City) -> pl.DataFrame:
    """Draw all that are ever protected: the contract's columns."""
    rng = city.rng(DATASET)
    words = {name: kind.reading for name, kind in _KINDS.items()}
    sites = draw_named(city, rng, count_for(city, _PER_400_000, _LEAST), words)
    count, is_visited = sites.height, pl.col("word").is_in(_VISITED)
    told = {field: _tell(field) for field in _Kind._fields}
    is_persons = pl.lit(pl.Series(rng.random(count))) < told["persons_share"]
    owners, days = name_holders(rng, count), pl.Series(rng.integers(0, _DAYS, count))
    # Of what is small, or a person's, nobody is told where it is kept.
    is_shown = is_visited | ((told["kind"] == "1") & ~is_persons)
    items = pl.Series(rng.integers(20, 900, count))
    keeper = pl.when(is_persons).then(pl.lit("個人")).when(is_visited).then(pl.lit("豊中市")).otherwise(pl.lit("見本保存会"))  # fmt: skip
    return sites.select(
        property_id=label("BK", 4),
        property_name="name",
        property_name_kana="name_kana",
        common_name=pl.lit(None, pl.String),
        level_code=told["level"],
        class_name=told["class_name"],
        kind_code=told["kind"],
        place_name=pl.when(is_shown).then(pl.col("base") + pl.lit("地区")),
        address=pl.when(is_shown).then("address"),
        latitude=pl.when(is_shown).then("latitude"),
        longitude=pl.when(is_shown).then("longitude"),
        item_count=pl.when(told["unit"] == "点").then(items).when(told["unit"].is_not_null()).then(1),
        item_unit=told["unit"],
        keeper_name=keeper,
        owner_name=pl.when(is_persons).then(owners),
        owner_contact=pl.lit(None, pl.String),
        designated_date=later(_FIRST_DAY, days),
        open_weekdays=pl.when(is_visited).then(pl.lit(EVERY_DAY)),
        opening_time=pl.when(is_visited).then(pl.lit("0:00")),
        closing_time=pl.when(is_visited).then(pl.lit("23:59")),
        opening_note=pl.when(is_visited).then(pl.lit("いつでも見学できる")).when(is_shown).then(pl.lit("外観だけ見学できる")).otherwise(pl.lit("ふだんは公開していない")),
        summary=told["summary"],
        storage_note=pl.lit(None, pl.String),
    ).with_columns(pl.col("item_count").cast(pl.Int64))  # fmt: skip


def _tell(field: str) -> pl.Expr:
    values = {name: getattr(kind, field) for name, kind in _KINDS.items()}
    dtype = pl.Float64 if field == "persons_share" else pl.String
    return pl.col("word").replace_strict(values, return_dtype=dtype)
