"""Lists of places that the departments keep: read as written, nowhere real, in agreement with each other."""

from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from pipelines.whole_city.parks import draw_parks
from pipelines.whole_city.schools import draw_schools
from pipelines.whole_city.systems.childcare_certifications import deliver as deliver_certifications
from pipelines.whole_city.systems.public_facilities import draw_facilities
from pipelines.whole_city.systems.voter_roll import deliver as deliver_roll
from tests.unit.pipelines.whole_city.systems.checking import (
    CONTRACTS,
    require_name,
    require_readable,
)

MANUAL = Path(__file__).parents[5] / "docs/ja/業務データ_場所の一覧.md"
FILES = {
    "aeds": "AED設置箇所_令和6年度.xlsx",
    "bicycle_parkings": "市営駐輪場_令和6年度.csv",
    "care_services": "介護事業所一覧_令和6年度.csv",
    "childcare_facilities": "子育て施設一覧_令和6年度.xlsx",
    "cultural_properties": "指定文化財一覧_令和6年度.xlsx",
    "fire_hydrants": "消防水利_令和6年度.csv",
    "medical_institutions": "病院・診療所一覧_令和6年度.xlsx",
    "polling_places": "投票所一覧_令和6年度.csv",
    "public_toilets": "公園トイレ台帳_令和6年度.csv",
    "public_wireless_lans": "公衆無線LAN_令和6年度.csv",
    "tourist_spots": "観光スポット_令和6年度.xlsx",
}
NAMES_OF_PERSONS = {"aeds", "care_services", "childcare_facilities", "cultural_properties",
                    "fire_hydrants", "medical_institutions", "polling_places"}  # fmt: skip


def rows_of(city, dataset):
    (sent,) = import_module(f"pipelines.whole_city.systems.{dataset}").deliver(city)
    return sent.rows


@pytest.mark.parametrize("dataset", FILES)
def test_a_list_is_what_its_contract_reads(city, dataset):
    (sent,) = import_module(f"pipelines.whole_city.systems.{dataset}").deliver(city)
    require_readable(sent)
    require_name(sent, FILES[dataset])
    assert sent.rows.height >= 5


@pytest.mark.parametrize("dataset", FILES)
def test_no_place_can_be_found(city, dataset):
    rows = rows_of(city, dataset)
    told = rows["address"].drop_nulls()
    assert told.str.contains(r"^大阪府豊中市\D+9\d\d-\d+$").all()
    for column in {"phone", "fax", "contact_phone"} & set(rows.columns):
        assert rows[column].drop_nulls().str.contains(r"^\(06\)1\d{3}-\d{4}$").all()


@pytest.mark.parametrize("dataset", FILES)
def test_names_of_persons_are_in_columns_that_no_release_reads(city, dataset):
    columns = CONTRACTS[dataset].columns
    of_persons = {n: c for n, c in columns.items() if c.classification == "個人"}
    assert bool(of_persons) == (dataset in NAMES_OF_PERSONS)
    assert {c.role for c in of_persons.values()} <= {"direct_identifier"}
    rows = rows_of(city, dataset)
    names = {v for n, c in of_persons.items() if c.type == "name" for v in rows[n].drop_nulls()}
    assert names or dataset not in NAMES_OF_PERSONS
    for name in set(columns) - set(of_persons):
        assert not names & set(rows[name].cast(pl.String).drop_nulls())


def test_the_manual_says_of_every_list_whether_it_names_persons():
    lines = [line.split(" | ") for line in MANUAL.read_text("utf-8").splitlines() if "`" in line]
    said = {cells[0].strip("| `"): cells[4] for cells in lines if len(cells) == 6}
    assert {name: said[name] != "なし" for name in FILES} == {
        name: name in NAMES_OF_PERSONS for name in FILES
    }


def test_city_wide_lists_name_the_facilities_parks_and_schools_there_are(city):
    facilities, schools, parks = draw_facilities(city), draw_schools(city), draw_parks(city)
    known = pl.concat(
        [
            facilities.select("address", name="facility_name"),
            schools.select("address", name="school_name"),
            parks.select("address", "name"),
        ]
    )
    for dataset, name, least in (
        ("aeds", "place_name", facilities.height + schools.height),
        ("public_wireless_lans", "facility_name", 30),
        ("polling_places", "place_name", schools.height),
        ("public_toilets", "place_name", 10),
        ("tourist_spots", "spot_name", 10),
        ("childcare_facilities", "facility_name", 15),
    ):
        rows = rows_of(city, dataset).select("address", name=name)
        assert rows.join(known, on=["name", "address"], how="semi").height >= least, dataset


def test_polling_districts_are_those_of_the_roll(city):
    places = rows_of(city, "polling_places").filter(kind_code="1")
    roll = next(iter(deliver_roll(city))).rows
    used = roll.select(district_code="polling_district_code", place_name="polling_place_name")
    assert used.join(places, on=["district_code", "place_name"], how="anti").is_empty()


def test_where_certified_children_go_is_in_the_list(city):
    listed = rows_of(city, "childcare_facilities")["facility_name"]
    placed = next(iter(deliver_certifications(city))).rows
    names = placed.select(pl.col("^.*facility_name.*$")).to_series().drop_nulls()
    assert names.len() > 10
    assert names.is_in(listed.implode()).all()


def test_an_office_of_care_says_the_same_in_every_row(city):
    rows = rows_of(city, "care_services")
    shared = ["office_number", "office_name", "address", "phone", "corporation_name"]
    assert rows.select(shared).n_unique() == rows["office_number"].n_unique() < rows.height


def test_what_a_person_owns_has_no_place(city):
    rows = rows_of(city, "cultural_properties")
    owned = rows.filter(pl.col("owner_name").is_not_null())
    assert owned.height
    assert set(owned["keeper_name"]) == {"個人"}
    for column in ("address", "latitude", "longitude", "place_name"):
        assert owned[column].null_count() == owned.height
