import pytest

from tests.unit.transforms.judging import one, run
from transforms.places.towns import town_chome


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("中桜塚3丁目", "中桜塚三丁目", "town.chome"),
        ("中桜塚", "中桜塚", "town.plain"),
        ("蛍池中町２丁目", "螢池中町二丁目", "town.variant"),
        ("ﾅｶｻｸﾗﾂﾞｶ3丁目", "中桜塚三丁目", "town.variant"),
        ("中桜塚9丁目", None, "town.unknown"),
        ("岡町一丁目", None, "town.unknown"),
        ("梅田", None, "town.unknown"),
        ("1・2丁目", None, "town.chome_number"),
        ("", None, "blank"),
    ],
)
def test_with_a_city_only_its_towns_pass(text, value, rule):
    assert one(town_chome, text, city="272035")[::2] == (value, rule)


def test_without_a_city_no_town_is_refused():
    assert one(town_chome, "梅田9丁目")[:2] == ("梅田九丁目", "ok")


def test_an_official_name_stays():
    first = run(town_chome, ["蛍池中町2丁目", "中桜塚3丁目", None], city="272035")
    values = [row[0] for row in first]
    assert [row[0] for row in run(town_chome, values, city="272035")] == values
