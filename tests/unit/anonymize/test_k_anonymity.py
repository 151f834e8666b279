from collections import Counter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.k_anonymity import equivalence_classes, min_class_size, suppress_small_classes

NAMES = ["town", "band"]
frames = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.none() | st.integers(0, 2)), max_size=30
).map(
    lambda rows: pl.DataFrame(
        rows, schema={"town": pl.String, "band": pl.Int64}, orient="row"
    ).with_row_index("row")
)


@given(frames)
def test_classes_are_the_counts_of_combinations(frame):
    expected = Counter(frame.select(NAMES).rows())
    classes = equivalence_classes(frame, NAMES)
    assert {row[:2]: row[2] for row in classes.rows()} == expected
    assert min_class_size(frame, NAMES) == min(expected.values(), default=0)


@given(frames, st.integers(2, 6))
def test_suppression_reaches_k_and_removes_nothing_else(frame, k):
    kept, removed = suppress_small_classes(frame, NAMES, k)
    counts = Counter(frame.select(NAMES).rows())
    expected = [row[0] for row in frame.rows() if counts[row[1:]] >= k]
    assert kept["row"].to_list() == expected
    assert removed == frame.height - len(expected)
    assert kept.is_empty() or min_class_size(kept, NAMES) >= k


@pytest.mark.parametrize("names", [[], ["nowhere"], ["size"], "town"])
def test_wrong_quasi_identifiers_are_refused(names):
    frame = pl.DataFrame({"town": ["a"], "size": [1]})
    with pytest.raises(ValueError, match="直し方"):
        equivalence_classes(frame, names)


def test_k_of_one_is_refused():
    with pytest.raises(ValueError, match="k が小さすぎます"):
        suppress_small_classes(pl.DataFrame({"town": ["a"]}), ["town"], 1)
