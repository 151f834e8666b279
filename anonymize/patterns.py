"""Texts and numbers that look like a person: 個人番号, mobile phones, mail, birth dates, tokens.

Belongs here: columnar recognition of one cell's content; what fires must not occur in an ordinary
list of facilities (landline phones, addresses, .lg.jp mail, coordinates, web addresses). Must not
hold: what follows from a hit (`gate`).
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

_ASCII = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {"\u3000": " "}
_FOLD: Mapping[str, str] = MappingProxyType(_ASCII | dict.fromkeys("‐‑‒–—―−─－ｰー", "-"))
_WEB_ADDRESS = r"https?://[!-~]+"

# Not `0[789]0` alone: 060 is a mobile number too. A dot before marks the decimals of a coordinate.
_MOBILE = (
    r"(?:^\.?|[^0-9.]\.?)(?:\+?81[- ]?\(?0?\)?[6-9]0|\(?0[6-9]0)\)?[- ]{0,2}"
    r"\(?[0-9]{4}\)?[- ]{0,2}[0-9]{4}(?:[^0-9]|$)"
)
_MAIL = r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
_OFFICIAL_MAIL = r"(?i)[@.]lg\.jp$"
_YEAR = r"(?:(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])[. ]?(?:元|[0-9]{1,2})|(?:1[89]|20)[0-9]{2})"
_DATE = _YEAR + r"[-年./ ]{1,2}[0-9]{1,2}[-月./ ]{1,2}[0-9]{1,2}日?"
# 生 must end the word: 平成10年4月1日生涯学習センター is no birth.
_BIRTH_DATE = rf"{_DATE} ?(?:生まれ|生れ|誕生|生(?:[^\p{{Han}}]|$))|生年月日[^0-9]{{0,6}}{_DATE}"
_PSEUDONYM = r"(?:^|[^a-z0-9])[a-z0-9]{1,8}_[a-z2-7]{26}(?:[^a-z0-9]|$)"

# Q_n of 平成26年総務省令第85号 第5条, written for the digits from left to right.
_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_TWELVE = r"^(?:[0-9]{12}|[0-9]{4}-[0-9]{4}-[0-9]{4}|[0-9]{4} [0-9]{4} [0-9]{4})$"
_CHAINS = (r"[0-9.]+", r"[0-9]+(?:-[0-9]+)+", r"[0-9]+(?: [0-9]+)+")


def fold_text(text: pl.Expr) -> pl.Expr:
    """Return the text with full-width letters, digits and dashes in ASCII, for searching only."""
    return text.str.replace_many(list(_FOLD), list(_FOLD.values()))


def has_mobile_phone(text: pl.Expr) -> pl.Expr:
    """Tell whether a number of 060, 070, 080 or 090 stands in the folded text."""
    return _without_web_addresses(text).str.contains(_MOBILE)


def has_unofficial_mail(text: pl.Expr) -> pl.Expr:
    """Tell whether a mail address outside .lg.jp stands in the folded text."""
    foreign = pl.element().filter(~pl.element().str.contains(_OFFICIAL_MAIL))
    return text.str.extract_all(_MAIL).list.eval(foreign).list.len() > 0


def has_birth_date(text: pl.Expr) -> pl.Expr:
    """Tell whether a date that says it is a birth stands in the folded text (昭和50年4月1日生)."""
    return text.str.contains(_BIRTH_DATE)


def has_pseudonym(text: pl.Expr) -> pl.Expr:
    """Tell whether a token of `pseudonyms.pseudonymise` stands in the folded text."""
    return text.str.contains(_PSEUDONYM)


def find_twelve_digits(text: pl.Expr) -> pl.Expr:
    """Return the numbers of exactly 12 digits in the folded text, plain or in fours, as a list."""
    plain = _without_web_addresses(text)
    found = [plain.str.extract_all(chain) for chain in _CHAINS]
    trimmed = pl.element().str.strip_chars(".")
    twelve = trimmed.filter(trimmed.str.contains(_TWELVE)).str.replace_all("[- ]", "")
    return pl.concat_list(found).list.eval(twelve)


def is_my_number(digits: pl.Expr) -> pl.Expr:
    """Tell whether 12 digits carry the check digit of a 個人番号 (平成26年総務省令第85号 第5条).

    Of other 12-digit numbers about one in ten does so by chance.
    """
    numbers = [digits.str.slice(place, 1).cast(pl.Int32, strict=False) for place in range(12)]
    weighted = [number * weight for number, weight in zip(numbers, _WEIGHTS, strict=False)]
    remainder = pl.sum_horizontal(weighted) % 11
    expected = pl.when(remainder <= 1).then(0).otherwise(11 - remainder)
    return (numbers[11] == expected).fill_null(value=False)


def _without_web_addresses(text: pl.Expr) -> pl.Expr:
    """Drop web addresses: their serial numbers are no persons."""
    return text.str.replace_all(_WEB_ADDRESS, " ")
