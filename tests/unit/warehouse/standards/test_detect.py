"""Telling dataset, edition and form from headings."""

import pytest

from assets.register import load_older_standards, load_register
from warehouse.standards.detect import detect
from warehouse.standards.headings import fold_heading, fold_loosely
from warehouse.standards.layouts import CURRENT, DATA_MODEL, FLAT, OLDER, built_in_layouts

LAYOUTS = built_in_layouts()
STANDARDS, OLDER_ONES = load_register().standards, load_older_standards()
NATIONAL = [n for n, s in STANDARDS.items() if s.number is not None and len(s.columns) > 1]


def headings_of(standard):
    return [column.name for column in standard.columns]


def told(headings, file=""):
    found = detect(headings, LAYOUTS, file)
    layout = found.layout
    return (layout.slug, layout.edition, layout.form) if layout else None


@pytest.mark.parametrize("name", NATIONAL)
def test_every_current_layout_is_itself(name):
    slug, edition, _ = told(headings_of(STANDARDS[name]))
    assert (slug, edition) == (STANDARDS[name].slug, CURRENT)


@pytest.mark.parametrize("name", OLDER_ONES)
def test_every_older_layout_is_itself(name):
    assert told(headings_of(OLDER_ONES[name])) == (name, OLDER, "")


@pytest.mark.parametrize("name", NATIONAL)
def test_half_of_the_columns_and_two_own_ones_are_enough(name):
    standard = STANDARDS[name]
    kept = [c.name for n, c in enumerate(standard.columns) if c.required or n % 4 != 3]
    if len(kept) >= 8:
        found = told([*kept, "管理番号の旧", "担当係"], f"131083_{standard.slug}.csv")
        assert found is not None
        assert found[:2] == (standard.slug, CURRENT)


@pytest.mark.parametrize("name", NATIONAL)
def test_glyph_variants_are_the_same_heading(name):
    turned = [
        n.replace("_", "＿").replace("（", "(").replace("）", ")").replace("ID", "ＩＤ")
        for n in headings_of(STANDARDS[name])
    ]
    assert told(turned)[0] == STANDARDS[name].slug


@pytest.mark.parametrize("name", ["bicycle_parking", "polling_place", "educational_institution"])
def test_the_flat_form_drops_the_prefix(name):
    standard = STANDARDS[name]
    flat = [n.removeprefix(standard.prefixes[0]) for n in headings_of(standard)]
    flat = [n for n in flat if n != "施設_ID"]
    assert told(flat) == (standard.slug, CURRENT, FLAT)
    assert told(headings_of(standard)) == (standard.slug, CURRENT, DATA_MODEL)


def test_prefixed_garbage_separation_is_the_data_model_form():
    names = headings_of(STANDARDS["garbage_separation"])
    for prefix in ("ゴミの分別方法_", "ごみの分別方法_"):
        prefixed = [f"{prefix}{n.replace('ゴミの品目', '品目')}" for n in names]
        assert told(prefixed) == ("garbage_separation", CURRENT, DATA_MODEL)
    assert told(names)[2] == FLAT


def test_english_keys_of_an_older_sheet():
    keys = [
        "#property",
        "prefCode",
        "identification",
        "pref",
        "city",
        "name",
        "fullNameInKana",
        "address",
        "katagaki",
        "latitude",
        "longitude",
        "installer",
        "telephoneNumber",
        "ssid",
        "area",
        "referenceObject",
        "note",
    ]
    assert told(keys) == ("public_wireless_lan", OLDER, "")


def test_ids_of_food_businesses_vary_by_file():
    for name in ("ID_全許可施設", "ID_新規許可", "ID_廃業届出"):
        headings = ["全国地方公共団体コード", name, "地方公共団体名", "施設名称", "営業の種類",
                    "所在地_連結表記", "法人名", "許可番号", "許可年月日", "許可満了日"]  # fmt: skip
        assert told(headings)[0] == "food_business"


@pytest.mark.parametrize(
    "headings",
    [
        ["日付", "検査件数", "陽性人数"],
        ["名称", "住所", "緯度", "経度", "電話番号", "URL", "備考"],
        ["自治体コード", "行番号", "営業施設名称、屋号又は商号", "業種", "許可番号", "許可日"],
        ["town", "koaza", "lat", "lng"],
        [],
    ],
)
def test_what_is_none_is_said_to_be_none(headings):
    assert told(headings) is None


def test_a_file_that_is_none_is_told_the_nearest():
    found = detect(
        ["名称", "名称_カナ", "住所", "設置位置", "所管課", "契約番号", "設置年"], LAYOUTS
    )
    assert found.layout is None
    assert found.nearest is not None
    assert "7個のうち4個" in found.reason


def test_the_file_name_alone_decides_nothing():
    assert told(["名称", "住所", "電話番号"], "272035_public_toilet.csv") is None


def test_a_file_name_helps_where_the_columns_are_common_to_many():
    common = ["全国地方公共団体コード", "ID", "地方公共団体名", "名称", "名称_カナ", "名称_英字",
              "所在地_連結表記", "所在地_都道府県", "所在地_市区町村", "緯度", "経度", "電話番号",
              "法人番号", "団体名", "利用可能曜日", "開始時間", "終了時間", "URL", "備考"]  # fmt: skip
    assert told(common) is None
    assert told(common, "131032_public_facility.csv") == ("public_facility", CURRENT, "")


def test_no_layout_has_two_columns_of_one_spelling():
    for layout in LAYOUTS.all:
        for fold in (fold_heading, fold_loosely):
            keys = [fold(column.name) for column in layout.all_columns]
            assert len(set(keys)) == len(keys), layout.label
