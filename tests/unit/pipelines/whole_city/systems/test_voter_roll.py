import polars as pl
import pytest

from pipelines.whole_city.city import ages_on
from pipelines.whole_city.systems.voter_roll import deliver
from tests.unit.pipelines.whole_city.systems.checking import require_name, require_readable


@pytest.fixture(scope="module")
def sent(city):
    return list(deliver(city))


def test_the_roll_is_what_its_contract_reads(sent):
    assert [s.period for s in sent] == ["2024-06", "2024-09"]
    require_readable(sent[-1])
    require_name(sent[0], "選挙人名簿_定時登録_202406.tsv")


def test_voters_are_japanese_grown_up_and_recorded_for_three_months(city, sent):
    for s in sent:
        day = s.delivered_at.date().replace(day=1)
        voters = s.rows.join(city.persons, on="resident_id")
        assert voters.height == s.rows.height
        assert voters.select(ages_on(pl.col("birth_date"), day).min()).item() >= 18
        assert set(voters["nationality"]) == {"日本"}
        assert voters.select((pl.col("recorded_date").dt.offset_by("3mo") <= day).all()).item()
        assert voters.select((pl.col("registered_date") <= day).all()).item()
        assert set(voters["registered_date"].dt.month()) <= {3, 6, 9, 12}
        assert set(voters["registered_date"].dt.day()) == {1}


def test_nobody_who_may_vote_is_missing(city, sent):
    day = sent[-1].delivered_at.date().replace(day=1)
    first = city.versions.unique("person", keep="first", maintain_order=True)
    settled = first.filter(pl.col("notified_date") <= day.replace(month=3)).select("person")
    may = city.residents_on(day).join(settled, on="person", how="semi").filter(
        pl.col("nationality") == "日本", ages_on(pl.col("birth_date"), day) >= 18
    )  # fmt: skip
    assert may.height > 1500
    assert set(may["resident_id"]) <= set(sent[-1].rows["resident_id"])


def test_the_moved_are_marked_for_four_months_and_nobody_else_who_is_gone_stays(city, sent):
    day = sent[-1].delivered_at.date().replace(day=1)
    marked = sent[-1].rows.filter(pl.col("display_code") == "1")
    assert marked.height > 10
    assert marked.select((pl.col("removal_due_date") > day).all()).item()
    plain = sent[-1].rows.filter(pl.col("display_code") == "0")
    known = city.versions.filter(pl.col("notified_date") <= day).unique("person", keep="last", maintain_order=True)  # fmt: skip
    there = known.filter("is_resident").join(city.persons, on="person")
    assert set(plain["resident_id"]) <= set(there["resident_id"])
