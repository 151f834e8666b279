import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.systems import late_elderly_medical, public_assistance
from pipelines.whole_city.systems.national_health_insurance import DATASET, JOINED, LEFT, deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable
from tests.unit.pipelines.whole_city.systems.standing import (
    all_rows,
    require_changes,
    standing_on,
)

DAY = dt.date(2024, 6, 30)


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def members(sent):
    return standing_on(DATASET, all_rows(sent), DAY)


@pytest.fixture(scope="module")
def others(city):
    """Give who is insured elsewhere by this city's offices on the day."""
    late = all_rows(late_elderly_medical.deliver(city))
    aided = {d.period: d.rows for d in public_assistance.deliver(city)}["2024-06"]
    return set(standing_on(late_elderly_medical.DATASET, late, DAY)["resident_id"]), set(
        aided["resident_id"]
    )


def test_the_qualifications_are_what_their_contract_reads(sent):
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"国民健康保険資格_{delivery.period.replace('-', '')}.csv")
    require_changes(DATASET, sent)


def test_nobody_is_insured_twice_or_on_assistance_and_insured(city, members, others):
    late, aided = others
    kokuho = set(members["resident_id"])
    assert kokuho
    assert not kokuho & late
    assert not kokuho & aided
    assert not late & aided
    assert kokuho | late | aided <= set(city.residents_on(DAY)["resident_id"])


def test_members_are_below_75_and_a_household_is_insured_as_one(city, members, others):
    ages = members.select(age=ages_on(pl.col("birth_date"), DAY))["age"]
    assert ages.max() < 75
    young = city.residents_on(DAY).filter(
        ages_on(pl.col("birth_date"), DAY) < 75,
        ~pl.col("resident_id").is_in([*others[0], *others[1]]),
    )
    mixed = young.group_by("household_id").agg(
        pl.col("resident_id").is_in(members["resident_id"].implode()).n_unique()
    )
    assert set(mixed["resident_id"]) == {1}
    assert 0.12 < members.height / city.residents_on(DAY).height < 0.30


def test_what_is_written_is_what_the_register_says(city, members):
    register = city.residents_on(DAY).select(
        "resident_id",
        home="household_id",
        born="birth_date",
        name=pl.concat_str("surname", "given", separator="\u3000"),
    )
    both = members.join(register, on="resident_id", how="inner")
    assert both.height == members.height
    assert (both["birth_date"] == both["born"]).all()
    # A row is written when the insurance changes, and the household may change later.
    assert (both["household_id"] == both["home"]).mean() > 0.97


def test_losing_comes_a_day_later_but_for_other_insurances_of_the_city(sent):
    rows = all_rows(sent)
    lost = rows.filter(pl.col("change_code") == LEFT)
    days = (pl.col("lost_date") - pl.col("effective_date")).dt.total_days()
    told = lost.with_columns(days=days)
    assert set(told.filter(pl.col("lost_reason_code").is_in(["01", "02", "03"]))["days"]) == {1}
    assert set(told.filter(pl.col("lost_reason_code").is_in(["04", "05"]))["days"]) == {0}
    assert (rows["lost_date"].is_not_null() == (rows["change_code"] == LEFT)).all()
    born = rows.filter(pl.col("change_code") == JOINED, pl.col("acquired_reason_code") == "02")
    assert (born["effective_date"] == born["birth_date"]).all()
