"""Months, calendar years and fiscal years, western or 和暦.

Belongs here: spellings of periods longer than a day. Must not hold: days (`dates`), eras (`eras`).
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.dates.day import RULES as DAY_RULES
from transforms.dates.eras import (
    FIRST_PLAUSIBLE_YEAR,
    LAST_PLAUSIBLE_YEAR,
    SOLAR_FROM,
    base_year,
    civil_date,
    era_letter,
    overlaps_era,
)
from transforms.dates.spellings import YEAR, fold
from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)

# What goes wrong with an era or a year is the same for a day.
_SHARED = (
    "date.era_missing",
    "date.era_conflict",
    "date.lunar_calendar",
    "date.implausible_year",
    "date.incomplete",
    "date.unknown",
    "date.impossible",
    "date.outside_era",
    "date.sentinel",
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "month.iso": Rule(OK, "西暦（年-月）"),
        "month.western": Rule(OK, "西暦の年月から変換"),
        "month.wareki": Rule(OK, "和暦の年月から変換"),
        "month.first_day": Rule(OK, "月初日を年月に変換"),
        "month.january_or_october": Rule(
            UNCERTAIN,
            "1月か10月か不明",
            "10月の末尾の0が落ちた数値かもしれません。2023-01 または 2023年1月 のように書いてください。",
        ),
        "month.has_day": Rule(
            REFUSED,
            "年月の欄に日付",
            "年月の欄に日まで書かれています。年月だけにするか、日付の列として台帳で指定してください。",
        ),
        "month.not_a_month": Rule(
            REFUSED,
            "年月として読めない",
            "年月として読めません。2023-02 または 令和5年2月 のように書いてください。",
        ),
        "year.western": Rule(OK, "西暦の年"),
        "year.written_out": Rule(OK, "西暦の年に統一"),
        "year.wareki": Rule(OK, "和暦の年から変換"),
        "year.is_fiscal": Rule(
            UNCERTAIN,
            "年の欄に年度",
            "年の欄に年度が書かれています。暦年か年度かを確認し、台帳の型を直してください。",
        ),
        "year.not_a_year": Rule(
            REFUSED,
            "年として読めない",
            "年として読めません。2023 または 令和5年 のように書いてください。",
        ),
        "fiscal_year.western": Rule(OK, "西暦の年度"),
        "fiscal_year.written_out": Rule(OK, "西暦の年度に統一"),
        "fiscal_year.wareki": Rule(OK, "和暦の年度から変換"),
        "fiscal_year.is_calendar": Rule(
            UNCERTAIN,
            "年度の欄に年",
            "年度の欄に年が書かれています。年度なら「年度」と書くか、台帳の型を直してください。",
        ),
        "fiscal_year.not_a_year": Rule(
            REFUSED,
            "年度として読めない",
            "年度として読めません。2023 または 令和5年度 のように書いてください。",
        ),
        **{rule: DAY_RULES[rule] for rule in _SHARED},
    }
)

_MIDNIGHT = r"(?:[ T]+0?0:00(?::00)?)?"
# Groups: era, year, separator, month, what follows the month.
_MONTH = rf"^{YEAR} *([年./-]) *\{{?([0-9]{{1,2}})\}}?([月./ -].*)?$"
_AFTER_MONTH = rf"^(?: *(月)(?: *分)?|([./-] *0?1|月 *\{{?0?1\}}? *日){_MIDNIGHT})$"
_PACKED_MONTH = r"^([MTSHR]?)([0-9]{4}|[0-9]{6}|[0-9]{8})$"
_HAS_DAY = r"^ *(?:月|[./-]) *\{?[0-9]{1,2}\}?(?:[ 日T].*)?$"
_YEAR_ONLY = rf"^((?i:FY) *)?{YEAR} *(年度?)?$"
_YEAR_ALONE = rf"^{YEAR} *年度?$"
_UNKNOWN = "不詳|不明|未詳|未定|頃|ころ|ごろ|推定"


def month(column: pl.Expr, *, era: pl.Expr | None = None) -> pl.Expr:
    """Return the first day of the month a text means.

    Args:
        column: Raw text: 2023年2月, R5.2, 2023-02, 202302, R0502, 令和5年2月分. A first day
            (2023/2/1, as spreadsheets write a month) is taken; any other day is refused.
        era: Era names or letters for texts that give only an era year.

    Returns:
        Judged Date. 2023.1 is uncertain: it may be a number that lost the zero of 2023.10.
    """
    read = _month_parts(column, era)
    return judge_fields(read, _judge_month(), name_of(column))


def year(column: pl.Expr, *, era: pl.Expr | None = None) -> pl.Expr:
    """Return the western calendar year (Int32) of 2023, 2023年, 令和5年, R5.

    Args:
        column: Raw text.
        era: Era names or letters for texts that give only an era year.

    Returns:
        Judged Int32. 年度 is uncertain here (`year.is_fiscal`).
    """
    return _whole_year(column, era, "year", first_month=1, wrong=("年度", "year.is_fiscal"))


def fiscal_year(column: pl.Expr, *, era: pl.Expr | None = None) -> pl.Expr:
    """Return the western year (Int32) in which the fiscal year starts (April).

    Args:
        column: Raw text: 令和5年度, R5, 2023年度, 2023, FY2023. 平成31年度 and 令和元年度 are both 2019.
        era: Era names or letters for texts that give only an era year.

    Returns:
        Judged Int32. 年 without 度 is uncertain here (`fiscal_year.is_calendar`).
    """
    wrong = ("年", "fiscal_year.is_calendar")
    return _whole_year(column, era, "fiscal_year", first_month=4, wrong=wrong)


def _base(letter: pl.Expr, given: pl.Expr, digits: pl.Expr) -> pl.Expr:
    """Return the era's base year, 0 for a western year, null when it cannot be told."""
    by_era = pl.when(digits <= 2).then(base_year(pl.coalesce(letter, given)))
    return by_era.when((digits == 4) & letter.is_null()).then(0)


def _start(column: pl.Expr, era: pl.Expr | None) -> pl.Expr:
    given = pl.lit(None, dtype=pl.String) if era is None else era_letter(era)
    return pl.struct(raw=trim(column), given=given).struct.with_fields(x=fold(pl.field("raw")))


def _whole_year(
    column: pl.Expr, era: pl.Expr | None, kind: str, *, first_month: int, wrong: tuple[str, str]
) -> pl.Expr:
    groups = pl.field("groups").struct
    text = groups.field("3").replace("元", "1")
    read = (
        _start(column, era)
        .struct.with_fields(groups=pl.field("x").str.extract_groups(_YEAR_ONLY))
        .struct.with_fields(
            letter=groups.field("2"),
            digits=text.str.len_bytes(),
            count=text.cast(pl.Int32, strict=False),
        )
        .struct.with_fields(base=_base(pl.field("letter"), pl.field("given"), pl.field("digits")))
        .struct.with_fields(year=pl.field("count") + pl.field("base"))
    )
    first = civil_date(pl.field("year"), pl.lit(first_month), pl.lit(1))
    last = first.dt.offset_by("1y").dt.offset_by("-1d")
    cases = [
        (groups.field("4") == wrong[0], wrong[1]),
        *_common_cases(first, last, f"{kind}.not_a_year"),
        (pl.field("base") > 0, f"{kind}.wareki"),
        (pl.field("raw").str.len_bytes() > 4, f"{kind}.written_out"),
    ]
    unread = (pl.field("count").is_null(), f"{kind}.not_a_year")
    judged = decide(pl.field("year"), RULES, [*_unread_cases(), unread, *cases], f"{kind}.western")
    return judge_fields(read, judged, name_of(column))


def _month_parts(column: pl.Expr, era: pl.Expr | None) -> pl.Expr:
    split, packed = pl.field("split").struct, pl.field("packed").struct
    number, size = packed.field("2").cast(pl.Int32, strict=False), packed.field("2").str.len_bytes()
    pairs = pl.when(size == 8).then(number // 100).otherwise(number)
    text = split.field("2").replace("元", "1")
    return (
        _start(column, era)
        .struct.with_fields(
            split=pl.field("x").str.extract_groups(_MONTH),
            packed=pl.field("x").str.extract_groups(_PACKED_MONTH),
        )
        .struct.with_fields(after=split.field("5").str.extract_groups(_AFTER_MONTH))
        .struct.with_fields(
            letter=pl.coalesce(split.field("1"), packed.field("1").replace("", None)),
            digits=pl.coalesce(text.str.len_bytes(), (size.clip(4, 6) - 2)),
            count=pl.coalesce(text.cast(pl.Int32, strict=False), pairs // 100),
            month=pl.coalesce(split.field("4").cast(pl.Int32, strict=False), pairs % 100),
            size=size,
            number=number,
            first_day=pl.field("after").struct.field("2").is_not_null()
            | ((size == 8) & (number % 100 == 1)),
            sign=pl.field("after").struct.field("1").is_not_null(),
        )
        .struct.with_fields(base=_base(pl.field("letter"), pl.field("given"), pl.field("digits")))
        .struct.with_fields(year=pl.field("count") + pl.field("base"))
        .struct.with_fields(date=civil_date(pl.field("year"), pl.field("month"), pl.lit(1)))
    )


def _judge_month() -> pl.Expr:
    date, split = pl.field("date"), pl.field("split").struct
    base, after = pl.field("base"), split.field("5").fill_null("")
    cases = [
        *_unread_cases(),
        *_month_shape_cases(after),
        *_common_cases(date, date.dt.month_end(), "month.not_a_month"),
        (date.is_null(), "date.impossible"),
        (pl.field("first_day").fill_null(value=False), "month.first_day"),
        (base > 0, "month.wareki"),
        (pl.field("raw").str.contains("^[0-9]{4}-[0-9]{2}$"), "month.iso"),
    ]
    return decide(date, RULES, cases, "month.western")


def _month_shape_cases(after: pl.Expr) -> list[tuple[pl.Expr, str]]:
    split, size = pl.field("split").struct, pl.field("size")
    first_day = pl.field("first_day").fill_null(value=False)
    bare = pl.field("letter").is_null()
    year_like = bare & (size == 4) & pl.field("number").is_between(1868, LAST_PLAUSIBLE_YEAR)
    dotted = (split.field("3") == ".") & (split.field("4") == "1") & (after == "")
    separated = split.field("2").is_not_null()
    kanji_pair = (split.field("3") == "年") == after.str.contains("^ *月")
    return [
        (pl.field("x").str.contains(_YEAR_ALONE), "date.incomplete"),
        (year_like, "date.incomplete"),
        (
            separated
            & (after != "")
            & ~pl.field("sign")
            & ~first_day
            & after.str.contains(_HAS_DAY),
            "month.has_day",
        ),
        ((size == 8) & ~first_day, "month.has_day"),
        (separated & (after != "") & ~pl.field("sign") & ~first_day, "month.not_a_month"),
        (separated & ~kanji_pair, "month.not_a_month"),
        (bare & dotted & (pl.field("digits") == 4), "month.january_or_october"),
        (pl.field("count").is_null(), "month.not_a_month"),
        (pl.field("letter").is_not_null() & (size > 4), "month.not_a_month"),
    ]


def _unread_cases() -> list[tuple[pl.Expr, str]]:
    raw = pl.field("raw")
    nothing = pl.field("x").str.contains("^(?:0{1,8}|9{6}|9{8}|9999(?:[年./-].*)?)$")
    return [
        (raw == "", BLANK),
        (raw.str.contains(_UNKNOWN), "date.unknown"),
        (nothing, "date.sentinel"),
    ]


def _common_cases(first: pl.Expr, last: pl.Expr, misshapen: str) -> list[tuple[pl.Expr, str]]:
    letter, given, digits = pl.field("letter"), pl.field("given"), pl.field("digits")
    year, base = pl.field("year"), pl.field("base")
    miscounted = (digits == 3) | (letter.is_not_null() & (digits > 2))
    return [
        (miscounted, misshapen),
        (base.is_null(), "date.era_missing"),
        ((letter != given) & given.is_not_null(), "date.era_conflict"),
        ((year < FIRST_PLAUSIBLE_YEAR) | (year > LAST_PLAUSIBLE_YEAR), "date.implausible_year"),
        (year < SOLAR_FROM.year, "date.lunar_calendar"),
        (~overlaps_era(base, first, last), "date.outside_era"),
    ]
