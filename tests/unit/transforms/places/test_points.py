import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property
from transforms.places.datums import convert_tokyo
from transforms.places.points import distance_m, point, point_text

CITY = (34.73, 135.44, 34.825, 135.509)
HERE, SWAPPED, TOKYO = ("34.781389", "135.469722"), ("135.469722", "34.781389"), ("35.681236", "139.767125")  # fmt: skip
VALUE = "34.781389,135.469722"


def _points(pairs, **given):
    frame = pl.DataFrame(pairs, schema={"lat": pl.String, "lon": pl.String}, orient="row")
    judged = frame.lazy().select(point(pl.col("lat"), pl.col("lon"), **given))
    return [tuple(row.values()) for row in judged.collect(engine="streaming")["lat"].to_list()]


@pytest.mark.parametrize(
    ("pair", "given", "value", "rule"),
    [
        (HERE, {}, VALUE, "place.point"),
        (HERE, {"bounds": CITY}, VALUE, "place.point"),
        (("34.7800", "135.4600"), {}, "34.780000,135.460000", "place.point"),
        (TOKYO, {"bounds": CITY}, None, "place.outside_city"),
        (("34.8251", "135.4600"), {"bounds": CITY}, None, "place.outside_city"),
        (("34.8251", "135.4600"), {"bounds": CITY, "margin_m": 20}, "34.825100,135.460000", "place.point"),
        (SWAPPED, {"bounds": CITY}, None, "place.swapped"),
        (SWAPPED, {"policy": "lenient"}, None, "place.swapped"),
        (SWAPPED, {"bounds": CITY, "policy": "lenient"}, VALUE, "place.swap_mended"),
        (TOKYO[::-1], {"bounds": CITY, "policy": "lenient"}, None, "place.swapped"),
        (HERE, {"datum": "tokyo"}, "34.784622,135.466892", "place.datum_converted"),
        (("0", "0"), {}, None, "place.zero"),
        (("34.781389", ""), {}, None, "place.half"),
        (("34.78", "135.469722"), {}, None, "place.coarse"),
        (("…", "…"), {}, None, "number.unknown_mark"),
        ((None, " "), {}, None, "blank"),
    ],
)  # fmt: skip
def test_points(pair, given, value, rule):
    judged = _points([pair], **given)[0]
    assert judged[:3:2] == (value, rule)
    assert (judged[3] is None) == (judged[4] is None) == (value is None)


@pytest.mark.parametrize(
    "text",
    [VALUE, "34.781389, 135.469722", "（34.781389、135.469722）", "北緯34.781389 東経135.469722"],
)
def test_both_in_one_cell(text):
    assert pl.select(point_text(pl.lit(text))).to_series()[0]["value"] == VALUE


def test_the_origin_of_the_survey_moves_where_the_law_put_it():
    """日本経緯度原点: the values before and after 2002 (測量法施行令第2条)."""
    old = (35 + 39 / 60 + 17.5148 / 3600, 139 + 44 / 60 + 40.5020 / 3600)
    new = (35 + 39 / 60 + 29.1572 / 3600, 139 + 44 / 60 + 28.8759 / 3600)
    lat, lon = convert_tokyo(*map(pl.lit, old))
    assert pl.select(distance_m(lat, lon, *map(pl.lit, new))).item() < 1


def test_a_degree_of_latitude_is_111_km():
    metres = distance_m(pl.lit(34.0), pl.lit(135.0), pl.lit(35.0), pl.lit(135.0))
    assert pl.select(metres).item() == pytest.approx(111_195, abs=1)
    assert pl.select(distance_m(*map(pl.lit, (34.5, 135.5)) , *map(pl.lit, (34.5, 135.5)))).item() == 0  # fmt: skip


@column_property
@given(st.lists(st.tuples(*[st.one_of(st.text(), st.text(alphabet="01345.-°N"))] * 2), min_size=1))
def test_total_and_idempotent(pairs):
    frame = pl.DataFrame({"value": [row[0] for row in _points(pairs)]}, schema={"value": pl.String})
    again = frame.select(point_text(pl.col("value")))["value"].struct.field("value")
    assert again.to_list() == frame["value"].to_list()
