"""Noise that the persons of a cell determine."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anonymize.tables.cell_key import (
    MODULUS,
    count_persons,
    perturb,
    perturb_additively,
    record_keys,
)
from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.p_table import p_table

KEY = bytes(range(32))
TOWNS = dimension("town", [("市", ("東", "西")), ("東", ("a", "b")), ("西", ("c", "d"))])
AGES = flat("age", [f"{n}" for n in range(8)], "計")
SEX = flat("sex", ["男", "女"], "計")
CHANCES = p_table(deviation=5, variance=3.0, suppressed_up_to=2)


def _persons(seed: int, n: int) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "person": [f"p{i}" for i in range(n)],
            "town": rng.choice(list("abcd"), n, p=[0.4, 0.3, 0.2, 0.1]),
            "age": rng.integers(0, 8, n).astype(str),
            "sex": rng.choice(["男", "女"], n),
        }
    )


def _published(frame: pl.DataFrame, *dimensions, key: bytes = KEY) -> pl.DataFrame:
    keyed = count_persons(frame, dimensions, "person", key=key)
    return keyed.table.cells.with_columns(n=pl.Series(perturb(keyed, CHANCES)))


def test_the_same_persons_give_the_same_number_in_any_table_and_order():
    frame = _persons(0, 600)
    large = _published(frame, TOWNS, AGES, SEX)
    small = _published(frame.sample(fraction=1, shuffle=True, seed=3), TOWNS, AGES)
    shared = large.filter(sex="計").drop("sex")
    assert shared.sort("town", "age").equals(small.sort("town", "age"))
    east = _published(frame.filter(pl.col("town").is_in(["a", "b"])), TOWNS, AGES)
    both = small.join(east, on=["town", "age"]).filter(town="東")
    assert (both["n"] == both["n_right"]).all()


def test_asking_again_teaches_nothing_but_another_key_draws_anew():
    frame = _persons(1, 400)
    first = _published(frame, TOWNS, AGES)
    assert all(_published(frame, TOWNS, AGES).equals(first) for _ in range(3))
    assert not _published(frame, TOWNS, AGES, key=KEY[::-1]).equals(first)


def test_one_person_exchanged_draws_the_noise_of_a_cell_anew():
    frame = pl.DataFrame({"person": [f"p{i}" for i in range(40)], "sex": ["男"] * 40})
    dims = [flat("sex", ["男"], "計")]
    noises = set()
    for other in range(30):
        swapped = frame.with_columns(
            person=pl.when(person="p0").then(pl.lit(f"q{other}")).otherwise("person")
        )
        keyed = count_persons(swapped, dims, "person", key=KEY)
        noises.add(int(perturb(keyed, CHANCES)[0]) - 40)
    assert len(noises) > 3


def test_noise_over_many_cells_has_mean_zero_and_the_stated_variance():
    n = 24_000
    rng = np.random.default_rng(5)
    frame = pl.DataFrame(
        {"person": [f"p{i}" for i in range(n)], "cell": rng.integers(0, 6000, n).astype(str)}
    )
    keyed = count_persons(
        frame, [flat("cell", frame["cell"].unique().to_list())], "person", key=KEY
    )
    noise = perturb(keyed, CHANCES) - keyed.table.values
    spread = np.sqrt(CHANCES.variance / len(noise))
    assert abs(noise.mean()) < 4 * spread
    assert noise.var() == pytest.approx(CHANCES.variance, rel=0.08)


def test_record_keys_are_uniform_and_wrong_keys_are_refused():
    keys = record_keys(pl.Series([f"{i}" for i in range(20_000)]), key=KEY).to_numpy()
    assert (keys < MODULUS).all()
    share = np.bincount((keys // (MODULUS // 16)).astype(int), minlength=16) / len(keys)
    assert np.abs(share - 1 / 16).max() < 0.01
    with pytest.raises(ValueError, match="鍵が短すぎます"):
        record_keys(pl.Series(["a"]), key=bytes(8))


@settings(max_examples=10)
@given(st.integers(0, 99), st.sampled_from([20, 300]), st.integers(3, 6))
def test_restored_tables_add_up_and_publish_no_small_count(seed, n, base):
    keyed = count_persons(_persons(seed, n), [TOWNS, AGES, SEX], "person", key=KEY)
    values = perturb_additively(keyed, [TOWNS, AGES, SEX], CHANCES, base=base).values
    assert (keyed.table.equations @ values == 0).all()
    assert (values % base == 0).all()
    assert (values >= 0).all()
    assert (values[keyed.table.values == 0] == 0).all()
    plain = perturb(keyed, CHANCES)
    assert not ((plain > 0) & (plain <= CHANCES.suppressed_up_to)).any()
    assert (plain[keyed.table.values == 0] == 0).all()


def test_wrong_input_is_refused():
    frame = _persons(0, 20)
    with pytest.raises(ValueError, match="同じ人の行が複数"):
        count_persons(pl.concat([frame, frame]), [TOWNS], "person", key=KEY)
    with pytest.raises(ValueError, match="表にない列"):
        count_persons(frame.drop("age"), [AGES], "person", key=KEY)
    with pytest.raises(ValueError, match="区分の定義にない"):
        count_persons(frame, [flat("town", ["a"])], "person", key=KEY)
    keyed = count_persons(frame, [TOWNS], "person", key=KEY)
    with pytest.raises(ValueError, match="2人以下の人数が公表"):
        perturb_additively(keyed, [TOWNS], CHANCES, base=2)


def test_nobody_is_counted_as_nobody():
    keyed = count_persons(_persons(0, 20).clear(), [TOWNS, SEX], "person", key=KEY)
    assert (perturb(keyed, CHANCES) == 0).all()
    assert (perturb_additively(keyed, [TOWNS, SEX], CHANCES, base=5).values == 0).all()
