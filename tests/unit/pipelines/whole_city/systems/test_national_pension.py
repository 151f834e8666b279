import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.city import ages_on, last_day
from pipelines.whole_city.systems import national_health_insurance as kokuho
from pipelines.whole_city.systems import public_assistance
from pipelines.whole_city.systems.national_pension import DATASET, deliver
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


def test_the_insured_are_what_their_contract_reads(sent):
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"国民年金被保険者_{delivery.period.replace('-', '')}.csv")
    require_changes(DATASET, sent)


def test_insured_are_those_of_20_to_59_whom_no_employer_insures(city, sent):
    insured = standing_on(DATASET, all_rows(sent), DAY)
    # 達した日 is the day before the birthday: ages are those of the next day.
    age = ages_on(pl.col("birth_date"), DAY + dt.timedelta(days=1))
    assert insured.select(age.is_between(20, 59).all()).item()
    members = standing_on(kokuho.DATASET, all_rows(kokuho.deliver(city)), DAY)
    aided = {d.period: d.rows for d in public_assistance.deliver(city)}["2024-06"]
    expected = pl.concat([members["resident_id"], aided["resident_id"]])
    everyone = city.residents_on(DAY).filter(age.is_between(20, 59))
    wanted = everyone.filter(pl.col("resident_id").is_in(expected.implode()))
    assert set(wanted["resident_id"]) == set(insured["resident_id"])
    on_aid = insured.filter(pl.col("resident_id").is_in(aided["resident_id"].implode()))
    assert set(on_aid["exemption_code"]) == {"1"}


def test_reaching_20_and_60_counts_from_the_day_before_the_birthday(sent):
    rows = all_rows(sent)
    joined = rows.filter(pl.col("change_code") == "1", pl.col("acquired_reason_code") == "01")
    left = rows.filter(pl.col("lost_reason_code") == "01")
    for chosen, years in ((joined, 20), (left, 60)):
        birthday = pl.col("birth_date").dt.offset_by(f"{years}y")
        assert chosen.height
        ahead = chosen.select((birthday - pl.col("effective_date")).dt.total_days())
        assert set(ahead.to_series()) <= {0, 1}


def test_one_month_comes_after_the_months_that_follow_it(sent):
    times = {d.period: d.delivered_at for d in sent}
    assert times["2024-06"] > times["2024-08"]
    for delivery in sent:
        end = last_day(dt.date.fromisoformat(f"{delivery.period}-01"))
        assert delivery.delivered_at.date() > end
        assert (delivery.rows["notified_date"] <= end).all()


def test_pension_numbers_are_nobodys_and_stay_with_the_person(sent):
    rows = all_rows(sent)
    assert rows["basic_pension_number"].str.starts_with("0000-").all()
    each = rows.group_by("resident_id").agg(pl.col("basic_pension_number").n_unique())
    assert set(each["basic_pension_number"]) == {1}
