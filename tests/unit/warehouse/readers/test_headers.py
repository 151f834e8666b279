"""A band of header rows becomes one path per column, and a contract finds its columns in it."""

import pytest

from assets.contract import Layout
from tests.unit.warehouse.small_city import make_contract
from warehouse.readers.grid import Span
from warehouse.readers.headers import find_column, header_paths, match_columns
from warehouse.refusal import Refusal


def _layout(first, last):
    return Layout(header_rows=(first, last))


def _contract(**sources):
    columns = {
        name: {"source": source, "title": name, "type": "text", "classification": "公開"}
        for name, source in sources.items()
    }
    checks = [{"check": "row_count", "minimum": 1}]
    return make_contract(columns=columns, key=[next(iter(columns))], checks=checks)


def _refused(contract, paths, period="2026-04"):
    with pytest.raises(Refusal) as caught:
        match_columns(contract, period, paths, "f.csv")
    return caught.value


def test_one_row_gives_its_own_words_without_width_spaces_or_breaks(grid_of):
    grid = grid_of(["電話 番号\n（代表）", None, "ＩＤ", "  "])
    assert header_paths(grid, _layout(1, 1)) == {1: "電話番号(代表)", 3: "ID"}


def test_three_rows_of_merged_cells_give_paths(grid_of):
    grid = grid_of(
        ["施設名", "入所児童数", None, None, None],
        [None, "3歳未満", None, "3歳以上", "計"],
        [None, "0歳児", "1・2歳児", None, None],
        merges=(Span(1, 3, 1, 1), Span(1, 1, 2, 5), Span(2, 2, 2, 3), Span(2, 3, 4, 4), Span(2, 3, 5, 5)),
    )  # fmt: skip
    assert header_paths(grid, _layout(1, 3)) == {
        1: "施設名",
        2: "入所児童数/3歳未満/0歳児",
        3: "入所児童数/3歳未満/1・2歳児",
        4: "入所児童数/3歳以上",
        5: "入所児童数/計",
    }


def test_titles_centred_over_columns_without_merging_give_the_same_paths(grid_of):
    grid = grid_of(
        ["施設名", "入所児童数", None, None, "待機児童数"],
        [None, "0歳児", "1・2歳児", "計", None],
    )
    assert header_paths(grid, _layout(1, 2)) == {
        1: "施設名",
        2: "入所児童数/0歳児",
        3: "入所児童数/1・2歳児",
        4: "入所児童数/計",
        5: "待機児童数",
    }


def test_a_group_does_not_spill_into_the_next_one(grid_of):
    grid = grid_of(["男", None, "女", None], ["大人", None, "大人", None], ["a", "b", "a", "b"])
    assert list(header_paths(grid, _layout(1, 3)).values()) == [
        "男/大人/a",
        "男/大人/b",
        "女/大人/a",
        "女/大人/b",
    ]


def test_a_merge_beyond_the_band_or_the_sheet_does_no_harm(grid_of):
    grid = grid_of(
        ["題", None], ["a", "b"], ["1", "2"], merges=(Span(1, 1, 1, 9), Span(3, 4, 5, 9))
    )
    assert header_paths(grid, _layout(2, 2)) == {1: "a", 2: "b"}


def test_a_band_below_the_end_has_no_headers(grid_of):
    assert header_paths(grid_of(["a"]), _layout(5, 6)) == {}


def test_columns_are_found_wherever_they_stand_and_however_they_are_spelled():
    paths = {2: "回数", 5: "電話番号(代表)", 9: "ID"}
    contract = _contract(a="ＩＤ", b="電話番号（代表）", c="回 数")
    assert match_columns(contract, "2026", paths, "f") == {"a": 9, "b": 5, "c": 2}


def test_a_star_stands_for_any_text_of_one_level_two_stars_for_any_levels():
    paths = {1: "令和8年度/計", 2: "令和8年度/内訳/男", 3: "備考"}
    assert match_columns(_contract(a="*/計", b="**/男", c="備考"), "2026", paths, "f") == {
        "a": 1,
        "b": 2,
        "c": 3,
    }
    assert _refused(_contract(a="*年度*"), {1: "令和8年度/計"}).rule == "header.missing"
    assert find_column(paths, "*/計") == 1
    assert find_column(paths, "計") is None


def test_letters_that_mean_something_in_patterns_mean_themselves():
    paths = {1: "人数(人)", 2: "率[%]", 3: "a.b"}
    assert match_columns(_contract(a="人数(人)", b="率[%]", c="a.b"), "2026", paths, "f")
    assert _refused(_contract(a="a.b"), {1: "axb"}).rule == "header.missing"


def test_the_header_of_the_period_is_looked_for():
    source = [{"name": "町名", "until": "2023"}, {"name": "町丁目", "from": "2024"}]
    contract = _contract(a=source)
    assert match_columns(contract, "2023-12", {1: "町名"}, "f") == {"a": 1}
    assert match_columns(contract, "2024-01", {1: "町丁目"}, "f") == {"a": 1}
    refusal = _refused(contract, {1: "町名"}, "2024-01")
    assert refusal.rule == "header.missing"
    assert "「町丁目」" in refusal.what


def test_a_missing_column_is_refused_with_the_nearest_header():
    refusal = _refused(
        _contract(a="施設名", b="入所児童数/計"), {1: "施設名", 2: "入所児童数/合計"}
    )
    assert refusal.rule == "header.missing"
    assert "「入所児童数/合計」が近い見出しです" in refusal.what


def test_two_columns_of_one_header_are_refused_with_their_letters():
    refusal = _refused(_contract(a="計", b="名"), {1: "名", 3: "計", 28: "計"})
    assert refusal.rule == "header.twice"
    assert "C列" in refusal.where
    assert "AB列" in refusal.where


def test_a_column_nobody_declared_is_refused_unless_it_is_set_aside_with_a_reason():
    contract, paths = _contract(a="名"), {1: "名", 2: "備考1", 3: "備考2"}
    refusal = _refused(contract, paths)
    assert refusal.rule == "header.unknown"
    assert "2 列" in refusal.what
    assert "B列「備考1」" in refusal.where
    source = contract.source.model_copy(update={"set_aside_columns": {"備考*": "分析に使わない"}})
    quiet = contract.model_copy(update={"source": source})
    assert match_columns(quiet, "2026", paths, "f") == {"a": 1}


def test_a_person_standing_where_the_headers_should_be_is_not_repeated():
    contract = _contract(a="氏名", b="町名", c="番地")
    paths = {1: "氏名子", 2: "本町", 3: "91番4号"}
    refusal = _refused(contract, paths)
    assert refusal.rule == "header.missing"
    assert "見出しの行がない" in refusal.what
    assert not [word for word in paths.values() if word in str(refusal)]
