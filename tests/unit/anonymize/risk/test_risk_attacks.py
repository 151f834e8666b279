from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.risk import linkage
from anonymize.risk.attributes import disclosed, inferred
from anonymize.risk.classes import classes_of
from anonymize.risk.combinations import singling_combinations, tied
from anonymize.risk.intervals import wilson
from anonymize.risk.linkage import link
from anonymize.risk.measure import Question, measure_risks

LADDER = [["a", "ab", "*"], ["b", "ab", "*"], ["c", "cd", "*"], ["d", "cd", "*"]]
H = {name: hierarchy_of_rows(name, LADDER) for name in ("p", "q")}
PATHS = {row[0]: row for row in LADDER}

people = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.sampled_from("abcd"),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 4),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=20)
@given(people)
def test_linkage_agrees_with_looking_at_every_pair(drawn):
    original = pl.DataFrame({"p": [d[0] for d in drawn], "q": [d[1] for d in drawn]})
    published = pl.DataFrame(
        {"p": [PATHS[d[0]][d[2]] for d in drawn], "q": [PATHS[d[1]][d[3]] for d in drawn]}
    )
    person = [d[4] for d in drawn]
    rows = list(zip(published["p"], published["q"], strict=True))
    fits = [
        [i for i, (p, q) in enumerate(rows) if p in PATHS[a] and q in PATHS[b]]
        for a, b in original.iter_rows()
    ]
    found = link(
        original,
        published,
        ["p", "q"],
        H,
        truth=np.arange(len(drawn)),
        person=pl.Series(person),
    )
    assert found.one_row == sum(len(f) == 1 for f in fits)
    owners = [{person[i] for i in f} for f in fits]
    assert found.one_person == sum(len(o) == 1 for o in owners)
    assert found.correct == sum(o == {person[i]} for i, o in enumerate(owners))
    assert found.expected == pytest.approx(np.mean([1 / len(f) for f in fits]))
    assert found.unmatched == 0


def test_linkage_names_the_wrong_person_without_knowing_it():
    published = pl.DataFrame({"p": ["ab", "cd"], "q": ["a", "c"]})
    attacker = pl.DataFrame({"p": ["a", "c", "d"], "q": ["a", "c", "b"]})
    found = link(attacker, published, ["p", "q"], H, truth=np.array([0, -1, -1]))
    assert (found.one_person, found.correct, found.unmatched) == (2, 1, 1)
    assert found.correct_rate == 0.5
    assert found.expected == pytest.approx(1 / 3)


def test_without_the_truth_nothing_is_said_of_it():
    table = pl.DataFrame({"p": ["a"]})
    found = link(table, table, ["p"], H)
    assert (found.one_person, found.correct, found.correct_rate) == (1, None, None)


def test_a_column_without_a_ladder_stands_for_itself_and_a_star_for_all():
    published = pl.DataFrame({"z": ["u", "*", None]})
    found = link(pl.DataFrame({"z": ["u", "v", ""]}), published, ["z"], {})
    assert (found.one_row, found.unmatched) == (1, 0)


def test_a_large_file_is_attacked_by_a_fixed_sample():
    table = pl.DataFrame({"p": ["a"] * 20_001})
    assert link(table, table, ["p"], H).attacked == 20_000


@pytest.mark.parametrize("wrong", [{"truth": np.array([0])}, {"person": pl.Series([1])}])
def test_linkage_refuses_lists_of_another_length(wrong):
    table = pl.DataFrame({"p": ["a", "b"]})
    with pytest.raises(ValueError, match="行数"):
        link(table, table, ["p"], H, **wrong)


pairs = st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("stu")), min_size=1, max_size=25)


@settings(max_examples=20)
@given(pairs)
def test_attribute_disclosure_and_inference_agree_with_counting_by_hand(values):
    frame = pl.DataFrame(values, schema=["a", "s"], orient="row")
    classes = classes_of(frame, ["a"])
    groups = {a: Counter(s for x, s in values if x == a) for a, _ in values}
    told = disclosed(classes, frame["s"], near=0.7)
    assert told.certain_classes == sum(len(c) == 1 for c in groups.values())
    assert told.certain_persons == sum(c.total() for c in groups.values() if len(c) == 1)
    near = [c for c in groups.values() if max(c.values()) >= 0.7 * c.total()]
    assert (told.near_classes, told.near_persons) == (len(near), sum(c.total() for c in near))
    guessed = inferred(classes, frame["s"])
    n = len(values)
    assert guessed.guess.value == pytest.approx(sum(max(c.values()) for c in groups.values()) / n)
    assert guessed.baseline.value == pytest.approx(max(Counter(s for _, s in values).values()) / n)
    right = 0.0
    for a, s in values:
        others = groups[a] - Counter([s])
        if others and others[s] == max(others.values()):
            right += 1 / sum(count == others[s] for count in others.values())
    assert guessed.without_self.value == pytest.approx(round(right) / n)


def test_gain_is_the_share_of_what_was_open():
    frame = pl.DataFrame({"a": list("xxyy"), "s": list("stst")})
    assert inferred(classes_of(frame, ["a"]), frame["s"]).gain == 0
    frame = pl.DataFrame({"a": list("xxyy"), "s": list("sstt")})
    assert inferred(classes_of(frame, ["a"]), frame["s"]).gain == 1


def test_a_combination_is_listed_only_if_it_adds_somebody():
    table = pl.DataFrame({"a": list("xxyy"), "b": list("uvuv"), "c": list("kkkk")})
    found = singling_combinations(table, ["a", "b", "c"], most=3)
    assert [(c.columns, c.alone) for c in found] == [(("a", "b"), 4)]


def test_two_halves_are_tied_where_only_together_they_single_out():
    table = pl.DataFrame({"a": list("xxyy"), "b": list("uvuv")})
    assert tied(table, ["a"], ["b"]).certain.value == 1
    assert tied(table.with_columns(a=pl.Series(list("1234"))), ["a"], ["b"]).certain.value == 0


@given(st.integers(0, 50), st.integers(0, 50))
def test_wilson_holds_the_share_and_stays_in_bounds(a, b):
    share = wilson(min(a, b), max(a, b))
    assert 0 <= share.low <= share.value + 1e-12
    assert share.value - 1e-12 <= share.high <= 1


def test_wilson_by_the_book():
    # Newcombe, Stat Med 17 (1998), table I: 81 of 263.
    share = wilson(81, 263)
    assert (share.low, share.high) == (
        pytest.approx(0.2553, abs=5e-5),
        pytest.approx(0.3662, abs=5e-5),
    )


def test_all_risks_fall_when_everything_is_generalised():
    original = pl.DataFrame(
        {
            "p": list("abcdabcd"),
            "q": list("aabbccdd"),
            "s": list("stststst"),
            "id": list("12345678"),
        }
    )
    published = original.with_columns(pl.lit("*").alias("p"), pl.lit("*").alias("q"))
    question = Question(quasi_identifiers=("p", "q"), sensitive=("s",), person="id", hierarchies=H)
    risks = measure_risks(original, published.drop("id"), question)
    assert risks.before.prosecutor.highest == 1
    assert risks.after.prosecutor.highest == 1 / 8
    assert risks.after.suppressed == 8
    assert risks.linked_before[0].correct == 8
    assert risks.linked[0].one_person == 0
    assert risks.combinations == ()


def test_tables_of_different_length_are_not_compared():
    table = pl.DataFrame({"p": ["a", "b"]})
    with pytest.raises(ValueError, match="行数"):
        measure_risks(table, table.head(1), Question(quasi_identifiers=("p",)))


def test_who_fits_nothing_and_who_is_asked_for_by_nobody():
    published = pl.DataFrame({"p": ["ab", "cd"]})
    nobody = pl.DataFrame({"p": ["z"]})
    found = link(nobody, published, ["p"], H, truth=np.array([-1]))
    assert (found.one_person, found.unmatched, found.expected) == (0, 1, 0.0)
    empty = link(nobody.clear(), published, ["p"], H, truth=np.empty(0, np.int64))
    assert (empty.attacked, empty.found_share, empty.correct_rate) == (0, 0.0, None)
    gone = link(nobody, published.clear(), ["p"], H)
    assert (gone.one_row, gone.unmatched) == (0, 1)


def test_fewer_targets_are_tried_where_there_are_very_many_classes(monkeypatch):
    monkeypatch.setattr(linkage, "_COMPARISONS", 2_000_000)
    table = pl.DataFrame({"p": [str(n) for n in range(3000)]})
    found = link(table, table, ["p"], {}, truth=np.arange(3000))
    assert found.attacked == 666
    assert found.correct == found.attacked
