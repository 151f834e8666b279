"""Lists of places as releases: laid out by the rules of the standard, without the name of a person."""

from functools import cache
from importlib import import_module

import duckdb
import polars as pl
import pytest

from anonymize.gate import judge_release
from assets.register import load_register
from tests.unit.pipelines.whole_city.systems.checking import read_as_written
from warehouse.history.known import PERIODS
from warehouse.home import Home
from warehouse.protect import internal_columns
from warehouse.release.shape import shape
from warehouse.standards.check import check_table
from warehouse.standards.difference import ERROR

REGISTER = load_register()
RELEASES = {
    "aed": "aeds",
    "bicycle_parking": "bicycle_parkings",
    "care_service": "care_services",
    "cultural_property": "cultural_properties",
    "evacuation_space": "emergency_shelters",
    "fire_hydrant": "fire_hydrants",
    "hospital": "medical_institutions",
    "polling_place": "polling_places",
    "preschool": "childcare_facilities",
    "public_facility": "public_facilities",
    "public_toilet": "public_toilets",
    "public_wireless_lan": "public_wireless_lans",
    "tourism": "tourist_spots",
}


# The others go the same way, and through the whole of it in `tests/integration`.
FEW = ("aed", "care_service", "cultural_property", "public_facility", "public_toilet")
EVERY = [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in RELEASES]


@pytest.fixture(scope="module")
def laid_out(city, tmp_path_factory):
    """Give what a release lays out, and the rows that were sent for it."""
    home = Home(tmp_path_factory.mktemp("home"))
    con = duckdb.connect()
    con.sql(
        "ATTACH ':memory:' AS internal; CREATE SCHEMA internal.common; CREATE SCHEMA internal.meta"
    )
    con.sql(f"CREATE TABLE internal.{PERIODS} (dataset VARCHAR, period VARCHAR)")

    @cache
    def lay_out(release):
        dataset = RELEASES[release]
        (sent,) = import_module(f"pipelines.whole_city.systems.{dataset}").deliver(city)
        kept = internal_columns(REGISTER.datasets[dataset].contract)
        rows = read_as_written(sent).rows.select(kept).with_columns(_period=pl.lit(sent.period))
        con.register("rows", rows)
        con.sql(f"CREATE TABLE internal.common.{dataset} AS FROM rows")
        con.execute(f"INSERT INTO internal.{PERIODS} VALUES (?, ?)", [dataset, sent.period])
        return shape(con, home, REGISTER, REGISTER.releases[release]), sent.rows

    return lay_out


def open_table(laid_out, release):
    shaped, rows = laid_out(release)
    return shaped.table, rows


@pytest.mark.parametrize("release", EVERY)
def test_a_release_keeps_to_the_standard_and_passes_the_gate(laid_out, release):
    shaped, rows = laid_out(release)
    texts = shaped.table.select(pl.all().cast(pl.String))
    differences = check_table(texts, REGISTER.releases[release].standard)
    assert [str(d) for d in differences if d.severity == ERROR] == []
    assert [f.rule for f in judge_release(shaped.table, shaped.policy)] == []
    whole = rows["office_number"].n_unique() if release == "care_service" else rows.height
    assert shaped.table.height == whole


@pytest.mark.parametrize("release", EVERY)
def test_no_name_of_a_person_is_in_a_release(laid_out, release):
    shaped, rows = laid_out(release)
    columns = REGISTER.datasets[RELEASES[release]].contract.columns
    hidden = {
        n for n, c in columns.items() if c.classification != "公開" and c.type in {"name", "phone"}
    }
    names = {value for name in hidden for value in rows[name].drop_nulls()}
    cells = {str(value) for row in shaped.table.rows() for value in row if value is not None}
    assert not [cell for cell in cells if any(name in cell for name in names)]


def test_values_are_written_as_the_standard_writes_them(laid_out):
    table, rows = open_table(laid_out, "public_facility")
    first = table.row(0, named=True)
    town, number = first["所在地_町字"], first["所在地_番地以下"]
    assert first["所在地_連結表記"] == f"大阪府豊中市{town}{number}" == rows["address"][0]
    assert table["郵便番号"].str.contains(r"^\d{7}$").all()
    assert table["電話番号"].str.contains(r"^\(06\)1000-\d{4}$").all()
    assert table["緯度"].str.contains(r"^34\.\d{6}$").all()
    assert (first["開始時間"], first["利用可能曜日"]) == ("09:30", "火水木金土日")


def test_blank_is_not_absent(laid_out):
    table, rows = open_table(laid_out, "public_facility")
    assert table["バリアフリートイレ"].null_count() == table.height
    told = table.select(可=pl.col("車椅子可") == "可").to_series()
    assert told.equals(rows["is_wheelchair_accessible"].alias("可"))
    toilets, sent = open_table(laid_out, "public_toilet")
    seats = sent.select(pl.sum_horizontal("men_urinal_count", "men_squat_count", "men_seat_count"))
    assert toilets["男性トイレ総数"].to_list() == seats.to_series().to_list()


def test_an_office_of_care_has_one_row_with_all_its_services(laid_out):
    table, rows = open_table(laid_out, "care_service")
    assert table["ID"].is_unique().all()
    several = table.select(pl.col("実施サービス").str.split(";").list.len()).to_series()
    assert several.sum() == rows.height
    placed = rows.drop_nulls("capacity_count").group_by("office_number").len()
    many = placed.filter(pl.col("len") > 1)["office_number"].implode()
    assert table.filter(pl.col("ID").is_in(many))["定員"].null_count() == many[0].len()


def test_only_what_the_state_designates_has_a_word_of_the_standard(laid_out):
    table = open_table(laid_out, "cultural_property")[0]
    by_state = pl.col("備考").is_null()
    assert table.filter(by_state)["文化財分類"].null_count() == 0
    others = table.filter(~by_state)
    assert others["文化財分類"].null_count() == others.height > 0
    assert others["備考"].str.contains("^[府市]指定 ").all()
