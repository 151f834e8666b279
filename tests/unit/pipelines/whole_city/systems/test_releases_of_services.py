"""Lists of services as releases: the standard's columns, the gate's blessing, nobody's name."""

from functools import cache
from importlib import import_module
from pathlib import Path

import duckdb
import polars as pl
import pytest

from anonymize.gate import judge_release
from assets.register import load_register
from tests.unit.pipelines.whole_city.systems.checking import (
    read_as_written,
    require_name,
    require_readable,
)
from transforms.codes.check_digits import corporate_number
from warehouse.history.known import PERIODS
from warehouse.home import Home
from warehouse.protect import internal_columns
from warehouse.release.shape import shape
from warehouse.standards.check import check_table
from warehouse.standards.difference import ERROR

REGISTER = load_register()
FILES = {
    "budget_execution": "予算執行状況_202404.xlsx",
    "educational_institutions": "市内学校一覧_2024.xlsx",
    "emergency_radios": "屋外拡声子局一覧2024.csv",
    "events": "催し予定_202404.xlsx",
    "food_businesses": "食品営業許可台帳_202404.csv",
    "garbage_collection_places": "集積所台帳_令和6年度.csv",
    "garbage_items": "ごみ分別品目_2024.csv",
    "online_applications": "オンライン利用状況_2024.csv",
    "parking_lots": "市営駐車場一覧_令和6年度.xlsx",
    "school_districts": "通学区域_令和6年度.csv",
    "school_lunches": "給食献立_202404.csv",
    "support_programmes": "支援制度一覧_令和6年度.xlsx",
}
RELEASES = (
    *("budget_execution", "educational_institution", "emergency_radio", "event", "food_business"),
    *("garbage_collection_place", "garbage_separation", "online_usage", "parking"),
    *("school_district", "school_lunch", "support_system"),
)
# The others go the same way, and through the whole of it in `tests/integration`.
FEW = ("event", "food_business", "online_usage", "school_district")
EVERY = [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in RELEASES]
MANUAL = Path(__file__).parents[5] / "docs/ja/業務データ_サービスの一覧.md"
NO_PLACE = "大阪府豊中市内一円"


@pytest.fixture(scope="module")
def first_sent(city):
    """Give the first delivery of a dataset."""

    @cache
    def draw(dataset):
        return next(import_module(f"pipelines.whole_city.systems.{dataset}").deliver(city))

    return draw


@pytest.fixture(scope="module")
def laid_out(first_sent, tmp_path_factory):
    """Give what a release lays out of the first deliveries."""
    home = Home(tmp_path_factory.mktemp("home"))
    con = duckdb.connect()
    con.sql("ATTACH ':memory:' AS internal; CREATE SCHEMA internal.common")
    con.sql("CREATE SCHEMA internal.mart; CREATE SCHEMA internal.meta")
    con.sql(f"CREATE TABLE internal.{PERIODS} (dataset VARCHAR, period VARCHAR)")

    @cache
    def bring(dataset):
        sent = first_sent(dataset)
        kept = internal_columns(REGISTER.datasets[dataset].contract)
        rows = read_as_written(sent).rows.select(kept).with_columns(_period=pl.lit(sent.period))
        con.register("rows", rows)
        con.sql(f"CREATE TABLE internal.common.{dataset} AS FROM rows")
        con.execute(f"INSERT INTO internal.{PERIODS} VALUES (?, ?)", [dataset, sent.period])

    @cache
    def make(mart):
        for source in REGISTER.marts[mart].spec.sources:
            bring(source.removeprefix("common."))
        con.sql("USE internal")
        con.sql(f"CREATE TABLE internal.mart.{mart} AS {REGISTER.marts[mart].sql}")

    @cache
    def lay_out(release):
        for source in REGISTER.releases[release].spec.sources:
            layer, name = source.split(".")
            (bring if layer == "common" else make)(name)
        return shape(con, home, REGISTER, REGISTER.releases[release])

    return lay_out


@pytest.mark.parametrize("dataset", FILES)
def test_what_is_delivered_is_what_the_contract_reads(first_sent, dataset):
    require_readable(first_sent(dataset))
    require_name(first_sent(dataset), FILES[dataset])


@pytest.mark.parametrize("release", EVERY)
def test_a_release_keeps_to_its_layout_and_passes_the_gate(laid_out, release):
    shaped = laid_out(release)
    assert shaped.table.height
    texts = shaped.table.select(pl.all().cast(pl.String))
    differences = check_table(texts, REGISTER.releases[release].standard)
    assert [str(d) for d in differences if d.severity == ERROR] == []
    assert [f for f in judge_release(shaped.table, shaped.policy) if f.severity == "blocker"] == []


@pytest.mark.parametrize("release", EVERY)
def test_no_person_of_a_list_is_in_its_release(first_sent, laid_out, release):
    text = laid_out(release).table.write_csv()
    for source in REGISTER.releases[release].spec.sources:
        dataset = source.removeprefix("common.")
        columns = REGISTER.datasets[dataset].contract.columns if dataset != source else {}
        hidden = [n for n, c in columns.items() if c.classification == "個人" and c.type != "text"]
        values = {v for n in hidden for v in first_sent(dataset).rows[n].drop_nulls()}
        assert not [value for value in values if value in text]


def test_districts_are_those_of_the_towns(city, laid_out):
    table = laid_out("school_district").table
    kind, school, towns = "行政サービス拠点種別", "学校名称", "通学区域の住所"
    listed = table.select(kind, school, pl.col(towns).str.split(";")).explode(towns)
    elementary = listed.filter(pl.col(kind) == "1503").select(towns, school)
    expected = city.towns.select("town", pl.col("school_district").str.strip_suffix("区"))
    assert sorted(elementary.rows()) == sorted(expected.rows())
    assert sorted(listed.filter(pl.col(kind) == "1504")[towns]) == sorted(city.towns["town"])
    assert table["学校コード"].null_count() == 0


def test_corporations_are_named_and_do_not_exist(laid_out):
    table = laid_out("food_business").table
    named = table.filter(pl.col("法人名").is_not_null())
    assert 0 < named.height < table.height
    assert table.select((pl.col("法人名").is_null() == pl.col("法人番号").is_null()).all()).item()
    body = pl.col("法人番号").str.tail(12).cast(pl.Int64)
    digit = pl.col("法人番号").str.head(1).cast(pl.Int64)
    assert named.select((digit == corporate_number(body)).all()).item()
    assert named["法人番号"].str.slice(1, 4).unique().to_list() == ["9990"]
    assert table.filter(pl.col("法人名").is_null())["施設電話番号"].null_count() == table.height - named.height  # fmt: skip


def test_a_business_without_a_place_is_listed_all_over_the_city(first_sent, laid_out):
    table = laid_out("food_business").table
    roaming = table.filter(pl.col("所在地_連結表記") == NO_PLACE)
    assert roaming.height == first_sent("food_businesses").rows["address"].null_count() > 0
    assert roaming["緯度"].null_count() == roaming["施設所在地_町字"].null_count() == roaming.height


def test_the_manual_says_of_every_list_what_stays_within():
    lines = [line.strip("| ").split(" | ") for line in MANUAL.read_text("utf-8").splitlines()]
    said = {cells[0].strip("`"): cells for cells in lines if len(cells) == 6 and "`" in cells[0]}
    for dataset, file in FILES.items():
        columns = REGISTER.datasets[dataset].contract.columns.values()
        kinds = {column.classification for column in columns}
        _, office, form, release, persons, internal = said[dataset]
        assert office.split(" ")[0] in REGISTER.datasets[dataset].contract.owner.department
        assert (form.split("・")[0] == "xlsx") == file.endswith("xlsx")
        assert release.split("`")[1] in RELEASES
        assert (persons != "なし", internal != "なし") == ("個人" in kinds, "庁内" in kinds)
    assert said.keys() == FILES.keys()
