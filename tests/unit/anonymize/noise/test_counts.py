"""Counts of persons leave blurred, whole and adding up, with what the noise means."""

import numpy as np
import polars as pl
import pytest

from anonymize.noise.classes import count_classes
from anonymize.noise.counts import COUNT, count_persons
from anonymize.noise.means import mean_of_persons

KEY = b"k" * 32
TOWNS = [f"町{n}" for n in range(30)]
DOMAIN = {"town": TOWNS, "sex": ["男", "女", "未届"]}


@pytest.fixture(scope="module")
def residents():
    rng = np.random.default_rng(5)
    size = 6000
    return pl.DataFrame(
        {
            "person": np.arange(size),
            "town": rng.choice(TOWNS[:-1], size),
            "sex": rng.choice(["男", "女"], size),
            "age": rng.integers(0, 100, size),
        }
    )


def _truth(residents, result):
    true = residents.group_by("town", "sex").len()
    joined = result.table.join(true, on=["town", "sex"], how="left", maintain_order="left")
    return joined[COUNT] - joined["len"].fill_null(0).cast(pl.Int64)


def test_every_declared_cell_is_told_also_those_without_anybody(residents):
    result = count_persons(
        residents, [["town", "sex"]], person="person", domain=DOMAIN, epsilon=1.0, key=KEY
    )
    assert result.table.height == 90
    assert result.table["town"].to_list()[::3] == TOWNS
    assert (result.table[COUNT] >= 0).all()
    assert (result.epsilon, result.delta, result.mechanism) == (1.0, 0.0, "discrete_laplace")
    assert result.mean_absolute_error <= 0.86
    assert result.half_width == 3


def test_the_error_of_counts_is_the_one_that_is_told(residents):
    errors = [
        _truth(
            residents,
            count_persons(
                residents, [["town", "sex"]], person="person", domain=DOMAIN, epsilon=1.0, key=KEY
            ),
        )
        .abs()
        .to_numpy()
        for _ in range(12)
    ]
    assert np.concatenate(errors).mean() <= 0.95


def test_nested_counts_share_the_budget_and_help_the_totals(residents):
    flat, nested = [], []
    for _ in range(10):
        for found, groupings in ((flat, [["town", "sex"]]), (nested, [[], ["town", "sex"]])):
            result = count_persons(
                residents, groupings, person="person", domain=DOMAIN, epsilon=1.0, key=KEY
            )
            assert result.epsilon == pytest.approx(1.0)
            found.append(abs(int(result.table[COUNT].sum()) - residents.height))
    assert np.mean(nested) < np.mean(flat)


def test_a_person_in_many_rows_counts_as_the_bound_says():
    frame = pl.DataFrame({"person": [1] * 500, "town": ["町0"] * 250 + ["町1"] * 250})
    result = count_persons(
        frame, [["town"]], person="person", domain={"town": TOWNS}, epsilon=50.0, key=KEY
    )
    assert result.table[COUNT].sum() == 1


def test_gaussian_counts_say_their_delta(residents):
    result = count_persons(
        residents,
        [["town", "sex"]],
        person="person",
        domain=DOMAIN,
        epsilon=1.0,
        delta=1e-9,
        most=3,
        key=KEY,
    )
    assert result.mechanism == "discrete_gaussian"
    assert result.delta == 1e-9
    assert 0.99 < result.epsilon <= 1.0


def test_nobody_at_all_is_counted_too(residents):
    result = count_persons(
        residents.clear(), [["town"]], person="person", domain=DOMAIN, epsilon=1.0, key=KEY
    )
    assert result.table.height == 30


@pytest.mark.parametrize(
    ("groupings", "most"),
    [
        ([], 1),
        ([["town"], ["sex"]], 1),
        ([["town", "town"]], 1),
        ([["ward"]], 1),
        ([["town"], ["town", "sex"]], 2),
    ],
)
def test_groupings_that_cannot_agree_are_refused(residents, groupings, most):
    with pytest.raises(ValueError, match="直し方"):
        count_persons(
            residents,
            groupings,
            person="person",
            domain=DOMAIN,
            epsilon=1.0,
            most=most,
            key=KEY,
        )


def test_a_histogram_has_the_declared_classes(residents):
    result = count_classes(
        residents, "age", [0, 15, 65, 200], person="person", epsilon=20.0, key=KEY
    )
    true = [residents.filter(pl.col("age").is_between(a, b)).height for a, b in ((0, 14), (15, 64))]
    assert result.table["age"].to_list() == ["0～15", "15～65", "65～200"]
    assert result.table[COUNT].to_list()[:2] == pytest.approx(true, abs=2)
    one = count_classes(residents, "age", [0, 200], person="person", epsilon=20.0, key=KEY)
    assert one.table[COUNT].to_list() == pytest.approx([residents.height], abs=2)
    with pytest.raises(ValueError, match="昇順"):
        count_classes(residents, "age", [0, 0], person="person", epsilon=1.0, key=KEY)


def test_a_mean_is_near_the_truth_and_says_how_near(residents):
    true, half = float(np.mean(residents["age"].to_numpy())), []
    inside = 0
    for _ in range(25):
        found = mean_of_persons(
            residents, "age", person="person", minimum=0, maximum=99, epsilon=0.1
        )
        inside += abs(found.mean - true) <= found.half_width
        half.append(found.half_width)
    assert inside >= 19
    assert max(half) < 1.5
    assert found.epsilon == pytest.approx(0.1)


def test_a_mean_stays_in_its_range_and_wants_one_row_a_person(residents):
    few = residents.head(2)
    for _ in range(20):
        found = mean_of_persons(few, "age", person="person", minimum=0, maximum=99, epsilon=0.01)
        assert 0 <= found.mean <= 99
    twice = pl.concat([few, few])
    with pytest.raises(ValueError, match="1人1行"):
        mean_of_persons(twice, "age", person="person", minimum=0, maximum=99, epsilon=1.0)


def test_missing_columns_are_named(residents):
    for person, town in (("nobody", "town"), ("person", "ward")):
        with pytest.raises(ValueError, match=r"nobody|ward"):
            count_persons(
                residents, [[town]], person=person, domain={town: TOWNS}, epsilon=1.0, key=KEY
            )
