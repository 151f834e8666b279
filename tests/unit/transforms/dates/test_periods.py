import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.dates.periods import fiscal_year, month, year


@pytest.mark.parametrize(
    ("text", "first", "rule"),
    [
        ("2023-02", "2023-02-01", "month.iso"),
        *[(t, "2023-02-01", "month.western") for t in ("2023年2月", "202302", "2023/2", "２０２３年２月分")],
        *[(t, "2023-02-01", "month.wareki") for t in ("R5.2", "令和5年2月分", "R0502", "令和五年二月")],
        *[(t, "2023-02-01", "month.first_day") for t in ("2023/2/1", "20230201", "2023-02-01 00:00:00")],
        ("平成31年4月", "2019-04-01", "month.wareki"),
        ("昭和64年1月", "1989-01-01", "month.wareki"),
        ("平成元年1月", "1989-01-01", "month.wareki"),
        ("2023.10", "2023-10-01", "month.western"),
        ("2023.1", None, "date.january_or_october"),
        ("平成31年5月", None, "date.outside_era"),
        ("令和元年4月", None, "date.outside_era"),
        ("2023-02-02", None, "month.has_day"),
        ("20230202", None, "month.has_day"),
        ("2023-13", None, "date.impossible"),
        ("0502", None, "date.era_missing"),
        ("5.2", None, "date.era_missing"),
        ("2023", None, "date.incomplete"),
        ("明治3年2月", None, "date.lunar_calendar"),
        ("999999", None, "date.sentinel"),
        ("9999-12", None, "date.sentinel"),
        ("不詳", None, "date.unknown"),
        ("2023-2月", None, "month.not_a_month"),
        ("2023年2", None, "month.not_a_month"),
        ("R050202", None, "month.has_day"),
        ("2203-01", None, "date.implausible_year"),
        ("", None, "blank"),
    ],
)  # fmt: skip
def test_month(text, first, rule):
    value, _, found = one(month, text)
    assert (value and value.isoformat(), found) == (first, rule)


@pytest.mark.parametrize(
    ("text", "start", "rule"),
    [
        ("2023", 2023, "fiscal_year.western"),
        *[(t, 2023, "fiscal_year.written_out") for t in ("2023年度", "FY2023", "２０２３")],
        *[(t, 2023, "fiscal_year.wareki") for t in ("令和5年度", "R5年度", "R5", "令和五年度")],
        ("平成31年度", 2019, "fiscal_year.wareki"),
        ("令和元年度", 2019, "fiscal_year.wareki"),
        ("大正15年度", 1926, "fiscal_year.wareki"),
        ("昭和64年度", None, "date.outside_era"),
        ("平成32年度", None, "date.outside_era"),
        ("2023年", None, "fiscal_year.is_calendar"),
        ("5年度", None, "date.era_missing"),
        ("2023-24", None, "date.two_digit_year"),
        ("202", None, "fiscal_year.not_a_year"),
        ("9999", None, "date.sentinel"),
        (None, None, "blank"),
    ],
)
def test_fiscal_year(text, start, rule):
    assert one(fiscal_year, text)[::2] == (start, rule)


@pytest.mark.parametrize(
    ("text", "western", "rule"),
    [
        ("2023", 2023, "year.western"),
        ("2023年", 2023, "year.written_out"),
        ("昭和64年", 1989, "year.wareki"),
        ("平成元年", 1989, "year.wareki"),
        ("昭和65年", None, "date.outside_era"),
        ("令和5年度", None, "year.is_fiscal"),
        ("明治5年", None, "date.lunar_calendar"),
        ("202", None, "year.not_a_year"),
    ],
)
def test_year(text, western, rule):
    assert one(year, text)[::2] == (western, rule)


def test_era_column():
    assert one(month, "5.2", era=pl.lit("令和"))[0] == dt.date(2023, 2, 1)
    assert one(year, "5", era=pl.lit("R"))[0] == 2023
    assert one(fiscal_year, "H5", era=pl.lit("R"))[2] == "date.era_conflict"


@column_property
@given(st.integers(2019, 2099), st.integers(1, 12))
def test_month_round_trip(y, m):
    if (y, m) < (2019, 5):
        return
    texts = [
        f"{y}-{m:02}",
        f"{y}年{m}月",
        f"{y}{m:02}",
        f"R{y - 2018}.{m}",
        f"令和{y - 2018}年{m}月",
    ]
    assert [v for v, _, _ in run(month, texts)] == [dt.date(y, m, 1)] * 5


@pytest.mark.parametrize("function", [month, year, fiscal_year])
@column_property
@given(
    texts=st.lists(
        st.one_of(st.text(), st.text(alphabet="0129年月日度RSHFY令和元.-/ 分{}")), min_size=1
    )
)
def test_total(function, texts):
    for value, verdict, rule in run(function, texts):
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")
