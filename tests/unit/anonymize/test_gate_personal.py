"""What is taken for a person, and what must not be: the words of ordinary municipal lists."""

import polars as pl
import pytest

from anonymize.gate_personal import judge_content, judge_exactness, judge_extremes


def _found(values, *, of_persons=False, name="欄"):
    table = pl.DataFrame({name: values})
    return {fault.rule for fault in judge_content(table, of_persons=of_persons)}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("田中太郎様より寄附", "pattern.person_name"),
        ("佐々木さんの畑", "pattern.person_name"),
        ("申請者:鈴木一郎", "pattern.person_name"),
        ("申請者 鈴木 花子", "pattern.person_name"),
        ("中桜塚3丁目1番1号の自宅", "pattern.personal_address"),
        ("寺内1-2-3 コーポ緑 201号室", "pattern.personal_address"),
        ("被保険者番号:0012345678", "pattern.identity_code"),
        ("住民票コード 12345678901", "pattern.identity_code"),
        ("5d41402abc4b2a76b9719d911017c592", "pattern.hash"),
        ("123e4567-e89b-12d3-a456-426614174000", "pattern.hash"),
    ],
)
def test_what_no_release_may_hold(text, rule):
    assert _found([text]) == {rule}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("山田 花子", "pattern.person_name"),
        ("豊中市中桜塚3丁目1番1号", "pattern.personal_address"),
        ("1234-567890", "pattern.identity_code"),
        ("AB12345678CD", "pattern.identity_code"),
        ("06-6858-2525", "pattern.phone"),
        ("a.b@example.com", "pattern.mail"),
    ],
)
def test_what_rows_of_persons_may_not_hold(text, rule):
    assert _found([text], of_persons=True) == {rule}
    assert _found([text]) == set()


@pytest.mark.parametrize(
    "text",
    [
        "館長",
        "山田町会館",
        "中村公園",
        "お客様用の駐車場あり",
        "皆さんで使えます",
        "氏名の記入が必要",
        "豊中市中桜塚3丁目1番1号",
        "06-6858-2525",
        "0120-123-456",
        "https://www.city.example.lg.jp/a/123456789018.html",
        "昭和50年4月1日開館",
        "第2-3回",
        "3歳児健診",
        "34.78123",
        "千葉県",
    ],
)
def test_ordinary_words_of_a_list_pass(text):
    assert _found([text]) == set()


def test_towns_are_no_names_but_a_column_of_names_is():
    towns = ["上野東", "上野西", "原田元町", "服部本町", "中桜塚", "寺内", "曽根東町", "岡町北"]
    assert _found(towns, of_persons=True) == set()
    names = ["佐藤一郎", "鈴木花子", "高橋健", "田中美咲", "伊藤大輔", "御手洗潔", "東雲あかり"]
    assert _found(names, of_persons=True) == {"pattern.person_name"}


@pytest.mark.parametrize(
    ("values", "rules"),
    [
        (["2023-04-01", "2023-05-02"], {"records.exact_date"}),
        (["令和5年4月1日", "令和5年4月2日"], {"records.exact_date"}),
        (["20230401", "20230402"], {"records.exact_date"}),
        (["2023-04-01", "2023-04-01"], set()),
        (["2023-04", "2023-05"], set()),
        (["2023年度", "2024年度"], set()),
        (["34.78123", "34.79001"], {"records.coordinates"}),
        (["34.7", "34.8"], set()),
        (["1200.50", "900.25"], set()),
    ],
)
def test_exact_days_and_places(values, rules):
    assert {f.rule for f in judge_exactness(pl.DataFrame({"欄": values}))} == rules


def test_dates_as_dates_are_dates():
    table = pl.DataFrame({"d": ["2023-04-01", "2023-05-02"]}).select(pl.col("d").str.to_date())
    assert {f.rule for f in judge_exactness(table)} == {"records.exact_date"}


@pytest.mark.parametrize(
    ("name", "values", "rules"),
    [
        ("年齢", [99, 100], {"extreme.age"}),
        ("age", ["107", "20"], {"extreme.age"}),
        ("年齢", ["85歳以上", "20-24"], set()),
        ("世帯人数", [9, 10], {"extreme.household"}),
        ("世帯人数", ["6人以上", "1"], set()),
        ("人数", [500], set()),
    ],
)
def test_extremes(name, values, rules):
    assert {f.rule for f in judge_extremes(pl.DataFrame({name: values}))} == rules
