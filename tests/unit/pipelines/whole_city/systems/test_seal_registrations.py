import polars as pl
import pytest

from pipelines.whole_city.city import last_day
from pipelines.whole_city.systems.seal_registrations import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def rows(city):
    return pl.concat([s.rows for s in deliver(city)])


def test_the_registrations_are_what_their_contract_reads(city):
    sent = list(deliver(city))
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "INKAN_202404.dat")


def test_holders_are_fifteen_and_lived_in_the_city_when_they_registered(city, rows):
    new = rows.filter(pl.col("event_code") == "01")
    assert new.height > 1000
    assert new["resident_id"].is_unique().all()
    assert new.select(
        (pl.col("birth_date").dt.offset_by("15y") <= pl.col("registered_date")).all()
    ).item()
    lived = city.spells.filter("is_resident").join(city.persons, on="person")
    until = pl.col("until_date").fill_null(pl.date(9999, 1, 1))
    there = new.join(lived, on="resident_id").filter(
        pl.col("registered_date") >= pl.col("effective_date"), pl.col("registered_date") < until
    )
    assert there["resident_id"].n_unique() == new.height


def test_a_registration_ends_once_with_moving_out_or_death(city, rows):
    ended = rows.filter(pl.col("status_code") == "2")
    assert ended["resident_id"].is_unique().all()
    last = rows.sort("history_number").unique("resident_id", keep="last", maintain_order=True)
    known = city.versions.filter(pl.col("notified_date") <= last_day(city.months[-1]))
    gone = known.unique("person", keep="last", maintain_order=True).filter(~pl.col("is_resident"))
    of_gone = last.join(gone.join(city.persons, on="person"), on="resident_id", how="semi")
    assert of_gone.height > 20
    assert set(of_gone["status_code"]) == {"2"}
    assert rows.select("resident_id", "history_number").is_unique().all()
    counted = rows.group_by("resident_id").agg(pl.len(), pl.col("history_number").max())
    assert counted["len"].cast(pl.Int64).equals(counted["history_number"], check_names=False)
