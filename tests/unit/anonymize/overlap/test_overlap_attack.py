"""Planted overlaps of every kind are found, each with its reason; what adds nothing passes."""

import numpy as np
import polars as pl
import pytest

from anonymize.overlap.attack import attack
from anonymize.overlap.labels import Dimension
from anonymize.overlap.program import ContradictionError
from anonymize.overlap.released import SEEN, Released, as_counted
from tests.unit.anonymize.overlap.publishing_tables import (
    DIMENSIONS,
    TOWNS,
    bare,
    counts,
    hidden,
    inner,
    moved,
    rounded,
    truth_of,
    whole,
)

FIRST = (0, 0, 0)  # 本町, 0-4歳, 男性
FIRST_CELL = "地域=本町・年齢=0-4歳・性別=男性"


def _told(frame):
    return {(row["cell"], row["persons"]): row["reason"] for row in frame.rows(named=True)}


@pytest.mark.parametrize("persons", [-2, -1, 1, 2])
def test_a_small_change_between_two_bare_months_is_stated(persons):
    before, after = counts(), moved(counts(), FIRST, persons)
    told = attack(bare(inner(after), period=2), [bare(inner(before))], DIMENSIONS)
    assert _told(told.changes) == {(FIRST_CELL, persons): "differencing"}
    assert told.sizes.is_empty()


@pytest.mark.parametrize("persons", [-30, -3, 0, 3])
def test_larger_changes_and_none_pass(persons):
    before, after = counts(least=40), moved(counts(least=40), FIRST, persons)
    told = attack(bare(inner(after), period=2), [bare(inner(before))], DIMENSIONS)
    assert told.changes.is_empty()


def test_a_change_is_told_from_the_earlier_to_the_later_month_also_of_a_late_release():
    before, after = counts(), moved(counts(), FIRST, 2)
    late = attack(bare(inner(before), period=1), [bare(inner(after), period=2)], DIMENSIONS)
    assert _told(late.changes) == {(FIRST_CELL, 2): "differencing"}


def test_every_earlier_month_is_looked_at():
    tables = [moved(counts(), FIRST, n) for n in (1, 10, 20)]
    earlier = [bare(inner(t), period=n) for n, t in enumerate(tables, start=1)]
    told = attack(bare(inner(counts()), period=9), earlier, DIMENSIONS)
    assert told.changes["other_period"].to_list() == ["2026-01-01"]


def test_a_withheld_cell_that_its_sums_give_back_is_stated_and_so_is_its_change():
    before = moved(counts(), FIRST, 5 - counts()[FIRST])
    after = moved(before, FIRST, 1)
    alone = attack(hidden(whole(before)), [], DIMENSIONS)
    assert _told(alone.sizes) == {(FIRST_CELL, 5): "filled"}
    told = attack(hidden(whole(after), period=2), [hidden(whole(before))], DIMENSIONS)
    assert _told(told.changes)[FIRST_CELL, 1] == "filled"


def test_two_cells_withheld_in_a_row_hide_each_other_but_not_their_sum():
    table = counts()
    table[0, 0, 0], table[0, 1, 0] = 4, 5
    cells = hidden(inner(table)).cells.select("地域", "年齢", "性別", SEEN)
    sums = inner(table).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    before = hidden(pl.concat([cells, sums], how="diagonal"))
    assert attack(before, [], DIMENSIONS).sizes.is_empty()
    after_table = moved(table, FIRST, 1)
    cells = hidden(inner(after_table)).cells.select("地域", "年齢", "性別", SEEN)
    sums = inner(after_table).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    after = hidden(pl.concat([cells, sums], how="diagonal"), period=2)
    told = attack(after, [before], DIMENSIONS).changes
    assert FIRST_CELL not in told["cell"].to_list()
    assert 1 in told["persons"].to_list()


def test_two_withheld_cells_that_can_only_be_one_pair_are_given_back():
    table = counts()
    table[0, 0, 0], table[0, 1, 0] = 0, 0
    cells = hidden(inner(table)).cells.select("地域", "年齢", "性別", SEEN)
    sums = inner(table).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    told = attack(hidden(pl.concat([cells, sums], how="diagonal")), [], DIMENSIONS)
    assert set(told.sizes["persons"]) == {0}
    assert told.sizes.height == 2


def test_what_only_a_program_gives_back_is_found():
    """Three towns x two sexes, all withheld, and sums of overlapping pairs: x+y=7, y+z=9, x+z=8."""
    table = np.full((3, 4, 2), 40)
    table[:, 0, 0] = [3, 4, 5]
    pairs = [("東一", (0, 1), 7), ("東二", (1, 2), 9), ("東三", (0, 2), 8)]
    groups = {name: tuple(TOWNS[n] for n in towns) for name, towns, _ in pairs}
    dimensions = [Dimension("地域", "category", groups=groups), *DIMENSIONS[1:]]
    cells = inner(table).filter((pl.col("年齢") == "0-4歳") & (pl.col("性別") == "男性"))
    sums = pl.DataFrame(
        {
            "地域": [p[0] for p in pairs],
            "年齢": "0-4歳",
            "性別": "男性",
            SEEN: [p[2] for p in pairs],
        }
    )
    told = attack(bare(sums, release="合計"), [hidden(cells)], dimensions)
    assert set(told.sizes["reason"]) == {"program"}
    by_cell = dict(told.sizes.select("cell", "persons").rows())
    assert [by_cell[f"地域={t}・年齢=0-4歳・性別=男性"] for t in TOWNS] == [3, 4, 5]


def test_a_town_that_its_area_leaves_over_is_a_nested_group():
    table = counts()
    table[1] = 0
    table[1, 2, 1] = 1  # one person in 南町
    towns = inner(table).filter(pl.col("地域") != "南町")
    area = inner(table).filter(pl.col("地域") != "北町").with_columns(地域=pl.lit("東部"))
    area = area.group_by("地域", "年齢", "性別").agg(pl.col(SEEN).sum())
    told = attack(bare(area, release="地域別"), [bare(towns)], DIMENSIONS)
    assert [(r["reason"], r["persons"]) for r in told.sizes.rows(named=True)] == [("nested", 1)]
    assert "東部" in told.sizes["cell"][0]


def test_a_total_less_its_published_parts_is_a_complement():
    table = moved(counts(), FIRST, 1 - counts()[FIRST])
    parts = inner(table).filter(pl.col("地域") != "本町")
    total = inner(table).group_by("年齢", "性別").agg(pl.col(SEEN).sum())
    town = inner(table).filter((pl.col("地域") == "本町") & (pl.col("年齢") != "0-4歳"))
    told = attack(bare(total, release="全市"), [bare(pl.concat([parts, town]))], DIMENSIONS)
    reasons = {r["reason"] for r in told.sizes.rows(named=True) if r["persons"] == 1}
    assert reasons == {"complement"}


def test_bands_cut_another_way_give_the_piece_between():
    table = counts()
    table[0, 1, 0] = 1
    wide = inner(table).with_columns(pl.col("年齢").replace({"0-4歳": "0-9歳", "5-9歳": "0-9歳"}))
    wide = wide.group_by("地域", "年齢", "性別").agg(pl.col(SEEN).sum())
    narrow = inner(table).filter(pl.col("年齢") != "5-9歳")
    told = attack(bare(wide, release="十歳階級"), [bare(narrow)], DIMENSIONS)
    assert [(r["reason"], r["persons"]) for r in told.sizes.rows(named=True)] == [("nested", 1)]


def test_ten_year_bands_are_held_against_last_months_five_year_bands():
    before, after = counts(), moved(counts(), FIRST, 1)
    wide = inner(after).with_columns(pl.col("年齢").replace({"0-4歳": "0-9歳", "5-9歳": "0-9歳"}))
    wide = wide.group_by("地域", "年齢", "性別").agg(pl.col(SEEN).sum())
    told = attack(bare(wide, period=2), [bare(inner(before))], DIMENSIONS)
    assert [(r["reason"], r["persons"]) for r in told.changes.rows(named=True)] == [("nested", 1)]


def test_a_withheld_cell_that_a_sibling_leaves_over_is_given_back():
    table = moved(counts(), FIRST, 4 - counts()[FIRST])
    by_age = inner(table).group_by("地域", "年齢").agg(pl.col(SEEN).sum())
    told = attack(bare(by_age, release="年齢別"), [hidden(inner(table))], DIMENSIONS)
    assert _told(told.sizes) == {(FIRST_CELL, 4): "sibling"}
    other_way = attack(hidden(inner(table)), [bare(by_age, release="年齢別")], DIMENSIONS)
    assert _told(other_way.sizes) == {(FIRST_CELL, 4): "sibling"}


def test_a_release_that_shows_what_another_withholds_is_stopped_and_not_the_other_way_round():
    table = moved(counts(), FIRST, 4 - counts()[FIRST])
    shows = bare(inner(table).filter(pl.col("地域") == "本町"), release="本町だより")
    told = attack(shows, [hidden(inner(table))], DIMENSIONS)
    assert _told(told.sizes) == {(FIRST_CELL, 4): "sibling"}
    assert attack(hidden(inner(table)), [shows], DIMENSIONS).sizes.is_empty()


def test_users_and_residents_together_tell_who_is_no_user():
    table = moved(counts(), FIRST, 21 - counts()[FIRST])
    users = inner(moved(table, FIRST, -1)).with_columns(対象=pl.lit("利用者"))
    bounded = users.with_columns(as_counted(SEEN))
    released = Released("利用者", 1, "2026-01-01", bounded)
    dimensions = [*DIMENSIONS, Dimension("対象", "category", exhaustive=False)]
    told = attack(released, [bare(inner(table))], dimensions)
    assert told.sizes["persons"].to_list() == [1]
    assert told.sizes["reason"].to_list() == ["complement"]


def test_persons_beyond_the_labels_shown_are_not_denied():
    """Where a dimension is not exhaustive, a whole less its parts may be others."""
    cells = pl.DataFrame({"国籍": ["A", "B", None], SEEN: [50, 49, 100]})
    table = Released("国籍", 1, "2026-01-01", cells.with_columns(as_counted(SEEN)))
    with pytest.raises(ContradictionError):
        attack(table, [], [Dimension("国籍", "category")])
    open_ended = attack(table, [], [Dimension("国籍", "category", exhaustive=False)])
    assert open_ended.sizes["persons"].to_list() == [1]


def test_a_town_merged_in_one_month_and_not_in_the_next_is_held_against_both():
    dimension = Dimension("地域", "category", rest="その他")

    def publish(rows, period):
        cells = pl.DataFrame(rows, schema={"地域": pl.String, SEEN: pl.Int64}, orient="row")
        return Released("町別", 1, f"2026-{period:02}-01", cells.with_columns(as_counted(SEEN)))

    january = publish([("本町", 500), ("南町", 70), ("その他", 90)], 1)
    february = publish([("本町", 520), ("その他", 161)], 2)
    told = attack(february, [january], [dimension])
    assert told.changes.select("cell", "persons").rows() == [("地域=その他", 1)]


def test_an_identical_table_never_blocks():
    table = counts(least=1, most=25)
    for publish in (bare, hidden):
        first = publish(whole(table))
        again = attack(publish(whole(table), version=2), [first], DIMENSIONS)
        assert again.changes.is_empty()
        assert again.sizes.is_empty()
        next_month = attack(publish(whole(table), period=2), [first], DIMENSIONS)
        assert next_month.changes.is_empty()
        assert next_month.sizes.is_empty()


def test_clean_siblings_pass():
    table = counts()
    by_sex = inner(table).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    by_age = inner(table).group_by("地域", "年齢").agg(pl.col(SEEN).sum())
    told = attack(bare(by_sex, release="性別"), [bare(by_age, release="年齢別")], DIMENSIONS)
    assert told.changes.is_empty()
    assert told.sizes.is_empty()
    assert told.contradictions == ()
    assert told.undecided == 0


def test_rounded_tables_state_nothing_exactly():
    before, after = counts(), moved(counts(), FIRST, 1)
    tables = [rounded(inner(t // 5 * 5), 5, period=n) for n, t in ((1, before), (2, after))]
    told = attack(tables[1], tables[:1], DIMENSIONS)
    assert told.changes.is_empty()
    assert told.sizes.is_empty()


def test_two_roundings_of_one_table_are_intersected():
    """Published 0 of base 3 and 4 of base 2: 2 < true < 3 … only one count fits some cells."""
    table = np.full((3, 4, 2), 30)
    table[FIRST] = 2
    small = inner(table).filter((pl.col("地域") == "本町") & (pl.col("性別") == "男性"))
    first = small.with_columns(pl.when(pl.col(SEEN) == 2).then(0).otherwise(30).alias(SEEN))
    second = small.with_columns(pl.when(pl.col(SEEN) == 2).then(5).otherwise(30).alias(SEEN))
    # 0 of base 3: 0 to 2; 5 of base 4: 2 to 8.
    one, other = rounded(first, 3), rounded(second, 4, release="別の丸め")
    told = attack(other, [one], DIMENSIONS)
    # The cell is shown by both, so nothing small that no cell shows comes out; its change would.
    later = bare(moved_cell(small, 3), period=2)
    changes = attack(later, [one, other], DIMENSIONS).changes
    assert told.contradictions == ()
    assert _told(changes) == {(FIRST_CELL, 1): "differencing"}


def moved_cell(cells, count):
    return cells.with_columns(pl.when(pl.col(SEEN) == 2).then(count).otherwise(90).alias(SEEN))


def test_a_correction_of_a_month_is_held_against_what_it_replaces():
    before, after = counts(), moved(counts(), FIRST, -1)
    told = attack(bare(inner(after), version=2), [bare(inner(before))], DIMENSIONS)
    assert _told(told.changes) == {(FIRST_CELL, -1): "differencing"}


def test_siblings_made_from_different_extracts_are_attacked_as_different_moments():
    before, after = counts(), moved(counts(), FIRST, 1)
    by_sex = inner(before).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    told = attack(bare(inner(after)), [bare(by_sex, release="性別")], DIMENSIONS)
    assert told.contradictions == ("2026-01-01",)
    assert (1, "nested") in [(r["persons"], r["reason"]) for r in told.changes.rows(named=True)]


def test_what_was_known_before_is_not_charged_to_the_candidate():
    before, after = counts(), moved(counts(), FIRST, 1)
    out = [bare(inner(before)), bare(inner(after), period=2)]
    by_sex = inner(after).group_by("地域", "性別").agg(pl.col(SEEN).sum())
    told = attack(bare(by_sex, period=2, release="性別"), out, DIMENSIONS)
    assert told.changes.is_empty()


def test_statements_about_published_cells_are_true():
    before, after = counts(1, least=1, most=30), counts(2, least=1, most=30)
    after = np.clip(before + np.sign(after - 15), 0, None)
    told = attack(hidden(whole(after), period=2), [hidden(whole(before))], DIMENSIONS)
    assert told.changes.height > 10
    for row in told.changes.rows(named=True):
        truth = truth_of(row["cell"], after - before)
        assert truth in {None, row["persons"]}


def test_an_age_that_cannot_be_read_and_a_group_of_itself_are_refused():
    cells = pl.DataFrame({"年齢": ["若者"], SEEN: [5]}).with_columns(as_counted(SEEN))
    with pytest.raises(ValueError, match="年齢として読めない"):
        attack(Released("a", 1, "2026", cells), [], [Dimension("年齢", "age")])
    cells = cells.rename({"年齢": "地域"})
    loop = Dimension("地域", "category", groups={"若者": ("若者",)})
    with pytest.raises(ValueError, match="自分自身"):
        attack(Released("a", 1, "2026", cells), [], [loop])


def test_tables_without_dimensions_without_rows_or_without_numbers_do_no_harm():
    def publish(numbers, period, names=None):
        cells = pl.DataFrame({SEEN: pl.Series(numbers, dtype=pl.Int64)})
        if names is not None:
            cells = cells.with_columns(pl.Series("地域", names, dtype=pl.String))
        return Released("町別", 1, f"2026-0{period}-01", cells.with_columns(as_counted(SEEN)))

    towns = [Dimension("地域", "category")]
    assert attack(publish([100], 2), [publish([99], 1)], []).changes["persons"].to_list() == [1]
    assert attack(publish([], 2, []), [publish([5], 1, ["本町"])], towns).changes.is_empty()
    assert attack(publish([5], 2, ["本町"]), [publish([], 1, [])], towns).changes.is_empty()
    blank = publish([None, None], 2, ["本町", "南町"])
    assert attack(blank, [publish([5], 1, ["本町"])], towns).changes.is_empty()


def test_a_dimension_that_is_not_declared_is_refused():
    with pytest.raises(ValueError, match="ない列"):
        attack(bare(inner(counts())), [], DIMENSIONS[:2])
