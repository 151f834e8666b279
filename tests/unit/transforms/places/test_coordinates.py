import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.places.coordinates import latitude, longitude


@pytest.mark.parametrize(
    ("function", "text", "value", "rule"),
    [
        (latitude, "34.7813", 34.7813, "number.plain"),
        (latitude, "３４．７８１３", 34.7813, "number.fullwidth"),
        (longitude, "135.469722", 135.469722, "number.plain"),
        (latitude, "34°46′53.1″", 34.78141667, "place.sexagesimal"),
        (latitude, "北緯３４度４６分５３．１秒", 34.78141667, "place.sexagesimal"),
        (longitude, "135°28'11\"E", 135.46972222, "place.sexagesimal"),
        (latitude, "34°46.885′", 34.78141667, "place.sexagesimal"),
        (latitude, "N34.781389", 34.781389, "place.side"),
        (longitude, "東経135.469722度", 135.469722, "place.side"),
        (latitude, "34.78", None, "place.coarse"),
        (latitude, "34度46分", None, "place.coarse"),
        (latitude, "344653.1", None, "place.compact"),
        (longitude, "1352811.0", None, "place.compact"),
        (latitude, "135.46", None, "place.swapped"),
        (longitude, "34.78", None, "place.swapped"),
        (latitude, "E34.781389", None, "place.swapped"),
        (latitude, "S34.781389", None, "place.outside_japan"),
        (longitude, "200", None, "place.outside_japan"),
        (latitude, "0", None, "place.zero"),
        (latitude, "34度60分00秒", None, "place.impossible_minutes"),
        (latitude, "-", None, "number.nil_mark"),
        (latitude, "豊中", None, "number.not_a_number"),
        (latitude, "", None, "blank"),
    ],
)
def test_coordinates(function, text, value, rule):
    assert one(function, text)[::2] == (value, rule)


@column_property
@given(st.integers(200_000_000, 459_999_999))
def test_every_latitude_reads_back_in_both_spellings(n):
    degrees = n / 10**7
    whole, rest = divmod(round(degrees * 3600 * 100), 360_000)
    minutes, hundredths = divmod(rest, 6000)
    texts = [f"{degrees:.7f}", f"{whole}°{minutes:02}′{hundredths / 100:05.2f}″"]
    read = [value for value, *_ in run(latitude, texts)]
    assert read[0] == degrees
    assert read[1] == pytest.approx(degrees, abs=0.01 / 3600)


@column_property
@given(st.lists(st.one_of(st.text(), st.text(alphabet="0345.°′″度分秒NE北緯-, ")), min_size=1))
def test_total(texts):
    for value, verdict, rule in run(latitude, texts):
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")
        assert value is None or 20 <= value <= 46
