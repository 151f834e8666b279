from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from notebooks.toolkit import scenario

COUNTS: dict[str, Any] = {"count": "online_count", "total": "total_count"}
pairs = st.integers(0, 10**7).flatmap(
    lambda total: st.tuples(st.integers(0, total), st.just(total))
)
tables = st.lists(pairs, min_size=1, max_size=8).map(
    lambda rows: pl.DataFrame(
        {
            "name": [f"手続{number}" for number in range(len(rows))],
            "online_count": [row[0] for row in rows],
            "total_count": [row[1] for row in rows],
        }
    )
)
percentages = st.floats(0, 100, allow_nan=False)


def move(frame, target, **options):
    return scenario.add_moved_count(frame, **COUNTS, target_pct=target, **options)["moved_count"]


def test_moved_count_of_the_city(online_usage):
    ranked = scenario.rank_by(
        scenario.add_moved_count(online_usage, **COUNTS, target_pct=50), value="moved_count"
    )
    assert ranked.select("procedure_name", "moved_count").head(7).rows() == [
        ("粗大ごみ", 28145),
        ("水道", 10972),
        ("児童手当", 1872),
        ("介護保険負担割合証", 538),
        ("犬の登録・死亡届", 496),
        ("公文書開示", 200),
        ("入札参加", 53),
    ]
    assert ranked["moved_count"].tail(5).to_list() == [0] * 5
    assert ranked["share_pct"].sum() == pytest.approx(100)


def test_whole_percentages_lose_no_application():
    frame = pl.DataFrame({"online_count": [0], "total_count": [100]})
    assert [move(frame, target).item() for target in (7, 29, 57, 58)] == [7, 29, 57, 58]


@given(tables, percentages, percentages)
def test_moved_count_is_bounded_and_grows_with_the_target(frame, one, other):
    low, high = sorted((one, other))
    offline = frame["total_count"] - frame["online_count"]
    assert (move(frame, low) >= 0).all()
    assert (move(frame, low) <= move(frame, high)).all()
    assert (move(frame, high) <= offline).all()
    assert (move(frame, 100) == offline).all()


@given(tables, percentages, percentages)
def test_fewer_visits_among_the_rest_never_save_more(frame, target, share):
    assert (move(frame, target, visit_share_pct=share) <= move(frame, target)).all()


@pytest.mark.parametrize(("target", "share"), [(-1, 100), (101, 100), (50, 100.5)])
def test_a_percentage_outside_the_scale_is_refused(online_usage, target, share):
    with pytest.raises(ValueError, match="0から100"):
        move(online_usage, target, visit_share_pct=share)


def test_rate_is_null_without_applications():
    frame = pl.DataFrame({"online_count": [0, 1], "total_count": [0, 3]})
    rates = scenario.add_rate(frame, **COUNTS, output="rate_pct")["rate_pct"]
    assert rates.to_list() == [None, pytest.approx(100 / 3)]


def test_peer_median_leaves_the_row_itself_out():
    frame = pl.DataFrame({"name": ["a", "b", "c", "d"], "rate": [0.0, 10.0, 20.0, 90.0]})
    result = scenario.add_peer_median_rate(frame, name="name", rate="rate")
    assert result["name"].to_list() == ["a", "b", "c", "d"]
    assert result["peer_median_pct"].to_list() == [20.0, 20.0, 10.0, 10.0]


def test_peer_median_of_a_single_row_is_null():
    frame = pl.DataFrame({"name": ["a"], "rate": [5.0]})
    result = scenario.add_peer_median_rate(frame, name="name", rate="rate")
    assert result["peer_median_pct"].to_list() == [None]


def test_each_row_may_have_its_own_target():
    frame = pl.DataFrame(
        {"online_count": [10, 10, 10], "total_count": [100, 100, 100], "aim": [30.0, 5.0, None]}
    )
    assert move(frame, "aim").to_list() == [20, 0, None]


def test_sensitivity_and_its_leaders(online_usage):
    table = scenario.build_sensitivity(
        online_usage,
        name="procedure_name",
        **COUNTS,
        target_pcts={"60％": 60, "77％": 77, "40％": 40},
    )
    assert table.columns == ["procedure_name", "60％", "77％", "40％"]
    leaders = scenario.find_leaders(table, name="procedure_name")
    assert leaders.rows() == [
        ("60％", "粗大ごみ", 36521),
        ("77％", "地方税", 55223),
        ("40％", "粗大ごみ", 19770),
    ]


def test_upper_quartile_is_a_rate_really_observed(online_usage):
    frame = scenario.add_rate(online_usage, **COUNTS, output="rate_pct")
    assert scenario.find_upper_quartile_rate(frame, rate="rate_pct") == pytest.approx(771 / 10.02)
    with pytest.raises(ValueError, match="1件もありません"):
        scenario.find_upper_quartile_rate(frame.clear(), rate="rate_pct")


@pytest.mark.parametrize(
    ("values", "expected"), [([200, 50, 1], 25.0), ([200, 0], None), ([200], None), ([], None)]
)
def test_break_even_share(values, expected):
    frame = pl.DataFrame({"value": values}, schema={"value": pl.Int64})
    assert scenario.find_break_even_share(frame, value="value") == expected


def test_ties_share_a_rank_and_an_empty_sum_has_no_shares():
    ranked = scenario.rank_by(pl.DataFrame({"value": [5, 7, 5]}), value="value")
    assert ranked["rank"].to_list() == [1, 2, 2]
    assert scenario.rank_by(pl.DataFrame({"value": [0, 0]}), value="value")["share_pct"].sum() == 0
