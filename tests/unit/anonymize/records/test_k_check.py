from collections import defaultdict

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records.k_check import check_k

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["北", "南", "*", None]),
        st.sampled_from(["0-4", "*"]),
        st.integers(0, 4),
    ),
    max_size=30,
)


CONNECTION = duckdb.connect()


def relation(rows):
    schema = {'町"丁目': pl.String, "age": pl.String, "who": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return CONNECTION.from_arrow(frame.to_arrow())


@given(ROWS, st.integers(1, 4), st.booleans())
@settings(max_examples=12, deadline=None)
def test_counts_classes_without_the_suppressed(rows, k, persons):
    members = defaultdict(list)
    for town, age, who in rows:
        members[town, age].append(who)
    sizes = {key: len(set(who) if persons else who) for key, who in members.items()}
    hidden = sizes.pop(("*", "*"), 0)
    small = [size for size in sizes.values() if size < k]
    found = check_k(relation(rows), ['町"丁目', "age"], k, "who" if persons else None)
    assert (found.classes, found.min_class) == (len(sizes), min(sizes.values(), default=0))
    assert (found.small_classes, found.small_members) == (len(small), sum(small))
    assert found.suppressed == hidden


@pytest.mark.parametrize("names", [[], "age", ["無い列"]])
def test_refuses_wrong_columns(names):
    with pytest.raises(ValueError, match="列"):
        check_k(relation([("北", "*", 1)]), names, 5)
