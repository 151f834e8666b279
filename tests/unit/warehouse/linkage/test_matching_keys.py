"""Columns of two departments come to the same key, or to none."""

import polars as pl
import pytest

from assets.linkage import LinkedDataset, MatchingKey
from assets.register import load_register
from warehouse.linkage.matching_keys import make_keys

CITY = load_register().city


def key_of(transform, *values, **options):
    key = MatchingKey(title="x", transform=transform, **options)
    rows = pl.DataFrame({"unique_id": "1", **{f"c{n}": v for n, v in enumerate(values)}})
    linked = LinkedDataset(dataset="d", columns={"k": [f"c{n}" for n in range(len(values))]})
    return make_keys(rows, linked, {"k": key}, CITY).row(0)[1:]


@pytest.mark.parametrize(
    ("transform", "one", "other"),
    [
        ("name", ["髙橋　一郎"], ["高橋一郎"]),
        ("kana", ["ﾀｶﾊｼ ｲﾁﾛｳ"], ["タカハシ　イチロウ"]),
        ("place_name", ["豊中市立第一小学校"], ["第一 小学校"]),
        ("place_name", ["ｺﾐｭﾆﾃｨプラザ"], ["コミュニティプラザ"]),
        ("address", ["本町一丁目", "950番3号"], ["大阪府豊中市本町1-950-3"]),
        ("town", ["本町一丁目950番3号"], ["豊中市本町1丁目"]),
        ("phone", ["(06)6858-2525"], ["０６－６８５８－２５２５"]),
        ("date", ["1970-03-09"], ["1970-03-09 00:00:00"]),
    ],
)
def test_two_spellings_have_one_key(transform, one, other):
    assert key_of(transform, *one) == key_of(transform, *other) != (None,)


@pytest.mark.parametrize(
    "transform", ["name", "kana", "place_name", "address", "town", "date", "phone", "text"]
)
@pytest.mark.parametrize("value", [None, "", "　"])
def test_a_blank_has_no_key(transform, value):
    assert key_of(transform, value) == (None,)


def test_a_key_the_dataset_does_not_have_is_null():
    keys = {
        "a": MatchingKey(title="a", transform="text"),
        "p": MatchingKey(title="p", transform="point"),
    }
    rows = pl.DataFrame({"unique_id": ["1"], "c": ["x"]})
    made = make_keys(rows, LinkedDataset(dataset="d", columns={"a": "c"}), keys, CITY)
    assert made.row(0) == ("1", "x", None, None)


def test_an_unknown_scheme_is_told():
    with pytest.raises(ValueError, match="照合キーの手順にない語です"):
        key_of("name", "x", scheme=["width", "spacs"])
