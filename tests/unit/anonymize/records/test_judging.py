import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.records import models as m
from anonymize.records.judging import measure
from tests.unit.anonymize.records import oracle

# Two classes of 4 and 3, and one suppressed row whose value counts for the table's shares.
TABLE = pl.DataFrame(
    {
        "town": ["北", "北", "北", "北", "南", "南", "南", "*"],
        "age": ["0-4"] * 7 + ["*"],
        "care": ["1", "1", "2", "3", "1", "2", "2", "3"],
        "who": ["a", "b", "c", "c", "d", "e", "e", "f"],
    }
)
# By hand: q = 3/8, 3/8, 2/8; north p = 2/4, 1/4, 1/4; south p = 1/3, 2/3, 0.
EXPECTED = [
    (m.KAnonymity(4), 3),
    (m.DistinctL(2, "care"), 2),
    (m.EntropyL(2, "care"), math.exp(-math.log(1 / 3) / 3 - 2 * math.log(2 / 3) / 3)),
    (m.RecursiveCL(2, 2, "care"), 2),
    (m.EqualT(0.3, "care"), 7 / 24),
    (m.OrderedT(0.2, "care"), (1 / 24 + 1 / 4) / 2),
    (m.AlphaK(0.6, 3, "care"), 2 / 3),
    (m.BetaLikeness(1, "care"), 7 / 9),
    (m.DeltaDisclosure(1, "care"), math.inf),
]
HOLDS = [False, True, False, False, True, True, False, True, False]


def test_numbers_of_a_table_measured_by_hand():
    found = measure(TABLE, ["town", "age"], [model for model, _ in EXPECTED])
    assert [x.measured for x in found.measurements] == pytest.approx([n for _, n in EXPECTED])
    assert [x.holds for x in found.measurements] == HOLDS
    assert (found.rows, found.suppressed_rows, found.suppressed_members) == (8, 1, 1)
    assert (found.classes, found.min_class) == (2, 3)
    assert not found.holds


def test_persons_count_once_a_class_and_value():
    found = measure(TABLE, ["town", "age"], [m.KAnonymity(2), m.AlphaK(0.7, 2, "care")], "who")
    assert [x.measured for x in found.measurements] == [2, 2 / 3]
    assert found.holds


def test_k_map_counts_the_population():
    population = pl.DataFrame({"town": ["北"] * 6 + ["西"] * 9, "age": ["0-4"] * 15})
    found = measure(TABLE, ["town", "age"], [m.KMap(5)], population=population)
    assert (found.measurements[0].measured, found.holds) == (0, False)
    north = TABLE.filter(pl.col("town") != "南")
    found = measure(north, ["town", "age"], [m.KMap(5)], population=population)
    assert (found.measurements[0].measured, found.holds) == (6, True)
    with pytest.raises(ValueError, match="母集団"):
        measure(TABLE, ["town"], [m.KMap(2)])


@pytest.mark.parametrize("rows", [0, 1])
def test_without_classes_everything_holds(rows):
    models = [model for model, _ in EXPECTED]
    found = measure(TABLE.tail(1).head(rows), ["town", "age"], models)
    assert found.holds
    assert (found.classes, found.min_class, found.suppressed_rows) == (0, 0, rows)
    assert all(math.isnan(x.measured) for x in found.measurements)


@pytest.mark.parametrize(
    ("names", "models"),
    [
        ([], []),
        (["無い列"], []),
        (["town"], [m.EqualT(0.1, "無い列")]),
        (["care"], [m.OrderedT(0.1, "town")]),
        (["town"], [m.OrderedT(0.1, "care", ("1", "2"))]),
    ],
)
def test_refuses_what_it_cannot_measure(names, models):
    with pytest.raises(ValueError, match="場所"):
        measure(TABLE, names, models)


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "town": st.sampled_from("ab"),
            "care": st.sampled_from(["1", "2", "10"]),
            "who": st.integers(0, 6).map(str),
        }
    ),
    min_size=1,
    max_size=12,
)
MODEL = st.sampled_from(
    [
        m.EntropyL(1.7, "care"),
        m.RecursiveCL(1.5, 2, "care"),
        m.EqualT(0.2, "care"),
        m.OrderedT(0.15, "care"),
        m.AlphaK(0.6, 2, "care"),
        m.BetaLikeness(0.6, "care", enhanced=True),
        m.DeltaDisclosure(0.8, "care"),
    ]
)


@given(ROWS, MODEL, st.sampled_from([None, "who"]))
@settings(max_examples=20, deadline=None)
def test_agrees_with_the_book(rows, model, person):
    classes = [[row for row in rows if row["town"] == town] for town in "ab"]
    expected = all(oracle.passes(model, c, rows, person) for c in classes if c)
    assert measure(pl.DataFrame(rows), ["town"], [model], person).holds == expected


def test_many_classes_in_parts(monkeypatch):
    draw = np.random.default_rng(1)
    frame = pl.DataFrame({"q": draw.integers(0, 90, 2000), "s": draw.integers(0, 40, 2000)})
    whole = measure(frame, ["q"], [m.OrderedT(1, "s")]).measurements[0].measured
    monkeypatch.setattr("anonymize.records.measures._CELLS", 300)
    assert measure(frame, ["q"], [m.OrderedT(1, "s")]).measurements[0].measured == whole
