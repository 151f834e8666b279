import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.disabilities import certify_for_late_elderly
from pipelines.whole_city.systems import public_assistance
from pipelines.whole_city.systems.late_elderly_medical import DATASET, deliver
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


def test_the_qualifications_are_what_their_contract_reads(sent):
    for delivery in sent:
        require_readable(delivery)
        label = f"_{delivery.label}" if delivery.label else ""
        name = f"後期高齢者医療資格_{delivery.period.replace('-', '')}{label}.csv"
        require_name(delivery, name)
    require_changes(DATASET, sent)


def test_everyone_of_75_is_insured_and_of_the_others_the_disabled(city, sent):
    insured = standing_on(DATASET, all_rows(sent), DAY)
    aided = {d.period: d.rows for d in public_assistance.deliver(city)}["2024-06"]["resident_id"]
    residents = city.residents_on(DAY).filter(~pl.col("resident_id").is_in(aided.implode()))
    old = residents.filter(ages_on(pl.col("birth_date"), DAY) >= 75)
    assert set(old["resident_id"]) <= set(insured["resident_id"])
    young = insured.filter(~pl.col("resident_id").is_in(old["resident_id"].implode()))
    certified = certify_for_late_elderly(city).join(city.persons, on="person")
    assert young.height > 3
    assert set(young["resident_id"]) <= set(certified["resident_id"])
    assert young.select(ages_on(pl.col("birth_date"), DAY).is_between(65, 74).all()).item()
    assert set(young["person_category_code"]) == {"2"}


def test_one_month_is_delivered_again_with_the_shares_put_right(sent):
    again = [d for d in sent if d.label]
    assert [d.label for d in again] == ["訂正"]
    first = next(d for d in sent if d.period == again[0].period and not d.label)
    assert first.delivered_at < again[0].delivered_at
    assert not first.rows["burden_code"].equals(again[0].rows["burden_code"])
    assert first.rows.drop("burden_code").equals(again[0].rows.drop("burden_code"))


def test_premiums_add_up_and_stay_below_the_limit(sent):
    rows = all_rows(sent)
    added = rows["per_capita_premium_yen"] + rows["income_premium_yen"]
    assert added.equals(rows["annual_premium_yen"], check_names=False)
    assert rows["annual_premium_yen"].max() <= 800_000
    assert rows["annual_premium_yen"].min() == 57_172 * 3 // 10
