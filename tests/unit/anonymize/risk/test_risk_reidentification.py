import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.risk.classes import classes_of
from anonymize.risk.reidentification import journalist, prosecutor
from anonymize.risk.uniqueness import pitman, uniqueness, zayatz

rows = st.lists(
    st.tuples(st.sampled_from("abc*"), st.sampled_from(["x", "*", None]), st.integers(0, 4)),
    max_size=30,
)


def _frame(values):
    return pl.DataFrame(
        values, schema={"a": pl.String, "b": pl.String, "id": pl.Int64}, orient="row"
    )


@settings(max_examples=30)
@given(rows)
def test_classes_count_rows_and_distinct_persons(values):
    classes = classes_of(_frame(values), ["a", "b"], "id")
    for place, (a, b, _) in enumerate(values):
        alike = [v for v in values if v[:2] == (a, b)]
        number = classes.of_row[place]
        assert classes.labels.row(number) == (a, b)
        assert classes.rows[number] == len(alike)
        assert classes.persons[number] == len({v[2] for v in alike})
        assert classes.suppressed[number] == (a == b == "*")


def test_a_star_matches_nothing_but_stars():
    table = pl.DataFrame({"a": ["x", "x", "x", "x", "*"], "b": ["1", "1", "1", "*", "*"]})
    # A reading in which * fits everything would find five rows everywhere.
    assert sorted(classes_of(table, ["a", "b"]).rows) == [1, 1, 3]


@pytest.mark.parametrize("columns", [[], "a", ["c"]])
def test_classes_need_columns_that_are_there(columns):
    with pytest.raises(ValueError, match="列"):
        classes_of(pl.DataFrame({"a": ["x"]}), columns)


def test_prosecutor_by_hand():
    found = prosecutor(classes_of(pl.DataFrame({"a": list("xxxxyyz")}), ["a"]), 0.4)
    assert found.highest == 1
    assert found.mean == pytest.approx(3 / 7)
    assert found.share_above == pytest.approx(3 / 7)


def test_one_person_in_several_rows_is_one_person():
    table = pl.DataFrame({"a": ["x"] * 5, "id": ["p"] * 5})
    assert prosecutor(classes_of(table, ["a"]), 0.2).highest == pytest.approx(0.2)
    assert prosecutor(classes_of(table, ["a"], "id"), 0.2).highest == 1


def test_journalist_with_a_population():
    table = classes_of(pl.DataFrame({"a": list("xxyz")}), ["a"])
    people = classes_of(pl.DataFrame({"a": list("xxxxxyyyyyyyyyy")}), ["a"])
    found = journalist(table, 0.2, population=people)
    # z is missing from the population: it counts as large as in the table.
    assert found.highest == 1
    assert found.mean == pytest.approx((2 / 5 + 1 / 10 + 1) / 4)
    assert found.share_above == pytest.approx(1 / 4)


def test_journalist_of_a_whole_population_is_the_prosecutor():
    table = classes_of(pl.DataFrame({"a": list("xxyyyz")}), ["a"])
    found = journalist(table, 0.4, fraction=1.0)
    assert (found.highest, found.mean) == (1, pytest.approx(prosecutor(table, 0.4).mean))


def test_journalist_estimate_for_pairs_agrees_with_the_sum_of_the_negative_binomial():
    part = 0.3
    f = 2
    # F - f | f is negative binomial: P(F = F) = C(F-1, f-1) π^f (1-π)^(F-f).
    whole = np.arange(f, 400)
    chance = (whole - 1) * part**f * (1 - part) ** (whole - f)
    table = classes_of(pl.DataFrame({"a": ["x", "x", "y", "y"]}), ["a"])
    assert chance.sum() == pytest.approx(1)
    assert journalist(table, 0.2, fraction=part).mean == pytest.approx((chance / whole).sum())


@pytest.mark.parametrize("options", [{}, {"fraction": 0.0}, {"fraction": 1.5}])
def test_journalist_needs_one_population(options):
    table = classes_of(pl.DataFrame({"a": ["x"]}), ["a"])
    with pytest.raises(ValueError, match="割合"):
        journalist(table, 0.2, **options)
    with pytest.raises(ValueError, match="割合"):
        uniqueness(table, **options)


def test_a_population_of_other_columns_is_refused():
    table = classes_of(pl.DataFrame({"a": ["x"]}), ["a"])
    other = classes_of(pl.DataFrame({"b": ["x"]}), ["b"])
    with pytest.raises(ValueError, match="母集団"):
        journalist(table, 0.2, population=other)


def test_uniqueness_is_exact_with_the_population():
    table = classes_of(pl.DataFrame({"a": list("xyzz")}), ["a"])
    people = classes_of(pl.DataFrame({"a": list("xyyzzz")}), ["a"])
    found = uniqueness(table, population=people)
    assert (found.in_table, found.in_population, found.method) == (2, 1, "population")


def _pitman_population(n, alpha, theta, seed):
    """Draw a population from the Chinese restaurant process with two parameters."""
    draw = np.random.default_rng(seed)
    table_of, sizes = np.empty(n, np.int64), []
    for i in range(n):
        if draw.random() < (theta + alpha * len(sizes)) / (theta + i):
            table_of[i] = len(sizes)
            sizes.append(1)
            continue
        while True:
            table = table_of[draw.integers(i)]
            if draw.random() < (sizes[table] - alpha) / sizes[table]:
                break
        table_of[i] = table
        sizes[table] += 1
    return table_of


@pytest.mark.parametrize("fraction", [0.05, 0.1])
def test_pitman_finds_the_uniques_of_a_population_of_its_kind(fraction):
    people = _pitman_population(20_000, 0.6, 50.0, 3)
    true = int((np.bincount(people) == 1).sum())
    draw = np.random.default_rng(1)
    sample = np.bincount(draw.choice(people, int(fraction * len(people)), replace=False))
    estimate = pitman(sample[sample > 0], fraction)
    assert estimate == pytest.approx(true, rel=0.25)


def test_zayatz_is_certain_of_a_whole_population_and_falls_with_the_fraction():
    sizes = np.array([1] * 50 + [2] * 30 + [10] * 20)
    chances = [zayatz(sizes, part) for part in (0.1, 0.5, 0.9, 0.999)]
    assert chances == sorted(chances)
    assert chances[-1] == pytest.approx(1, abs=0.01)


def test_nobody_alone_is_nobody_alone():
    table = classes_of(pl.DataFrame({"a": list("xxyy")}), ["a"])
    assert uniqueness(table, fraction=0.05).in_population == 0
    empty = classes_of(pl.DataFrame({"a": []}, schema={"a": pl.String}), ["a"])
    assert uniqueness(empty, fraction=1.0).population_share == 0
    assert prosecutor(empty, 0.2).highest == 0
