"""Codes and identifiers: text that is made of digits or stands in a list.

Belongs here: codes with a fixed shape, check digits, code lists. Must not hold: quantities
(`numbers`), addresses and coordinates (`places`).
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import polars as pl

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
from transforms.width import ASCII, DASHES, fold_ascii, fold_word, replace_table

RULES: Mapping[str, str] = MappingProxyType(
    {
        BLANK: OK,
        "digits.plain": OK,
        "digits.fullwidth": REPAIRED,
        "digits.length": REFUSED,
        "digits.not_digits": REFUSED,
        "boolean.listed": OK,
        "boolean.fullwidth": REPAIRED,
        "boolean.unknown": REFUSED,
        "code.listed": OK,
        "code.fullwidth": REPAIRED,
        "code.label": REPAIRED,
        "code.ambiguous_label": UNCERTAIN,
        "code.unknown": REFUSED,
        "postal_code.plain": OK,
        "postal_code.written_form": REPAIRED,
        "postal_code.lost_zero": UNCERTAIN,
        "postal_code.sentinel": REFUSED,
        "postal_code.not_postal_code": REFUSED,
        "phone.plain": OK,
        "phone.written_form": REPAIRED,
        "phone.not_phone": REFUSED,
    }
)

_FOLDED: Mapping[str, str] = MappingProxyType({**ASCII, **dict.fromkeys(DASHES, "-")})
_MY_NUMBER: Mapping[str, str] = MappingProxyType(
    {**ASCII, **dict.fromkeys([*DASHES, "-", " ", "\u3000", "\t", "\u00a0"], "")}
)

# 電気通信番号計画 (令和元年総務省告示第6号): 020, 050-090 have eleven digits, the others ten.
_PHONE = "^0(?:(?:20|[5-9]0)[0-9]{8}|(?:[1-9][1-9]|[134]0)[0-9]{7})$"


def digits(column: pl.Expr, *, length: int | None = None) -> pl.Expr:
    """Return an identifier made of digits as text; leading zeros stay.

    Args:
        column: Raw text.
        length: Number of digits it must have; None for any.

    Returns:
        Judged String of half-width digits. A missing leading zero is refused, never added.

    Raises:
        ValueError: If `length` is less than 1.
    """
    if length is not None and length < 1:
        raise ValueError("桁数が使えない値です。場所: length。次にすること: 1 以上にしてください。")
    raw, x = pl.field("raw"), pl.field("x")
    wrong = pl.lit(value=False) if length is None else x.str.len_chars() != length
    cases = [
        (raw == "", BLANK),
        (~x.str.contains("^[0-9]+$"), "digits.not_digits"),
        (wrong, "digits.length"),
        (x != raw, "digits.fullwidth"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(x=fold_ascii(raw))
    return judge_fields(read, decide(x, RULES, cases, "digits.plain"), name_of(column))


def boolean(column: pl.Expr, *, true: Sequence[str], false: Sequence[str]) -> pl.Expr:
    """Return whether the text is one of the words for true or for false.

    Args:
        column: Raw text.
        true: Words that mean true; widths and letter case do not matter.
        false: Words that mean false.

    Returns:
        Judged Boolean.

    Raises:
        ValueError: If a word is in both lists.
    """
    words = {_fold_case(w): True for w in true}
    other = {_fold_case(w): False for w in false}
    if words.keys() & other.keys() or not words or not other:
        raise ValueError(
            "真と偽の語の一覧が空か、同じ語が両方にあります。場所: true と false。"
            "次にすること: それぞれに別の語を書いてください。"
        )
    raw, value = pl.field("raw"), pl.field("value")
    words |= other
    found = (
        fold_ascii(raw)
        .str.to_lowercase()
        .replace_strict(list(words), list(words.values()), default=None, return_dtype=pl.Boolean)
    )
    listed = raw.is_in([w.strip() for w in (*true, *false)])
    cases = [(raw == "", BLANK), (value.is_null(), "boolean.unknown"), (listed, "boolean.listed")]
    read = pl.struct(raw=trim(column)).struct.with_fields(value=found)
    return judge_fields(read, decide(value, RULES, cases, "boolean.fullwidth"), name_of(column))


def code(column: pl.Expr, *, labels: Mapping[str, str]) -> pl.Expr:
    """Return the code of a code list.

    Args:
        column: Raw text: a code, or its label, in any width.
        labels: Code to label.

    Returns:
        Judged String, a key of `labels`. A text that is both a code and a label is the code; a
        label of two codes is uncertain.

    Raises:
        ValueError: If `labels` or one of its codes is empty.
    """
    if not labels or not all(map(str.strip, labels)):
        raise ValueError(
            "コード表が空か、空のコードがあります。場所: labels。次にすること: コードと名称を書いてください。"
        )
    raw, x = pl.field("raw"), pl.field("x")
    by_code = _unique((fold_word(c).strip(), c) for c in labels)
    by_label = _unique((fold_word(name).strip(), c) for c, name in labels.items())
    exact, folded, labelled = (pl.field(name) for name in ("exact", "folded", "labelled"))
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(x=fold_ascii(raw), exact=_look_up(raw, {c: c for c in labels}))
        .struct.with_fields(folded=_look_up(x, by_code), labelled=_look_up(x, by_label))
    )
    cases = [
        (raw == "", BLANK),
        (exact.is_not_null(), "code.listed"),
        ((folded == "") | (folded.is_null() & (labelled == "")), "code.ambiguous_label"),
        (folded.is_not_null(), "code.fullwidth"),
        (labelled.is_not_null(), "code.label"),
    ]
    value = pl.coalesce(exact, folded, labelled)
    return judge_fields(read, decide(value, RULES, cases, "code.unknown"), name_of(column))


def postal_code(column: pl.Expr) -> pl.Expr:
    """Return a postal code as seven digits without a hyphen.

    Args:
        column: Raw text: 5600001, 560-0001, 〒560-0001, full-width.

    Returns:
        Judged String. Six digits (a lost leading zero) are uncertain; 000-0000 is refused.
    """
    raw, groups, value = pl.field("raw"), pl.field("groups").struct, pl.field("value")
    pattern = "^(?:〒 *)?(?:([0-9]{3}) *-? *([0-9]{4})|([0-9]{6}))$"
    read = (
        pl.struct(raw=trim(column))
        .struct.with_fields(groups=replace_table(raw, _FOLDED).str.extract_groups(pattern))
        .struct.with_fields(value=pl.concat_str(groups.field("1"), groups.field("2")))
    )
    cases = [
        (raw == "", BLANK),
        (groups.field("3").is_not_null(), "postal_code.lost_zero"),
        (value.is_null(), "postal_code.not_postal_code"),
        (value.str.starts_with("000") | (value == "9999999"), "postal_code.sentinel"),
        (value == raw, "postal_code.plain"),
    ]
    judged = decide(value, RULES, cases, "postal_code.written_form")
    return judge_fields(read, judged, name_of(column))


def phone(column: pl.Expr) -> pl.Expr:
    """Return a domestic phone number in half-width digits, hyphens where the source had them.

    Args:
        column: Raw text: 06-6858-2525, ０６－６８５８－２５２５, 06(6858)2525, 0668582525.

    Returns:
        Judged String: 11 digits after 020 and 050 to 090, 10 after any other area code; else refused.
    """
    raw, x = pl.field("raw"), pl.field("x")
    hyphened = (
        replace_table(raw, _FOLDED)
        .str.replace(r"^\((0[0-9]+)\) *-? *", "$1-")
        .str.replace(r"^(0[0-9]+) *\(([0-9]+)\) *-? *", "$1-$2-")
        .str.replace_all(" *- *| +", "-")
    )
    joined = x.str.replace_all("-", "", literal=True)
    shaped = x.str.contains("^0[0-9]*(?:-[0-9]+){0,2}$") & joined.str.contains(_PHONE)
    cases = [
        (raw == "", BLANK),
        (~shaped, "phone.not_phone"),
        (x == raw, "phone.plain"),
    ]
    read = pl.struct(raw=trim(column)).struct.with_fields(x=hyphened)
    return judge_fields(read, decide(x, RULES, cases, "phone.written_form"), name_of(column))


def looks_like_my_number(column: pl.Expr) -> pl.Expr:
    """Return whether the whole text is twelve digits with the check digit of an individual number.

    Args:
        column: Raw text; widths, hyphens and spaces do not matter.

    Returns:
        Boolean, never null. Check digit by 番号法の省令 (平成26年総務省令第85号) 第5条:
        11 - (Σ Pn·Qn mod 11), P the n-th digit from the right of the first eleven,
        Q = n+1 for n ≤ 6 and n-5 for n ≥ 7; 0 if the remainder is 0 or 1.
    """
    x, twelve = replace_table(trim(column), _MY_NUMBER), pl.field("twelve")
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    products = (twelve // 10**n % 10 * weight for n, weight in enumerate(weights, start=1))
    remainder = pl.field("total") % 11
    check = pl.when(remainder <= 1).then(0).otherwise(11 - remainder)
    read = (
        pl.struct(x=x)
        .struct.with_fields(
            x=pl.when(pl.field("x").str.contains("^[0-9]{12}$")).then(pl.field("x"))
        )
        .struct.with_fields(twelve=pl.field("x").cast(pl.Int64, strict=False))
        .struct.with_fields(total=pl.sum_horizontal(products))
        .struct.with_fields(valid=(check == twelve % 10).fill_null(value=False))
    )
    return read.struct.field("valid").alias(name_of(column))


def _fold_case(word: str) -> str:
    return fold_word(word).strip().lower()


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return key to value, the empty text where a key has two values."""
    found: dict[str, str] = {}
    for key, value in pairs:
        found[key] = value if found.get(key, value) == value else ""
    found.pop("", None)
    return found


def _look_up(text: pl.Expr, table: Mapping[str, str]) -> pl.Expr:
    return text.replace_strict(
        list(table), list(table.values()), default=None, return_dtype=pl.String
    )
