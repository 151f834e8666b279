"""A made-up table has the shape and the dependence of its original, and nobody's row."""

import numpy as np
import polars as pl
import pytest

from anonymize.synthetic.schema import Column, schema_of
from anonymize.synthetic.synthesise import Marginals, Sdv, Trees, synthesise
from tests.unit.anonymize.synthetic.made_up import DECLARED, register

FRAME = register(3000)
SCHEMA = schema_of(FRAME)
METHODS = [Trees(minimum_leaf=50), Marginals(), Marginals(epsilon=30.0)]


@pytest.mark.parametrize("method", METHODS, ids=str)
def test_columns_types_and_dependence_are_kept(method):
    made = synthesise(FRAME, DECLARED, method, 2000, 7).frame
    assert made.schema == FRAME.schema
    assert made.height == 2000
    for name in ("town", "works"):
        true = dict(FRAME[name].value_counts(normalize=True).iter_rows())
        found = dict(made[name].value_counts(normalize=True).iter_rows())
        assert max(abs(true[k] - found.get(k, 0)) for k in true) < 0.06
    # Nobody out of work has an income, and a fifth never moved.
    idle = made.filter(~pl.col("works"))
    assert (idle["income"].to_numpy() == 0).mean() > 0.8
    assert made["moved"].null_count() / 2000 == pytest.approx(0.2, abs=0.05)
    working = made.filter("works")
    assert working.filter(pl.col("age").is_between(18, 66)).height > 0.85 * working.height


@pytest.mark.parametrize("method", METHODS[:2], ids=str)
def test_the_seed_decides_everything_without_noise(method):
    one, again, other = (synthesise(FRAME, SCHEMA, method, 300, s) for s in (1, 1, 2))
    assert one.frame.equals(again.frame)
    assert not one.frame.equals(other.frame)
    assert one.account.repeatable
    assert one.account.epsilon is None


@pytest.mark.parametrize("delta", [0.0, 1e-9])
def test_noise_is_paid_in_full_and_not_repeatable(delta):
    method = Marginals(epsilon=2.0, delta=delta)
    few = FRAME.select("town", "works", "income")
    declared = {name: DECLARED[name] for name in few.columns}
    one, again = (synthesise(few, declared, method, 300, 1) for _ in range(2))
    assert not one.frame.equals(again.frame)
    assert not one.account.repeatable
    assert one.account.epsilon is not None
    assert 1.99 < one.account.epsilon <= 2.0 + 1e-9
    assert one.account.rows_in is None
    assert "ε = 2" in one.account.caveats[0]


def test_the_tree_of_pairs_joins_what_depends():
    rng = np.random.default_rng(2)
    cause = rng.integers(0, 4, 4000)
    frame = pl.DataFrame(
        {
            "cause": cause.astype(str),
            "alone": rng.integers(0, 4, 4000).astype(str),
            "effect": ((cause + (rng.random(4000) < 0.1)) % 4).astype(str),
        }
    )
    values = tuple("0123")
    schema = {n: Column("category", categories=values, may_be_null=False) for n in frame.columns}
    for method in (Marginals(), Marginals(epsilon=3.0)):
        made = synthesise(frame, schema, method, 4000, 1).frame
        assert (made["cause"] == made["effect"]).mean() == pytest.approx(0.9, abs=0.04)
        assert (made["cause"] == made["alone"]).mean() == pytest.approx(0.25, abs=0.04)


@pytest.mark.parametrize("method", METHODS[:2], ids=str)
def test_what_is_rare_is_never_told(method):
    odd = FRAME[:5].with_columns(town=pl.lit("秘境"), age=pl.lit(119, pl.Int64))
    made = synthesise(pl.concat([FRAME, odd]), SCHEMA, method, 3000, 1)
    assert "秘境" not in made.frame["town"].to_list()
    assert made.frame["age"].to_numpy().max() < 119
    assert made.account.rare_values == {"town": 5}


def test_a_column_of_identifiers_is_refused():
    frame = FRAME.with_columns(id=pl.int_range(pl.len()).cast(pl.String))
    with pytest.raises(ValueError, match="列「id」"):
        synthesise(frame, schema_of(frame), Trees(), 10, 1)


def test_noise_refuses_what_was_not_declared_unnamed():
    odd = FRAME.with_columns(town=pl.lit("秘境"))
    with pytest.raises(ValueError, match="列「town」") as refused:
        synthesise(odd, DECLARED, Marginals(epsilon=1.0), 10, 1)
    assert "秘境" not in str(refused.value)
    with pytest.raises(ValueError, match="宣言"):
        synthesise(FRAME, SCHEMA, Marginals(epsilon=1.0), 10, 1)


@pytest.mark.parametrize(
    ("method", "rows"),
    [
        (Trees(minimum_leaf=1), 10),
        (Trees(smallest=1), 10),
        (Marginals(smallest=0), 10),
        (Trees(), 0),
    ],
)
def test_settings_that_would_copy_a_person_are_refused(method, rows):
    with pytest.raises(ValueError, match="直し方"):
        synthesise(FRAME, SCHEMA, method, rows, 1)


def test_small_and_uniform_tables_are_made_too():
    uniform = pl.DataFrame({"a": ["x"] * 30, "b": [None] * 30, "c": [1] * 30})
    for method in METHODS[:2]:
        made = synthesise(uniform, schema_of(uniform), method, 5, 1).frame
        assert made.equals(pl.DataFrame(uniform[:5]))
    one = FRAME.select("town")
    assert synthesise(one, schema_of(one), Trees(), 5, 1).frame.height == 5
    declared = {"town": DECLARED["town"]}
    assert synthesise(one, declared, Marginals(epsilon=1.0), 5, 1).frame.height == 5


def test_codes_and_dates_can_be_categories():
    days = FRAME["moved"].dt.truncate("1y")
    frame = pl.DataFrame({"year": days, "code": FRAME["age"] // 20})
    schema = {"year": Column("category"), "code": Column("category")}
    made = synthesise(frame, schema, Trees(), 200, 1).frame
    assert made.schema == frame.schema
    assert set(made["year"]) <= set(days)


def test_an_unknown_model_of_sdv_is_refused():
    with pytest.raises(ValueError, match="copula か ctgan"):
        synthesise(FRAME, SCHEMA, Sdv("gan"), 5, 1)
