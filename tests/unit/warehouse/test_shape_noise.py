"""A noisy release counts persons, adds up, is paid once and stays the same."""

import shutil
from dataclasses import replace

import polars as pl
import pytest

from anonymize.gate import judge_release
from assets.release import City, PrivacyBudget
from tests.unit.warehouse.publishing import (
    CITY,
    DECLARATION,
    POPULATION,
    make_register,
    put_towns,
    release,
)
from tests.unit.warehouse.publishing import TOWNS as ALL_TOWNS
from warehouse.budget import spendings
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release import shape as shaping
from warehouse.release.shape import shape
from warehouse.release.staging import stage_candidate

TOWNS = ["本町", "南町", "北町"]
NOISE = {
    "method": "noise", "population": "住民", "person": "person", "region": "地域名",
    "regions": TOWNS, "cell": "cell", "counts": ["男性", "女性"],
    "sums": {"総人口": ["男性", "女性"]}, "cells_per_person": 1, "epsilon": 1.0,
}  # fmt: skip


def _people(size=300):
    return pl.DataFrame(
        {
            "person": [f"p{n}" for n in range(size)],
            "地域名": [TOWNS[n % 2] for n in range(size)],
            "cell": [["男性", "女性"][n % 3 % 2] for n in range(size)],
            "調査年月日": ["2026-04-01"] * size,
        }
    )


@pytest.fixture
def stage(home, monkeypatch):
    """Shape a release from given rows of persons, as its query would give them."""
    monkeypatch.setattr(shaping, "_period", lambda *_: "2026")
    budgets = {"住民": PrivacyBudget(yearly_epsilon=2.0)}
    city = City.model_validate({**CITY.model_dump(), "privacy_budgets": budgets})
    register = replace(make_register(), city=city)

    def run(people, **changes):
        monkeypatch.setattr(shaping, "_query", lambda *_: people)
        query = release("p", "", POPULATION, ["mart.by_town"], protection={**NOISE, **changes})
        return shape(None, home, register, query)  # ty: ignore[invalid-argument-type]

    return run


def test_the_table_adds_up_and_passes_the_gate(stage):
    shaped = stage(_people())
    assert judge_release(shaped.table, shaped.policy) == []
    assert shaped.table["地域名"].to_list() == TOWNS
    assert shaped.table["調査年月日"].to_list() == ["2026-04-01"] * 3
    assert shaped.policy.sums == {"総人口": ("男性", "女性")}
    total = shaped.table["男性"] + shaped.table["女性"]
    assert shaped.table["総人口"].to_list() == total.to_list()
    assert abs(shaped.table["総人口"].sum() - 300) < 60
    assert "ε = 1" in shaped.words[0]
    assert "平均 0.85 人、95%は 3 人以内" in shaped.words[2]


def test_the_same_rows_in_another_order_are_neither_paid_nor_drawn_again(stage, home):
    first = stage(_people())
    again = stage(_people().reverse())
    assert again.table.equals(first.table)
    assert len(spendings(home)) == 1
    assert spendings(home)[0].purpose == "release:p"


def test_other_rows_are_paid_until_the_budget_is_spent(stage, home):
    for size in (300, 301):
        stage(_people(size))
    with pytest.raises(Refusal, match="残りは ε = 0 です"):
        stage(_people(302))
    assert len(spendings(home)) == 2


def test_one_person_in_many_rows_weighs_as_declared(stage):
    crowd = _people().with_columns(person=pl.lit("p0"))
    shaped = stage(crowd, epsilon=2.0)
    assert shaped.table["総人口"].sum() < 40


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (_people().with_columns(pl.lit("東町").alias("地域名")), "300 行"),
        (_people().with_columns(person=pl.lit(None, pl.String)), "個人の列"),
        (_people().with_columns(person=pl.lit(1.5)), "個人の列"),
        (_people().drop("cell"), "cell"),
        (_people().with_columns(備考=pl.int_range(300)), "1つの値にならない"),
        (_people().with_columns(備考=pl.len()), "ノイズのない数の列"),
        (_people().clear(), "1行もありません"),
    ],
)
def test_rows_that_do_not_fit_are_refused_before_anything_is_paid(stage, home, rows, words):
    with pytest.raises(Refusal, match=words) as caught:
        stage(rows)
    assert caught.value.rule == "release.noise"
    assert "東町" not in str(caught.value)
    assert spendings(home) == []


def test_noise_without_a_budget_is_refused(stage):
    with pytest.raises(Refusal) as caught:
        stage(_people(), population="園児")
    assert caught.value.rule == "budget.none"


PERSONS_SQL = """
SELECT '2026-04-01' AS 調査年月日, town AS 地域名, '男性' AS cell, town || 'm' || n AS person
FROM mart.by_town, range(men) AS numbers(n)
UNION ALL
SELECT '2026-04-01', town, '女性', town || 'w' || n FROM mart.by_town, range(women) AS numbers(n)
"""


def test_a_candidate_made_anew_costs_nothing_and_is_the_same(home):
    budgets = {"住民": PrivacyBudget(yearly_epsilon=1.0)}
    city = City.model_validate({**CITY.model_dump(), "privacy_budgets": budgets})
    register = replace(make_register(), city=city)
    towns = [town for town, _, _ in ALL_TOWNS]
    protection = {**NOISE, "regions": towns}
    query = release(
        "p",
        PERSONS_SQL,
        POPULATION,
        ["mart.by_town"],
        protection=protection,
        declaration=DECLARATION,
    )
    with open_lake(home, write=["internal"], read=["secure"]) as con:
        put_towns(con)
        first, _ = stage_candidate(con, home, register, query)
        shutil.rmtree(home.candidates)
        again, outcome = stage_candidate(con, home, register, query)
    assert outcome.changed
    assert again.id == first.id
    assert not again.is_blocked, again.findings
    assert [s.epsilon for s in spendings(home)] == [1.0]
