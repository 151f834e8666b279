"""A header suggests, the values decide; what only looks like something stays what it is."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.column import ColumnType as ContractType
from transforms.catalogue import TRANSFORMS
from warehouse.diagnosis.column_types import EMPTY, infer_type


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("団体コード", ["272035", "271004", "131016"], "local_government_code"),
        ("市区町村コード", ["27203", "27100", "13101"], "local_government_code"),
        ("郵便番号", ["560-0001", "561-0802", "5600011"], "postal_code"),
        ("電話番号", ["06-6858-2525", "06(6858)2050", "090-1234-5678"], "phone"),
        ("緯度", ["34.7811", "34.7902", "34.80031"], "latitude"),
        ("経度", ["135.4691", "135.4702", "135.50031"], "longitude"),
        ("生年月日", ["S50.4.1", "平成2年3月4日", "1999-12-31"], "date"),
        ("届出日", ["20240401", "20240402", "20240403"], "date"),
        ("対象年月", ["2024年4月", "2024年5月", "2024年6月"], "month"),
        ("年月", ["202404", "202405", "202406"], "month"),
        ("年", ["2020", "2021", "2022"], "year"),
        ("年次", ["平成30年", "令和元年", "令和2年"], "year"),
        ("年度", ["2020", "2021", "2022"], "fiscal_year"),
        ("調査", ["令和4年度", "令和5年度", "令和6年度"], "fiscal_year"),
        ("人口", ["1,234", "56", "7"], "integer"),
        ("面積", ["1.25", "3.4", "10"], "decimal"),
        ("高齢化率", ["25.1", "30.2", "28"], "percent"),
        ("割合", ["25.1%", "30.2%", "28%"], "percent"),
        ("氏名", ["山田 太郎", "鈴木 花子", "佐藤 一郎"], "name"),
        ("氏名カナ", ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｽｽﾞｷ ﾊﾅｺ", "さとう いちろう"], "kana"),
        ("町名", ["中桜塚3丁目", "岡町", "曽根東町1丁目"], "town"),
        ("備考", ["駅前", "工事中のため休み", "なし"], "text"),
        ("洪水", ["○", "", "○"], "boolean"),
        ("送迎の有無", ["有", "無", "有"], "boolean"),
        ("区分コード", ["1", "2", "1", "2", "1"], "code"),
        ("備考", ["", "", ""], EMPTY),
    ],
)
def test_the_type_is_what_the_contract_calls_it(facts_of, header, values, kind):
    found = infer_type(facts_of(header, values))
    assert found.name == kind
    assert found.fits


@pytest.mark.parametrize(
    ("header", "values", "kind"),
    [
        ("施設コード", ["45012", "44013", "43999"], "digits"),
        ("分類番号", ["20210401", "20210402", "99999999"], "digits"),
        ("人口", ["2020", "2021", "2019"], "integer"),
        ("件数", ["202401", "202402", "202403"], "integer"),
        ("2023年", ["2001", "2010", "1999"], "integer"),
        ("整理番号", ["0012", "0034", "0056"], "digits"),
        ("利用者", ["0612345678", "0698765432", "0611112222"], "digits"),
        ("築年数", ["1990", "12", "3"], "integer"),
        ("住所", ["中桜塚3-1-1", "岡町北1-2", "曽根東町9番地"], "text"),
    ],
)
def test_what_only_looks_like_something_stays_what_it_is(facts_of, header, values, kind):
    assert infer_type(facts_of(header, values)).name == kind


@pytest.mark.parametrize("mark", ["***", "x", "-", "－", "…", "△"])
def test_marks_do_not_spoil_a_number(facts_of, mark):
    found = infer_type(facts_of("人口", ["12", mark, "3", mark]))
    assert found.name == "integer"
    assert found.fits
    assert found.marks == (mark,)


def test_one_slip_leaves_the_type_and_is_told(facts_of):
    values = [str(number) for number in range(40)] + ["約40"]
    found = infer_type(facts_of("人口", values))
    assert (found.name, found.fits) == ("integer", False)
    assert found.rules["number.approximate"] == 1


def test_a_unit_behind_every_number_is_its_unit(facts_of):
    found = infer_type(facts_of("定員", ["40人", "３８人", "12人"]))
    assert (found.name, found.unit) == ("integer", "人")


def test_days_without_their_format_are_dates_that_cannot_be_read(facts_of):
    found = infer_type(facts_of("公表日", ["43859", "43888", "43889"]))
    assert (found.name, found.fits) == ("date", False)


def test_only_types_of_the_contract_are_named(facts_of):
    known = {*get_args(ContractType), EMPTY}
    assert {*TRANSFORMS} < known

    @settings(deadline=None, max_examples=40)
    @given(st.lists(st.text(alphabet="0123456789-./年月日人%ア山 ", max_size=8), max_size=6))
    def check(values):
        assert infer_type(facts_of("人口", values)).name in known

    check()
