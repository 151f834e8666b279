"""Dirt in numbers that name something: lengths, letters, check digits, postal codes, telephones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.dirt.kind import Field, Kind, apply, digits, numbers, pick

if TYPE_CHECKING:
    import numpy as np

_IDS = {"digits", "resident_id"}
# Digits as a tired eye or a scanner reads them.
_LOOKALIKES = ("O", "l", "I", "B", "S", "Z", "o", "q")
_TEXT = pl.col("text")
_USUAL_LENGTH, _MOST_DIGITS = 10, 18


def _has_length(field: Field) -> bool:
    return field.column.type in _IDS and field.column.length is not None


def _wrong_length(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    """Lose or double the last digit; a number with a check digit is only made longer.

    A number that is shorter by a zero in front can be made good where its check digit holds.
    """
    known = _filled(values, field, rng)
    longer = apply(_TEXT + _TEXT.str.tail(1), text=known)
    if field.column.check_digit is not None or (field.column.length or 0) < 2:  # noqa: PLR2004
        return longer
    shorter = apply(_TEXT.str.head(-1), text=known)
    return longer.zip_with(pl.Series(rng.random(len(values)) < 0.5), shorter)  # noqa: PLR2004


def _letter(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    known = _filled(values, field, rng)
    at = (pl.col("at") * _TEXT.str.len_chars()).cast(pl.Int64)
    made = pl.concat_str(_TEXT.str.slice(0, at), "letter", _TEXT.str.slice(at + 1))
    count = len(values)
    return apply(made, text=known, at=pl.Series(rng.random(count)), letter=pick(rng, _LOOKALIKES, count))  # fmt: skip


def _exponent(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write what a spreadsheet makes of a long number: 1.23E+09."""
    written = pl.format("{}.{}E+{}", "whole", "part", pl.col("power").cast(pl.String).str.zfill(2))
    count = len(values)
    return apply(
        written,
        whole=numbers(rng, 1, 9, count),
        part=digits(rng, 2, count),
        power=numbers(rng, 9, 12, count),
    )


def _wrong_check_digit(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    # A number that was right has only wrong neighbours; where nothing stands, nothing is known.
    del rng
    known = _plain(values)
    if field.column.type == "corporate_number":
        # The check digit stands in front and runs from 1 to 9.
        changed = (_TEXT.str.head(1).cast(pl.Int64, strict=False) % 9 + 1).cast(pl.String)
        return apply(changed + _TEXT.str.slice(1), text=known)
    changed = ((_TEXT.str.tail(1).cast(pl.Int64, strict=False) + 1) % 10).cast(pl.String)
    return apply(_TEXT.str.head(-1) + changed, text=known)


def _has_check_digit(field: Field) -> bool:
    of_itself = {"corporate_number", "local_government_code"}
    return field.column.type in of_itself or (
        field.column.type == "resident_id" and field.column.check_digit is not None
    )


def _filled(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    """Where nothing stands, take a number of the right length."""
    made = digits(rng, min(field.column.length or _USUAL_LENGTH, _MOST_DIGITS), len(values))
    return _plain(values).fill_null(made)


def _plain(values: pl.Series) -> pl.Series:
    return values.str.normalize("NFKC").str.strip_chars()


def _postal_code(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write a digit too many or two too few."""
    count = len(values)
    long = apply(pl.format("560-{}", "text"), text=digits(rng, 5, count))
    short = apply(pl.format("56{}", "text"), text=digits(rng, 2, count))
    return long.zip_with(pl.Series(rng.random(count) < 0.5), short)  # noqa: PLR2004


def _phone(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Write a digit too many, zeros, or a word."""
    count = len(values)
    long = apply(pl.format("06-1000-{}", "text"), text=digits(rng, 5, count))
    words = pick(rng, ("なし", "不明", "000-0000-0000", "携帯のみ", "変更予定"), count)
    return long.zip_with(pl.Series(rng.random(count) < 0.6), words)  # noqa: PLR2004


KINDS = (
    Kind("wrong_length", "番号の桁数違い", _has_length, _wrong_length),
    Kind("letter_in_number", "番号に文字", lambda field: field.column.type in _IDS, _letter),
    Kind(
        "exponent_of_number",
        "番号が指数表記になった",
        lambda field: field.column.type in {*_IDS, "corporate_number"},
        _exponent,
    ),
    Kind("wrong_check_digit", "検査数字の誤り", _has_check_digit, _wrong_check_digit),
    Kind(
        "wrong_postal_code",
        "郵便番号の桁数違い",
        lambda field: field.column.type == "postal_code",
        _postal_code,
    ),
    Kind(
        "impossible_phone", "あり得ない電話番号", lambda field: field.column.type == "phone", _phone
    ),
)
