"""The food businesses the health centre has licensed: about one for 90 residents.

Half are run by corporations, half by sole traders, who live in the city here. One in nine has no
place of its own (vehicles and stalls). Shop names hold surnames now and then, never a whole name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import Delivery, last_day, period_of
from pipelines.whole_city.corporations import found_corporations
from pipelines.whole_city.records.lives import FULL_NAME
from pipelines.whole_city.records.sending import sent_after
from pipelines.whole_city.sites import draw_sites, landline, serial
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from numpy.random import Generator

    from pipelines.whole_city.city import City

DATASET = "food_businesses"
_RESIDENTS_A_PERMIT, _FEWEST = 90, 40
_SENT_ON = 9
_EXCHANGE = 1055
_ROAMING, _CORPORATE, _RENEWED, _CLOSING = 0.11, 0.5, 0.55, 0.04
_ADULT_AT, _OLDEST = 22, 80
_YEARS, _PAST_DAYS = (5, 8), 5 * 365
# Kind, style, word of a shop's name, reading of the word, of 100 permits.
_KINDS = pl.DataFrame(
    [
        ("飲食店営業", "一般食堂", "食堂", "ショクドウ", 22), ("飲食店営業", "居酒屋", "酒場", "サカバ", 16),
        ("飲食店営業", "喫茶", "珈琲店", "コーヒーテン", 14), ("飲食店営業", "すし", "寿司", "ズシ", 4),
        ("飲食店営業", "めん類", "うどん", "ウドン", 6), ("飲食店営業", "仕出し・弁当", "弁当", "ベントウ", 6),
        ("飲食店営業", "スナック", "ラウンジ", "ラウンジ", 6), ("菓子製造業", "洋菓子", "菓子工房", "カシコウボウ", 6),
        ("菓子製造業", "パン", "ベーカリー", "ベーカリー", 5), ("食肉販売業", "食肉", "精肉店", "セイニクテン", 3),
        ("魚介類販売業", "鮮魚", "鮮魚店", "センギョテン", 3), ("そうざい製造業", "そうざい", "惣菜店", "ソウザイテン", 3),
        ("アイスクリーム類製造業", "ソフトクリーム", "アイス", "アイス", 2), ("乳類販売業(届出)", "小売", "商店", "ショウテン", 4),
    ],
    ["business_kind", "business_style", "word", "reading", "share"],
    orient="row",
)  # fmt: skip
_VEHICLES = pl.DataFrame({"business_style": ["移動販売(自動車)", "露店"], "code": ["2", "3"]})
_WORDS = pl.DataFrame({
    "front": ["さくら", "みどり", "あさひ", "つばめ", "かえで", "みなと", "こだま", "すみれ"],
    "front_kana": ["サクラ", "ミドリ", "アサヒ", "ツバメ", "カエデ", "ミナト", "コダマ", "スミレ"],
})  # fmt: skip
_BY_SURNAME = 0.2


def deliver(city: City) -> Iterator[Delivery]:
    """Give all permits in force at the end of every month, on the ninth of the next."""
    permits = _draw(city)
    for month in city.months:
        yield Delivery(
            DATASET, period_of(month), sent_after(month, _SENT_ON), _in_force(permits, month)
        )


def _in_force(permits: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    """Choose what was licensed by the end of a month; what has closed is listed for that month."""
    end = last_day(month)
    closed = pl.col("closed_date")
    there = closed.is_null() | (closed >= month)
    known = pl.when(closed <= end).then(closed)
    code = pl.when(known.is_not_null()).then(pl.lit("4")).otherwise("application_code")
    return permits.filter(
        pl.col("permit_date") <= end, pl.col("valid_to_date") >= month, there
    ).with_columns(closed_date=known, application_code=code)


def _draw(city: City) -> pl.DataFrame:
    rng = city.rng(DATASET)
    people = city.residents_on(city.months[0])
    count = max(_FEWEST, people.height // _RESIDENTS_A_PERMIT)
    shares = _KINDS["share"].to_numpy() / _KINDS["share"].sum()
    drawn = pl.concat(
        [
            draw_sites(city, rng, count),
            _KINDS[rng.choice(_KINDS.height, count, p=shares)],
            _WORDS[rng.integers(0, _WORDS.height, count)],
            _VEHICLES[rng.integers(0, 2, count)].rename({"business_style": "vehicle"}),
            _draw_holders(city, people, rng, count),
        ],
        how="horizontal",
    ).with_columns(
        roams=pl.Series(rng.random(count) < _ROAMING),
        is_corporate=pl.Series(rng.random(count) < _CORPORATE),
        by_surname=pl.Series(rng.random(count) < _BY_SURNAME),
        renewed=pl.Series(rng.random(count) < _RENEWED),
        closes=pl.Series(rng.random(count) < _CLOSING),
        years=pl.Series(rng.integers(*_YEARS, count, endpoint=True)),
        past=pl.Series(rng.integers(0, _PAST_DAYS, count)),
        kept=pl.Series(rng.integers(1, 700, count)),
    )
    return _lay_out(_date(drawn, city))


def _draw_holders(city: City, people: pl.DataFrame, rng: Generator, count: int) -> pl.DataFrame:  # fmt: skip
    """Draw who runs a business, and the corporation behind it where there is one."""
    year = city.months[0].year
    adults = people.filter(
        pl.col("birth_date").dt.year().is_between(year - _OLDEST, year - _ADULT_AT)
    )
    holders = adults[rng.integers(0, adults.height, count)].select(
        "surname", "surname_kana", holder_name=FULL_NAME, own_phone="phone",
        holder_kana=pl.concat_str("surname_kana", "given_kana", separator="\u3000"),
        home=pl.concat_str(pl.lit("大阪府豊中市"), "town", "block"),
    )  # fmt: skip
    firms = found_corporations(city)
    chosen = firms[rng.integers(0, firms.height, count)].select(
        "corporate_name", "corporate_number",
        office=pl.concat_str(pl.lit("大阪府豊中市"), "town", "block"),
    )  # fmt: skip
    return pl.concat([holders, chosen], how="horizontal")


def _date(drawn: pl.DataFrame, city: City) -> pl.DataFrame:
    """Say when each was licensed, first and last, and how long: to the end of a month."""
    permit = pl.lit(last_day(city.months[-1])) - pl.duration(days="past")
    closed = pl.col("permit_date") + pl.duration(days="kept")
    return drawn.with_columns(permit_date=permit).with_columns(
        first=pl.when("renewed").then(pl.col("permit_date").dt.offset_by("-6y")).otherwise("permit_date"),
        until=pl.col("permit_date").dt.offset_by(pl.format("{}y", "years")).dt.month_end(),
        closed=pl.when("closes").then(closed).cast(pl.Date),
    )  # fmt: skip


def _lay_out(drawn: pl.DataFrame) -> pl.DataFrame:
    corporate, roams = pl.col("is_corporate"), pl.col("roams")
    by_surname = ~corporate & pl.col("by_surname")
    year = pl.col("permit_date").dt.offset_by("-3mo").dt.year() % 100
    ordered = drawn.sort("permit_date", maintain_order=True)
    return ordered.select(
        permit_number=pl.format("{}-{}", year, serial().cast(pl.String).str.zfill(6)),
        business_kind="business_kind",
        business_style=pl.when(roams).then("vehicle").otherwise("business_style"),
        premises_code=pl.when(roams).then("code").otherwise(pl.lit("1")),
        application_code=pl.when("renewed").then(pl.lit("2")).otherwise(pl.lit("1")),
        shop_name=pl.concat_str(pl.when(by_surname).then("surname").otherwise("front"), "word"),
        shop_name_kana=pl.concat_str(
            pl.when(by_surname).then("surname_kana").otherwise("front_kana"), "reading"
        ),
        address=pl.when(~roams).then("address"),
        latitude=pl.when(~roams).then("latitude"),
        longitude=pl.when(~roams).then("longitude"),
        shop_phone=pl.when(~roams).then(landline(_EXCHANGE, serial())),
        holder_kind_code=pl.when(corporate).then(pl.lit("2")).otherwise(pl.lit("1")),
        corporate_name=pl.when(corporate).then("corporate_name"),
        corporate_number=pl.when(corporate).then("corporate_number"),
        holder_name="holder_name",
        holder_name_kana="holder_kana",
        holder_address=pl.when(corporate).then("office").otherwise("home"),
        holder_phone=TRANSFORMS["phone"].function(pl.col("own_phone")).struct.field("value"),
        first_permit_date="first",
        permit_date="permit_date",
        valid_from_date="permit_date",
        valid_to_date="until",
        closed_date="closed",
        conditions=pl.when(roams).then(pl.lit("簡易な調理に限る")),
        note=pl.lit(None, pl.String),
    )
