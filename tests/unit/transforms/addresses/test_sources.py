import os
from pathlib import Path

import polars as pl
import pytest

from transforms.addresses.municipalities import find_place
from transforms.addresses.sources import DATA, TOWN_COLUMNS, make_towns, read_municipalities


def test_the_bundled_municipalities_are_those_of_the_postal_codes():
    bundled = pl.read_csv(DATA / "municipalities.csv", infer_schema=False)
    assert bundled.equals(read_municipalities())


def test_the_bundled_towns_are_those_of_their_sources():
    project = Path(__file__).parents[4]
    real = Path(os.environ.get("MACHIKANE_REAL_FILES", project.parent / "shared" / "real"))
    source = real / "toyonaka" / "towns" / "toyonaka_towns.csv"
    if not source.exists():
        pytest.skip("the files of the city are not here")
    bundled = pl.read_csv(DATA / "towns_272035.csv", schema=TOWN_COLUMNS)
    assert bundled.equals(make_towns(source, "272035"))


@pytest.mark.parametrize(
    ("text", "pref", "city"),
    [
        ("大阪吹田市泉町", "大阪府", "吹田市"),
        ("京都府京都市中京区", "京都府", "京都市中京区"),
        ("中央区1", None, None),
        ("奈良県郡山市1", "奈良県", None),
    ],
)
def test_the_longest_municipality_is_found(text, pref, city):
    place = find_place(text)
    assert place is not None
    assert place[:2] == (pref, city)


def test_a_chome_like_town_is_no_municipality():
    assert find_place("日野町1-1") is None
