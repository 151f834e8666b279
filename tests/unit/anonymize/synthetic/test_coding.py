"""Values become classes of enough rows and come back as values of the same kind."""

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.synthetic.coding import RARE, declare, decode, encode, learn
from anonymize.synthetic.schema import Column, require_schema, schema_of
from tests.unit.anonymize.synthetic.made_up import DECLARED, register

RNG = np.random.default_rng(0)


def _there_and_back(values, column, smallest):
    coding = learn(values, column, smallest)
    codes = encode(values, coding)
    return coding, codes, decode(values.name, codes, coding, np.random.default_rng(1))


@settings(max_examples=25)
@given(st.lists(st.integers(-5, 60), min_size=1, max_size=200), st.integers(1, 12))
def test_every_class_of_numbers_holds_enough_rows(numbers, smallest):
    values = pl.Series("n", numbers, pl.Int64)
    coding, codes, back = _there_and_back(values, Column("integer"), smallest)
    assert back.dtype == pl.Int64
    if len(numbers) < smallest:
        assert back.null_count() == len(numbers)
        return
    sizes = np.bincount(codes)
    assert (sizes[sizes > 0] >= smallest).all()
    assert (coding.low <= coding.high).all()
    # Never beyond the value that `smallest` rows reach; of too few rows the middle one.
    ordered = sorted(numbers)
    least, most = ordered[smallest - 1], ordered[-smallest]
    middle = ordered[len(numbers) // 2]
    assert back.min() >= min(least, middle)
    assert back.max() <= max(most, middle)
    assert least <= most or back.n_unique() == 1


def test_one_old_person_and_a_rare_occupation_are_not_told():
    ages = pl.Series("age", [*([30] * 50), *([40] * 50), 107])
    assert _there_and_back(ages, Column("integer"), 5)[2].max() == 40
    jobs = pl.Series("job", [*["会社員"] * 50, "宇宙飛行士"])
    coding, codes, _ = _there_and_back(jobs, Column("category"), 5)
    assert coding.labels == ("会社員",)
    assert codes[-1] == RARE


def test_a_value_of_many_rows_is_a_class_of_its_own():
    yen = pl.Series("yen", [0] * 60 + [*range(1000, 1100)])
    back = _there_and_back(yen, Column("integer"), 10)[2]
    assert (back == 0).sum() == 60
    assert back.filter(back != 0).min() >= 1000


def test_every_kind_keeps_its_type_and_its_nulls():
    frame = register(400)
    for name, column in schema_of(frame).items():
        back = _there_and_back(frame[name], column, 10)[2]
        assert back.dtype == frame[name].dtype
        assert back.is_null().to_list() == frame[name].is_null().to_list()
    income = _there_and_back(frame["income"], Column("number"), 10)[2]
    assert income.to_list() == income.round(1).to_list()


def test_few_nulls_are_too_rare_to_be_told():
    values = pl.Series("n", [None, *range(50)])
    _, codes, back = _there_and_back(values, Column("integer"), 5)
    assert codes[0] == RARE
    assert back.null_count() == 1
    empty = pl.Series("n", [None, None], pl.Int64)
    assert _there_and_back(empty, Column("integer"), 5)[2].to_list() == [None, None]


def test_declared_classes_do_not_depend_on_the_data():
    frame = register(400)
    for name, column in DECLARED.items():
        ours, theirs = declare(frame[name], column), declare(frame[name].clear(), column)
        assert ours.labels == theirs.labels
        assert (ours.low.tolist(), ours.high.tolist()) == (
            theirs.low.tolist(),
            theirs.high.tolist(),
        )
        assert (ours.null, ours.decimals) == (theirs.null, theirs.decimals)
        assert (encode(frame[name], ours) != RARE).all()


def test_what_lies_outside_the_declared_range_is_brought_in():
    coding = declare(pl.Series("age", [1]), DECLARED["age"])
    codes = encode(pl.Series("age", [-5, 200]), coding)
    assert decode("age", codes, coding, RNG).to_list() == [0, 94]
    moved = declare(pl.Series("moved", [], pl.Date), DECLARED["moved"])
    late = encode(pl.Series("moved", [dt.date(2099, 1, 1), None]), moved)
    assert decode("moved", late, moved, RNG).to_list()[0].year == 2025


@pytest.mark.parametrize(
    ("least", "most", "kind"),
    [(0, 1000, "integer"), (-50, 1000, "integer"), (-900, 0, "integer"), (5, 900, "integer"),
     (0.0, 9.5, "number"), (-3.0, 9.5, "number"), (0, 3, "integer")],
)  # fmt: skip
def test_a_declared_range_is_covered_once_with_zero_on_its_own(least, most, kind):
    values = pl.Series("x", [least, most, 0 if kind == "integer" else 0.0])
    coding = declare(values, Column(kind, minimum=least, maximum=most, may_be_null=False))
    assert (coding.low <= coding.high).all()
    assert (coding.low[1:] >= coding.high[:-1]).all()
    assert (coding.low[0], coding.high[-1]) == (least, most)
    if least <= 0 <= most:
        assert decode("x", encode(values, coding)[2:], coding, RNG).to_list() == [0]


@pytest.mark.parametrize(
    "column",
    [
        Column("category"),
        Column("category", categories=("a", "a")),
        Column("integer", minimum=1),
        Column("integer", minimum=2, maximum=2),
    ],
)
def test_noise_needs_a_declaration(column):
    values = pl.Series("x", ["a"] if column.kind == "category" else [1])
    with pytest.raises(ValueError, match="直し方"):
        declare(values, column)


@pytest.mark.parametrize(
    ("frame", "schema"),
    [
        (pl.DataFrame({"a": [1, 2]}), {}),
        (pl.DataFrame({"a": [1, 2]}), {"b": Column("integer")}),
        (pl.DataFrame({"a": ["x", "y"]}), {"a": Column("integer")}),
        (pl.DataFrame({"a": [1.5, 2]}), {"a": Column("integer")}),
        (pl.DataFrame({"a": [1]}), {"a": Column("integer")}),
        (pl.DataFrame({"a": [1.5, float("nan")]}), {"a": Column("number")}),
        (pl.DataFrame({"a": [1.5, float("inf")]}), {"a": Column("number")}),
        (pl.DataFrame(), {}),
    ],
)
def test_a_schema_that_does_not_fit_is_refused(frame, schema):
    with pytest.raises(ValueError, match="直し方"):
        require_schema(frame, schema)


def test_a_type_that_cannot_be_made_is_refused():
    with pytest.raises(ValueError, match="列「a」"):
        schema_of(pl.DataFrame({"a": [[1]]}))
