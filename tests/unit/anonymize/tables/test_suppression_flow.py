"""One call from a table to what is published and the sheet of intervals."""

import numpy as np
import polars as pl
import pytest

from anonymize.tables.attack_published import attack_published
from anonymize.tables.contributions import count_contributions
from anonymize.tables.dimensions import dimension, flat
from anonymize.tables.primary import Closeness, Threshold
from anonymize.tables.suppression_flow import protect_amounts, protect_table

AREA = dimension("area", [("市", ["北", "南"]), ("北", ["a", "b"]), ("南", ["c", "d"])])
KIND = flat("kind", ["x", "y", "z"])


def _counts():
    cells = [(area, kind) for area in "abcd" for kind in "xyz"]
    values = [2, 30, 40, 25, 31, 0, 50, 3, 60, 70, 80, 90]
    return pl.DataFrame(cells, schema=["area", "kind"], orient="row").with_columns(
        n=pl.Series(values)
    )


def test_the_published_table_shows_x_and_the_sheet_every_interval():
    protected = protect_table(_counts(), [AREA, KIND], "n", Threshold(5))
    marks = protected.published["n"] == "X"
    assert marks.sum() == protected.sheet.height == protected.hidden.sum()
    assert protected.account.primary == 2
    assert protected.account.exact == protected.account.narrow == 0
    assert protected.sheet["幅が足りる"].all()
    assert (protected.sheet["実際の幅"] >= 5).all()
    rules = dict(protected.sheet.select("秘匿の種類", "秘匿の規則").unique().rows())
    assert rules == {"一次秘匿": "5未満(1〜4)", "二次秘匿": "他のセルを守るため"}
    assert set(protected.published.columns) == {"area", "kind", "n"}


def test_whoever_has_the_published_table_alone_finds_the_same_intervals():
    protected = protect_table(_counts(), [AREA, KIND], "n", Threshold(5))
    shown = protected.published.with_columns(pl.col("n").cast(pl.Int64, strict=False))
    found = attack_published(shown, [AREA, KIND], "n").whole()
    assert found.lower == pytest.approx(protected.sheet["下限"].to_numpy())
    assert found.upper == pytest.approx(protected.sheet["上限"].to_numpy())


def test_a_published_table_that_contradicts_itself_is_told():
    shown = pl.DataFrame({"kind": ["総数", "x", "y", "z"], "n": [10, 20, None, 1]})
    with pytest.raises(ValueError, match="どんな値を当てはめても"):
        attack_published(shown, [KIND], "n")


def test_counts_that_are_no_counts_are_refused():
    with pytest.raises(ValueError, match="整数でない値"):
        protect_table(_counts().with_columns(pl.col("n") + 0.5), [AREA, KIND], "n", Threshold(5))


def test_amounts_are_kept_away_from_as_far_as_the_rule_says():
    draw = np.random.default_rng(5)
    rows = pl.DataFrame(
        {
            "area": draw.choice(list("abcd"), 150),
            "kind": draw.choice(list("xyz"), 150),
            "firm": draw.integers(0, 60, 150),
            "yen": np.exp(draw.normal(12, 3, 150)).round(),
        }
    )
    counted = count_contributions(rows, [AREA, KIND], "firm", "yen")
    protected = protect_amounts(counted.table, counted.behind, [Closeness(20)], "yen")
    assert protected.account.primary > 0
    assert protected.account.exact == protected.account.narrow == 0
    first = protected.sheet.filter(pl.col("秘匿の種類") == "一次秘匿")
    assert (first["必要な幅"] > 0).all()


def test_a_table_without_a_secret_goes_out_as_it_is():
    frame = _counts().with_columns(pl.col("n") + 10)
    protected = protect_table(frame, [AREA, KIND], "n", Threshold(5))
    assert protected.sheet.is_empty()
    assert protected.account.narrowest is None
    assert protected.published["n"].cast(pl.Int64).sum() > 0
