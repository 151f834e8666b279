import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records.partition import BySorting, ByTable, put_together


@pytest.mark.parametrize("stretch", [1, 10**6, 2**61 // 50])
@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_counts_as_numpy_does(stretch, keys, random):
    keys = np.array(keys, np.int64) * stretch
    amounts = np.array([random.randint(0, 9) for _ in keys])
    distinct, of = np.unique(keys, return_inverse=True)
    ways = [put_together(keys), BySorting(keys, int(keys.max()) + 1)]
    if stretch == 1:
        ways.append(ByTable(keys, 51))
    for found in ways:
        assert np.array_equal(found.distinct, distinct)
        assert np.array_equal(found.of, of)
        assert np.array_equal(found.add_up(amounts), np.bincount(of, amounts))
        assert np.array_equal(keys[found.example], distinct)


def test_nothing_at_all():
    found = put_together(np.empty(0, np.int64))
    assert len(found.distinct) == len(found.of) == len(found.add_up(np.empty(0, np.int64))) == 0
