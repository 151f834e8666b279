"""Numbers a city gives to its residents (宛名番号, 世帯番号).

Belongs here: digits, their number, the check digit the contract declares, because systems differ.
Must not hold: numbers given by the state (`my_numbers`, `corporate_numbers`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.codes.check_digits import DECLARABLE, INT64_DIGITS
from transforms.codes.identifiers import digits_or_null, join_digits
from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    decide,
    judge_fields,
    name_of,
    trim,
)

_CONTEXT = "kind=resident_id"
_SOURCE = "検査数字は契約の check_digit(モジュラス11、重み2〜7)"
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "resident_id.plain": Rule(
            OK,
            "宛名番号",
            examples=(Example("0000123455", "0000123455", "code", _CONTEXT),),
            source=_SOURCE,
        ),
        "resident_id.written_form": Rule(
            OK,
            "宛名番号の表記を統一",
            examples=(Example("００００１２３４５-５", "0000123455", "code", _CONTEXT),),
        ),
        "resident_id.zero_restored": Rule(
            REPAIRED,
            "宛名番号の先頭の0を復元",
            examples=(Example("123455", "0000123455", "resident_id", "length=10;check_digit=modulus_11"),),
            source="検査数字が合うので、落ちたのは先頭の0に限られる",
        ),
        "resident_id.check_digit": Rule(
            REFUSED,
            "宛名番号の検査数字の誤り",
            "検査数字が合いません。台帳の番号を確かめて直してください。検査数字の方式が違うときは、契約の check_digit を直してください。",
            (Example("0000123456", "", "code", _CONTEXT),),
            _SOURCE,
        ),
        "resident_id.length": Rule(
            REFUSED,
            "宛名番号の桁数違い",
            "番号の桁数が違います。先頭の0が落ちていないか、原本を確認して直してください。",
            (Example("12345", "", "resident_id", "length=10;check_digit=modulus_11"),),
        ),
        "resident_id.not_digits": Rule(
            REFUSED,
            "宛名番号に数字以外の文字",
            "番号に数字以外の文字があります。数字だけで書いてください。",
            (Example("A123455", "", "code", _CONTEXT),),
        ),
    }
)  # fmt: skip


def resident_id(
    column: pl.Expr, *, length: int | None = None, check_digit: str | None = None
) -> pl.Expr:
    """Return a number of the resident system as digits; leading zeros stay.

    Args:
        column: Raw text, any width; spaces and hyphens do not matter.
        length: Number of digits it must have, check digit included; None for any.
        check_digit: Formula of the last digit, a key of `check_digits.DECLARABLE`; None for none.

    Returns:
        Judged String. With both parameters a shorter number whose check digit holds gets its
        leading zeros back; without a check digit nothing is added.

    Raises:
        ValueError: If a parameter cannot be used.
    """
    _require(length, check_digit)
    raw, x, size = pl.field("raw"), pl.field("x"), pl.field("x").str.len_bytes()
    most = INT64_DIGITS if check_digit else length
    held = pl.field("number").is_not_null()
    if check_digit:
        number = pl.field("number")
        held = DECLARABLE[check_digit](number // 10) == number % 10
    short = size < length if length else pl.lit(value=False)
    restorable = short & held if check_digit else pl.lit(value=False)
    long = size > (length or most) if length or most else pl.lit(value=False)
    cases = [
        (raw == "", BLANK),
        (~x.str.contains("^[0-9]+$"), "resident_id.not_digits"),
        (long | (short & ~restorable), "resident_id.length"),
        *([(~held, "resident_id.check_digit")] if check_digit else []),
        (restorable, "resident_id.zero_restored"),
        (x != raw, "resident_id.written_form"),
    ]
    value = x.str.zfill(length) if length else x
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=join_digits(raw))
        .struct.with_fields(number=digits_or_null(x, f"^[0-9]{{1,{INT64_DIGITS}}}$"))
    )
    return judge_fields(read, decide(value, RULES, cases, "resident_id.plain"), name_of(column))


def _require(length: int | None, check_digit: str | None) -> None:
    if check_digit is not None and check_digit not in DECLARABLE:
        raise ValueError(
            "検査数字の方式が分かりません。場所: check_digit。"
            f"次にすること: {'、'.join(DECLARABLE)} のどれかにしてください。"
        )
    most = INT64_DIGITS if check_digit else None
    if length is not None and (length < 1 or (most is not None and not 1 < length <= most)):
        raise ValueError(
            "桁数が使えない値です。場所: length。"
            f"次にすること: 検査数字のある番号は 2 から {INT64_DIGITS}、ほかは 1 以上にしてください。"
        )
