"""Laying a table out anew: what is copied, derived, impossible, and that nothing is lost."""

import polars as pl
import pytest
import yaml

from assets.conversion import FOLDER, Conversion, Derivation, load_conversion
from assets.register import load_older_standards, load_register
from warehouse.refusal import Refusal
from warehouse.standards.convert import convert_table
from warehouse.standards.layouts import built_in_layouts
from warehouse.standards.reading import FoundTable

LAYOUTS = built_in_layouts()
CURRENT, OLDER = load_register().standards, load_older_standards()


def table_of(standard, rows=1, **columns):
    cells = {c.name: columns.get(c.name, [None] * rows) for c in standard.columns}
    extra = {name: values for name, values in columns.items() if name not in cells}
    frame = pl.DataFrame({**cells, **extra}, schema_overrides=dict.fromkeys(cells, pl.String))
    return FoundTable("", 1, frame.with_row_index("_row", offset=2))


def made_of(converted):
    return {column.name: column for column in converted.targets}


def test_an_older_toilet_becomes_a_current_one():
    table = table_of(
        OLDER["public_toilet"],
        都道府県コード又は市区町村コード=["27203"],
        NO=["0007"],
        都道府県名=["大阪府"],
        市区町村名=["豊中市"],
        名称=["中央公園"],
        住所=["豊中市中桜塚3-1-1"],
        多機能トイレ数=["2"],
        利用開始時間=["9:00"],
        備考=["夜間は閉鎖"],
    )
    done = convert_table(table, LAYOUTS, "a.csv")
    row = done.table.row(0, named=True)
    assert row["全国地方公共団体コード"] == "272035"
    assert row["ID"] == "0007"
    assert row["地方公共団体名"] == "大阪府豊中市"
    assert row["所在地_連結表記"] == "大阪府豊中市中桜塚3-1-1"
    assert row["所在地_市区町村"] == "豊中市"
    assert row["利用開始時間"] == "09:00"
    assert row["バリアフリートイレ数"] is None
    assert row["備考"] == "夜間は閉鎖 / 多機能トイレ数: 2"
    made = made_of(done)
    assert made["バリアフリートイレ数"].made == "作れない"
    assert made["名称"].made == "写した"
    assert made["利用開始時間"].rewritten == 1
    assert done.errors == 0


def test_remarks_on_barriers_do_not_become_seventeen_columns():
    table = table_of(
        OLDER["public_facility"], 名称=["中央会館"], バリアフリー情報=["車椅子可;スロープ"]
    )
    done = convert_table(table, LAYOUTS, "a.csv")
    cannot = [c.name for c in done.targets if c.made == "作れない" and "17項目" in c.reason]
    assert len(cannot) == 17
    assert done.table.select(cannot).null_count().sum_horizontal()[0] == 17
    assert done.table["備考"][0] == "バリアフリー情報: 車椅子可;スロープ"


def test_every_source_column_is_accounted_for():
    for name in ("public_toilet", "hospital", "event"):
        standard = OLDER[name]
        filled = {c.name: ["1"] for c in standard.columns}
        done = convert_table(table_of(standard, **filled, 所管課=["係"]), LAYOUTS, f"{name}.csv")
        homeless = [s.heading for s in done.sources if not s.targets]
        assert homeless == [], name
        assert len(done.sources) == len(standard.columns) + 1


def test_what_cannot_be_read_goes_to_the_remarks_whole():
    table = table_of(
        OLDER["aed"],
        名称=["会館"],
        電話番号=["06-6858-2525 内線123"],
        開始時間=["8:30（受付）"],
        利用可能曜日=["月火水木金土日祝"],
        備考=[None],
    )
    row = convert_table(table, LAYOUTS, "a.csv").table.row(0, named=True)
    assert row["電話番号"] == "(06)6858-2525"
    assert row["開始時間"] is None
    assert row["利用可能曜日"] is None
    for piece in ("06-6858-2525 内線123", "8:30（受付）", "月火水木金土日祝"):
        assert piece in row["備考"]


def test_coordinates_in_one_column_are_split_and_placeholders_dropped():
    keys = {
        "#property": ["1", "2"], "prefCode": ["272035", "272035"], "name": ["a", "b"],
        "address": ["豊中市中桜塚3", "豊中市北桜塚1"], "location": ["34.781389, 135.469722", ","],
        "installer": ["市", "市"], "ssid": ["X", "Y"], "area": ["館内", "館内"],
        "telephoneNumber": [None, "-"], "note": [None, None],
    }  # fmt: skip
    table = FoundTable("", 1, pl.DataFrame(keys).with_row_index("_row", offset=2))
    done = convert_table(table, LAYOUTS, "a.csv")
    assert done.table["緯度"].to_list() == ["34.781389", None]
    assert done.table["経度"].to_list() == ["135.469722", None]
    assert done.table["電話番号"].null_count() == 2
    assert done.table["#property"].to_list() == ["1", "2"]
    assert done.errors == 0


def test_a_current_file_is_put_in_order_and_completed():
    table = FoundTable(
        "", 1,
        pl.DataFrame(
            {
                "_row": [2], "設置位置": ["1階"], "名称＿カナ": ["カイカン"], "名称": ["会館"],
                "所在地_連結表記": ["大阪府豊中市中桜塚3-1-1"], "小児対応設備の有無": ["あり"],
                "利用可能曜日": ["月～金"], "AEDの型": ["X1"],
                "利用可能日時特記事項": [None], "画像1": [None],
            }
        ),
    )  # fmt: skip
    done = convert_table(table, LAYOUTS, "132128_aed.csv")
    assert done.table.columns[:-1] == [c.name for c in CURRENT["aed"].columns]
    assert done.table.columns[-1] == "AEDの型"
    assert done.table["小児対応設備の有無"][0] == "有"
    assert done.table["利用可能曜日"][0] == "月火水木金"
    assert done.errors == 0


def test_a_column_of_today_that_an_older_file_has_already_is_taken():
    table = table_of(
        OLDER["aed"], 名称=["会館"], 郵便番号=["560-0001"], 利用可能時間特記事項=["独自の列"]
    )
    done = convert_table(table, LAYOUTS, "a.csv")
    assert done.table["郵便番号"][0] == "5600001"
    assert made_of(done)["郵便番号"].made == "変換した"
    assert done.table["利用可能時間特記事項"][0] == "独自の列"


def test_addresses_get_what_is_missing_in_front():
    table = table_of(
        OLDER["public_facility"],
        rows=4,
        都道府県名=["香川県"] * 4,
        市区町村名=["高松市"] * 4,
        住所=["香川県高松市番町1", "高松市番町1", "番町1-8", "綾歌郡綾川町萱原822"],
    )
    done = convert_table(table, LAYOUTS, "a.csv")
    assert done.table["所在地_連結表記"].to_list() == [
        "香川県高松市番町1",
        "香川県高松市番町1",
        "香川県高松市番町1-8",
        "香川県綾歌郡綾川町萱原822",
    ]


def test_what_is_no_standard_dataset_is_refused_with_the_nearest():
    table = FoundTable("", 1, pl.DataFrame({"_row": [2], "日付": ["1"], "件数": ["2"]}))
    with pytest.raises(Refusal, match="標準データセットの表ではありません"):
        convert_table(table, LAYOUTS, "a.csv")


def test_conversions_name_columns_that_exist():
    slugs = [path.stem for path in FOLDER.glob("*.yaml") if path.stem != "common"]
    assert set(slugs) <= set(OLDER)
    for slug in OLDER:
        conversion = load_conversion(slug)
        current = {c.name for c in CURRENT[slug].columns}
        older = {c.name for c in OLDER[slug].columns}
        own = Conversion.model_validate({} if slug not in slugs else load_own(slug))
        assert set(own.columns) <= current, slug
        assert set(own.remarks) <= older, slug
        for name, said in own.columns.items():
            assert set(said.sources) <= older, (slug, name)
        unexplained = [
            name for name in current
            if name not in older and name not in conversion.columns
        ]  # fmt: skip
        assert unexplained == [], slug


def load_own(slug):
    return yaml.safe_load((FOLDER / f"{slug}.yaml").read_text("utf-8"))


def test_a_derivation_says_one_thing():
    with pytest.raises(ValueError, match="どれか1つ"):
        Derivation(take="a", cannot="b")
    with pytest.raises(ValueError, match="組で"):
        Derivation(of="a")
