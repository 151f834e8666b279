"""Releases of counts with hidden cells, from the query's rows to the gate."""

import polars as pl
import pytest

from anonymize.gate import judge_release
from tests.unit.warehouse.publishing import POPULATION, make_register, release
from warehouse.formats.csv_file import read_csv, write_csv
from warehouse.refusal import Refusal
from warehouse.release import shape as shaping
from warehouse.release.shape import shape

AREAS = {"北部": ["北町", "西町"], "南部": ["南町", "東町", "中町"]}
PROTECTION = {
    "method": "suppression", "region": "地域名", "groups": AREAS, "counts": ["男性", "女性"],
    "sums": {"総人口": ["男性", "女性"]}, "total": "総人口", "note": "備考", "threshold": 5,
}  # fmt: skip
WIDE = pl.DataFrame(
    {
        "地域名": ["北町", "西町", "南町", "東町", "中町", "北部"],
        "男性": [3, 40, 50, 60, 70, 43],
        "女性": [20, 41, 0, 61, 71, 61],
        "調査年月日": ["2026-04-01"] * 6,
    }
)


@pytest.fixture
def stage(home, monkeypatch):
    """Shape a release from given rows, as its query would give them."""
    monkeypatch.setattr(shaping, "_period", lambda *_: "2026-04")

    def run(rows, **changes):
        monkeypatch.setattr(shaping, "_query", lambda *_: rows)
        query = release("p", "", POPULATION, ["mart.by_town"], protection={**PROTECTION, **changes})
        return shape(None, home, make_register(), query)  # ty: ignore[invalid-argument-type]

    return run


def _rows(shaped):
    return {row["地域名"]: row for row in shaped.table.to_dicts()}


def test_the_small_cell_and_those_that_give_it_away_are_blank_and_marked(stage):
    shaped = stage(WIDE)
    rows = _rows(shaped)
    assert rows["北町"]["男性"] is None
    assert rows["北町"]["備考"].startswith("X:男性")
    blanks = shaped.table.select("男性", "女性", "総人口").null_count().row(0)
    assert sum(blanks) == 4  # two towns of the same area, men and women: its totals are known
    assert rows["北町"]["総人口"] == 23
    assert rows["南町"]["女性"] == 0
    assert rows["南町"]["備考"] is None
    assert "1件と" in shaped.words[0]


def test_the_gate_finds_the_written_file_in_order(stage, tmp_path):
    shaped = stage(WIDE)
    write_csv(shaped.table, tmp_path / "p.csv", bom=True)
    delivered = read_csv(tmp_path / "p.csv", POPULATION)
    assert judge_release(delivered, shaped.policy) == []


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (pl.Series("女性", WIDE["女性"]), "cells.recoverable"),
        (pl.Series("男性", WIDE["男性"]), "cells.small_shown"),
        (pl.lit(None, pl.String).alias("備考"), "cells.unmarked"),
        ((pl.col("総人口") + 1).alias("総人口"), "sums.unequal"),
    ],
)
def test_the_gate_stops_what_is_not_hidden_enough(stage, change, rule):
    shaped = stage(WIDE)
    found = {one.rule for one in judge_release(shaped.table.with_columns(change), shaped.policy)}
    assert rule in found


def test_rows_that_do_not_add_up_are_refused(stage):
    with pytest.raises(Refusal, match="一致しないセル"):
        stage(
            WIDE.with_columns(
                pl.when(pl.col("地域名") == "北部").then(1).otherwise("男性").alias("男性")
            )
        )


def test_a_column_for_the_marks_in_the_query_is_refused(stage):
    with pytest.raises(Refusal, match="印の列"):
        stage(WIDE.with_columns(pl.lit("").alias("備考")))
