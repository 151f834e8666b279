"""個人番号 in columns that must not hold any.

Belongs here: the search within a text and the decision on a column. Must not hold: what follows.

A text is searched value by value: what is found is blocked. A column of twelve-digit numbers cannot
be: with a random last digit one number in ten carries the check digit by chance. There the share
decides. A column of 個人番号 passes nearly whole; with chance 2/11 (a last digit that never
changes, the worst case) half of the distinct numbers pass by chance with a probability of 4 % among 8
numbers, 0.4 % among 16, 0.004 % among 32, and of 0.5 %, 0.006 % and 0.000001 % with chance 1/10.
Below 8 numbers one that passes is enough. Missed is a column in which over half of the 個人番号 are
mistyped. Nobody can tell a 宛名番号 of twelve digits with the modulus 11 of weights 2 to 7 from a
個人番号: the formula is the same; such a column is found too.
"""

import re

import polars as pl

from transforms.codes.identifiers import digits_or_null, join_digits
from transforms.codes.my_numbers import holds, looks_like_my_number
from transforms.distinct import judge_distinct
from transforms.verdict import name_of
from transforms.width import DASHES, fold_word

FEW = 8
SHARE = 0.5

_DASH = f"[{re.escape(DASHES)}-]"
_GAP = rf"(?:[ \t\u3000\u00a0]{{0,2}}{_DASH}?[ \t\u3000\u00a0]{{0,2}})"
# What may hold one: twelve digits of any width, close together.
_MAYBE = rf"(?:[0-9０-９]{_GAP}){{11}}[0-9０-９]"
# Asked first, because it costs a tenth: twelve digits with nothing but spaces and dashes between.
_TWELVE_DIGITS = rf"[0-9０-９](?:[\s{re.escape(DASHES)}-]*[0-9０-９]){{11}}"
_SEPARATOR = r"[ \t\u00a0-]{1,3}"
# Digits beside it would make it a part of a longer number; a fourth group of four makes it a card's.
_FOUND = re.compile(
    r"(?<![0-9])(?:[0-9]{12}|"
    rf"(?<![^0-9][0-9]{{4}}[ -])(?<!^[0-9]{{4}}[ -])[0-9]{{4}}{_SEPARATOR}[0-9]{{4}}{_SEPARATOR}[0-9]{{4}}"
    rf"(?!{_SEPARATOR}[0-9]{{4}}(?![0-9])))(?![0-9])"
)
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_AS_HYPHEN = str.maketrans(dict.fromkeys(DASHES, "-"))
_NOT_DIGITS = re.compile("[^0-9]")


def contains_my_number(column: pl.Expr) -> pl.Expr:
    """Return whether a 個人番号 is the text or stands in it.

    Args:
        column: Raw text. Found are twelve digits of any width, whole or as 4-4-4 with spaces or
            hyphens, with the check digit, that are no part of a longer run of digits; a text that
            is nothing but digits, spaces and hyphens is found however it is grouped.

    Returns:
        Boolean, never null.
    """
    return column.map_batches(_find, return_dtype=pl.Boolean(), is_elementwise=True)


def is_my_number_column(column: pl.Expr) -> pl.Expr:
    """Return one Boolean: whether the twelve-digit numbers of the column are 個人番号.

    Args:
        column: Raw text of a column of numbers or codes; other texts are left out of the count.

    Returns:
        Boolean of length one: at least `SHARE` of the distinct twelve-digit numbers carry the
        check digit; of fewer than `FEW`, at least one does. False where there are none.
    """
    # An order of `unique` is not kept from one expression to the next: the numbers are judged first.
    twelve = digits_or_null(join_digits(column.fill_null("")), "^[0-9]{12}$")
    count = twelve.drop_nulls().n_unique()
    valid = twelve.filter(holds(twelve)).n_unique()
    few = (count < FEW) & (valid > 0)
    return (few | ((count >= FEW) & (valid >= SHARE * count))).alias(name_of(column))


def _find(texts: pl.Series) -> pl.Series:
    """Return which texts hold one; only those with twelve digits are read."""
    text = pl.col("text")
    long = (
        texts.alias("text")
        .to_frame()
        .with_row_index("at")
        .filter(text.str.contains(_TWELVE_DIGITS))
    )
    if long.is_empty():
        return pl.repeat(value=False, n=texts.len(), dtype=pl.Boolean, eager=True).alias(texts.name)
    whole = looks_like_my_number(text)
    maybe = text.str.contains(_MAYBE) & ~whole
    within = judge_distinct([pl.when(maybe).then(text)], _search, pl.Boolean(), "within")
    at = long.filter(whole | within)["at"].cast(pl.Int64)
    return pl.int_range(texts.len(), eager=True).is_in(at.implode()).alias(texts.name)


def _search(distinct: pl.DataFrame) -> pl.Series:
    # A text without a candidate is null: nothing is searched there.
    found = [_candidates(text) for text in distinct.to_series()]
    numbers = (
        pl.DataFrame({"number": found}, schema={"number": pl.List(pl.Int64)})
        .with_row_index()
        .explode("number")
        .filter(holds(pl.col("number")))
    )
    return pl.Series(range(len(found)), dtype=pl.UInt32).is_in(numbers["index"].implode())


def _candidates(text: str | None) -> list[int]:
    if text is None:
        return []
    folded = fold_word(text).translate(_AS_HYPHEN)
    if _DECIMAL.fullmatch(folded.strip()):
        return []
    return [int(_NOT_DIGITS.sub("", found)) for found in _FOUND.findall(folded)]
