"""A total is believed when the arithmetic agrees, wherever it stands."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.warehouse.tables.sheets import sheet
from warehouse.tables.find import find_tables
from warehouse.tables.take import take_table


def _totals(text):
    [table] = find_tables(sheet(text))
    return {total.row: total for total in table.totals}, table


def test_a_total_under_its_rows_is_proved_and_set_aside():
    totals, table = _totals("町名|男|女\n本町|1,000|2\n栄町|3|4\n合計|1,003|6")
    assert totals[4].is_proved is True
    assert table.roles["role"].to_list()[-1] == "total"
    assert table.data_rows == (2, 4)


def test_a_total_over_its_rows_is_proved():
    totals, _ = _totals("町名|男|女\n総　数|4|6\n本町|1|2\n栄町|3|4")
    assert totals[2].is_proved is True


def test_subtotals_and_the_total_of_totals_are_proved():
    totals, table = _totals(
        "区|町名|男|女\n北区|本町|1|2\n北区|栄町|3|4\n|小計|4|6\n南区|緑町|5|6\n南区|旭町|7|8\n|小計|12|14\n合計||16|20"
    )
    assert {row: total.is_proved for row, total in totals.items()} == {4: True, 7: True, 8: True}
    assert table.roles["role"].to_list().count("data") == 4


def test_regions_over_their_parts_add_up_to_the_whole():
    totals, _ = _totals(
        "国籍|1月|2月\n総数|66|105\nアジア計|30|50\n韓国|10|20\n中国|20|30\nヨーロッパ計|35|54\n英国|15|4\n仏国|20|50\n無国籍|1|1"
    )
    assert {row: total.is_proved for row, total in totals.items()} == {2: True, 3: True, 6: True}


def test_prefectures_before_their_cities_add_up_to_the_country():
    totals, _ = _totals(
        "団体コード|都道府県名|市区町村名|人口|世帯数\n|合計||100|44\n010006|甲県||60|24\n010014|甲県|東市|40|14\n"
        "010022|甲県|西市|20|10\n020001|乙県||40|20\n020010|乙県|南市|30|15\n020028|乙県|北市|10|5"
    )
    assert totals[2].is_proved is True


def test_a_total_that_does_not_add_up_is_a_finding_and_stays():
    totals, table = _totals("町名|男|女\n本町|10|20\n栄町|30|40\n緑町|1|2\n合計|41|63")
    assert totals[5].is_proved is False
    assert totals[5].detail == "C5 は 63 ですが、2〜4行目の和は 62 です(差 1)"
    assert table.roles["role"].to_list()[-1] == "data"


def test_rates_averages_and_running_sums_are_not_added_up():
    totals, _ = _totals(
        "町名|人口|高齢化率|平均年齢|累計\n本町|10|20.5|41|10\n栄町|30|40.2|39|40\n合計|40|35.3|40|40"
    )
    assert totals[4].is_proved is True


def test_signs_for_nothing_count_as_nothing_and_secrets_prove_nothing():
    totals, _ = _totals("町名|男|女\n本町|-|x\n栄町|3|4\n緑町|2|1\n計|5|9")
    assert totals[5].is_proved is True
    totals, table = _totals("町名|男|女\n本町|***|x\n栄町|3|4\n緑町|2|1\n計|8|9")
    assert totals[5].is_proved is None
    assert table.roles["role"].to_list()[-1] == "data"


def test_rounded_figures_may_differ_where_the_sheet_says_so():
    text = "区分|歳入|歳出\n市税|10|21\n交付税|30|41\n市債|5|8\n計|46|70"
    assert _totals(text)[0][5].is_proved is False
    said = f"{text}\n注)四捨五入のため合計が一致しないことがある。"
    assert _totals(said)[0][5].is_proved is True


def test_words_that_only_end_like_a_total_are_no_totals():
    totals, _ = _totals("会計名|歳入|歳出\n一般会計|10|20\n特別会計|30|40\n企業会計|1|2")
    assert totals == {}


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=2, max_size=30),
    st.booleans(),
    st.integers(0, 2),
)
def test_sums_are_proved_and_one_changed_cell_is_found(rows, on_top, column):
    sums = [sum(cells) for cells in zip(*rows, strict=True)]
    body = [f"第{i}町|" + "|".join(map(str, cells)) for i, cells in enumerate(rows)]

    def build(total):
        line = "合計|" + "|".join(map(str, total))
        return sheet("\n".join(["町名|甲|乙|丙", *([line, *body] if on_top else [*body, line])]))

    grid = build(sums)
    [table] = find_tables(grid)
    assert table.totals[0].is_proved is (True if any(sums) else None)
    if any(sums):
        assert take_table(grid, table).height == len(rows)
    # More than all of a column together cannot be a mean or a running sum.
    wrong = [n + (10**7 if i == column else 0) for i, n in enumerate(sums)]
    [table] = find_tables(build(wrong))
    assert table.totals[0].is_proved is False
    assert "差 10,000,000" in table.totals[0].detail
