"""A contract with a column of every type, and clean rows for it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from assets.contract import Contract
from assets.register import Dataset
from pipelines.whole_city.city import JST, Delivery
from transforms.catalogue import TRANSFORMS

CITY = "272035"
PERIOD = "2025-04"


def column(source: Any, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "source": source,
        "title": str(more.pop("title", "列")),
        "type": kind,
        "classification": "庁内",
        **more,
    }


COLUMNS: dict[str, dict[str, Any]] = {
    "resident_id": column("宛名番号", "digits", length=10, required=True),
    "history_number": column("履歴番号", "integer", minimum=1, maximum=999, required=True),
    "office_number": column("職員番号", "resident_id", length=6, check_digit="modulus_11"),
    "full_name": column([{"name": "旧氏名", "until": "2025-03"}, {"name": "氏名", "from": "2025-04"}], "name", required=True),
    "full_name_kana": column("氏名カナ", "kana"),
    "birth_date": column("生年月日", "date", required=True),
    "change_date": column("異動日", "date", era_digits=True, required=True),
    "until_date": column("終期", "date", open_end=True),
    "entered_month": column("年月", "month"),
    "tax_year": column("課税年度", "fiscal_year"),
    "birth_year": column("生年", "year"),
    "sex_code": column("性別", "code", labels={"1": "男", "2": "女"}, required=True),
    "is_head": column("世帯主", "boolean", vocabulary="one_zero"),
    "reason_code": column("異動事由", "code", labels={"01": "転入", "02": "出生", "13": "転居"}),
    "has_card": column("カード", "boolean", true=["あり"], false=["なし"]),
    "postal_code": column("郵便番号", "postal_code"),
    "phone": column("電話番号", "phone"),
    "town": column("町名", "town", city=CITY, required=True),
    "address": column("住所", "address", city=CITY, required=True),
    "income_yen": column("所得(千円)", "integer", unit="円", source_unit="千円", multiplier=1000, minimum=0),
    "balance_yen": column("差引", "integer"),
    "area_m2": column("面積", "decimal", minimum=0),
    "paid_rate": column("収納率", "percent"),
    "employer_number": column("法人番号", "corporate_number"),
    "from_code": column("前住所地", "local_government_code"),
    "latitude": column("緯度", "latitude"),
    "note": column("備考", "text"),
}  # fmt: skip


def make_dataset(name: str = "everything", **source: Any) -> Dataset:
    """Make the dataset, its file as `source` says."""
    columns, wanted = dict(COLUMNS), source.pop("columns", None)
    if wanted:
        columns = {key: columns[key] for key in wanted}
    if "fields" in source:
        columns["full_name"] = {**columns["full_name"], "source": "氏名"}
    file = {"file": "全項目_{year}{month}*.csv", "format": "csv", "encoding": "utf-8", **source}
    contract = Contract.model_validate(
        {
            "title": "全項目",
            "description": "どの型の列もある",
            "owner": {"department": "課", "contact": "係"},
            "legal_basis": "条例",
            "frequency": "monthly",
            "retention": {"years": 5, "basis": "規程"},
            "source": file,
            "key": [key for key in ("resident_id", "history_number") if key in columns],
            "history": "keep_periods",
            "columns": columns,
            "checks": [{"check": "row_count", "minimum": 1}],
        }
    )
    return Dataset(name, "office", contract, "f", Path("everything.yaml"))


def make_rows(count: int, seed: int = 0) -> pl.DataFrame:
    rng = np.random.default_rng(seed)

    def draw(words: list[Any]) -> pl.Series:
        return pl.Series(words).gather(rng.integers(0, len(words), count))

    def days(first: int, last: int) -> pl.Series:
        return pl.Series(rng.integers(first, last, count)).cast(pl.Int32).cast(pl.Date)

    values = {
        "resident_id": pl.Series(np.arange(count) + 1_000_000_000).cast(pl.String),
        "history_number": pl.Series(rng.integers(1, 9, count)),
        "office_number": draw(["000019", "012343", None]),
        "full_name": draw(["髙橋　誠", "山﨑　葵", "鈴木　一郎"]),
        "full_name_kana": draw(["タカハシ　マコト", "ヴィトー　ジョン", None]),
        "birth_date": days(-20_000, 20_000),
        "change_date": days(17_000, 20_000),
        "until_date": days(17_000, 20_000).set(pl.Series(rng.random(count) < 0.5), None),
        "entered_month": days(0, 20_000).dt.truncate("1mo"),
        "tax_year": pl.Series(rng.integers(1990, 2026, count)),
        "birth_year": pl.Series(rng.integers(1927, 2026, count)),
        "sex_code": draw(["1", "2"]),
        "reason_code": draw(["01", "02", "13", None]),
        "is_head": draw([True, False]),
        "has_card": draw([True, False, None]),
        "postal_code": draw(["5600021", "5610881", None]),
        "phone": draw(["(06)1000-0001", "090-0000-0002", None]),
        "town": draw(["中桜塚三丁目", "本町一丁目", "岡町"]),
        "address": draw(["大阪府豊中市中桜塚三丁目1-1", "大阪府豊中市本町一丁目2-3"]),
        "income_yen": pl.Series(rng.integers(0, 20_000, count)) * 1000,
        "balance_yen": pl.Series(rng.integers(-9_999_999, 9_999_999, count)),
        "area_m2": pl.Series(rng.integers(0, 99_999, count) / 10),
        "paid_rate": pl.Series(rng.integers(0, 1000, count) / 10),
        "employer_number": draw(["7000012050002", None]),
        "from_code": draw(["272035", "131041", None]),
        "latitude": draw([34.781, 34.781389, 34.7]),
        "note": draw(["窓口で受付", "郵送、返信用封筒あり", 'かぎ"かっこ"', "2行\nある", None]),
    }
    return pl.DataFrame(
        {n: v.cast(TRANSFORMS[COLUMNS[n]["type"]].dtype) for n, v in values.items()}
    )


def make_delivery(rows: pl.DataFrame, period: str = PERIOD, **more: Any) -> Delivery:
    moment = dt.datetime(2025, 5, 2, 9, 30, tzinfo=JST)
    return Delivery("everything", period, moment, rows, **more)
