import datetime as dt

import polars as pl
import pytest

from pipelines.whole_city.disabilities import MENTAL, PHYSICAL
from pipelines.whole_city.systems.disability_welfare import CAME, DATASET, RETURNED, deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable
from tests.unit.pipelines.whole_city.systems.standing import (
    all_rows,
    require_changes,
    standing_on,
)

DAY = dt.date(2024, 6, 30)
GRADES = {"1": {"1", "2", "3", "4", "5", "6"}, "2": {"A", "B1", "B2"}, "3": {"1", "2", "3"}}


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_handbooks_are_what_their_contract_reads(sent):
    for delivery in sent:
        require_readable(delivery)
        require_name(delivery, f"障害者手帳_{delivery.period.replace('-', '')}.csv")
    require_changes(DATASET, sent)


def test_holders_live_in_the_city_in_about_the_national_share(city, sent):
    held = standing_on(DATASET, all_rows(sent), DAY)
    residents = city.residents_on(DAY)
    assert set(held["resident_id"]) <= set(residents["resident_id"])
    share = held["resident_id"].n_unique() / residents.height
    assert 0.04 < share < 0.09


def test_grades_fit_the_kind_of_handbook(sent):
    rows = all_rows(sent)
    for kind, grades in GRADES.items():
        assert set(rows.filter(pl.col("handbook_code") == kind)["grade_code"]) <= grades
    physical = rows["handbook_code"] == PHYSICAL
    assert (rows["impairment_code"].is_not_null() == physical).all()
    mental = rows.filter(pl.col("handbook_code") == MENTAL)
    assert mental["transport_fare_class_code"].null_count() == mental.height


def test_a_handbook_begins_with_an_issue_or_an_arrival_and_ends_when_its_holder_leaves(city, sent):
    rows = require_changes(DATASET, sent)
    first = rows.unique(["resident_id", "handbook_code"], keep="first", maintain_order=True)
    assert set(first["change_code"]) <= {"1", CAME}
    returned = rows.filter(pl.col("change_code") == RETURNED)
    assert returned.height
    assert (returned["returned_date"] == returned["effective_date"]).all()
    gone = city.versions.filter(~pl.col("is_resident")).join(city.persons, on="person")
    left = returned.join(
        gone.select("resident_id", day="effective_date", reason="reason"),
        left_on=["resident_id", "effective_date"],
        right_on=["resident_id", "day"],
    )
    assert left.height == returned.height
    said = pl.col("reason").replace_strict({"moved_out": "1", "died": "2"})
    assert left.select((said == pl.col("return_reason_code")).all()).item()
