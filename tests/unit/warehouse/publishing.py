"""A small city with one counted and one plain release, from its internal zone onwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.register import MartQuery, Register, ReleaseQuery, fingerprint
from assets.release import City, Mart, Release
from assets.standard import Standard
from tests.unit.warehouse.small_city import PLACES, make_dataset
from warehouse.lake import Loaded, record, replace_rows, transaction

if TYPE_CHECKING:
    import duckdb

CITY = City(
    name="はるみ市",
    prefecture="大阪府",
    local_government_code="272999",
    publisher="はるみ市",
    contact="デジタル課",
)
COUNTS = ["男性", "女性"]
APPROVERS = ["課長", "別の課長", "部長", "総務課長"]
POPULATION = Standard.model_validate(
    {
        "title": "地域・年齢別人口", "number": 4, "slug": "population", "edition": "試",
        "column_order": "official", "credit": "なし",
        "columns": [
            *({"name": n} for n in ["全国地方公共団体コード", "調査年月日", "地域名"]),
            *({"name": n, "type": "integer"} for n in ["総人口", *COUNTS]),
            {"name": "備考"},
        ],
    }
)  # fmt: skip
FACILITY = Standard.model_validate(
    {
        "title": "公共施設一覧", "number": 1, "slug": "public_facility", "edition": "試",
        "column_order": "official", "credit": "なし",
        "columns": [{"name": n} for n in ["ID", "名称", "所在地_連結表記"]],
    }
)  # fmt: skip
POPULATION_SQL = """
SELECT getvariable('local_government_code') AS 全国地方公共団体コード,
       '2026-04-01' AS 調査年月日, town AS 地域名, men AS 男性, women AS 女性
FROM mart.by_town ORDER BY town
"""
FACILITY_SQL = "SELECT place_id AS ID, place_name AS 名称 FROM common.places ORDER BY place_id"
ROUNDING: dict[str, Any] = {
    "method": "random_rounding", "region": "地域名", "counts": ["*性"],
    "sums": {"総人口": ["男性", "女性"]}, "total": "総人口", "base": 5, "minimum_region_total": 50,
}  # fmt: skip
OVERLAPS: dict[str, Any] = {
    "counts": "persons", "population": "住民", "rows": {"地域名": "地域"},
    "cells": {"総人口": {}, "男性": {"性別": "男性"}, "女性": {"性別": "女性"}},
    "dimensions": {"地域": {"kind": "category", "rest": "その他の地域"}, "性別": {"kind": "category"}},
}  # fmt: skip
DECLARATION: dict[str, Any] = {
    "basis": "統計情報", "manner": "公開", "sensitive_columns": [],
    "nature_of_file": "町別・男女別の人数", "known_to_outsiders": "近所の人は世帯の人数を知りうる",
    "answered_by": "市民課長",
}  # fmt: skip
NONE = {"method": "none", "reason": "施設の情報だけで、個人に関する列を含まない。"}
TOWNS = [("本町", 120, 130), ("南町", 61, 59), ("北町", 7, 6), ("西町", 23, 31), ("東町", 201, 210)]


ABOUT = {"file": "places.csv", "period": "2026", "sha256": "ab" * 32}


def release(
    name: str, sql: str, standard: Standard, sources: list[str], **spec: Any
) -> ReleaseQuery:
    made = Release.model_validate(
        {
            "title": name, "title_en": name, "description": name, "description_en": name,
            "standard": standard.slug, "sources": sources, "licence": "CC BY 4.0",
            "contact": "市民課", "frequency": "monthly", "theme": "SOCI", "keywords": ["試"],
            "prepared_by": "市民係", "approvers": APPROVERS, **spec,
        }
    )  # fmt: skip
    prints = fingerprint(sql.encode(), made.model_dump_json(warnings=False).encode())
    return ReleaseQuery(name, sql, prints, Path(f"{name}.sql"), made, standard)


def population(sql: str = POPULATION_SQL, **protection: Any) -> ReleaseQuery:
    return release(
        "population", sql, POPULATION, ["mart.by_town"],
        protection={**ROUNDING, **protection}, overlaps=OVERLAPS, declaration=DECLARATION,
    )  # fmt: skip


def facility(sql: str = FACILITY_SQL, **spec: Any) -> ReleaseQuery:
    return release("facility", sql, FACILITY, ["common.places"], **{"protection": NONE, **spec})


def make_register() -> Register:
    columns = {n: {"title": n, "classification": "庁内"} for n in ("town", "men", "women")}
    spec = {
        "title": "町別",
        "description": "町別",
        "sources": ["common.people"],
        "columns": columns,
    }
    mart = MartQuery("by_town", "", "", Path("by_town.sql"), Mart.model_validate(spec))
    releases = {r.name: r for r in (population(), facility())}
    datasets = {"places": make_dataset("places", PLACES), "people": make_dataset()}
    return Register(Path(), CITY, datasets, {"by_town": mart}, releases, {}, {})


def put_towns(con: duckdb.DuckDBPyConnection, towns: list[tuple[str, int, int]] = TOWNS) -> None:
    frame = pl.DataFrame(
        towns, schema={"town": pl.String, "men": pl.Int64, "women": pl.Int64}, orient="row"
    )
    _put(con, "mart", "by_town", "mart/by_town", frame)


def put_places(con: duckdb.DuckDBPyConnection, names: list[str | None]) -> None:
    frame = pl.DataFrame(
        {
            "_delivery": ["d"] * len(names),
            "_period": ["2026"] * len(names),
            "_row": list(range(2, len(names) + 2)),
            "place_id": [f"{n:03}" for n in range(1, len(names) + 1)],
            "place_name": pl.Series(names, dtype=pl.String),
            "cost_yen": [7654321] * len(names),
        }
    )
    _put(con, "common", "places", "internal/places", frame)


def _put(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, asset: str, frame: pl.DataFrame
) -> None:
    with transaction(con, "internal", asset):
        replace_rows(con, ("internal", schema, table), frame, remove=None)
        content = fingerprint(frame.write_csv().encode())
        record(con, "internal", [Loaded(asset, "", content, {**ABOUT})])
