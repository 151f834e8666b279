"""Common → internal: nobody is named, rows of one person stay joinable, order is lost."""

import pytest

from tests.unit.warehouse.small_city import (
    PEOPLE,
    PLACES,
    ParsingHere,
    deliver,
    make_contract,
    make_dataset,
    people,
    places,
)
from tests.unit.warehouse.stages import bring_up, table
from warehouse.home import Home
from warehouse.lake import open_lake, snapshot_id
from warehouse.protect import internal_columns

ROWS = [f"{n:03},氏名{n},本町,{n}" for n in range(1, 41)]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("internal"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=["secure", "internal"]) as opened:
        yield opened


@pytest.fixture(scope="module")
def register(con, home):
    """Two months of persons, the second with one more and one less."""
    dataset = make_dataset("persons")
    deliver(home, "persons", "2026-04", people(*ROWS), name="a")
    bring_up(con, home, dataset, ParsingHere())
    deliver(home, "persons", "2026-05", people(*ROWS[1:], "099,氏名99,南町,99"), name="b")
    bring_up(con, home, dataset, ParsingHere())
    return dataset


def _by_count(con, name, period):
    rows = table(con, f"internal.common.{name}").rows(named=True)
    return {row["visit_count"]: row["person_id"] for row in rows if row["_period"] == period}


def test_direct_identifiers_and_the_address_of_rows_do_not_arrive(con, register):
    assert table(con, "internal.common.persons").columns == [
        "_delivery", "_period", "person_id", "town", "visit_count",
    ]  # fmt: skip
    assert internal_columns(register.contract) == ["person_id", "town", "visit_count"]
    specific = make_contract(
        columns__town__classification="特定個人", columns__town__role="direct_identifier"
    )
    assert internal_columns(specific) == ["person_id", "visit_count"]


def test_nothing_in_the_zone_names_or_numbers_anybody(con, home, register):
    assert register
    content = b"".join(p.read_bytes() for p in home.lake("internal").rglob("*") if p.is_file())
    assert "氏名17".encode() not in content
    ids = table(con, "internal.common.persons")["person_id"]
    assert ids.str.contains("^p1_[a-z2-7]{26}$").all()
    assert not {row.split(",")[0] for row in ROWS} & set(ids)


def test_a_person_has_one_pseudonym_in_every_period_and_dataset(con, home, register):
    april, may = _by_count(con, register.name, "2026-04"), _by_count(con, register.name, "2026-05")
    assert len(set(april.values())) == 40
    assert {n: april[n] for n in range(2, 41)} == {n: may[n] for n in range(2, 41)}
    assert may[99] not in april.values()
    other = make_dataset("visitors")
    deliver(home, "visitors", "2026-04", people(*ROWS[:5]), name="c")
    bring_up(con, home, other, ParsingHere())
    visitors = _by_count(con, "visitors", "2026-04")
    assert visitors == {n: april[n] for n in range(1, 6)}


def test_another_column_or_another_city_gives_another_pseudonym(con, home, register, tmp_path):
    april = _by_count(con, register.name, "2026-04")
    columns = make_contract().model_dump(by_alias=True)["columns"]
    columns = {"household_id": columns.pop("person_id"), **columns}
    renamed = make_dataset("households", columns=columns, key=["household_id"])
    deliver(home, "households", "2026-04", people(*ROWS[:5]), name="d")
    bring_up(con, home, renamed, ParsingHere())
    ids = table(con, "internal.common.households")["household_id"]
    assert not set(ids) & set(april.values())
    elsewhere = Home(tmp_path)
    with open_lake(elsewhere, write=["secure", "internal"]) as other:
        deliver(elsewhere, "persons", "2026-04", people(*ROWS[:5]), name="e")
        bring_up(other, elsewhere, register, ParsingHere())
        assert not set(_by_count(other, "persons", "2026-04").values()) & set(april.values())


def test_the_delivered_order_is_lost(con, register):
    rows = con.sql(
        f"SELECT visit_count FROM internal.common.{register.name} WHERE _period = '2026-04'"
    )
    counts = [row[0] for row in rows.fetchall()]
    assert sorted(counts) == list(range(1, 41))
    assert counts != sorted(counts)


def test_data_without_persons_passes_with_the_address_of_its_rows(con, home, parser):
    dataset = make_dataset("places", PLACES)
    deliver(home, "places", "2026", places("F2,図書館,10", "F1,公民館,"), name="f")
    bring_up(con, home, dataset, parser)
    assert table(con, "internal.common.places").select("_row", "place_id", "cost_yen").rows() == [
        (2, "F2", 10),
        (3, "F1", None),
    ]


def test_titles_say_the_classification(con, register):
    said = con.sql(
        "SELECT column_name, comment FROM duckdb_columns() "
        f"WHERE database_name = 'internal' AND table_name = '{register.name}'"
    ).fetchall()
    assert dict(said)["town"] == "町名(個人)"


def test_nothing_new_does_nothing_and_a_withdrawn_month_goes(con, home, parser):
    dataset = make_dataset("months")
    for month in ("04", "05"):
        deliver(home, "months", f"2026-{month}", people(f"0{month},甲,本町,1"), name=month)
    *_, first = bring_up(con, home, dataset, parser)
    before = snapshot_id(con, "internal")
    *_, again = bring_up(con, home, dataset, parser)
    assert snapshot_id(con, "internal") == before
    assert (first.changed, again.changed, again.account.rows_out) == (True, False, 2)
    assert again.data_version == first.data_version
    next((home.landing / "receipts" / "months" / "2026-05").glob("*.json")).unlink()
    *_, less = bring_up(con, home, dataset, parser)
    assert table(con, "internal.common.months")["_period"].to_list() == ["2026-04"]
    assert (less.changed, less.account.rows_out, less.account.closes) == (True, 1, True)


def test_a_column_that_becomes_a_direct_identifier_leaves_at_once(con, home, parser):
    deliver(home, "stricter", "2026-04", people("001,甲,本町,1"), name="s")
    bring_up(con, home, make_dataset("stricter"), parser)
    assert "town" in table(con, "internal.common.stricter").columns
    stricter = make_dataset("stricter", columns__town__role="direct_identifier")
    bring_up(con, home, stricter, parser)
    assert "town" not in table(con, "internal.common.stricter").columns


def test_an_empty_dataset_has_an_empty_table(con, home, parser):
    bring_up(con, home, make_dataset("nobody"), parser)
    assert table(con, "internal.common.nobody").columns == [
        "_delivery", "_period", "person_id", "town", "visit_count",
    ]  # fmt: skip
    before = snapshot_id(con, "internal")
    *_, again = bring_up(con, home, make_dataset("nobody"), parser)
    assert not again.changed
    assert snapshot_id(con, "internal") == before


def test_one_number_has_one_pseudonym_under_both_its_names(con, home, parser):
    columns = {
        **PEOPLE["columns"],
        "parent_id": {
            "source": "親の番号", "title": "親の番号", "type": "digits", "length": 3,
            "classification": "個人", "role": "identifier", "same_as": "person_id",
        },
    }  # fmt: skip
    dataset = make_dataset("families", {**PEOPLE, "columns": columns})
    text = "番号,氏名,町名,回数,親の番号\n001,甲,本町,1,\n002,乙,本町,2,001\n"
    deliver(home, "families", "2026-04", text, name="f1")
    bring_up(con, home, dataset, parser)
    rows = table(con, "internal.common.families").sort("visit_count")
    assert rows["parent_id"].to_list() == [None, rows["person_id"][0]]
    assert rows["person_id"].n_unique() == 2
