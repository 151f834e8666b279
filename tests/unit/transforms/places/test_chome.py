"""The spelling of 丁目 in any town, whichever towns exist."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.places.towns import town_chome


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("中桜塚3丁目", "中桜塚三丁目", "town.chome"),
        ("中桜塚３丁目", "中桜塚三丁目", "town.chome"),
        ("本町1３丁目", "本町十三丁目", "town.chome"),
        ("２０丁目3番", "二十丁目3番", "town.chome"),
        ("99丁目", "九十九丁目", "town.chome"),
        ("中桜塚三丁目", "中桜塚三丁目", "town.plain"),
        ("髙町", "髙町", "town.plain"),
        *[(t, None, "town.chome_number") for t in ("03丁目", "113丁目", "1・2丁目", "1～3丁目", "1.5丁目")],
    ],
)  # fmt: skip
def test_town_chome(text, value, rule):
    assert one(town_chome, text)[::2] == (value, rule)


@column_property
@given(st.lists(st.one_of(st.text(), st.text(alphabet="丁目0123４五町-・ ")), min_size=1))
def test_chome_is_total_and_idempotent(texts):
    first = run(town_chome, texts)
    again = run(town_chome, [row[0] for row in first])
    assert [row[0] for row in again] == [row[0] for row in first]
    assert all(row[1] == "ok" for row in again)
