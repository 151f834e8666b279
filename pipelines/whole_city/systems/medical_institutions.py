"""Hospitals, clinics and dentists of the city; founders and managers are made up.

Names are those of towns and plants, never of a person. Numbers begin with 2719 and 2739: no
municipality of 大阪府 has 90 in its place.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import Delivery
from pipelines.whole_city.office_holders import name_holders
from pipelines.whole_city.sites import count_for, draw_named, landline, later, serial
from pipelines.whole_city.systems.aeds import owners_of
from pipelines.whole_city.yearly import sent_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipelines.whole_city.city import City

DATASET = "medical_institutions"
_EXCHANGE = 1015
_HOSPITAL, _CLINIC, _DENTIST = "1", "2", "3"
_PLANTS = {
    "さくら": "サクラ", "みどり": "ミドリ", "ひまわり": "ヒマワリ", "あおぞら": "アオゾラ",
    "わかば": "ワカバ", "すみれ": "スミレ",
}  # fmt: skip
_MANY_BEDS = 150


def _words(kinds: Mapping[str, str]) -> dict[str, str]:
    return {
        f"{plant}{kind}": f"{plant_kana}{kind_kana}"
        for plant, plant_kana in _PLANTS.items()
        for kind, kind_kana in kinds.items()
    }


# Kind, words, how many in 400,000 residents, at least.
_KINDS = (
    (_HOSPITAL, _words({"病院": "ビョウイン"}), 16, 2),
    (_CLINIC, _words({"クリニック": "クリニック", "診療所": "シンリョウジョ"}), 420, 8),
    (_DENTIST, _words({"歯科": "シカ", "デンタルクリニック": "デンタルクリニック"}), 250, 5),
)
_SUBJECTS = {
    _HOSPITAL: ("内科、外科、整形外科", "内科、循環器内科、外科、脳神経外科、リハビリテーション科", "精神科、内科"),
    _CLINIC: ("内科", "内科、小児科", "整形外科、リハビリテーション科", "眼科", "皮膚科", "耳鼻咽喉科", "産婦人科"),
    _DENTIST: ("歯科", "歯科、小児歯科", "歯科、矯正歯科、歯科口腔外科"),
}  # fmt: skip
_WEEKDAYS = (
    "月・火・水・木・金・土",
    "月・火・水・金・土",
    "月・火・木・金・土",
    "月・火・水・木・金",
)
_HOURS = (("9:00", "17:00"), ("9:00", "18:30"), ("9:30", "19:00"), ("8:45", "19:30"))
_FOUNDED_BY_PERSONS = {_HOSPITAL: 0.0, _CLINIC: 0.45, _DENTIST: 0.75}
_FIRST_DAY, _DAYS = dt.date(1965, 4, 1), 22_000


def deliver(city: City) -> Iterator[Delivery]:
    """Give the state of April on the 28th, or in the city's first month."""
    institutions = draw_institutions(city)
    for year, moment in sent_yearly(city, 4, 28):
        known = institutions.filter(pl.col("opened_date") <= dt.date(year, 4, 1))
        yield Delivery(DATASET, str(year), moment, known)


def draw_institutions(city: City) -> pl.DataFrame:
    """Draw all that are ever opened: the contract's columns."""
    rng = city.rng(DATASET)
    sites = pl.concat(
        draw_named(city, rng, count_for(city, many, least), words).with_columns(kind_code=pl.lit(kind))
        for kind, words, many, least in _KINDS
    )  # fmt: skip
    count = sites.height
    owners, hours = owners_of(city, rng, count, "医療法人"), rng.integers(0, len(_HOURS), count)
    kind = pl.col("kind_code")
    chance = pl.lit(pl.Series(rng.random(count)))
    is_persons = chance < kind.replace_strict(_FOUNDED_BY_PERSONS, return_dtype=pl.Float64)
    managers, beds = name_holders(rng, count), _count_beds(rng, sites["kind_code"])
    days = pl.Series(rng.integers(0, _DAYS, count))
    begins = pl.when(kind == _DENTIST).then(pl.lit("2739")).otherwise(pl.lit("2719"))
    return sites.with_columns(bed_count=beds).select(
        institution_code=begins + serial().cast(pl.String).str.zfill(6),
        institution_name="name",
        institution_name_kana="name_kana",
        kind_code=kind,
        postal_code="postal_code",
        address="address",
        latitude="latitude",
        longitude="longitude",
        phone=landline(_EXCHANGE, serial()),
        corporate_number=pl.when(~is_persons).then(owners["corporate_number"]),
        corporation_name=pl.when(~is_persons).then(owners["corporate_name"]),
        founder_name=pl.when(is_persons).then(managers),
        manager_name=managers,
        departments=_name_subjects(rng, sites["kind_code"]),
        bed_count="bed_count",
        open_weekdays=pl.Series(_WEEKDAYS).gather(rng.integers(0, len(_WEEKDAYS), count)),
        opening_time=pl.Series([h[0] for h in _HOURS]).gather(hours),
        closing_time=pl.Series([h[1] for h in _HOURS]).gather(hours),
        hours_note=pl.when(kind == _CLINIC).then(pl.lit("12時30分から16時は休診")),
        has_after_hours_care=kind == _HOSPITAL,
        disaster_role_code=pl.when(pl.col("bed_count") > _MANY_BEDS).then(pl.lit("2")),
        opened_date=later(_FIRST_DAY, days),
        inspection_note=pl.lit(None, pl.String),
    )


def _count_beds(rng: np.random.Generator, kinds: pl.Series) -> pl.Series:
    """Hospitals have 20 beds at least, clinics 19 at most (医療法第1条の5); most clinics have none."""
    hospital, clinic = rng.integers(2, 40, len(kinds)) * 10, rng.integers(1, 20, len(kinds))
    few = np.where(rng.random(len(kinds)) < 0.05, clinic, 0)  # noqa: PLR2004 - one in twenty
    beds = pl.Series(np.where(kinds == _HOSPITAL, hospital, few))
    return pl.select(pl.when(kinds != _DENTIST).then(beds)).to_series()


def _name_subjects(rng: np.random.Generator, kinds: pl.Series) -> pl.Expr:
    drawn = pl.Series(rng.integers(0, 1_000_000, len(kinds)))
    named = pl.DataFrame(
        {"kind_code": list(_SUBJECTS), "subjects": [list(s) for s in _SUBJECTS.values()]}
    )
    lists = kinds.alias("kind_code").to_frame().join(named, on="kind_code", maintain_order="left")
    subjects = lists["subjects"]
    return pl.lit(subjects.list.get(drawn % subjects.list.len()))
