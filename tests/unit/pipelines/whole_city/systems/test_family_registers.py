import polars as pl
import pytest

from pipelines.whole_city.city import BORN, DIED, last_day
from pipelines.whole_city.systems.family_registers import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


@pytest.fixture(scope="module")
def rows(sent):
    return pl.concat([s.rows for s in sent])


def test_the_registers_are_what_their_contract_reads(sent):
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "戸籍_202404.csv")


def test_members_are_japanese_and_have_one_number_each(city, rows):
    key = ["family_register_id", "member_number", "history_number"]
    assert rows.select(key).is_unique().all()
    members = rows.join(city.persons, on="resident_id")
    assert members.height > 800
    assert set(members["nationality"]) == {"日本"}
    assert members["birth_date"].equals(members["birth_date_right"], check_names=False)
    in_force = rows.filter(pl.col("member_status_code") == "1", pl.col("resident_id").is_not_null())
    ended = rows.filter(pl.col("member_status_code") == "2")
    now = in_force.join(ended, on=key[:2], how="anti")
    assert now["resident_id"].is_unique().all()


def test_couples_share_a_register_and_its_surname(city, rows):
    couples = rows.filter(pl.col("spouse_kind_code").is_not_null()).join(
        city.residents_on(last_day(city.months[-1])), on="resident_id"
    )
    pairs = couples.filter(pl.col("relationship") == "妻").join(
        couples.filter(pl.col("relationship") == "世帯主"), on="household_id", suffix="_head"
    )
    assert pairs.height > 100
    assert pairs["family_register_id"].equals(pairs["family_register_id_head"], check_names=False)
    assert pairs["surname"].equals(pairs["surname_right"], check_names=False)


def test_newborns_enter_and_the_dead_leave_as_the_register_of_residents_says(city, rows):
    end = last_day(city.months[-1])
    known = city.versions.filter(pl.col("notified_date") < end).join(city.persons, on="person")
    new = known.filter(pl.col("reason") == BORN, pl.col("effective_date") >= city.months[0])
    born = rows.join(new, on="resident_id").filter(pl.col("event_code") == "01")
    assert born.height > 1
    assert born["event_date"].equals(born["effective_date"], check_names=False)
    dead = rows.join(known.filter(pl.col("reason") == DIED), on="resident_id").filter(
        pl.col("member_status_code") == "2"
    )
    assert dead.height > 1
    assert set(dead["event_code"]) == {"08"}
    assert dead["event_date"].equals(dead["effective_date"], check_names=False)


def test_readings_come_with_the_law_of_may_2025(rows):
    assert rows["given_name_kana"].null_count() == rows.height
