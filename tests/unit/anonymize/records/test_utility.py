import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records import query_error
from anonymize.records.label_sets import label_sets
from anonymize.records.utility import marginals, measure

AGE = hierarchy_of_rows("age", [(str(n), f"{n // 2 * 2}代", "*") for n in range(6)])
SEX = hierarchy_of_rows("sex", [("男", "*"), ("女", "*")])
# その他 is a value, the label of two values, and of two others a level higher.
JOB = hierarchy_of_rows(
    "job",
    [
        ("農業", "一次", "その他"),
        ("漁業", "一次", "その他"),
        ("その他", "その他", "職業"),
        ("事務", "その他", "職業"),
        ("医師", "専門", "職業"),
    ],
)


def table(**columns):
    return pl.DataFrame({name: pl.Series(v, dtype=pl.String) for name, v in columns.items()})


def covered(sets, text):
    at = sets.texts.index(text)
    return set(sets.members[sets.starts[at] : sets.starts[at] + sets.sizes[at]].tolist())


def test_a_label_covers_every_value_that_any_level_gives_it():
    sets = label_sets(JOB)
    assert covered(sets, "その他") == {0, 1, 2, 3}
    assert covered(sets, "一次") == {0, 1}
    assert covered(sets, "医師") == {4}
    assert covered(sets, "*") == {0, 1, 2, 3, 4}
    assert sets.penalty[sets.texts.index("その他")] == 3 / 4


def test_an_untouched_table_has_lost_nothing():
    frame = table(age=["0", "1", "5"], sex=["男", "女", "女"])
    found = measure(frame, frame, [AGE, SEX])
    assert (found.ncp, found.entropy, found.query_error) == (0, 0, 0)
    assert (found.rows, found.suppressed_rows) == (3, 0)


def test_a_suppressed_table_has_lost_everything():
    frame = table(age=["0", "1", "5"], sex=["男", "女", "女"])
    stars = table(age=["*"] * 3, sex=["*"] * 3)
    found = measure(frame, stars, [AGE, SEX])
    assert (found.ncp, found.entropy, found.suppressed_rows) == (1, 1, 3)
    assert found.query_error > 0


def test_losses_by_hand():
    frame = table(age=["0", "0", "0", "1", "2"], sex=["男"] * 5)
    published = table(age=["0代", "0代", "0代", "0代", "2"], sex=["男"] * 4 + ["*"])
    found = measure(frame, published, [AGE, SEX], weights={"sex": 3})
    assert found.columns["age"][0] == pytest.approx(4 / 5 * 1 / 5)
    assert found.columns["sex"] == (pytest.approx(1 / 5), 0)  # one value only: no bit to lose
    assert found.ncp == pytest.approx((0.16 + 3 * 0.2) / 4)
    lost = 3 * math.log2(4 / 3) + math.log2(4)
    most = 3 * math.log2(5 / 3) + 2 * math.log2(5)
    assert found.columns["age"][1] == pytest.approx(lost / most)
    assert found.entropy == pytest.approx(lost / most / 4)


def test_marginals_spread_labels_evenly():
    frame = table(age=["0", "0", "1", "3"], sex=["男", "男", "女", "女"])
    published = table(age=["0代", "0代", "0代", "*"], sex=["男", "男", "女", "*"])
    age, sex = marginals(frame, published, [AGE, SEX])
    assert age.before.tolist() == [2, 1, 0, 1, 0, 0]
    assert age.after == pytest.approx([1.5 + 1 / 6] * 2 + [1 / 6] * 4)
    assert age.labels == (("0代", 3), ("*", 1))
    assert sex.after == pytest.approx([2.5, 1.5])


LEVELS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.integers(0, 1), st.integers(0, 1)),
    min_size=1,
    max_size=30,
)


def at_levels(rows):
    before = [(AGE.labels[0][a], SEX.labels[0][s]) for a, _, s, _ in rows]
    after = [
        (AGE.labels[la][AGE.codes[la][a]], SEX.labels[ls][SEX.codes[ls][s]])
        for a, la, s, ls in rows
    ]
    schema = ["age", "sex"]
    return pl.DataFrame(before, schema, orient="row"), pl.DataFrame(after, schema, orient="row")


@given(LEVELS, st.randoms())
@settings(max_examples=50, deadline=None)
def test_losses_stay_in_bounds_and_do_not_depend_on_the_order_of_rows(rows, draw):
    found = measure(*at_levels(rows), [AGE, SEX], queries=50)
    assert 0 <= found.ncp <= 1
    assert -1e-12 <= found.entropy <= 1 + 1e-12
    draw.shuffle(rows)
    assert measure(*at_levels(rows), [AGE, SEX], queries=50) == found


@given(LEVELS)
@settings(max_examples=30, deadline=None)
def test_coarser_never_costs_less(rows):
    fine = measure(*at_levels(rows), [AGE, SEX], queries=1)
    coarser = [(a, min(la + 1, 2), s, ls) for a, la, s, ls in rows]
    coarse = measure(*at_levels(coarser), [AGE, SEX], queries=1)
    assert coarse.ncp >= fine.ncp
    assert coarse.entropy >= fine.entropy - 1e-12


def test_answers_of_the_published_table_by_hand(monkeypatch):
    """Of two values one is asked for: rows 3 and 1, published as * the answer is always 2."""
    monkeypatch.setattr(query_error, "SELECTIVITY", 0.5)
    frame, stars = table(sex=["男", "男", "男", "女"]), table(sex=["*"] * 4)
    error = measure(frame, stars, [SEX], queries=400, seed=3).query_error
    # |2 - 3| / 3 or |2 - 1| / 1, about half of the time each
    assert error == pytest.approx((1 / 3 + 1) / 2, abs=0.06)
    assert measure(frame, stars, [SEX], queries=400, seed=3).query_error == error


def test_answers_do_not_depend_on_how_combinations_are_counted(monkeypatch):
    frame, published = at_levels([(a, a % 3, a % 2, 0) for a in range(6)] * 3)
    error = measure(frame, published, [AGE, SEX]).query_error
    monkeypatch.setattr(query_error, "_DENSE", 0)
    assert measure(frame, published, [AGE, SEX]).query_error == pytest.approx(error, rel=1e-12)
    assert error > 0


def test_truths_near_zero_are_held_against_the_floor():
    values = [np.array([0, 1], np.int32)]
    labels = [np.array([0, 0], np.int32)]  # *
    counts = np.array([9_999, 1])
    error = query_error.mean_error(values, labels, counts, [label_sets(SEX)], queries=1000, seed=0)
    # truth 9,999 or 1, answer 5,000: an error of 0.5, or of 4,999 / 10 (0.1 % of the rows)
    assert 100 < error < 400


def test_refuses_tables_that_do_not_belong_together():
    frame = table(sex=["男", "女"])
    with pytest.raises(ValueError, match="行数が違います"):
        measure(frame, frame.head(1), [SEX])
    with pytest.raises(ValueError, match="元の値を含まない行が2行"):
        measure(frame, frame.reverse(), [SEX])
    with pytest.raises(ValueError, match="階層のどの段にもない値が1行") as caught:
        measure(frame, table(sex=["男", "秘密"]), [SEX])
    assert "秘密" not in str(caught.value)
    with pytest.raises(ValueError, match="準識別子"):
        measure(frame, frame, [])


def test_an_empty_table_has_nothing_to_lose():
    frame = table(age=[], sex=[])
    found = measure(frame, frame, [AGE, SEX])
    assert (found.ncp, found.entropy, found.query_error, found.rows) == (0, 0, 0, 0)
