"""Words a value must be one of: 有/無, code lists, 1 or blank, lists separated by half-width `;`.

Belongs here: judging chosen words. Must not hold: the words themselves: they stand in the layouts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from assets.standard_codes import load_codes
from transforms.width import fold_ascii
from warehouse.standards.verdicts import broken

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assets.standard import StandardColumn

# What cities write for the words of the standard; GIF 438-1: 0 無, 1 有.
_YES = ("あり", "有り", "ある", "○", "〇", "◯", "可", "はい", "有", "1")
_NO = ("なし", "無し", "無い", "ない", "×", "✕", "✖", "否", "不可", "いいえ", "無", "0")
_FLAG_YES = ("1.0", "１", "○", "〇", "◯", "●", "◎", "該当", "有", "あり", "有り", "TRUE", "true")
_FLAG_NO = ("0.0", "０", "×", "✕", "✖", "-", "－", "―", "非該当", "無", "なし", "FALSE", "false")
_OTHER_SEPARATORS = "[、，,；／/・\n\r]+"


def judge_flags(text: pl.Expr) -> pl.Expr:
    """Judge 1 or blank; what says 非該当 is mended to blank."""
    return broken(
        text,
        (text == "1", None),
        (text == "0", "flag.zero"),
        (text.is_in([*_FLAG_YES, *_FLAG_NO]), "flag.form"),
        otherwise="flag.unreadable",
        repaired=pl.when(text.is_in(_FLAG_YES))
        .then(pl.lit("1"))
        .when(text.is_in([*_FLAG_NO, "0"]))
        .then(pl.lit("")),
    )


def is_chosen(column: StandardColumn) -> bool:
    """Tell whether a column's values are chosen from words or codes."""
    return bool(column.values or column.codes or column.code_list)


def judge_chosen(text: pl.Expr, column: StandardColumn) -> pl.Expr:
    """Judge a column whose values are chosen, by the words or codes it names."""
    if column.values:
        return judge_choices(text, column)
    return judge_codes(text, column) if column.codes else judge_listed(text, column.code_list or "")


def judge_listed(text: pl.Expr, name: str) -> pl.Expr:
    """Judge codes of a national list; a lost leading zero is mended, and a name in a code's place."""
    codes = load_codes(name)
    width = max(len(code) for code in codes)
    names: dict[str, str] = {}
    for code, said in codes.items():
        names[said] = "" if said in names else code
    alone = {said: code for said, code in names.items() if code}
    padded = fold_ascii(text).str.zfill(width)
    mended = pl.coalesce(
        pl.when(padded.is_in(list(codes))).then(padded),
        text.replace_strict(alone, default=None, return_dtype=pl.String),
    )
    return broken(
        text,
        (text.is_in(list(codes)), None),
        (mended.is_not_null(), "choice.form"),
        otherwise="code.unlisted",
        repaired=mended,
    )


def judge_codes(text: pl.Expr, column: StandardColumn) -> pl.Expr:
    """Judge codes; a label in their place is mended."""
    labels = {label: code for code, label in column.codes.items()}
    return _judge(text, column, list(column.codes), labels)


def judge_choices(text: pl.Expr, column: StandardColumn) -> pl.Expr:
    """Judge words; a usual variant of 有 and 無 is mended."""
    return _judge(text, column, column.values, _variants(column.values))


def _variants(words: Iterable[str]) -> dict[str, str]:
    known = set(words)
    variants: dict[str, str] = {}
    for yes, no in (("有", "無"), ("可", "否")):
        if {yes, no} <= known:
            variants |= dict.fromkeys(_YES, yes) | dict.fromkeys(_NO, no)
    return {said: meant for said, meant in variants.items() if said not in known}


def _judge(
    text: pl.Expr, column: StandardColumn, words: list[str], variants: Mapping[str, str]
) -> pl.Expr:
    unknown = "choice.unknown" if column.closed else "choice.unlisted"
    if column.separated:
        return _judge_list(text, words, variants, unknown)
    mended = _mend(text, words, variants)
    return broken(
        text,
        (text.is_in(words), None),
        (mended.is_not_null(), "choice.form"),
        otherwise=unknown,
        repaired=mended,
    )


def _mend(text: pl.Expr, words: list[str], variants: Mapping[str, str]) -> pl.Expr:
    """Return the word meant, null where no word is."""
    table = {**{_fold(word): word for word in words}, **{_fold(k): v for k, v in variants.items()}}
    folded = fold_ascii(text).str.replace_all(r"[ 　]", "")
    return folded.replace_strict(table, default=None, return_dtype=pl.String)


def _fold(word: str) -> str:
    return str(pl.select(fold_ascii(pl.lit(word)).str.replace_all(r"[ 　]", "")).item())


def _judge_list(
    text: pl.Expr, words: list[str], variants: Mapping[str, str], unknown: str
) -> pl.Expr:
    """Judge each item; a list separated otherwise is mended when its items are words."""
    items = text.str.split(";")
    outer = text.str.replace_all(_OTHER_SEPARATORS, ";").str.strip_chars("; ").str.split(";")
    meant = outer.list.eval(_mend(pl.element().str.strip_chars(" 　"), words, variants))
    whole = meant.list.eval(pl.element().is_not_null()).list.all()
    return broken(
        text,
        (items.list.eval(pl.element().is_in(words)).list.all(), None),
        (whole & text.str.contains(_OTHER_SEPARATORS), "list.separator"),
        (whole, "choice.form"),
        otherwise=unknown,
        repaired=pl.when(whole).then(meant.list.join(";")),
    )
