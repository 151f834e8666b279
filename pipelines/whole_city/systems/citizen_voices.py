"""Wishes, complaints and thanks of citizens, their text put together from what such letters say."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import JST, Delivery, last_day, period_of
from pipelines.whole_city.presence import Presence, draw_days, draw_rows, number_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from pipelines.whole_city.city import City

DATASET = "citizen_voices"
_VOICES_A_RESIDENT = 0.0008
_WISH, _COMPLAINT, _PROPOSAL, _THANKS = "1", "2", "3", "4"
# category, department, kind, whether it names a place, what is said of it.
_MATTERS = pl.DataFrame(
    [
        ("1", "道路管理課", _WISH, True, "交差点の信号が短く、高齢の家族が渡りきれません"),
        ("1", "道路管理課", _COMPLAINT, True, "道路に穴があき、自転車が転びそうになりました"),
        ("1", "交通政策課", _WISH, True, "バスの本数が減り、通院に困っています"),
        ("1", "交通政策課", _COMPLAINT, True, "歩道に自転車が停められ、車いすが通れません"),
        ("2", "公園みどり推進課", _WISH, True, "公園の街灯が暗く、夕方に子どもを遊ばせられません"),
        ("2", "公園みどり推進課", _COMPLAINT, True, "街路樹の枝が伸び、標識が見えなくなっています"),
        ("3", "環境事業課", _COMPLAINT, True, "集積所にカラスが集まり、ごみが散らかっています"),
        ("3", "環境指導課", _COMPLAINT, True, "工事の音が朝早くから続き、休めません"),
        ("3", "環境事業課", _WISH, False, "プラスチックの分け方が分かりにくいので、例を増やしてほしいです"),
        ("4", "こども事業課", _WISH, False, "保育所の空き状況を毎週知らせてほしいです"),
        ("4", "学校教育課", _WISH, True, "通学路に見守りの人を増やしてほしいです"),
        ("4", "こども事業課", _PROPOSAL, False, "離乳食の講座を土曜日にも開いてはどうでしょうか"),
        ("5", "長寿社会政策課", _WISH, False, "介護の相談がどこでできるのか、一覧がほしいです"),
        ("5", "健康政策課", _COMPLAINT, False, "検診の予約の電話がつながりません"),
        ("6", "市民課", _COMPLAINT, False, "証明書の窓口で1時間待ちました"),
        ("6", "市民課", _THANKS, False, "窓口で丁寧に説明していただき、助かりました"),
        ("6", "デジタル戦略課", _PROPOSAL, False, "転入の手続を予約できるようにしてはどうでしょうか"),
        ("7", "読書振興課", _WISH, True, "図書館の開館時間を夜まで延ばしてほしいです"),
        ("7", "スポーツ振興課", _COMPLAINT, True, "体育館の更衣室の床がぬれたままです"),
        ("9", "広報広聴課", _PROPOSAL, False, "広報の字を大きくしてはどうでしょうか"),
    ],
    ["category_code", "department_name", "kind_code", "has_place", "said"],
    orient="row",
)  # fmt: skip
_OPENINGS = pl.Series(
    ["", "いつもお世話になっています。", "初めて連絡します。", "以前にもお伝えしました。"]
)
_ENDINGS = pl.Series(
    ["", "対応をお願いします。", "いつごろになるか教えてください。", "現地を見てください。"]
)
_WANTS_REPLY = 0.55
_USUAL_DAYS = 12.0


def deliver(city: City) -> Iterator[Delivery]:
    """Give the voices of every month, on the tenth of the next."""
    presence = Presence(city)
    for month in city.months:
        rng = city.rng(f"{DATASET}/{month:%Y-%m}")
        closed = last_day(month) + dt.timedelta(days=10)
        rows = _rows(rng, presence.throughout(month).select("town"), month, closed)
        moment = dt.datetime.combine(closed, dt.time(17), tzinfo=JST)
        yield Delivery(DATASET, period_of(month), moment, rows)


def _rows(
    rng: np.random.Generator, towns: pl.DataFrame, month: dt.date, closed: dt.date
) -> pl.DataFrame:
    count = max(1, int(rng.poisson(towns.height * _VOICES_A_RESIDENT)))
    where = draw_rows(rng, towns, count)
    matters = _MATTERS[rng.integers(0, _MATTERS.height, where.height)]
    wants = pl.Series(rng.random(where.height) < _WANTS_REPLY)
    days = pl.duration(days=pl.lit(pl.Series(rng.gamma(2.0, _USUAL_DAYS / 2, where.height))))
    place = pl.when("has_place").then("town")
    return (
        pl.concat([where, matters], how="horizontal")
        .with_columns(received_date=draw_days(rng, month, where.height))
        .with_columns(replied_date=(pl.col("received_date") + days).cast(pl.Date))
        .select(
            voice_id=number_rows("V", month),
            received_date="received_date",
            channel_code=pl.Series(
                rng.choice(["1", "2", "3", "4", "5"], where.height, p=[0.45, 0.2, 0.2, 0.07, 0.08])
            ),
            kind_code="kind_code",
            category_code="category_code",
            town=place,
            body=_write(rng, place, where.height),
            department_name="department_name",
            needs_reply=wants,
            replied_date=pl.when(wants & (pl.col("replied_date") < closed)).then("replied_date"),
        )
    )


def _write(rng: np.random.Generator, place: pl.Expr, count: int) -> pl.Expr:
    """Write a letter: a greeting, where, what, and what is asked."""
    opening = _OPENINGS[rng.integers(0, len(_OPENINGS), count)]
    ending = _ENDINGS[rng.integers(0, len(_ENDINGS), count)]
    where = pl.when(place.is_not_null()).then(place + "の近くで、").otherwise(pl.lit(""))
    return pl.concat_str(opening, where, "said", pl.lit("。"), ending)
