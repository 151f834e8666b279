import polars as pl
import pytest

from pipelines.whole_city.budget_items import ITEMS, SPLIT
from pipelines.whole_city.systems.budget_execution import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def rows(city):
    return pl.concat([sent.rows for sent in deliver(city)])


def test_the_budget_is_what_its_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"予算執行状況_{sent.period.replace('-', '')}.xlsx")


def test_sums_agree_with_the_budget(rows):
    current, initial = pl.col("current_budget_yen"), pl.col("initial_budget_yen")
    agree = rows.select(
        budget=(current == initial + pl.col("supplementary_budget_yen")).all(),
        rest=(current == pl.col("cumulative_executed_yen") + pl.col("remaining_yen")).all(),
        within=(pl.col("remaining_yen") >= 0).all(),
        forward=(pl.col("executed_yen") >= 0).all(),
    )
    assert agree.row(0) == (True, True, True, True)


def test_months_add_up_to_what_was_paid_by_then(rows):
    item = ["fiscal_year", "kan_code", "kou_code", "moku_code", "setsu_code"]
    ordered = rows.sort(*item, "execution_month").with_columns(
        summed=pl.col("executed_yen").cum_sum().over(item)
    )
    assert ordered["summed"].equals(ordered["cumulative_executed_yen"], check_names=False)


def test_the_budget_is_one_of_a_city_of_this_size(city, rows):
    april = rows.filter(pl.col("execution_month") == city.months[0])
    a_head = april["initial_budget_yen"].sum() / city.residents_on(city.months[0]).height
    assert 350_000 < a_head < 500_000
    welfare = april.filter(pl.col("kan_name") == "民生費")["initial_budget_yen"].sum()
    assert 0.4 < welfare / april["initial_budget_yen"].sum() < 0.6


def test_items_are_listed_once_and_split_whole():
    assert ITEMS.select("kan_code", "kou_code", "moku_code").is_unique().all()
    names = ITEMS.group_by("kan_code").agg(pl.col("kan_name").n_unique())
    assert set(names["kan_name"]) == {1}
    assert set(SPLIT.group_by("kind").agg(pl.col("per_cent").sum())["per_cent"]) == {100}
    assert set(ITEMS["kind"]) == set(SPLIT["kind"])
