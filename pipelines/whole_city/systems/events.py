"""What is on in the city: talks, concerts, fairs in its public facilities, month by month.

Some are held by groups of citizens; who answers for the group stands in the list and goes no further.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, period_of
from pipelines.whole_city.presence import draw_days, number_rows
from pipelines.whole_city.records.lives import FULL_NAME
from pipelines.whole_city.sites import landline, serial
from pipelines.whole_city.systems.public_facilities import draw_facilities
from transforms.catalogue import TRANSFORMS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipelines.whole_city.city import City

DATASET = "events"
_RESIDENTS_AN_EVENT, _FEWEST = 4_000, 8
_EXCHANGE, _GROUP_EXCHANGE = 1053, 1054
_KINDS = pl.DataFrame(
    [
        ("音楽会", "オンガクカイ", "2", "市民の楽団の演奏", "だれでも", 200, 0, False, 120, "魅力文化創造課"),
        ("絵画展", "カイガテン", "1", "市民が描いた絵の展示", "だれでも", None, 0, True, 420, "魅力文化創造課"),
        ("読み聞かせの会", "ヨミキカセノカイ", "4", "絵本の読み聞かせ", "3歳から小学2年生", 30, 0, False, 40, "読書振興課"),
        ("離乳食の講座", "リニュウショクノコウザ", "4", "離乳食の作り方を学ぶ", "生後5か月から8か月の子の親", 20, 300, False, 120, "おやこ保健課"),
        ("健康体操", "ケンコウタイソウ", "5", "椅子に座ってできる体操", "65歳以上の人", 40, 0, False, 60, "長寿社会政策課"),
        ("スマートフォン講座", "スマートフォンコウザ", "3", "地図や乗換案内の使い方", "60歳以上の人", 15, 0, False, 120, "デジタル戦略課"),
        ("朝市", "アサイチ", "7", "野菜と花の販売", "だれでも", None, 0, True, 240, None),
        ("フリーマーケット", "フリーマーケット", "6", "家庭の不用品の販売", "だれでも", None, 0, False, 300, None),
        ("創業セミナー", "ソウギョウセミナー", "8", "事業計画の立て方を学ぶ", "市内で創業したい人", 25, 500, False, 150, "産業振興課"),
        ("里山の観察会", "サトヤマノカンサツカイ", "6", "樹木と野鳥の観察", "小学生以上の人", 30, 200, False, 180, None),
        ("バドミントン大会", "バドミントンタイカイ", "5", "初心者の部と一般の部", "市内に住む人・通う人", 60, 1000, False, 480, None),
    ],
    ["word", "reading", "category", "outline", "target", "capacity", "fee", "two_days", "minutes", "office"],
    orient="row",
)  # fmt: skip
_SEASONS = {
    1: ("春の", "ハルノ"),
    2: ("夏の", "ナツノ"),
    3: ("秋の", "アキノ"),
    0: ("冬の", "フユノ"),
}
_GROUPS = pl.Series(["みほん商店会", "みほん自然クラブ", "みほんスポーツ協会", "みほん市民の会"])
_HOW = pl.Series(["電子申請", "電話", "窓口"])
_SENT_DAYS_BEFORE = 14


def deliver(city: City) -> Iterator[Delivery]:
    """Give what every month will bring, in the middle of the month before."""
    for month in city.months:
        moment = dt.datetime.combine(
            month - dt.timedelta(days=_SENT_DAYS_BEFORE), dt.time(11), tzinfo=JST
        )
        yield Delivery(DATASET, period_of(month), moment, _rows(city, month))


def _rows(city: City, month: dt.date) -> pl.DataFrame:
    rng = city.rng(f"{DATASET}/{month:%Y-%m}")
    people = city.residents_on(city.months[0])
    count = max(_FEWEST, people.height // _RESIDENTS_AN_EVENT)
    places = draw_facilities(city).select("facility_id", "facility_name")
    drawn = pl.concat(
        [
            _KINDS[rng.integers(0, _KINDS.height, count)],
            places[rng.integers(0, places.height, count)],
            people[rng.integers(0, people.height, count)].select(
                FULL_NAME.alias("person"), "phone"
            ),
        ],
        how="horizontal",
    ).with_columns(
        start_date=draw_days(rng, month, count),
        hour=pl.Series(rng.integers(9, 15, count)),
        group=_GROUPS.gather(rng.integers(0, len(_GROUPS), count)),
        how=_HOW.gather(rng.integers(0, len(_HOW), count)),
    )
    return _lay_out(drawn, month)


def _lay_out(drawn: pl.DataFrame, month: dt.date) -> pl.DataFrame:
    season, reading = _SEASONS[month.month // 3 % 4]
    by_group = pl.col("office").is_null()
    asks = pl.col("capacity").is_not_null()
    start = pl.col("hour") * 60
    return drawn.select(
        event_id=number_rows("E", month),
        event_name=pl.concat_str(pl.lit(season), "word", pl.format("(第{}回)", serial())),
        event_name_kana=pl.lit(reading) + pl.col("reading"),
        category_code="category",
        start_date="start_date",
        end_date=pl.col("start_date") + pl.duration(days=pl.col("two_days").cast(pl.Int64)),
        start_time=_clock(start),
        end_time=_clock(start + pl.col("minutes")),
        outline="outline",
        target="target",
        capacity_count=pl.col("capacity").cast(pl.Int64),
        fee_yen=pl.col("fee").cast(pl.Int64),
        apply_by_date=pl.when(asks).then(pl.col("start_date") - pl.duration(days=7)),
        how_to_apply=pl.when(asks).then("how").otherwise(pl.lit("申込み不要")),
        facility_id="facility_id",
        place_name="facility_name",
        organiser_name=pl.when(by_group).then("group").otherwise("office"),
        inquiry_name=pl.when(by_group).then("group").otherwise("office"),
        inquiry_phone=landline(_EXCHANGE, serial() % 200),
        person_in_charge=pl.when(by_group).then("person"),
        person_in_charge_phone=pl.when(by_group).then(
            pl.coalesce(
                TRANSFORMS["phone"].function(pl.col("phone")).struct.field("value"),
                landline(_GROUP_EXCHANGE, serial() % 200),
            )
        ),
    )


def _clock(minutes: pl.Expr) -> pl.Expr:
    return pl.format("{}:{}", minutes // 60, (minutes % 60).cast(pl.String).str.zfill(2))
