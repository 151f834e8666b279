from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records.groups import group, group_batches, locate
from anonymize.records.models import DistinctL, KAnonymity

AREA = hierarchy_of_rows("area", [("A", "*"), ("B", "*"), ("", "*")])
AGE = hierarchy_of_rows("age", [(str(n), "低" if n < 2 else "高", "*") for n in range(4)])
MODELS = (KAnonymity(2), DistinctL(2, "illness"))

ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.integers(0, 3),
        st.sampled_from(["かぜ", "けが", None]),
        st.sampled_from(["p", "q", "r"]),
    ),
    min_size=1,
    max_size=40,
)


def frame_of(rows):
    schema = {"area": pl.String, "age": pl.Int64, "illness": pl.String, "person": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def text(value):
    return "" if value is None else str(value)


@given(ROWS)
@settings(max_examples=25)
def test_counts_rows_persons_and_values_of_every_combination(rows):
    frame = frame_of(rows)
    groups = group(frame, [AREA, AGE], MODELS, "person")
    labels = [(AREA.labels[0][a], AGE.labels[0][b]) for a, b in groups.codes.tolist()]
    assert dict(zip(labels, groups.rows.tolist(), strict=True)) == Counter(
        (text(area), text(age)) for area, age, _, _ in rows
    )
    assert dict(zip(labels, groups.sizes.tolist(), strict=True)) == Counter(
        (area, age) for area, age, _ in {(text(a), text(b), p) for a, b, _, p in rows}
    )
    assert [labels[g] for g in groups.of_rows] == [(text(a), text(b)) for a, b, _, _ in rows]
    pairs = groups.sensitive["illness"]
    named = [(*labels[g], pairs.values[v]) for g, v in zip(pairs.group, pairs.value, strict=True)]
    assert dict(zip(named, pairs.count.tolist(), strict=True)) == Counter(
        row[:3] for row in {tuple(map(text, row)) for row in rows}
    )


@given(ROWS)
@settings(max_examples=20)
def test_persons_of_several_groups_are_listed(rows):
    groups = group(frame_of(rows), [AREA, AGE], MODELS, "person")
    homes = {}
    for area, age, _, person in rows:
        homes.setdefault(person, set()).add((text(area), text(age)))
    assert len(groups.recurring) == sum(len(h) for h in homes.values() if len(h) > 1)
    assert len(np.unique(groups.recurring[:, 1])) == sum(len(h) > 1 for h in homes.values())


@given(ROWS, st.integers(1, 7), st.sampled_from([None, "person"]))
@settings(max_examples=25)
def test_parts_add_up_to_the_whole(rows, height, person):
    frame = frame_of(rows)
    whole = group(frame, [AREA, AGE], MODELS, person)
    parts = group_batches(frame.iter_slices(height), [AREA, AGE], MODELS, person)
    for name in ("codes", "rows", "sizes", "recurring"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))
    for name in ("group", "value", "count", "person"):
        assert np.array_equal(
            getattr(whole.sensitive["illness"], name), getattr(parts.sensitive["illness"], name)
        )
    assert np.array_equal(locate(frame, parts, [AREA, AGE]), whole.of_rows)


def test_more_combinations_than_an_integer_holds():
    columns = [f"c{i}" for i in range(12)]
    ladders = [hierarchy_of_rows(c, [(str(n), "*") for n in range(100)]) for c in columns]
    draws = np.random.default_rng(1).integers(0, 100, (50, 12))
    frame = pl.DataFrame(np.vstack([draws, draws[:20]]), schema=columns)
    groups = group(frame, ladders, [])
    assert len(groups.codes) == 50
    assert sorted(groups.rows.tolist()) == [1] * 30 + [2] * 20
    assert np.array_equal(groups.codes[groups.of_rows], frame.to_numpy())


def test_names_column_and_value_that_the_hierarchy_lacks():
    with pytest.raises(ValueError, match=r"「7」(?s:.)*列「age」"):
        group(frame_of([("A", 7, "かぜ", "p")]), [AREA, AGE], [])


@pytest.mark.parametrize("ladders", [[], [AREA, AREA], [hierarchy_of_rows("無い列", [("a",)])]])
def test_refuses_wrong_columns(ladders):
    with pytest.raises(ValueError, match="準識別子"):
        group(frame_of([("A", 1, "かぜ", "p")]), ladders, [])


def test_an_empty_table_has_no_groups():
    groups = group(frame_of([]), [AREA, AGE], MODELS)
    assert groups.codes.shape == (0, 2)
    assert groups.total_rows == 0
