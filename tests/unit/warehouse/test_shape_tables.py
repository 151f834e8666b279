"""Releases of counts by every method of tables: what goes out, what the gate is told and says."""

import polars as pl
import pytest

from anonymize.gate import judge_release
from anonymize.tables.merging import HIDDEN
from tests.unit.warehouse.publishing import POPULATION, TOWNS, make_register, release
from warehouse.formats.csv_file import read_csv, write_csv
from warehouse.refusal import Refusal
from warehouse.release import shape as shaping
from warehouse.release.shape import shape

WIDE = pl.DataFrame(
    TOWNS, schema={"地域名": pl.String, "男性": pl.Int64, "女性": pl.Int64}, orient="row"
).with_columns(pl.lit("2026-04-01").alias("調査年月日"))
COMMON = {
    "region": "地域名", "counts": ["男性", "女性"], "sums": {"総人口": ["男性", "女性"]},
    "total": "総人口", "minimum_region_total": 20,
}  # fmt: skip
CONTROLLED = {**COMMON, "method": "controlled_rounding", "base": 5, "draw": "nearest"}
CELL_KEY = {
    **COMMON, "method": "cell_key", "person": "person", "cell": "cell",
    "deviation": 5, "variance": 2.0, "suppressed_up_to": 2,
}  # fmt: skip
MERGING = {**COMMON, "method": "merging", "note": "備考", "neighbours": {"北町": "西町"}}


def _people(wide: pl.DataFrame) -> pl.DataFrame:
    long = wide.unpivot(["男性", "女性"], index=["地域名", "調査年月日"], variable_name="cell")
    rows = long.select(pl.all().exclude("value").repeat_by("value").explode())
    return rows.with_columns(person=pl.format("p{}", pl.int_range(pl.len())))


@pytest.fixture
def stage(home, monkeypatch):
    """Shape a release from given rows, as its query would give them."""
    monkeypatch.setattr(shaping, "_period", lambda *_: "2026-04")

    def run(rows, protection, **changes):
        monkeypatch.setattr(shaping, "_query", lambda *_: rows)
        query = release("p", "", POPULATION, ["mart.by_town"], protection={**protection, **changes})
        return shape(None, home, make_register(), query)  # ty: ignore[invalid-argument-type]

    return run


@pytest.mark.parametrize("draw", ["nearest", "unbiased"])
def test_controlled_rounding_keeps_every_margin_near(stage, draw):
    shaped = stage(WIDE, CONTROLLED, draw=draw)
    assert judge_release(shaped.table, shaped.policy) == []
    assert shaped.policy.rounding_base == 5
    shown = shaped.table.join(WIDE, on="地域名", suffix="_true")
    assert (shown["総人口"] - shown["男性_true"] - shown["女性_true"]).abs().max() < 5
    assert (shown["男性"] - shown["男性_true"]).abs().max() < 5
    assert "その他の地域" in shaped.table["地域名"].to_list()
    assert "最大" in shaped.words[0]
    assert stage(WIDE, CONTROLLED, draw=draw).table.equals(shaped.table)


def test_cell_keys_give_the_same_numbers_for_the_same_persons(stage):
    people = _people(WIDE)
    shaped = stage(people, CELL_KEY)
    assert judge_release(shaped.table, shaped.policy) == []
    assert shaped.table["調査年月日"].unique().to_list() == ["2026-04-01"]
    assert stage(people.sample(fraction=1, shuffle=True, seed=1), CELL_KEY).table.equals(
        shaped.table
    )
    shown = shaped.table.join(WIDE, on="地域名", suffix="_true")
    assert (shown["男性"] - shown["男性_true"]).abs().max() <= 5
    moved = people.filter(pl.col("person") != people["person"][0])
    town = people["地域名"][0]
    changed = stage(moved, CELL_KEY).table.filter(pl.col("地域名") != town)
    assert changed.equals(shaped.table.filter(pl.col("地域名") != town))


def test_merging_blanks_the_small_town_and_says_with_whom(stage, tmp_path):
    shaped = stage(WIDE, MERGING)
    write_csv(shaped.table, tmp_path / "p.csv", bom=True)
    delivered = read_csv(tmp_path / "p.csv", POPULATION)
    assert judge_release(delivered, shaped.policy) == []
    rows = {row["地域名"]: row for row in shaped.table.to_dicts()}
    assert [rows["北町"][c] for c in ("男性", "女性", "総人口")] == [None] * 3
    assert rows["北町"]["備考"] == f"{HIDDEN}:「西町」に合算"
    assert rows["西町"]["総人口"] == 54 + 13
    assert rows["西町"]["備考"] == "「北町」を含む"
    assert shaped.table["総人口"].sum() == (WIDE["男性"] + WIDE["女性"]).sum()


def test_the_gate_stops_a_hidden_row_that_still_shows_a_count(stage):
    shaped = stage(WIDE, MERGING)
    leaked = shaped.table.with_columns(
        pl.when(pl.col("地域名") == "北町").then(7).otherwise("男性").alias("男性")
    )
    rules = {finding.rule for finding in judge_release(leaked, shaped.policy)}
    assert "counts.hidden_but_shown" in rules


@pytest.mark.parametrize(
    ("rows", "protection", "words"),
    [
        (WIDE, {**MERGING, "neighbours": {"北町": "無い町"}}, "表にない地域"),
        (WIDE, {**MERGING, "neighbours": {"西町": "北町"}}, "合算する相手がなく"),
        (pl.concat([WIDE, WIDE]), CONTROLLED, "同じ地域の行"),
        (_people(WIDE), {**CELL_KEY, "variance": 99.0}, "可能な分散"),
        (pl.concat([_people(WIDE)] * 2), CELL_KEY, "同じ人の行が複数"),
        (
            _people(WIDE),
            {**CELL_KEY, "counts": ["男性"], "sums": {"総人口": ["男性"]}},
            "区分の定義にない",
        ),
        (WIDE.rename({"女性": "女"}), CONTROLLED, "当てはまらない名前があります: 女性"),
        (WIDE, {**CONTROLLED, "counts": ["*性", "*子"]}, "当てはまらない名前があります: \\*子"),
        (WIDE.clear(), MERGING, "公開する行がありません"),
        (_people(WIDE).clear(), CELL_KEY, "公開する行がありません"),
    ],
)
def test_rows_that_do_not_fit_are_refused_in_three_lines(stage, rows, protection, words):
    with pytest.raises(Refusal, match=words) as caught:
        stage(rows, protection)
    assert caught.value.rule == "release.table"
    assert len(str(caught.value).split("\n")) == 3
