"""Numbers as clerks write them: signs, thousands, units, full-width digits.

Belongs here: text to Int64 or Float64. Must not hold: identifiers made of digits (`codes`).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
    trim,
)
from transforms.width import ASCII, DASHES, fold_word, replace_table

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "number.plain": Rule(OK, "数値"),
        "number.fullwidth": Rule(OK, "全角の数字を半角に統一"),
        "number.negative_mark": Rule(OK, "負の記号（△など）を変換"),
        "number.grouped": Rule(OK, "桁区切りを除去"),
        "number.unit": Rule(OK, "単位を除去"),
        "number.percent_sign": Rule(OK, "％を除去"),
        "number.written_form": Rule(OK, "符号・先頭の0・空白を整理"),
        "number.whole_decimal": Rule(REPAIRED, "小数表記を整数に変換"),
        "number.scientific": Rule(
            UNCERTAIN,
            "指数表記の数値",
            "指数表記は桁が失われていることがあります。セルの書式を数値にして出力し直してください。",
        ),
        "number.symbol": Rule(
            UNCERTAIN,
            "数値の代わりの記号",
            "数値の代わりの記号です。皆無・不詳・秘匿のどれかを確認し、空欄にするか台帳で意味を指定してください。",
        ),
        "number.bad_grouping": Rule(
            REFUSED,
            "桁区切りの誤り",
            "桁区切りが3桁ごとではありません。原本を確認して数値を直してください。",
        ),
        "number.not_integer": Rule(
            REFUSED,
            "整数でない数値",
            "整数の欄に小数があります。原本を確認して数値を直すか、小数の列として台帳で指定してください。",
        ),
        "number.overflow": Rule(
            REFUSED,
            "大きすぎる数値",
            "数値が大きすぎて正確に扱えません。原本を確認して桁を直すか、番号の列として台帳で指定してください。",
        ),
        "number.not_a_number": Rule(
            REFUSED,
            "数値として読めない",
            "数値として読めません。半角の数字だけで書き、単位は台帳で指定してください。",
        ),
    }
)

INT64_MAX = 2**63 - 1
# Every whole number below is exact in a Float64.
FLOAT_EXACT = 2**53
MULTIPLIER_MAX = 10**9
_FRACTION_DIGITS = 9
_FOLDED: Mapping[str, str] = MappingProxyType(
    {**ASCII, **dict.fromkeys(DASHES, "-"), "△": "-", "▲": "-", "\u00a0": " "}
)
_DIGITS = r"([0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]*))?"
_SYMBOL = r"^(?:[-*.…‥xX×]+|・+|n/a|N/A|NA|なし|無し|不明|不詳|未定|秘匿)$"
_COMMAS = r"^[-+(]? *[0-9,]*,[0-9,]*(?:\.[0-9]*)?\)?"
_SCIENTIFIC = r"^[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"


def integer(column: pl.Expr, *, multiplier: int = 1, units: tuple[str, ...] = ()) -> pl.Expr:
    """Return a whole number (Int64).

    Args:
        column: Raw text: 1,234 (grouped in threes only), △5, ▲5, −5, (5), １２, 12.0.
        multiplier: What one in the file stands for (1000 for 千円); the product must be whole.
        units: Words that may follow the number (人, 円).

    Returns:
        Judged Int64 in units of one (after multiplication). 12.5 is refused, and so are 漢数字.

    Raises:
        ValueError: If `multiplier` or `units` cannot be used.
    """
    _check_parameters(multiplier, units)
    read = _read(column, units)
    whole = pl.field("whole").cast(pl.Int64, strict=False)
    fraction = pl.field("fraction").str.strip_chars_end("0")
    scale = _power_of_ten(fraction.str.len_bytes())
    product = fraction.replace("", "0").cast(pl.Int64, strict=False) * multiplier
    # One less leaves room for the fraction, which is never a whole one.
    fits = whole <= INT64_MAX // multiplier - (multiplier > 1)
    magnitude = pl.when(fits).then(whole) * multiplier + product // scale
    signed = pl.when(pl.field("negative")).then(-magnitude).otherwise(magnitude)
    uneven = (product % scale != 0) | (fraction.str.len_bytes() > _FRACTION_DIGITS)
    cases = [(uneven, "number.not_integer"), (~fits.fill_null(value=False), "number.overflow")]
    return _judge(read, signed, cases, _repairs(whole_decimal=True), name_of(column))


def decimal(column: pl.Expr, *, multiplier: int = 1, units: tuple[str, ...] = ()) -> pl.Expr:
    """Return a number (Float64).

    Args:
        column: Raw text, see `integer`; a fraction is allowed.
        multiplier: What one in the file stands for.
        units: Words that may follow the number.

    Returns:
        Judged Float64 in units of one. Whole parts from 2**53 are refused: they are not exact.

    Raises:
        ValueError: If `multiplier` or `units` cannot be used.
    """
    _check_parameters(multiplier, units)
    repairs = _repairs(whole_decimal=False)
    return _judge(
        _read(column, units),
        _signed_float(multiplier),
        [_too_big(multiplier)],
        repairs,
        name_of(column),
    )


def percent(column: pl.Expr) -> pl.Expr:
    """Return percentage points (Float64): 5.1% is 5.1, never 0.051.

    Args:
        column: Raw text with or without %, ％ or パーセント. Without the sign the number is taken as
            points too: whether a file holds ratios is for its contract to say.

    Returns:
        Judged Float64 in percentage points.
    """
    repairs = [
        (rule if rule != "number.unit" else "number.percent_sign", condition)
        for rule, condition in _repairs(whole_decimal=False)
    ]
    read = _read(column, ("%", "パーセント"))
    return _judge(read, _signed_float(1), [_too_big(1)], repairs, name_of(column))


def _check_parameters(multiplier: int, units: tuple[str, ...]) -> None:
    if not 1 <= multiplier <= MULTIPLIER_MAX:
        raise ValueError(
            "倍率が使えない値です。場所: multiplier。"
            f"次にすること: 1 から {MULTIPLIER_MAX} までの整数にしてください。"
        )
    if not all(unit.strip() and not re.search("[0-9]", fold_word(unit)) for unit in units):
        raise ValueError(
            "単位の語が空か、数字を含んでいます。場所: units。"
            "次にすること: 「人」「円」のように、数字を含まない語にしてください。"
        )


def _read(column: pl.Expr, units: tuple[str, ...]) -> pl.Expr:
    """Return the struct of sign, whole digits, fraction, unit as written."""
    words = sorted({fold_word(unit).strip() for unit in units}, key=len, reverse=True)
    folded_words = [word.translate(str.maketrans(dict.fromkeys(DASHES, "-"))) for word in words]
    unit = f"(?: *({'|'.join(map(re.escape, folded_words))}))?" if words else "()"
    pattern = rf"^(?:([-+]) *)?(\()?{_DIGITS}(\))?{unit}$"
    groups = pl.field("groups").struct
    return (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=replace_table(pl.field("raw"), _FOLDED))
        .struct.with_fields(groups=pl.field("x").str.extract_groups(pattern))
        .struct.with_fields(
            whole=groups.field("3").str.replace_all(",", "", literal=True),
            grouped=groups.field("3").str.contains(",", literal=True),
            fraction=groups.field("4").fill_null(""),
            negative=(groups.field("1") == "-").fill_null(value=False)
            | groups.field("2").is_not_null(),
        )
    )


def _signed_float(multiplier: int) -> pl.Expr:
    text = pl.concat_str(pl.field("whole"), pl.lit("."), pl.field("fraction"), pl.lit("0"))
    number = text.cast(pl.Float64, strict=False) * multiplier
    return pl.when(pl.field("negative")).then(-number).otherwise(number)


def _too_big(multiplier: int) -> tuple[pl.Expr, str]:
    exact = pl.field("whole").cast(pl.Float64, strict=False) * multiplier < FLOAT_EXACT
    return ~exact.fill_null(value=False), "number.overflow"


def _power_of_ten(exponent: pl.Expr) -> pl.Expr:
    powers = [10**n for n in range(_FRACTION_DIGITS + 1)]
    return exponent.replace_strict(
        range(_FRACTION_DIGITS + 1), powers, default=1, return_dtype=pl.Int64
    )


def _repairs(*, whole_decimal: bool) -> list[tuple[str, pl.Expr]]:
    """Return the repairs in order of what a clerk should hear first."""
    groups, raw = pl.field("groups").struct, pl.field("raw")
    plain_sign = raw.str.contains("^-?[0-9]")
    repairs = [
        ("number.negative_mark", pl.field("negative") & ~raw.str.starts_with("-")),
        ("number.unit", groups.field("6") != ""),
        ("number.fullwidth", raw != pl.field("x")),
        ("number.grouped", pl.field("grouped")),
    ]
    if whole_decimal:
        repairs.append(("number.whole_decimal", groups.field("4").is_not_null()))
    odd = ~plain_sign | raw.str.contains(r"^-?0[0-9]|\.$| ")
    return [*repairs, ("number.written_form", odd)]


def _judge(
    read: pl.Expr,
    value: pl.Expr,
    cases: list[tuple[pl.Expr, str]],
    repairs: list[tuple[str, pl.Expr]],
    name: str,
) -> pl.Expr:
    groups, x = pl.field("groups").struct, pl.field("x")
    unread = pl.field("whole").is_null()
    left = pl.when(unread).then(x)
    lone = groups.field("2").is_not_null() != groups.field("5").is_not_null()
    doubled = groups.field("2").is_not_null() & groups.field("1").is_not_null()
    every = [
        (pl.field("raw") == "", BLANK),
        (left.str.contains(_SYMBOL), "number.symbol"),
        (left.str.contains(_SCIENTIFIC), "number.scientific"),
        (left.str.contains(_COMMAS), "number.bad_grouping"),
        (unread | lone | doubled, "number.not_a_number"),
        *cases,
        *((condition, rule) for rule, condition in repairs),
    ]
    judged = decide(value, RULES, every, "number.plain")
    return judge_fields(read, judged, name)
