"""Charts and maps as geometry, checked against the figures they show."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.boundary import read_boundary
from assets.errors import RegisterError
from assets.register import BUILT_IN
from assets.standard import Standard
from tests.unit.warehouse.site.public_city import make_register, people, places
from warehouse.site.atlas import Ground, draw_map, find_places, read_ground
from warehouse.site.charts import draw_pyramid, draw_series, draw_versions
from warehouse.site.wording import Words

BUDGET = Standard.model_validate(
    {
        "title": "予算", "slug": "budget", "family": "市の独自", "edition": "試",
        "column_order": "official", "credit": "なし",
        "columns": [
            {"name": "年度", "type": "code"}, {"name": "金額", "type": "integer", "unit": "千円"},
            {"name": "割合", "type": "number", "unit": "%"},
        ],
    }
)  # fmt: skip


def test_a_pyramid_shows_the_sums_of_all_areas():
    table = people(4)
    drawn = draw_pyramid(table)
    assert drawn is not None
    numbers = table.select(pl.col("^.*歳.*の男性$").cast(pl.Int64)).sum().sum_horizontal().item()
    assert sum(g.men for g in drawn.groups) == numbers
    assert [drawn.groups[0].label, drawn.groups[-1].label] == ["85+", "0-4"]
    longest = max(max(g.men_length, g.women_length) for g in drawn.groups)
    assert longest <= drawn.half
    first = drawn.groups[-1]
    assert first.men_length / first.women_length == pytest.approx(first.men / first.women, rel=0.01)


def test_totals_are_not_counted_twice_and_only_the_newest_day_is_drawn():
    table = people(4).vstack(people(5))
    total = (
        people(5).head(1).with_columns(地域名=pl.lit("総計"), **{"0-4歳の男性": pl.lit("999999")})
    )
    drawn, of_may = draw_pyramid(table.vstack(total)), draw_pyramid(people(5))
    assert drawn is not None
    assert of_may is not None
    assert drawn.day == "2026-05-01"
    assert drawn.groups == of_may.groups


def test_blank_cells_are_said_and_not_summed():
    table = people(4).with_columns(pl.lit(None, pl.String).alias("0-4歳の男性"))
    drawn = draw_pyramid(table)
    assert drawn is not None
    assert drawn.blanks == table.height
    assert draw_pyramid(places(3)) is None


def test_series_add_up_what_may_be_added_and_nothing_else():
    rows = [(str(year), str(100 + year % 7), "50") for year in range(2020, 2026) for _ in range(2)]
    table = pl.DataFrame(
        rows, schema={"年度": pl.String, "金額": pl.String, "割合": pl.String}, orient="row"
    )
    (line,) = draw_series(table, BUDGET)
    assert (line.name, line.unit) == ("金額", "千円")
    assert [p.value for p in line.points] == [2 * (100 + y % 7) for y in range(2020, 2026)]
    heights = [p.y for p in line.points]
    assert max(heights) <= line.height
    assert sorted(heights, reverse=True) == [
        p.y for p in sorted(line.points, key=lambda p: p.value)
    ]
    assert draw_series(table.head(2), BUDGET) == []


def test_what_falls_below_zero_is_not_drawn():
    rows = [(str(year), str(-5 if year == 2022 else 10), "50") for year in range(2020, 2026)]
    table = pl.DataFrame(
        rows, schema={"年度": pl.String, "金額": pl.String, "割合": pl.String}, orient="row"
    )
    assert draw_series(table, BUDGET) == []


@pytest.mark.parametrize(
    ("number", "ja", "en"),
    [
        (0, "0", "0"),
        (99_999, "99,999", "99,999"),
        (250_000, "25万", "250k"),
        (3e8, "3億", "300M"),
        (2e12, "2兆", "2,000B"),
    ],
)
def test_numbers_beside_an_axis_are_short(number, ja, en):
    assert (Words("ja").axis(number), Words("en").axis(number)) == (ja, en)


def test_versions_make_a_line_of_the_total():
    layout = make_register().standards["population"]
    found = draw_versions([("2026-04", people(4)), ("2026-05", people(5))], layout, "行数", "行")
    assert [line.name for line in found] == ["総人口"]
    (rows,) = draw_versions([("1", places(3)), ("2", places(5))], layout, "行数", "行")
    assert [p.value for p in rows.points] == [3, 5]
    assert draw_versions([("1", places(3))], layout, "行数", "行") == []


def test_a_map_counts_every_place_once():
    register = make_register()
    ground = read_ground(register, read_boundary(BUILT_IN))
    table = places(3000)
    found = find_places(table)
    assert found is not None
    drawn = draw_map(found, ground, table.height)
    assert sum(mark.count for mark in drawn.marks) == drawn.total - drawn.outside
    assert (drawn.total, drawn.outside, drawn.blank) == (2999, 1, 1)
    assert len(drawn.marks) < 600
    assert all(0 <= m.x <= 480 and 0 <= m.y <= drawn.frame.height for m in drawn.marks)
    assert "本町" in {label.text for label in drawn.labels} | {t.name for t in ground.towns}


COORDINATE = st.sampled_from(["34.78", "34.7811", "34.5", "", "北緯34度", "nan", None, "135.46"])


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=8))
def test_any_text_for_a_position_is_drawn_or_left_out(rows):
    table = pl.DataFrame(rows, schema={"緯度": pl.String, "経度": pl.String}, orient="row")
    found = find_places(table)
    if found is not None:
        drawn = draw_map(found, Ground(None, (), None), table.height)
        assert sum(m.count for m in drawn.marks) + drawn.outside + drawn.blank == table.height
        assert drawn.frame.height > 0


def test_the_outline_is_that_of_the_city_and_names_its_source():
    boundary = read_boundary(BUILT_IN)
    assert boundary is not None
    assert "国土数値情報" in boundary.properties.source
    xs, ys = zip(*boundary.rings[0], strict=True)
    assert (135.44, 34.73) < (min(xs), min(ys)) < (max(xs), max(ys)) < (135.51, 34.83)
    assert boundary.rings[0][0] == boundary.rings[0][-1]


def test_an_outline_that_is_none_is_refused_and_none_is_none(tmp_path):
    assert read_boundary(tmp_path) is None
    (tmp_path / "boundary.geojson").write_text('{"type": "FeatureCollection"}')
    with pytest.raises(RegisterError, match="境界"):
        read_boundary(tmp_path)
