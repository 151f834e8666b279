"""Checking a table against a layout: every kind of difference, with its row and its remedy."""

import polars as pl
import pytest

from assets.register import load_older_standards, load_register
from warehouse.standards.check import check_table

STANDARDS = load_register().standards
TOILET, SHELTER, AED = (STANDARDS[n] for n in ("public_toilet", "evacuation_space", "aed"))


def table_of(standard, **columns):
    """Make a table with all columns of a layout, blank but for those given."""
    height = max((len(values) for values in columns.values()), default=1)
    return pl.DataFrame(
        {c.name: columns.get(c.name, [None] * height) for c in standard.columns},
        schema={c.name: pl.String for c in standard.columns},
    )


def found_in(standard, column, *values):
    differences = check_table(table_of(standard, **{column: list(values)}), standard)
    told = [d for d in differences if d.row is not None and d.rule != "point.half"]
    return [(d.row, d.rule, d.repaired) for d in told]


def test_a_table_in_the_layout_has_no_errors():
    table = table_of(
        TOILET,
        全国地方公共団体コード=["272035"],
        ID=["LL0000000001"],
        名称=["大門公園"],
        所在地_連結表記=["大阪府豊中市北桜塚1-27-1"],
        設置位置=["北東側"],
        緯度=["34.783629"],
        経度=["135.467799"],
        男性トイレ総数=["0"],
        車椅子使用者用トイレ有無=["有"],
        利用開始時間=["00:00"],
        利用終了時間=["24:00"],
        画像=["https://www.city.example.lg.jp/a.jpg"],
    )
    assert check_table(table, TOILET) == []


def test_columns_are_told_missing_absent_unknown_and_renamed():
    table = pl.DataFrame({"名称": ["a"], "名称＿カナ": ["ア"], "管理人": ["b"]})
    told = {(d.rule, d.column): d for d in check_table(table, TOILET) if d.row is None}
    assert told["column.missing", "所在地_連結表記"].is_error
    assert told["column.missing", "設置位置"].is_error
    assert "名称_カナ" in told["column.renamed", "名称＿カナ"].remedy
    assert not told["column.unknown", "管理人"].is_error
    assert "男性トイレ総数" in told["column.absent", ""].remedy


def test_nothing_is_missing_where_required_is_not_evidenced():
    table = pl.DataFrame({"名称": ["a"], "文化財分類": ["史跡"]})
    rules = {d.rule for d in check_table(table, STANDARDS["cultural_property"])}
    assert "column.missing" not in rules


def test_order_is_told_only_where_it_is_evidenced():
    def rules(standard):
        table = table_of(standard)
        turned = table.select(reversed(table.columns))
        return {d.rule for d in check_table(turned, standard)}

    assert "column.order" in rules(TOILET)
    assert "column.order" not in rules(STANDARDS["cultural_property"])


def test_a_blank_flag_is_right_and_a_blank_name_worth_a_look():
    told = {d.column: d for d in check_table(table_of(SHELTER), SHELTER)}
    assert "災害種別_洪水" not in told
    assert told["名称"].rule == "column.blank"
    assert not told["名称"].is_error


@pytest.mark.parametrize(
    ("value", "rule", "repaired"),
    [
        ("9:00", "time.form", "09:00"),
        ("０９：００", "time.form", "09:00"),
        ("17時30分", "time.form", "17:30"),
        ("午後5時", "time.form", "17:00"),
        ("09:00:00", "time.form", "09:00"),
        ("0.375", "time.form", "09:00"),
        ("0.75", "time.form", "18:00"),
        ("0.708333333", "time.form", "17:00"),
        ("0.3", "time.unreadable", None),
        ("9.30", "time.form", "09:30"),
        ("終日", "time.unreadable", None),
        ("25:00", "time.unreadable", None),
        ("8:30（受付）", "time.unreadable", None),
    ],
)
def test_times(value, rule, repaired):
    assert found_in(TOILET, "利用開始時間", value) == [(2, rule, repaired)]


@pytest.mark.parametrize(
    ("value", "rule", "repaired"),
    [
        ("2026/3/31", "date.form", "2026-03-31"),
        ("46112", "date.form", "2026-03-31"),
        ("令和8年3月31日", "date.form", "2026-03-31"),
        ("2026-02-30", "date.unreadable", None),
        ("未定", "date.unreadable", None),
    ],
)
def test_dates(value, rule, repaired):
    assert found_in(STANDARDS["food_business"], "許可年月日", value) == [(2, rule, repaired)]


@pytest.mark.parametrize(
    ("value", "rule", "repaired"),
    [
        ("月～金", "weekdays.form", "月火水木金"),
        ("月・水・金", "weekdays.form", "月水金"),
        ("火曜日", "weekdays.form", "火"),
        ("金木", "weekdays.form", "木金"),
        ("月火水木金土日祝", "weekdays.unreadable", None),
        ("第2火曜", "weekdays.unreadable", None),
    ],
)
def test_weekdays(value, rule, repaired):
    assert found_in(AED, "利用可能曜日", value) == [(2, rule, repaired)]


@pytest.mark.parametrize(
    ("value", "rule", "repaired"),
    [
        ("○", "flag.form", "1"),
        ("1.0", "flag.form", "1"),
        ("×", "flag.form", ""),
        ("0", "flag.zero", ""),
        ("△", "flag.unreadable", None),
    ],
)
def test_flags(value, rule, repaired):
    assert found_in(SHELTER, "災害種別_洪水", value) == [(2, rule, repaired)]


@pytest.mark.parametrize(
    ("column", "value", "rule", "repaired"),
    [
        ("車椅子使用者用トイレ有無", "あり", "choice.form", "有"),
        ("車椅子使用者用トイレ有無", "1", "choice.form", "有"),
        ("車椅子使用者用トイレ有無", "要確認", "choice.unknown", None),
        ("男性トイレ総数", "３", "number.form", "3"),
        ("男性トイレ総数", "1２", "number.form", "12"),
        ("利用開始時間", "0９:00", "time.form", "09:00"),
        ("男性トイレ総数", "1,200基", "number.form", "1200"),
        ("男性トイレ総数", "2.0", "number.form", "2"),
        ("男性トイレ総数", "不明", "number.unreadable", None),
        ("全国地方公共団体コード", "27203", "government_code.check_added", "272035"),
        ("全国地方公共団体コード", "272036", "government_code.check_digit", None),
        ("全国地方公共団体コード", "11002", "government_code.zero_restored", "011002"),
        ("名称_カナ", "ｵｵｿｺｳｴﾝ", "kana.converted", "オオソコウエン"),
        ("名称_カナ", "大曽公園", "kana.not_kana", None),
        ("名称_カナ", "－", "blank.mark", ""),
        ("男性トイレ総数", "-", "number.unreadable", None),
        ("ID", "ＬＬ０１", "code.form", "LL01"),
        ("ID", "7.00001E+12", "code.exponent", None),
        ("ID", "（仮）１", "code.other_letters", None),
        ("緯度", "（北）", "number.unreadable", None),
        ("緯度", "３４.７８１３８９", "number.form", "34.781389"),
        ("画像", "www.city.example.lg.jp", "url.form", None),
        ("所在地_連結表記", "豊中市北桜塚1-27-1", "address.prefecture", None),
    ],
)
def test_single_values(column, value, rule, repaired):
    assert found_in(TOILET, column, value) == [(2, rule, repaired)]


@pytest.mark.parametrize(
    ("column", "value", "rule", "repaired"),
    [
        ("電話番号", "06-6858-2525", "phone.written_form", "(06)6858-2525"),
        ("電話番号", "06-6858-2525、06-6858-2526", "phone.several", None),
        ("郵便番号", "560-0001", "postal_code.written_form", "5600001"),
        ("法人番号", "1000012050002", "corporate_number.check_digit", None),
        ("連絡先メールアドレス", "info＠city.example.lg.jp", "email.form", None),
    ],
)
def test_contacts(column, value, rule, repaired):
    assert found_in(AED, column, value) == [(2, rule, repaired)]


def test_phones_in_the_usual_style_are_a_caution():
    differences = check_table(table_of(AED, 電話番号=["06-6858-2525"]), AED)
    phone = next(d for d in differences if d.column == "電話番号")
    assert not phone.is_error
    assert "(06)6858-2525" in phone.remedy


def test_points_are_zero_swapped_outside_coarse_or_half():
    table = table_of(
        TOILET,
        緯度=["0", "135.467799", "48.2", "34.78", "34.781389", "北緯34度46分"],
        経度=["0", "34.783629", "135.467799", "135.467799", None, "135.467799"],
    )
    told = {(d.row, d.column, d.rule) for d in check_table(table, TOILET) if d.row}
    assert told == {
        (2, "緯度", "place.zero"),
        (2, "経度", "place.zero"),
        (3, "緯度", "place.swapped"),
        (3, "経度", "place.swapped"),
        (4, "緯度", "place.outside_japan"),
        (5, "緯度", "point.decimals"),
        (6, "緯度", "point.half"),
        (7, "緯度", "point.sexagesimal"),
    }


def test_ids_are_unique_within_the_body_that_publishes():
    table = table_of(
        TOILET,
        全国地方公共団体コード=["272035", "272035", "271004", None],
        ID=["A1", "A1", "A1", "A2"],
    )
    told = [(d.row, d.value) for d in check_table(table, TOILET) if d.rule == "id.twice"]
    assert told == [(2, "A1"), (3, "A1")]


def test_lists_are_separated_by_half_width_semicolons():
    care = STANDARDS["care_service"]
    assert found_in(care, "実施サービス", "訪問介護;通所介護") == []
    assert found_in(care, "実施サービス", "訪問介護、通所介護") == [
        (2, "list.separator", "訪問介護;通所介護")
    ]


def test_words_of_a_guidebook_are_cautions():
    table = table_of(STANDARDS["cultural_property"], 文化財分類=["市指定史跡"])
    told = [d for d in check_table(table, STANDARDS["cultural_property"]) if d.row]
    assert [(d.rule, d.is_error) for d in told] == [("choice.unlisted", False)]


def test_kana_may_hold_spaces_and_brackets():
    assert found_in(TOILET, "名称_カナ", "フレアイ カン（サンカイ）") == []


def test_a_list_that_seems_separated_otherwise_is_a_caution():
    hospital = STANDARDS["hospital"]
    table = table_of(hospital, 診療科目=["内科、外科", "内科;外科", "内科"])
    told = [d for d in check_table(table, hospital) if d.row]
    assert [(d.row, d.rule, d.is_error) for d in told] == [(2, "list.maybe", False)]
    assert "「内科;外科」" in told[0].remedy


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("1307", []),
        ("101", [(2, "choice.form", "0101")]),
        ("公民館", [(2, "choice.form", "1307")]),
        ("9999", [(2, "code.unlisted", None)]),
    ],
)
def test_codes_of_places_are_those_of_the_national_list(value, told):
    assert found_in(STANDARDS["public_facility"], "POIコード", value) == told


def test_codes_name_their_meaning_and_labels_are_mended():
    school = STANDARDS["educational_institution"]
    assert found_in(school, "教育機関_学校種", "小学校") == [(2, "choice.form", "B1")]
    table = table_of(school, 教育機関_学校種=["Z9"])
    unknown = next(d for d in check_table(table, school) if d.row)
    assert "B1(小学校)" in unknown.remedy


def test_five_digit_codes_were_usual_in_the_older_sheets():
    older = load_older_standards()["public_toilet"]
    table = table_of(older, 都道府県コード又は市区町村コード=["27203"])
    told = next(d for d in check_table(table, older) if d.row)
    assert (told.rule, told.is_error, told.repaired) == (
        "government_code.older_five",
        False,
        "272035",
    )


def test_rows_are_counted_as_a_spreadsheet_does():
    table = table_of(TOILET, 利用開始時間=["9:00"]).with_columns(_row=pl.lit(41))
    assert [d.row for d in check_table(table, TOILET) if d.rule == "time.form"] == [41]


def test_every_value_is_judged_once_and_every_row_told():
    table = table_of(TOILET, 利用開始時間=["9:00", "09:00", "9:00", None, " 9:00 "])
    told = [(d.row, d.value) for d in check_table(table, TOILET) if d.rule == "time.form"]
    assert told == [(2, "9:00"), (4, "9:00"), (6, "9:00")]
