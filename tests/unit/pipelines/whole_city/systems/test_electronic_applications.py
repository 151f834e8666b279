import polars as pl
import pytest

from pipelines.whole_city.systems.electronic_applications import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def rows(city):
    return pl.concat([sent.rows for sent in deliver(city)])


def test_the_applications_are_what_their_contract_reads(city):
    for sent in deliver(city):
        require_readable(sent)
        require_name(sent, f"電子申請受付_{sent.period.replace('-', '')}.csv")


def test_applicants_are_people_of_the_city_or_nobody_is_asked(city, rows):
    asked = rows["resident_id"].is_not_null()
    assert set(rows["resident_id"].drop_nulls()) <= set(city.persons["resident_id"])
    nameless = set(rows.filter(~asked)["procedure_name"])
    assert "粗大ごみ収集の申込み" in nameless
    assert not nameless & set(rows.filter(asked)["procedure_name"])


def test_who_gives_notice_of_moving_out_has_moved_out(city, rows):
    left = city.versions.filter(pl.col("reason") == "moved_out").join(city.persons, on="person")
    notices = rows.filter(pl.col("procedure_name") == "転出届")
    assert notices.height > 10
    known = notices.join(
        left, left_on=["resident_id", "received_date"], right_on=["resident_id", "notified_date"]
    )
    assert known["application_id"].n_unique() == notices.height


def test_who_applies_for_the_child_allowance_has_a_newborn(city, rows):
    claims = rows.filter(pl.col("procedure_name") == "児童手当の認定請求")
    born = city.versions.filter(pl.col("reason") == "born").join(city.persons, on="person")
    parents = pl.concat([born["father"], born["mother"]]).drop_nulls().unique()
    ids = city.persons.filter(pl.col("person").is_in(parents.implode()))["resident_id"]
    assert claims.height > 2
    assert set(claims["resident_id"]) <= set(ids)


def test_days_are_counted_to_the_end_and_open_cases_have_none(rows):
    done = rows.filter(pl.col("status_code") == "1")
    days = (done["finished_date"] - done["received_date"]).dt.total_days()
    assert days.equals(done["processing_days"], check_names=False)
    rest = rows.filter(pl.col("status_code") != "1")
    assert rest["finished_date"].null_count() == rest.height > 0
