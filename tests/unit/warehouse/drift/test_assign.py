"""One to one; who has a rival is left to a person."""

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.drift.assign import MARGIN, SURE, assign_columns, combine

scores = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.integers(1, 4)), st.floats(0, 1), max_size=16
)


@settings(deadline=None)
@given(scores)
def test_nobody_is_given_away_twice_and_no_doubt_is_decided(given_scores):
    found = assign_columns(given_scores)
    for side in ([p.missing for p in found.sure], [p.unknown for p in found.sure]):
        assert len(side) == len(set(side))
    assert all(p.score >= SURE for p in found.sure)
    decided = {p.missing for p in found.sure}, {p.unknown for p in found.sure}
    assert not any(p.missing in decided[0] or p.unknown in decided[1] for p in found.doubtful)


def test_a_rival_that_comes_near_leaves_both_in_doubt():
    near = {("a", 1): 0.9, ("a", 2): 0.9 - MARGIN / 2}
    assert assign_columns(near).sure == ()
    assert len(assign_columns(near).doubtful) == 2
    far = {("a", 1): 0.9, ("a", 2): 0.6}
    assert [(p.missing, p.unknown) for p in assign_columns(far).sure] == [("a", 1)]


def test_what_is_decided_frees_the_others():
    given_scores = {("a", 1): 0.99, ("a", 2): 0.8, ("b", 2): 0.78, ("b", 1): 0.2}
    assert [(p.missing, p.unknown) for p in assign_columns(given_scores).sure] == [
        ("a", 1),
        ("b", 2),
    ]


def test_weak_evidence_adds_up_without_reaching_certainty():
    assert combine(0.5, 0.5) == 0.75
    assert combine() == 0
    assert combine(0.9, 0.9) < 1
