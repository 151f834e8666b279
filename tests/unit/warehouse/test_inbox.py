"""Files find their dataset and period by their name, in whatever spelling they come."""

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import PLACES, make_dataset
from warehouse.inbox import NO_PERIOD, compile_pattern, period_of, scan_inbox

DATASETS = {
    "people": make_dataset(),
    "places": make_dataset("places", PLACES),
}


@pytest.mark.parametrize(
    ("pattern", "name", "period"),
    [
        ("住民記録_{year}{month}*.csv", "住民記録_202604.csv", "2026-04"),
        ("住民記録_{year}{month}*.csv", "住民記録_202604_訂正版.csv", "2026-04"),
        ("住民記録_{year}{month}*.csv", "住民記録_202613.csv", None),
        ("住民記録_{year}{month}*.csv", "住民記録_2026.csv", None),
        ("住民記録_{year}{month}*.csv", "旧住民記録_202604.csv", None),
        ("日報_{year}-{month}-{day}.csv", "日報_2026-04-30.csv", "2026-04-30"),
        ("日報_{year}-{month}-{day}.csv", "日報_2026-04-32.csv", None),
        ("入所_{era_year}.{era_month}.xlsx", "入所_R8.4.xlsx", "2026-04"),
        ("入所_{era_year}.{era_month}.xlsx", "入所_R08.04.xlsx", "2026-04"),
        ("入所_{era_year}.{era_month}.xlsx", "入所_R8x4.xlsx", None),
        ("入所_{era_year}年{era_month}月.xlsx", "入所_令和元年12月.xlsx", "2019-12"),
        ("入所_{era_year}年{era_month}月.xlsx", "入所_平成31年4月.xlsx", "2019-04"),
        ("入所_{era_year}年{era_month}月.xlsx", "入所_令和0年4月.xlsx", None),
        ("一覧_{era_year}年度*.csv", "一覧_令和8年度(確定).csv", "2026"),
        ("一覧_{era_year}年度*.csv", "一覧_S64年度.csv", "1989"),
        ("ガイド*.csv", "ガイド(最終).csv", NO_PERIOD),
        ("a?.csv", "ab.csv", NO_PERIOD),
        ("a?.csv", "abc.csv", None),
        ("a.csv", "aXcsv", None),
        ("(公開)[1].csv", "(公開)[1].csv", NO_PERIOD),
    ],
)
def test_a_name_tells_its_period(pattern, name, period):
    assert period_of(pattern, name) == period


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_from_a_mac_are_the_same_names(form):
    pattern, name = "ガイドブック_{year}.csv", "ガイドブック_2026.csv"
    for ours in ("NFC", "NFD"):
        told = period_of(unicodedata.normalize(ours, pattern), unicodedata.normalize(form, name))
        assert told == "2026"


@given(st.integers(1900, 2099), st.integers(1, 12), st.integers(1, 31))
def test_any_period_written_by_the_pattern_is_read_back(year, month, day):
    name = f"f_{year}{month:02}{day:02}.csv"
    assert period_of("f_{year}{month}{day}.csv", name) == f"{year}-{month:02}-{day:02}"


@pytest.mark.parametrize(
    ("pattern", "word"),
    [("f_{yaer}.csv", "{yaer}"), ("{year}_{year}.csv", "2つ"), ("{month}{era_month}", "2つ")],
)
def test_a_pattern_that_cannot_be_read_is_refused_in_japanese(pattern, word):
    with pytest.raises(ValueError, match="ファイル名の型") as caught:
        compile_pattern(pattern)
    assert word in str(caught.value)


def _put(folder, name, day, content=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (day * 86400, day * 86400))
    return path


def test_the_oldest_file_comes_first_whatever_its_folder_or_name(tmp_path):
    names = {"z/利用者_202604.csv": 1, "利用者_202604_b.csv": 3, "a/b/施設_2026.csv": 2}
    for name, day in names.items():
        _put(tmp_path, name, day)
    found = scan_inbox(tmp_path, DATASETS)
    assert [(a.path.name, a.dataset, a.period) for a in found] == [
        ("利用者_202604.csv", "people", "2026-04"),
        ("施設_2026.csv", "places", "2026"),
        ("利用者_202604_b.csv", "people", "2026-04"),
    ]


def test_files_of_one_moment_come_in_the_order_of_their_paths(tmp_path):
    for name in ("b/利用者_202604.csv", "a/利用者_202604.csv", "c.txt"):
        _put(tmp_path, name, 1)
    paths = [a.path.relative_to(tmp_path).as_posix() for a in scan_inbox(tmp_path, DATASETS)]
    assert paths == ["a/利用者_202604.csv", "b/利用者_202604.csv", "c.txt"]


def test_a_file_without_a_contract_is_listed_as_such(tmp_path):
    _put(tmp_path, "memo.txt", 1)
    _put(tmp_path, "利用者_2026.csv", 2)
    assert [(a.dataset, a.period) for a in scan_inbox(tmp_path, DATASETS)] == [(None, "-")] * 2


def test_files_still_being_written_are_not_seen(tmp_path):
    for name in (
        "~$利用者_202604.xlsx",
        ".利用者_202604.csv",
        "利用者_202604.csv.part",
        "利用者_202604.csv.crdownload",
        "利用者_202604.csv.TMP",
        ".git/利用者_202604.csv",
    ):
        _put(tmp_path, name, 1)
    assert scan_inbox(tmp_path, DATASETS) == []
    _put(tmp_path, "部~$課/利用者_202604.csv", 1)
    assert len(scan_inbox(tmp_path, DATASETS)) == 1


def test_a_hidden_folder_above_the_inbox_does_not_matter(tmp_path):
    _put(tmp_path / ".data" / "inbox", "利用者_202604.csv", 1)
    assert len(scan_inbox(tmp_path / ".data" / "inbox", DATASETS)) == 1


def test_a_loop_of_links_ends_and_a_dead_link_is_not_seen(tmp_path):
    _put(tmp_path, "課/利用者_202604.csv", 1)
    try:
        (tmp_path / "課" / "輪").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "自分").symlink_to(tmp_path / "自分")
        (tmp_path / "利用者_202605.csv").symlink_to(tmp_path / "消えた")
    except OSError:
        pytest.skip("links cannot be made here")
    assert [a.path.name for a in scan_inbox(tmp_path, DATASETS)] == ["利用者_202604.csv"]


def test_an_empty_inbox_is_empty(tmp_path):
    assert scan_inbox(tmp_path, DATASETS) == []
