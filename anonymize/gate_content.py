"""What the gate finds by looking at the content of a staged table alone.

Belongs here: rules about headers, types and cells that need no declaration but the columns allowed
to hold sentences. Must not hold: the expressions that recognise one cell (`patterns`), rules that
compare with a policy (`gate`).
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

import polars as pl

from anonymize.gate_words import Fault
from anonymize.patterns import (
    find_twelve_digits,
    fold_text,
    has_birth_date,
    has_mobile_phone,
    has_pseudonym,
    has_unofficial_mail,
    is_my_number,
)

_PERSONAL_NAME = (
    r"(?i)^(?:個人番号|マイナンバー|宛名番号|住民票コード|世帯番号|本籍地?|生年月日|"
    r"氏名|姓名|氏名[_ ]?(?:カナ|かな|漢字)|基礎年金番号|年金番号|被保険者証?(?:記号)?番号|"
    r"my_?number|full_?name|pension_?number|insured_?number|individual_?number|resident_?id|household_?id|birth_?date|date_?of_?birth)$"
)
_PATTERNS: Mapping[str, Callable[[pl.Expr], pl.Expr]] = MappingProxyType(
    {
        "pattern.mobile_phone": has_mobile_phone,
        "pattern.unofficial_mail": has_unofficial_mail,
        "pattern.birth_date": has_birth_date,
        "pattern.pseudonym": has_pseudonym,
    }
)
_SEVERAL_SENTENCES = r"[\r\n]|。.*[^。]"
_LONGEST_PLAIN_TEXT = 100
# Of many codes of 12 digits one in ten has a valid check digit by chance (`is_my_number`).
_MANY_CODES, _CHANCE_SHARE = 20, 0.25
# Budgets reach 12 digits too: numbers are blocked only when most of several are valid.
_SEVERAL_NUMBERS, _MOST = 3, 0.5


def judge_names(table: pl.DataFrame) -> Iterator[Fault]:
    """Find columns whose whole name is that of an identifier or a birth date."""
    names = pl.Series(table.columns, dtype=pl.String)
    yield from (
        Fault("columns.personal_name", (name,))
        for name in names.filter(names.str.contains(_PERSONAL_NAME))
    )


def judge_types(table: pl.DataFrame) -> Iterator[Fault]:
    """Find columns of a type that no rule looks into (lists, structs, bytes)."""
    for name, dtype in table.schema.items():
        plain = dtype.is_numeric() or dtype.is_temporal() or dtype in (pl.Boolean, pl.Null)
        if not plain and not _is_text(dtype):
            yield Fault("type.not_judged", (name,))


def judge_free_text(table: pl.DataFrame, allowed: tuple[str, ...]) -> Iterator[Fault]:
    """Find texts of several sentences or over 100 characters outside the columns allowed."""
    several = pl.col("text").str.contains(_SEVERAL_SENTENCES)
    long = pl.col("text").str.len_chars() > _LONGEST_PLAIN_TEXT
    for name, texts in texts_of(table):
        if name not in allowed and (bad := texts.filter(several | long).height):
            yield Fault("text.free", (name,), bad)


def judge_patterns(table: pl.DataFrame) -> Iterator[Fault]:
    """Find texts with a mobile phone, unofficial mail, birth date or pseudonym."""
    for name, texts in texts_of(table):
        for rule, test in _PATTERNS.items():
            if bad := texts.filter(test(pl.col("text"))).height:
                yield Fault(rule, (name,), bad)


def judge_my_numbers(table: pl.DataFrame) -> Iterator[Fault]:
    """Find 個人番号 in texts; a warning only where a column of codes explains them by chance."""
    for name, texts in texts_of(table):
        found = texts.select(find_twelve_digits(pl.col("text")).explode().drop_nulls().alias("n"))
        valid = found.filter(is_my_number(pl.col("n"))).height
        by_chance = found.height >= _MANY_CODES and valid <= _CHANCE_SHARE * found.height
        if valid:
            yield Fault("pattern.my_number", (name,), valid, "warning" if by_chance else None)


def judge_numeric_my_numbers(table: pl.DataFrame) -> Iterator[Fault]:
    """Find 個人番号 that were read as numbers (those that begin with 0 have lost it)."""
    for name in (n for n, dtype in table.schema.items() if dtype.is_numeric()):
        digits = pl.col(name).cast(pl.Int64, strict=False).cast(pl.String).alias("n")
        found = table.select(digits).filter(pl.col("n").str.contains("^[0-9]{12}$"))
        valid = found.filter(is_my_number(pl.col("n"))).height
        certain = valid >= _SEVERAL_NUMBERS and valid >= _MOST * found.height
        if valid:
            yield Fault("pattern.my_number", (name,), valid, None if certain else "warning")


def texts_of(table: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Give every text column as its name and its folded texts, in a column `text`."""
    for name, dtype in table.schema.items():
        if _is_text(dtype):
            yield name, table.select(fold_text(pl.col(name).cast(pl.String)).alias("text"))


def _is_text(dtype: pl.DataType) -> bool:
    return isinstance(dtype, pl.String | pl.Categorical | pl.Enum)
