"""Tables of counts that are open as they are, month by month, for tests across releases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.register import fingerprint
from assets.standard import Standard
from tests.unit.warehouse.publishing import ABOUT, NONE, make_register, release
from tests.unit.warehouse.small_city import PLACES, make_dataset
from warehouse.lake import Loaded, record, replace_rows, transaction

if TYPE_CHECKING:
    import duckdb

    from assets.register import Register, ReleaseQuery

COUNTED = Standard.model_validate(
    {
        "title": "人数", "number": 99, "slug": "counted", "edition": "試", "column_order": "official",
        "credit": "なし",
        "columns": [
            *({"name": n} for n in ["調査年月日", "地域名"]),
            *({"name": n, "type": "integer", "unit": "人"} for n in ["計", "男性", "女性", "件数"]),
        ],
    }
)  # fmt: skip
PERSONS: dict[str, Any] = {
    "counts": "persons", "population": "利用者", "rows": {"地域名": "地域"},
    "cells": {"計": {}, "男性": {"性別": "男性"}, "女性": {"性別": "女性"}},
    "dimensions": {"地域": {"kind": "category"}, "性別": {"kind": "category"}},
}  # fmt: skip
TOTALS = {**PERSONS, "cells": {"計": {}}, "dimensions": {"地域": {"kind": "category"}}}
HIDING = {**PERSONS, "hidden_below": 10}
TOWNS = {"本町": (40, 50), "南町": (31, 4), "北町": (22, 27)}
BY_SEX = """SELECT strftime(day, '%Y-%m-%d') AS 調査年月日, town AS 地域名, men AS 男性, women AS 女性
FROM common.users ORDER BY town"""
HIDDEN = BY_SEX.replace("men AS 男性, women AS 女性", "CASE WHEN men >= 10 THEN men END AS 男性, CASE WHEN women >= 10 THEN women END AS 女性")  # fmt: skip
OF_ALL = BY_SEX.replace("men AS 男性, women AS 女性", "men + women AS 計")


def counted(
    name: str = "by_sex", sql: str = BY_SEX, overlaps: dict[str, Any] | None = PERSONS
) -> ReleaseQuery:
    """Make a release of counts as they are."""
    return release(name, sql, COUNTED, ["common.users"], protection=NONE, overlaps=overlaps)


def register_with(*queries: ReleaseQuery, unit: str | None = None) -> Register:
    """Make the register that holds these releases beside the usual ones."""
    register = make_register()
    columns = {
        "day": {"source": "日", "title": "日", "type": "date", "classification": "公開"},
        "town": {"source": "町", "title": "町", "type": "text", "classification": "公開"},
        "men": {"source": "男", "title": "男", "type": "integer", "classification": "公開"},
        "women": {"source": "女", "title": "女", "type": "integer", "classification": "公開"},
    }
    if unit:
        columns["men"]["unit"] = unit
    users = make_dataset("users", PLACES, key=["town"], columns=columns)
    return replace(
        register,
        datasets={**register.datasets, "users": users},
        releases={**register.releases, **{q.name: q for q in queries}},
    )


def put_users(
    con: duckdb.DuckDBPyConnection,
    towns: dict[str, tuple[int, int]] | None = None,
    day: str = "2026-04-01",
    **moved: tuple[int, int],
) -> None:
    """Put a month's counts; `moved` replaces single towns."""
    rows = [(town, *both) for town, both in {**(towns or TOWNS), **moved}.items()]
    schema = {"town": pl.String, "men": pl.Int64, "women": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").select(
        _delivery=pl.lit("d"),
        _period=pl.lit(day[:7]),
        _row=pl.int_range(2, pl.len() + 2),
        day=pl.lit(day).str.to_date(),
        town="town",
        men="men",
        women="women",
    )
    with transaction(con, "internal", "internal/users"):
        replace_rows(con, ("internal", "common", "users"), frame, remove=None)
        content = fingerprint(frame.write_csv().encode())
        record(con, "internal", [Loaded("internal/users", "", content, {**ABOUT})])
