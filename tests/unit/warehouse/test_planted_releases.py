"""Faults that show only beside other releases or in the city's books, through the whole line."""

from dataclasses import replace

import polars as pl
import pytest

from assets.release import City, PrivacyBudget
from tests.unit.warehouse.publishing import (
    CITY,
    DECLARATION,
    NONE,
    OVERLAPS,
    POPULATION,
    make_register,
    put_towns,
    release,
)
from tests.unit.warehouse.test_shape_noise import NOISE, TOWNS
from warehouse.home import Home
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release import shape as shaping
from warehouse.release.publish import approve
from warehouse.release.staging import stage_candidate


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with open_lake(Home(tmp_path_factory.mktemp("lake")), write=["internal", "open"]) as opened:
        put_towns(opened)
        yield opened


@pytest.fixture
def stage(con, home, monkeypatch):
    """Stage a release whose query gives a table of the test's."""

    def run(table, city=CITY, **spec):
        monkeypatch.setattr(shaping, "_query", lambda *_: table)
        query = release("population", table.write_csv(), POPULATION, ["mart.by_town"], **spec)
        register = make_register()
        known = {**register.releases, "population": query}
        return stage_candidate(con, home, replace(register, city=city, releases=known), query)[0]

    return run


def _month(day, men):
    return pl.DataFrame(
        {
            "調査年月日": [day] * 3,
            "地域名": TOWNS,
            "総人口": [250, 140, 131],
            "男性": [men, 70, 61],
            "女性": [250 - men, 70, 70],
        }
    )


def _reasons(candidate):
    return {f["rule"] for f in candidate.findings if f["severity"] == "blocker"}


def test_a_small_change_since_last_month_is_refused(con, home, stage):
    bare = {"protection": NONE, "overlaps": OVERLAPS}
    assert _reasons(stage(_month("2026-04-01", 120), **bare)) == set()
    approve(con, home, "population", person="総務課長", note="")
    reasons = _reasons(stage(_month("2026-05-01", 121), **bare))
    assert reasons
    assert all(rule.startswith("overlap.change.") for rule in reasons)


def test_the_same_month_again_is_not_refused(con, home, stage):
    bare = {"protection": NONE, "overlaps": OVERLAPS}
    stage(_month("2026-04-01", 120), **bare)
    approve(con, home, "population", person="総務課長", note="")
    assert _reasons(stage(_month("2026-05-01", 120), **bare)) == set()


def test_counts_of_persons_that_are_not_declared_are_refused(stage):
    assert _reasons(stage(_month("2026-04-01", 120), protection=NONE)) == {"overlap.undeclared"}


def test_a_protected_table_without_a_declaration_is_refused(stage):
    rounding = {
        "method": "random_rounding", "region": "地域名", "counts": ["男性", "女性"],
        "sums": {"総人口": ["男性", "女性"]}, "total": "総人口", "base": 5,
        "minimum_region_total": 50,
    }  # fmt: skip
    table = _month("2026-04-01", 120).drop("総人口")
    spec = {"protection": rounding, "overlaps": OVERLAPS}
    assert _reasons(stage(table, **spec)) == {"law.unanswered"}
    assert _reasons(stage(table, **spec, declaration=DECLARATION)) == set()


def test_an_overspent_budget_is_refused(stage):
    budgets = {"住民": PrivacyBudget(yearly_epsilon=1.5)}
    city = City.model_validate({**CITY.model_dump(), "privacy_budgets": budgets})

    def persons(size):
        return pl.DataFrame(
            {
                "person": [f"p{n}" for n in range(size)],
                "地域名": [TOWNS[n % 2] for n in range(size)],
                "cell": [["男性", "女性"][n % 3 % 2] for n in range(size)],
                "調査年月日": ["2026-04-01"] * size,
            }
        )

    spec = {"protection": NOISE, "declaration": DECLARATION}
    assert _reasons(stage(persons(300), city, **spec)) == set()
    with pytest.raises(Refusal) as caught:
        stage(persons(301), city, **spec)
    assert caught.value.rule.startswith("budget.")
