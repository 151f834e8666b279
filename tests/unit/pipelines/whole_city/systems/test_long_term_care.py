import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.systems.long_term_care import DATASET, deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable
from tests.unit.pipelines.whole_city.systems.standing import (
    all_rows,
    require_changes,
    standing_on,
)

DAY = dt.date(2024, 6, 30)
NEXT = DAY + dt.timedelta(days=1)


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def insured(sent):
    return standing_on(DATASET, all_rows(sent), DAY)


def test_the_insured_are_what_their_contract_reads(sent):
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"介護保険被保険者_{delivery.period.replace('-', '')}.tsv")
    require_changes(DATASET, sent)


def test_everyone_of_65_is_insured_and_of_the_younger_only_the_certified(city, insured):
    age = ages_on(pl.col("birth_date"), NEXT)
    old = city.residents_on(DAY).filter(age >= 65)
    first = insured.filter(pl.col("insured_category_code") == "1")
    second = insured.filter(pl.col("insured_category_code") == "2")
    assert set(first["resident_id"]) == set(old["resident_id"])
    assert second.select(age.is_between(40, 64).all()).item()
    assert second["care_level_code"].null_count() == 0
    assert second["specified_disease"].null_count() == 0
    assert first["specified_disease"].null_count() == first.height


def test_certified_are_about_a_fifth_and_more_of_the_older(insured):
    age = ages_on(pl.col("birth_date"), NEXT)
    certified = pl.col("care_level_code").is_not_null()
    old = insured.filter(age >= 65)
    assert 0.12 < old.select(certified.mean()).item() < 0.28
    younger, older = (
        old.filter(age.is_between(low, high)).select(certified.mean()).item()
        for low, high in ((65, 74), (85, 120))
    )
    assert younger < 0.1
    assert older > 0.35


def test_a_first_row_joins_and_a_last_one_carries_its_reason(sent):
    rows = require_changes(DATASET, sent)
    first = rows.unique("resident_id", keep="first", maintain_order=True)
    assert set(first["change_code"]) == {"1"}
    left = rows.filter(pl.col("change_code") == "3")
    assert left.height > 5
    assert left["lost_reason_code"].null_count() == 0
    assert left.select((pl.col("lost_date") > pl.col("effective_date")).all()).item()
    valid = rows.filter(pl.col("care_level_code").is_not_null())
    assert (valid["certified_from_date"] < valid["certified_until_date"]).all()
    assert (valid["certified_date"] <= valid["effective_date"]).all()
