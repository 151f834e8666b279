"""Days: the date of a city file, judged.

Belongs here: `date` and the fast path of its usual spellings. Must not hold: the fast path's
patterns (`spellings`), the rare spellings (`phrases`), the rules' words (`date_rules`).
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

import polars as pl

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES as DATE_RULES
from transforms.dates.eras import (
    FIRST_PLAUSIBLE_YEAR,
    LAST_PLAUSIBLE_YEAR,
    SOLAR_FROM,
    overlaps_era,
)
from transforms.dates.leftovers import read_left, verdict_of
from transforms.dates.spellings import read_date, resolve_date
from transforms.distinct import judge_distinct
from transforms.verdict import BLANK, VERDICT, name_of

RULES = DATE_RULES
FAST_RULES = (
    BLANK,
    "date.serial",
    "date.time_dropped",
    "date.iso",
    "date.era_column",
    "date.wareki",
    "date.western",
    "date.sentinel",
    "date.era_digit",
)
_LEFT = "left"
JUDGED_DAY = pl.Struct(
    {
        "value": pl.Date,
        "verdict": VERDICT,
        "rule": pl.String,
        "earliest": pl.Date,
        "latest": pl.Date,
    }
)
_FAST = pl.Enum([*FAST_RULES, _LEFT])
_WEEKDAYS = "月火水木金土日"


def date(
    column: pl.Expr,
    *,
    era: pl.Expr | None = None,
    open_end: bool = False,
    excel_serials: bool = False,
    era_digits: bool = False,
    policy: Literal["strict", "lenient"] = "strict",
) -> pl.Expr:
    """Return the day a text means.

    Args:
        column: Raw text: every spelling `moments.moment` reads.
        era: Era names or letters (令和, R) for texts that give only an era year (5.2.1). 西暦 or an
            unreadable era resolves nothing.
        open_end: Take 99999999, 9999-12-31 and 00000000 as "no end": null, ok.
        excel_serials: Take numbers as serials of Excel's calendar of 1900.
        era_digits: Take seven digits as era number (1 明治 to 5 令和), year, month, day.
        policy: `strict` refuses days outside their era, `lenient` reckons them on and repairs.

    Returns:
        `Struct{value: Date, verdict, rule, earliest: Date, latest: Date}`. Era boundaries are those
        of the law; both names hold on the day of change. Bounds are those of `moments.moment`.
    """
    given = [column] if era is None else [column, era]
    settings = {"excel_serials": excel_serials, "era_digits": era_digits}

    def judge(distinct: pl.DataFrame) -> pl.Series:
        names = pl.col("0"), None if era is None else pl.col("1")
        judged = _date(*names, open_end=open_end, lenient=policy == "lenient", **settings)
        return distinct.select(judged.alias("judged"))["judged"]

    return judge_distinct(given, judge, JUDGED_DAY, name_of(column))


def _date(
    column: pl.Expr,
    era: pl.Expr | None,
    *,
    open_end: bool,
    excel_serials: bool,
    era_digits: bool,
    lenient: bool,
) -> pl.Expr:
    """Return the judged struct, the usual spellings by expressions and the rest by the grammar."""
    context = Context(
        unit="day",
        lenient=lenient,
        excel="1900" if excel_serials else None,
        era_digits=era_digits,
    )
    read = read_fast(column, era, excel_serials=excel_serials, era_digits=era_digits)
    fields = {"text": pl.field("text")} | ({"era": pl.field("given")} if era is not None else {})
    read = read.struct.with_fields(found=read_left(fields, pl.field("fast") == _LEFT, context))
    judged = _judge(open_end=open_end)
    return read.struct.with_fields(judged=judged).struct.field("judged")


def read_fast(
    column: pl.Expr,
    era: pl.Expr | None,
    *,
    excel_serials: bool = False,
    era_digits: bool = False,
    beside: Mapping[str, pl.Expr] = MappingProxyType({}),
) -> pl.Expr:
    """Return a struct with `text`, `date` and `fast`: the rule of the usual spellings, or `left`.

    Args:
        column: Raw text.
        era: Era names or letters.
        excel_serials: Five digits (and 2200 to 9999) are serials.
        era_digits: Seven digits begin with the number of an era.
        beside: Columns to keep beside them.
    """
    read = resolve_date(
        read_date(column, era, excel_serials=excel_serials, era_digits=era_digits, beside=beside)
    )
    return read.struct.with_fields(fast=_fast_rule())


def _fast_rule() -> pl.Expr:
    parts = pl.field("parts").struct
    iso = (
        (pl.field("text").str.len_bytes() == 10)
        & (parts.field("3") == "-")
        & (parts.field("4").str.len_bytes() == 2)
        & (parts.field("6").str.len_bytes() == 2)
        & (pl.field("digits") == 4)
    )
    rule = pl.lit("date.western", dtype=_FAST)
    for case, name in (
        (pl.field("base") > 0, "date.wareki"),
        ((pl.field("base") > 0) & pl.field("letter").is_null(), "date.era_column"),
        (iso, "date.iso"),
        (pl.field("clocked"), "date.time_dropped"),
        (~_is_sure(), _LEFT),
        (_is_bare() & _is_era_digit() & ~pl.field("packed"), "date.era_digit"),
        (_is_bare() & pl.field("number").is_in([0, 99999999]), "date.sentinel"),
        (pl.field("serial"), "date.serial"),
        (pl.field("serial") & ~pl.field("whole"), _LEFT),
        (pl.field("text") == "", BLANK),
    ):
        rule = pl.when(case).then(pl.lit(name, dtype=_FAST)).otherwise(rule)
    return rule


def _is_bare() -> pl.Expr:
    """Return whether the text is eight or seven digits and nothing else."""
    length = pl.field("text").str.len_bytes()
    bare = (pl.field("length") == length) & length.is_in([7, 8]) & pl.field("letter").is_null()
    return bare.fill_null(value=False)


def _is_era_digit() -> pl.Expr:
    return (pl.field("length") == 7) & pl.field("number").is_between(1_000_000, 5_999_999)


def _is_sure() -> pl.Expr:
    """Return whether the text is a usual spelling of one day of one era; never null."""
    letter, given, digits = pl.field("letter"), pl.field("given"), pl.field("digits")
    year, base, found = pl.field("year"), pl.field("base"), pl.field("date")
    miscounted = (digits == 3) | (letter.is_not_null() & (digits == 4))
    # Year 99 of an era is what systems write for "none".
    miscounted |= (base > 0) & (pl.field("count") == 99)
    weekday = (
        pl.field("odd")
        .struct.field("2")
        .replace_strict(list(_WEEKDAYS), range(1, 8), default=None, return_dtype=pl.Int8)
    )
    shaped = pl.field("shaped") | ~pl.field("split")
    sure = ~pl.field("left_over") & shaped & ~miscounted & found.is_not_null()
    plausible = year.is_between(max(FIRST_PLAUSIBLE_YEAR, SOLAR_FROM.year), LAST_PLAUSIBLE_YEAR)
    same_era = (letter == given).fill_null(value=True)
    same_day = (weekday == found.dt.weekday()).fill_null(value=True)
    sure &= plausible & same_era & same_day & overlaps_era(base, found, found)
    return sure.fill_null(value=False)


def _judge(*, open_end: bool) -> pl.Expr:
    found = pl.field("found").struct
    keeps = found.field("rule").is_null()
    rule = pl.when(keeps).then(pl.field("fast").cast(pl.String)).otherwise(found.field("rule"))
    if open_end:
        rule = pl.when(rule == "date.sentinel").then(pl.lit("date.open_end")).otherwise(rule)
    day = pl.when(keeps).then(pl.field("date"))
    kept = pl.when(found.field("value").is_not_null()).then(found.field("earliest"))
    return pl.struct(
        value=pl.coalesce(day, kept),
        verdict=verdict_of(rule).cast(VERDICT),
        rule=rule,
        earliest=pl.coalesce(day, found.field("earliest")),
        latest=pl.coalesce(day, found.field("latest")),
    )
