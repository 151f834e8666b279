import polars as pl

from pipelines.whole_city.systems.resident_register import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


def test_the_register_of_a_month_is_who_lives_in_the_city_on_its_first(city):
    sent = list(deliver(city))
    assert [s.period for s in sent] == ["2024-04", "2024-05", "2024-06", "2024-07", "2024-08", "2024-09"]  # fmt: skip
    for s, month in zip(sent, city.months, strict=True):
        there = city.residents_on(month)
        same = ["resident_id", "household_id", "birth_date", "sex_code", "relationship", "town", "block"]  # fmt: skip
        assert s.rows.select(same).equals(there.select(same))
        assert s.delivered_at.date() > month


def test_the_register_is_what_its_contract_reads(city):
    sent = list(deliver(city))
    require_readable(sent[0])
    require_readable(sent[-1])
    require_name(sent[0], "住民記録_202404.csv")


def test_newborns_and_newcomers_carry_their_reason_and_day(city):
    last = list(deliver(city))[-1].rows
    came = (
        city.versions.filter(
            pl.col("effective_date").is_between(*city.months[:: len(city.months) - 1])
        )
        .join(city.persons.select("person", "resident_id"), on="person")
        .filter(pl.col("reason").is_in(["born", "moved_in"]))
    )
    told = last.join(came, on="resident_id").filter(pl.col("number") == pl.col("number").max().over("resident_id"))  # fmt: skip
    assert told.height > 20
    assert told["resident_since_date"].equals(told["effective_date"], check_names=False)
    newborn = told.filter(pl.col("birth_date") == pl.col("effective_date"))
    assert newborn.height > 3
    assert set(newborn["change_reason_code"]) <= {"20", "30"}
    assert set(last["change_reason_code"].drop_nulls()) == {"10", "20", "30"}
