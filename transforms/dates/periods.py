"""Months, calendar years and fiscal years, western or 和暦, as typed columns.

Belongs here: the typed faces of the one grammar for periods longer than a day. Must not hold:
spellings (`parts`), days (`day`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import polars as pl

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES as DATE_RULES
from transforms.dates.eras import era_letter
from transforms.dates.leftovers import read_left
from transforms.rules import Example, Rule
from transforms.verdict import OK, REFUSED, UNCERTAIN, VERDICT, name_of, trim

Policy = Literal["strict", "lenient"]


def _examples(kind: str, *pairs: tuple[str, str]) -> tuple[Example, ...]:
    return tuple(Example(text, value, kind) for text, value in pairs)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "month.iso": Rule(
            OK, "西暦（年-月）", examples=_examples("month", ("2023-02", "2023-02-01"))
        ),
        "month.western": Rule(
            OK, "西暦の年月から変換", examples=_examples("month", ("2023年2月", "2023-02-01"))
        ),
        "month.wareki": Rule(
            OK, "和暦の年月から変換", examples=_examples("month", ("令和5年2月分", "2023-02-01"))
        ),
        "month.first_day": Rule(
            OK, "月初日を年月に変換", examples=_examples("month", ("2023/2/1", "2023-02-01"))
        ),
        "month.has_day": Rule(
            REFUSED,
            "年月の欄に日付",
            "年月の欄に日まで書かれています。年月だけにするか、日付の列として台帳で指定してください。",
            _examples("month", ("2023-02-02", "")),
        ),
        "month.not_a_month": Rule(
            REFUSED,
            "年月として読めない",
            "年月として読めません。2023-02 または 令和5年2月 のように書いてください。",
            _examples("month", ("2023年2", "")),
        ),
        "year.western": Rule(OK, "西暦の年", examples=_examples("year", ("2023", "2023"))),
        "year.written_out": Rule(
            OK, "西暦の年に統一", examples=_examples("year", ("2023年", "2023"))
        ),
        "year.wareki": Rule(
            OK, "和暦の年から変換", examples=_examples("year", ("昭和64年", "1989"))
        ),
        "year.is_fiscal": Rule(
            UNCERTAIN,
            "年の欄に年度",
            "年の欄に年度が書かれています。暦年か年度かを確認し、台帳の型を直してください。",
            _examples("year", ("令和5年度", "")),
        ),
        "year.not_a_year": Rule(
            REFUSED,
            "年として読めない",
            "年として読めません。2023 または 令和5年 のように書いてください。",
            _examples("year", ("202", "")),
        ),
        "fiscal_year.western": Rule(
            OK, "西暦の年度", examples=_examples("fiscal_year", ("2023", "2023"))
        ),
        "fiscal_year.written_out": Rule(
            OK, "西暦の年度に統一", examples=_examples("fiscal_year", ("2023年度", "2023"))
        ),
        "fiscal_year.wareki": Rule(
            OK,
            "和暦の年度から変換",
            examples=_examples("fiscal_year", ("平成31年度", "2019"), ("令和元年度", "2019")),
        ),
        "fiscal_year.is_calendar": Rule(
            UNCERTAIN,
            "年度の欄に年",
            "年度の欄に年が書かれています。年度なら「年度」と書くか、台帳の型を直してください。",
            _examples("fiscal_year", ("2023年", "")),
        ),
        "fiscal_year.not_a_year": Rule(
            REFUSED,
            "年度として読めない",
            "年度として読めません。2023 または 令和5年度 のように書いてください。",
            _examples("fiscal_year", ("202", "")),
        ),
    }
)
_ALL: Mapping[str, Rule] = MappingProxyType({**RULES, **DATE_RULES})


def month(column: pl.Expr, *, era: pl.Expr | None = None, policy: Policy = "strict") -> pl.Expr:
    """Return the first day of the month a text means.

    Args:
        column: Raw text: 2023年2月, R5.2, 2023-02, 202302, R0502, 令和5年2月分. A first day
            (2023/2/1, as spreadsheets write a month) is taken; any other day is refused.
        era: Era names or letters for texts that give only an era year.
        policy: `lenient` reckons months outside their era on.

    Returns:
        Judged Date. 2023.1 is uncertain: it may be a number that lost the zero of 2023.10.
    """
    rule, first = pl.field("found").struct.field("rule"), pl.field("found").struct.field("earliest")
    one_day = (rule == "date.unit_mismatch") & (first == pl.field("found").struct.field("latest"))
    renamed = (
        pl.when(one_day & (first.dt.day() == 1))
        .then(pl.lit("month.first_day"))
        .when(one_day)
        .then(pl.lit("month.has_day"))
        .otherwise(rule.replace({"date.not_a_date": "month.not_a_month", **_kept("month")}))
    )
    return _face(column, era, Context(unit="month", lenient=policy == "lenient"), renamed, first)


def year(column: pl.Expr, *, era: pl.Expr | None = None, policy: Policy = "strict") -> pl.Expr:
    """Return the western calendar year (Int32) of 2023, 2023年, 令和5年, R5.

    Args:
        column: Raw text.
        era: Era names or letters for texts that give only an era year.
        policy: `lenient` reckons years outside their era on.

    Returns:
        Judged Int32. 年度 is uncertain here (`year.is_fiscal`).
    """
    return _year("year", column, era, "year.is_fiscal", policy)


def fiscal_year(
    column: pl.Expr, *, era: pl.Expr | None = None, policy: Policy = "strict"
) -> pl.Expr:
    """Return the western year (Int32) in which the fiscal year starts (April).

    Args:
        column: Raw text: 令和5年度, R5, 2023年度, 2023, FY2023. 平成31年度 and 令和元年度 are both 2019.
        era: Era names or letters for texts that give only an era year.
        policy: `lenient` reckons years outside their era on.

    Returns:
        Judged Int32. 年 without 度 is uncertain here (`fiscal_year.is_calendar`).
    """
    return _year("fiscal_year", column, era, "fiscal_year.is_calendar", policy)


def _year(kind: str, column: pl.Expr, era: pl.Expr | None, other: str, policy: Policy) -> pl.Expr:
    found = pl.field("found").struct
    rule, first, last = (found.field(n) for n in ("rule", "earliest", "latest"))
    whole = (rule == "date.unit_mismatch") & ((last - first).dt.total_days() >= 364)  # noqa: PLR2004
    bare = pl.field("text").str.contains("^[0-9]{4}$")
    renamed = (
        pl.when(whole)
        .then(pl.lit(other))
        .when(rule.is_in(["date.iso", "date.western"]))
        .then(
            pl.when(bare).then(pl.lit(f"{kind}.western")).otherwise(pl.lit(f"{kind}.written_out"))
        )
        .otherwise(rule.replace({"date.not_a_date": f"{kind}.not_a_year", **_kept(kind)}))
    )
    context = Context(unit=kind, lenient=policy == "lenient")
    return _face(column, era, context, renamed, first.dt.year())


def _kept(kind: str) -> dict[str, str]:
    """Return the names under which a typed column knows the rules that keep a value."""
    wareki = dict.fromkeys(("date.wareki", "date.era_column"), f"{kind}.wareki")
    return wareki | {"date.iso": f"{kind}.iso", "date.western": f"{kind}.western"}


def _face(
    column: pl.Expr, era: pl.Expr | None, context: Context, rule: pl.Expr, value: pl.Expr
) -> pl.Expr:
    """Return the judged column of what the grammar reads under a unit."""
    fields = {"text": pl.field("text")} | ({"era": pl.field("era")} if era is not None else {})
    given = pl.lit(None, dtype=pl.String) if era is None else era_letter(era)
    read = pl.struct(text=trim(column), era=given).struct.with_fields(
        found=read_left(fields, pl.lit(value=True), context)
    )
    rule = rule.fill_null("blank")
    verdict = rule.replace_strict(
        list(_ALL), [one.verdict for one in _ALL.values()], return_dtype=pl.String, default=None
    )
    kept = verdict.is_in(["ok", "repaired"]) & (rule != "blank")
    judged = pl.struct(value=pl.when(kept).then(value), verdict=verdict.cast(VERDICT), rule=rule)
    return read.struct.with_fields(judged=judged).struct.field("judged").alias(name_of(column))
