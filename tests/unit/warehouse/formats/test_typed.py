"""Columns become what the layout says, and no value is another one afterwards."""

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from tests.unit.warehouse.formats.layouts import PLACES
from warehouse.formats.typed import numbers_of, type_columns
from warehouse.refusal import Refusal

MOMENT = dt.datetime(2026, 4, 1, 9, 5)  # noqa: DTZ001 - as an engine gives it


def _one(name, values, dtype=None):
    series = pl.Series(name, values, dtype=dtype)
    return type_columns(series.to_frame(), PLACES).to_series()


@pytest.mark.parametrize(
    ("name", "values", "dtype", "expected", "kind"),
    [
        ("定員", ["12", "", None, "-3", "0"], None, [12, None, None, -3, 0], pl.Int64),
        ("定員", [12.0, None], None, [12, None], pl.Int64),
        ("定員", [Decimal(12), None], pl.Decimal(38, 0), [12, None], pl.Int64),
        ("定員", [7], pl.UInt64, [7], pl.Int64),
        ("定員", [None], pl.Null, [None], pl.Int64),
        ("面積", ["1.50", "-2", "0.000001", ""], None, [1.5, -2.0, 0.000001, None], pl.Float64),
        ("面積", [Decimal("1.50")], pl.Decimal(10, 2), [1.5], pl.Float64),
        ("面積", [3], pl.Int32, [3], pl.Int64),
        ("面積", [None], pl.Null, [None], pl.Float64),
        ("ID", ["007", ""], None, ["007", None], pl.String),
        ("ID", [7], pl.Int64, ["7"], pl.String),
        ("緯度", [34.7813], pl.Float64, ["34.7813"], pl.String),
        ("名称", [dt.date(2026, 4, 1)], None, ["2026-04-01"], pl.String),
        ("名称", [MOMENT], None, ["2026-04-01T09:05:00"], pl.String),
        ("名称", [dt.time(9, 5)], None, ["09:05"], pl.String),
        ("洪水", [True, False, None], None, ["1", None, None], pl.String),
        ("知らない列", [1], pl.Int64, ["1"], pl.String),
    ],
)
def test_kinds(name, values, dtype, expected, kind):
    found = _one(name, values, dtype)
    assert (found.to_list(), found.dtype) == (expected, kind)


@pytest.mark.parametrize(
    ("name", "values", "dtype", "rule"),
    [
        ("定員", ["12", "約30", "1,200"], None, "format.number"),
        ("定員", ["007"], None, "format.number"),
        ("定員", ["99999999999999999999"], None, "format.number"),
        ("定員", [3.5], None, "format.number"),
        ("定員", [True], None, "format.kind"),
        ("定員", [2**63], pl.UInt64, "format.number"),
        ("面積", ["1e5"], None, "format.number"),
        ("面積", ["0.12345678901234567"], None, "format.number"),
        ("面積", [float("nan")], None, "format.not_finite"),
        ("面積", [float("inf")], None, "format.not_finite"),
        ("定員", [float("inf")], None, "format.not_finite"),
        ("緯度", [float("nan")], None, "format.not_finite"),
        ("名称", [True], None, "format.kind"),
        ("名称", [["a"]], None, "format.kind"),
    ],
)
def test_what_cannot_be_written_as_the_layout_says_is_refused(name, values, dtype, rule):
    with pytest.raises(Refusal) as caught:
        _one(name, values, dtype)
    assert caught.value.rule == rule
    assert name in caught.value.where


def test_a_refusal_names_rows_as_a_spreadsheet_counts_and_no_value():
    with pytest.raises(Refusal) as caught:
        _one("定員", ["1", "秘密", "x", "y", "z"])
    assert caught.value.where == "「定員」列 3行目、4行目、5行目 ほか 1"
    assert "秘密" not in str(caught.value)


def test_typing_twice_changes_nothing_and_numbers_are_told():
    frame = pl.DataFrame({"ID": [1], "定員": ["2"], "面積": ["2.5"], "名称": ["x"]})
    typed = type_columns(frame, PLACES)
    assert type_columns(typed, PLACES).equals(typed)
    assert numbers_of(typed) == {"定員": "integer", "面積": "number"}
