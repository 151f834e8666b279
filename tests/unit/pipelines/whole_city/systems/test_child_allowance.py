import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.people.settle import count_months, settle
from pipelines.whole_city.systems.child_allowance import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def around_reform():
    """September and October 2024."""
    city = settle(3000, seed=5, months=count_months(2, dt.date(2024, 9, 1)))
    return [s.rows for s in deliver(city)]


def test_the_lists_are_what_their_contract_reads(sent):
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "児童手当_202404.csv")


def test_children_are_paid_to_a_parent_of_the_same_household(city, sent):
    for s, month in ((sent[0], city.months[0]), (sent[-1], city.months[-1])):
        there = city.residents_on(last_day(month))
        child = s.rows.join(there, left_on="child_id", right_on="resident_id", suffix="_register")
        assert child.height == s.rows.height > 200
        parent = there.select(claimant_id="resident_id", home="household_id", claimant="person")
        both = child.join(parent, on="claimant_id")
        assert both.height == s.rows.height
        assert both["home"].equals(both["household_id"], check_names=False)
        assert both.select(
            (
                (pl.col("claimant") == pl.col("mother"))
                | (pl.col("claimant") == pl.col("father")).fill_null(value=False)
            )
            .fill_null(value=False)
            .all()
        ).item()


def test_ages_end_with_the_fiscal_year_of_the_law_of_the_month(around_reform):
    september, october = around_reform
    assert september["child_birth_date"].min() >= dt.date(2009, 4, 2)
    assert dt.date(2006, 4, 2) <= october["child_birth_date"].min() < dt.date(2009, 4, 2)
    new = october.filter(pl.col("child_birth_date") < dt.date(2009, 4, 2))
    assert set(new["age_band_code"]) == {"4"}
    assert new.select((pl.col("certified_date") >= dt.date(2024, 10, 1)).all()).item()
    assert set(october["child_id"]) > set(september["child_id"])


def test_amounts_are_those_of_the_law(around_reform):
    september, october = around_reform
    baby, third = pl.col("age_band_code") == "1", pl.col("child_order") >= 3
    said = {  # band, third child or later → yen a month
        "september": {
            ("1", False): 15_000,
            ("1", True): 15_000,
            ("2", False): 10_000,
            ("2", True): 15_000,
            ("3", False): 10_000,
            ("3", True): 10_000,
        },
        "october": {
            ("1", False): 15_000,
            ("1", True): 30_000,
            ("2", False): 10_000,
            ("2", True): 30_000,
            ("3", False): 10_000,
            ("3", True): 30_000,
            ("4", False): 10_000,
            ("4", True): 30_000,
        },
    }
    plain = september.filter(pl.col("income_kind_code") == "1")
    for rows, law in ((plain, said["september"]), (october, said["october"])):
        paid = rows.group_by("age_band_code", third.alias("third")).agg(
            pl.col("monthly_amount_yen").unique()
        )
        found = {(band, is_third): yen for band, is_third, yen in paid.rows()}
        assert len(found) > 4
        assert found == {key: [law[key]] for key in found}
    special = september.filter(pl.col("income_kind_code") == "2")
    assert set(special["monthly_amount_yen"]) == {5_000}
    assert october["income_kind_code"].null_count() == october.height
    assert october.filter(baby)["child_birth_date"].min() >= dt.date(2021, 10, 1)


def test_brothers_and_sisters_share_the_claimant_and_are_counted(around_reform):
    october = around_reform[1]
    families = october.group_by("claimant_id").agg(
        pl.col("child_order").n_unique() == pl.len(), pl.col("counted_children_count").unique()
    )
    assert families["child_order"].all()
    assert families["counted_children_count"].list.len().max() == 1
    ordered = october.sort("claimant_id", "child_birth_date", descending=[False, True])
    behind = pl.col("child_order").diff().over("claimant_id")
    assert ordered.select((behind <= -1).all()).item()


def test_the_third_month_is_delivered_again_corrected(sent):
    june = [s for s in sent if s.period == "2024-06"]
    assert [s.label for s in june] == ["", "訂正"]
    assert june[1].delivered_at > june[0].delivered_at
    first, again = (s.rows for s in june)
    assert first.drop("monthly_amount_yen").equals(again.drop("monthly_amount_yen"))
    wrong = (first["monthly_amount_yen"] != again["monthly_amount_yen"]).sum()
    assert 0 < wrong < first.height / 10
    require_name(june[1], "児童手当_202406_訂正.csv")
