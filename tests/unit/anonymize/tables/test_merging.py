"""Small areas in their neighbours: sums stay, marks tell, nobody is left below the minimum."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.tables.merging import HIDDEN, MARK, merge_into_neighbours, show_hidden

COUNTS = ["総数", "男", "女"]
NEIGHBOURS = {"a": "b", "b": "c", "c": "d", "d": "a", "e": "d"}


def _table(totals: dict[str, int], districts: str | None = None) -> pl.DataFrame:
    table = pl.DataFrame({"町": [*totals], "総数": [*totals.values()]}).with_columns(
        男=pl.col("総数") // 2, 女=pl.col("総数") - pl.col("総数") // 2
    )
    return table.with_columns(区=pl.Series(list(districts))) if districts else table


def _merge(table: pl.DataFrame, neighbours=NEIGHBOURS, minimum=10, **options):
    return merge_into_neighbours(
        table,
        "町",
        counts=COUNTS,
        total="総数",
        neighbours=neighbours,
        minimum_total=minimum,
        **options,
    )


def test_a_small_area_is_x_and_its_partner_shows_both():
    merged = _merge(_table({"a": 5, "b": 100, "c": 30, "d": 40, "e": 60}))
    assert merged.partners == {"a": "b"}
    shown = show_hidden(merged, COUNTS)
    assert shown["総数"].to_list() == [HIDDEN, "105", "30", "40", "60"]
    assert shown["男"].to_list() == [HIDDEN, "52", "15", "20", "30"]
    assert shown[MARK].to_list() == ["X:「b」に合算", "「a」を含む", "", "", ""]
    assert shown["町"].to_list() == list("abcde")


def test_chains_end_at_the_first_area_that_reaches_the_minimum():
    merged = _merge(_table({"a": 3, "b": 4, "c": 2, "d": 40, "e": 60}))
    assert merged.partners == {"a": "d", "b": "d", "c": "d"}
    assert merged.table.row(3, named=True)["総数"] == 49
    assert merged.table[MARK][3] == "「a」・「b」・「c」を含む"
    both_small = _merge(_table({"a": 6, "b": 7, "c": 30, "d": 40, "e": 60}))
    assert both_small.partners == {"a": "b"}


def test_an_area_without_anybody_hides_nobody_and_is_not_hidden():
    merged = _merge(_table({"a": 6, "b": 0, "c": 30, "d": 40, "e": 60}))
    assert merged.partners == {"a": "c"}
    assert merged.table["総数"].to_list() == [None, 0, 36, 40, 60]


def test_partners_stay_in_the_larger_area_whose_total_is_published():
    table = _table({"a": 6, "b": 50, "c": 30, "d": 40, "e": 3}, "東東西西西")
    assert _merge(table, within="区").partners == {"a": "b", "e": "d"}
    with pytest.raises(ValueError, match="地域「a」"):
        _merge(_table({"a": 6, "b": 50, "c": 30, "d": 40, "e": 60}, "東西西西西"), within="区")


def test_an_area_to_hide_always_is_hidden_whatever_its_number():
    merged = _merge(_table({"a": 6, "b": 100, "c": 30, "d": 40, "e": 60}), always=["b"])
    assert merged.partners == {"a": "c", "b": "c"}


def test_where_no_partner_reaches_the_minimum_it_is_refused():
    with pytest.raises(ValueError, match="合算する相手がなく"):
        _merge(_table({"a": 3, "b": 4}), {"a": "b", "b": "a"})
    with pytest.raises(ValueError, match="地域「a」"):
        _merge(_table({"a": 3, "b": 40}), {})
    with pytest.raises(ValueError, match="地域「a」"):
        _merge(_table({"a": 3, "b": 0}), {"a": "b"})


def test_wrong_input_is_refused():
    table = _table({"a": 5, "b": 100, "c": 30, "d": 40, "e": 60})
    with pytest.raises(ValueError, match="最小人口が小さすぎ"):
        _merge(table, minimum=1)
    with pytest.raises(ValueError, match="表にない地域が合算先"):
        _merge(table, {"a": "z"})
    with pytest.raises(ValueError, match="同じ地域の行"):
        _merge(pl.concat([table, table]))
    with pytest.raises(ValueError, match="という列がすでに"):
        _merge(table.with_columns(pl.lit("").alias(MARK)))


@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=12),
    st.integers(2, 40),
    st.randoms(use_true_random=False),
)
def test_sums_stay_and_nothing_shown_is_small_or_alone(totals, minimum, random):
    names = [f"町{i}" for i in range(len(totals))]
    neighbours = {name: random.choice([n for n in names if n != name]) for name in names}
    table = _table(dict(zip(names, totals, strict=True)))
    try:
        merged = _merge(table, neighbours, minimum)
    except ValueError as refusal:
        assert "合算する相手がなく" in str(refusal)  # noqa: PT017
        return
    shown = merged.table
    for name in COUNTS:
        assert shown[name].sum() == table[name].sum()
    visible = shown["総数"].drop_nulls()
    assert ((visible == 0) | (visible >= minimum)).all()
    truth = dict(zip(names, totals, strict=True))
    for hidden, lead in merged.partners.items():
        assert lead not in merged.partners
        assert truth[hidden] > 0
        others = [n for n in names if n != hidden and merged.partners.get(n, n) == lead]
        assert any(truth[n] for n in others)
