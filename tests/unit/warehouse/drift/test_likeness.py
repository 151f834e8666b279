"""Names speak for and against each other, and say why."""

import pytest

from warehouse.drift.likeness import compare_names, generalise, read_unit, split_unit

PREFIXED = ["T001_氏名", "T002_住所", "T003_性別", "T004_町名"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("氏名", "氏　名", "全角・半角"),
        ("髙齢者数", "高齢者数", "字体"),
        ("サーバー", "サーバ", "長音"),
        ("ふりがな", "フリガナ", "かな・カナ"),
        ("入口", "入ロ", "形の似た字"),
        ("宛名番号", "宛名No.", "意味が同じ"),
        ("氏名", "ＦＯ－氏名", "前に「FOー」が付いただけ"),
        ("ＦＯ－氏名", "氏名", "前に「FOー」がなくなっただけ"),
        ("氏名", "氏名_A1", "後ろに「_A1」が付いただけ"),
        ("氏名", "氏名(漢字)", "かっこ書き"),
        ("人口/男", "男", "段数"),
        ("*/人口/男", "令和3年/2021年/人口/男/人", "年・単位の段"),
        ("費用(円)", "費用(千円)", "単位のほかは"),
        ("町名", "町丁名", "同じ文字"),
    ],
)
def test_the_words_say_what_differs(old, new, words):
    found = compare_names(old, new)
    assert words in found.words
    assert found.score >= 0.6


def test_what_many_headers_share_weighs_more():
    alone = compare_names("氏名", "T001_氏名", ["T001_氏名"])
    shared = compare_names("氏名", "T001_氏名", PREFIXED)
    assert shared.score > alone.score
    assert "4 列" in shared.words


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("入所児童数/0歳児", "入所児童数/1歳児"),
        ("人口/男", "人口/女"),
        ("転入者数", "転出者数"),
        ("開始時刻", "終了時刻"),
        ("氏名", "続柄"),
        ("一丁目", "二丁目"),
    ],
)
def test_two_things_are_not_one_renamed(old, new):
    assert compare_names(old, new).score < 0.5


@pytest.mark.parametrize(
    ("text", "base", "scale"),
    [
        ("円", "円", 1),
        ("千円", "円", 1000),
        ("（百万円）", "円", 10**6),
        ("単位：千人", "人", 1000),
    ],
)
def test_units_are_read_with_their_size(text, base, scale):
    unit = read_unit(text)
    assert unit is not None
    assert (unit.base, unit.scale) == (base, scale)


def test_a_unit_is_taken_off_the_end_of_a_header_only():
    assert split_unit("費用(千円)")[0] == "費用"
    assert split_unit("歳出/費用/千円")[0] == "歳出/費用"
    for name in ("氏名", "円グラフ", "備考(任意)", "昨年人"):
        assert split_unit(name) == (name, None)


def test_years_become_stars_where_the_contract_has_stars():
    assert generalise("令和3年/2021年/人口/男/人", ["*/人口/男"]) == "*/*/人口/男/人"
    assert generalise("令和3年/人口", ["人口"]) == "令和3年/人口"
