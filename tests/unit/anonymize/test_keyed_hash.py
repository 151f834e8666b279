import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.keyed_hash import hash_column, uniform

KEY = bytes(range(32))


@given(st.binary(min_size=32, max_size=32))
def test_uniform_is_in_the_half_open_interval(digest):
    assert 0 <= uniform(digest) < 1


def test_uniform_reaches_almost_one_and_never_one():
    assert uniform(b"\x00" * 32) == 0
    assert 0.999 < uniform(b"\xff" * 32) < 1


def test_uniform_is_uniform():
    values = pl.Series([str(n) for n in range(20_000)])
    draws = hash_column(values, uniform, key=KEY, purpose="test")
    tenths = (draws * 10).cast(pl.Int32).value_counts()["count"]
    assert len(tenths) == 10
    # Chi-square with 9 degrees of freedom: 27.9 is the 99.9 per cent point.
    assert ((tenths - 2000) ** 2 / 2000).sum() < 27.9


def test_each_distinct_value_is_hashed_once():
    seen = []
    values = pl.Series(["a", "b", "a", None])
    hash_column(values, lambda digest: seen.append(digest) or digest, key=KEY, purpose="test")
    assert len(seen) == 2
