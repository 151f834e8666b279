"""How a day is usually written: the spellings read as columns, without leaving polars.

Belongs here: folding, patterns, and year, month, day as columns. Must not hold: verdicts (`day`),
rare spellings (`parts`).
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.dates.eras import (
    LAST_PLAUSIBLE_YEAR,
    LETTERS,
    NAMES,
    base_year,
    civil_date,
    era_letter,
)
from transforms.verdict import trim
from transforms.width import ASCII, DASHES, replace_table


def _kanji_numbers() -> dict[str, str]:
    """Return 一 to 九十九, and 壱 to 九拾九 as registers write them, to digits.

    A number with a ten in it is fenced (`{21}`), so that 二十十 cannot pass as 2010.
    """
    plain, formal = "〇一二三四五六七八九", "零壱弐参四五六七八九"
    table = {kanji: str(n) for digits in (plain, formal) for n, kanji in enumerate(digits)}
    for digits, ten in ((plain, "十"), (formal, "拾")):
        for n in range(10, 100):
            tens = "" if n < 20 else digits[n // 10]
            table[tens + ten + (digits[n % 10] if n % 10 else "")] = f"{{{n}}}"
    return table


FOLDED: Mapping[str, str] = MappingProxyType(
    dict.fromkeys("{}｛｝", "?")
    | {key: value for key, value in ASCII.items() if value not in "{}"}
    | {chr(ord(letter) + 0xFEE0): NAMES[letter] for letter in "mtshr"}
    | dict.fromkeys(DASHES, "-")
    | {"・": ".", "･": ".", "\t": " ", "\u00a0": " ", "西暦": ""}
    | dict(NAMES)
    | _kanji_numbers()
)

YEAR = rf"(?:([{LETTERS}])[. ]*)?\{{?(元|[0-9]{{1,4}})\}}?"
_PARTS = (
    rf"^{YEAR} *([年./-]) *\{{?([0-9]{{1,2}})\}}? *([月./-]) *\{{?([0-9]{{1,2}})\}}?([日 T(].*)?$"
)
_CLOCK = r"(?:[01]?[0-9]|2[0-3])(?::[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?|時[0-5]?[0-9]分(?:[0-5]?[0-9]秒)?)"
_TAIL = rf"^ *(日)?(?: *\(([月火水木金土日])(?:曜日?)?\))?(?:[ T]+({_CLOCK})(?: *\+0?9:?00)?)?$"
_COMPACT = rf"^([{LETTERS}]?)([0-9]{{1,8}})(\.[0-9]+)?((?:[ T]+{_CLOCK})?)$"
_PAIRS = ["//", "..", "--"]


def fold(column: pl.Expr) -> pl.Expr:
    """Return trimmed text with half-width signs, era letters MTSHR and arabic digits."""
    return replace_table(trim(column), FOLDED)


def _number(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int32, strict=False)


def read_date(
    column: pl.Expr,
    era: pl.Expr | None,
    *,
    excel_serials: bool = False,
    era_digits: bool = False,
    beside: Mapping[str, pl.Expr] = MappingProxyType({}),
) -> pl.Expr:
    """Return the struct of what is written: the groups of the two spellings of a date.

    Each stage is computed once and only where the one before found something left to do.
    """
    given = pl.lit(None, dtype=pl.String) if era is None else era_letter(era)
    x, parts = pl.field("x"), pl.field("parts").struct
    tail = parts.field("7")
    return (
        pl.struct(
            *(field.alias(name) for name, field in beside.items()),
            text=trim(column),
            given=given,
        )
        .struct.with_fields(x=replace_table(pl.field("text"), FOLDED))
        .struct.with_fields(parts=x.str.extract_groups(_PARTS))
        .struct.with_fields(
            compact=pl.when(parts.field("2").is_null()).then(x).str.extract_groups(_COMPACT),
            odd=pl.when(tail != "日").then(tail).str.extract_groups(_TAIL),
        )
        .struct.with_fields(**_written())
        .struct.with_fields(**(_number_of_era() if era_digits else {}))
        .struct.with_fields(**_kind(excel_serials=excel_serials))
    )


def _written() -> dict[str, pl.Expr]:
    """Return the parts of either spelling, side by side."""
    parts, compact, odd = (pl.field(n).struct for n in ("parts", "compact", "odd"))
    split = parts.field("2").is_not_null()
    plain = parts.field("7").is_null() | (parts.field("7") == "日")
    marked = (parts.field("7") == "日") | odd.field("1").is_not_null()
    read = pl.any_horizontal(odd.field(g).is_not_null() for g in "123")
    paired = pl.concat_str(parts.field("3"), parts.field("5"))
    return {
        "split": split,
        "shaped": pl.when(marked.fill_null(value=False))
        .then(paired == "年月")
        .otherwise(paired.is_in(_PAIRS)),
        "left_over": pl.when(split).then(~(plain | read)).otherwise(compact.field("2").is_null()),
        "letter": pl.coalesce(parts.field("1"), compact.field("1").replace("", None)),
        "number": _number(compact.field("2")),
        "length": compact.field("2").str.len_bytes(),
        "whole": compact.field("3").is_null() | ~compact.field("3").str.contains("[1-9]"),
        "clocked": odd.field("3").is_not_null() | (compact.field("4") != "").fill_null(value=False),
    }


def _number_of_era() -> dict[str, pl.Expr]:
    """Return seven digits as the letter of the era their first digit counts, and six digits."""
    number = pl.field("number")
    seven = (pl.field("length") == 7) & pl.field("letter").is_null() & ~pl.field("clocked")
    coded = seven & pl.field("whole") & number.is_between(1_000_000, 5_999_999)
    letter = (number // 1_000_000).replace_strict(
        range(1, 6), list(LETTERS), default=None, return_dtype=pl.String
    )
    return {
        "letter": pl.when(coded).then(letter).otherwise(pl.field("letter")),
        "number": pl.when(coded).then(number % 1_000_000).otherwise(number),
        "length": pl.when(coded).then(6).otherwise(pl.field("length")).cast(pl.UInt32),
    }


def _kind(*, excel_serials: bool) -> dict[str, pl.Expr]:
    """Return which number a text without separators is: a day in digits, or a serial."""
    letter, number, length = pl.field("letter"), pl.field("number"), pl.field("length")
    bare = letter.is_null() & ~pl.field("clocked")
    serial_size = (length == 5) | (number.is_between(LAST_PLAUSIBLE_YEAR + 1, 9999) & (length == 4))
    serial = bare & serial_size & excel_serials
    with_era = pl.field("given").is_not_null() & length.is_in([5, 6]) & pl.field("whole")
    western = letter.is_null() & (length == 8) & pl.field("whole")
    lettered = (
        letter.is_not_null() & (length == 6) & pl.field("compact").struct.field("3").is_null()
    )
    return {
        "serial": serial,
        "packed": western | lettered | (letter.is_null() & with_era & ~serial),
    }


def resolve_date(read: pl.Expr) -> pl.Expr:
    """Add era year, western year, month, day, era base and the date itself."""
    parts, number = pl.field("parts").struct, pl.when(pl.field("packed")).then(pl.field("number"))
    letter, count = pl.field("letter"), pl.field("count")
    return (
        read.struct.with_fields(
            count=pl.coalesce(_number(parts.field("2").replace("元", "1")), number // 10000),
            month=pl.coalesce(_number(parts.field("4")), number // 100 % 100),
            day=pl.coalesce(_number(parts.field("6")), number % 100),
            digits=pl.coalesce(
                parts.field("2").replace("元", "1").str.len_bytes(),
                pl.when(pl.field("length") == 8).then(4).otherwise(2).cast(pl.UInt32),
            ),
        )
        .struct.with_fields(
            base=pl.when(pl.field("digits") < 4)
            .then(base_year(pl.coalesce(letter, pl.field("given"))))
            .when(letter.is_null())
            .then(0),
        )
        .struct.with_fields(year=count + pl.field("base"))
        .struct.with_fields(
            date=pl.when(pl.field("serial"))
            .then((pl.field("number") - 25569).cast(pl.Date))
            .otherwise(civil_date(pl.field("year"), pl.field("month"), pl.field("day")))
        )
    )
