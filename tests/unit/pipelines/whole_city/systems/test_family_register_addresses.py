import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.systems import family_registers
from pipelines.whole_city.systems.family_register_addresses import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_addresses_are_what_their_contract_reads(sent):
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "附票_令和6年4月.csv")


def test_members_are_those_of_the_family_registers(city, sent):
    key = ["family_register_id", "member_number"]
    rows = pl.concat([s.rows for s in sent])
    members = pl.concat([s.rows for s in family_registers.deliver(city)])
    assert rows.join(members, on=key, how="anti").height < 0.02 * rows.height
    assert rows.select(*key, "history_number").is_unique().all()


def test_the_last_address_is_where_the_member_lives(city, sent):
    key = ["family_register_id", "member_number"]
    rows = pl.concat([s.rows for s in sent]).sort(*key, "history_number")
    last = rows.unique(key, keep="last", maintain_order=True).filter(
        pl.col("member_status_code") == "1"
    )
    known = city.versions.filter(pl.col("notified_date") <= last_day(city.months[-2]))
    moved = city.versions.filter(pl.col("notified_date") > last_day(city.months[-2]))
    there = (
        known.unique("person", keep="last", maintain_order=True)
        .join(moved, on="person", how="anti")
        .join(city.persons, on="person")
        .join(city.towns, on="town_id")
    )
    both = last.join(there, on="resident_id", suffix="_now")
    here, gone = both.filter("is_resident"), both.filter(~pl.col("is_resident"))
    assert here.height > 800
    for column in ("town", "block", "building"):
        assert here[column].equals(here[f"{column}_now"], check_names=False)
    assert gone.height > 5
    assert not gone["is_in_city"].any()
    assert gone["municipality_code"].equals(gone["elsewhere"], check_names=False)
