"""Dirt in words: codes, yes and no, towns, kana, lost letters, numbers that must not stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.dirt.kind import Field, Kind, apply, digits, pick
from transforms.codes.check_digits import individual_number

if TYPE_CHECKING:
    import numpy as np

    from assets.column import Column

_FREE = {"text", "address"}
_TEXT = pl.col("text")
# Towns of neighbouring cities, and a chome no town has.
_NO_TOWNS = (
    "江坂町一丁目",
    "梅田三丁目",
    "石橋二丁目",
    "千里山西五丁目",
    "塚口町1丁目",
    "箕面六丁目",
)
_NO_CHOME = ("中桜塚九丁目", "本町12丁目", "岡町北7丁目")
_OUTSIDE = (
    "吹田市泉町1-3-40",
    "大阪市北区中之島1-3-20",
    "池田市城南1-1-1",
    "東京都新宿区西新宿2-8-1",
)
_DOUBTS = ("不明", "？", "要確認", "未確認", "?", "調査中")
_KANJI = ("豊中", "山本", "千里", "桜塚", "佐藤")
_CONTROLS = ("\x02", "\x08", "\x1f", "\x0e")
_LOST, _GETA = "\ufffd", "〓"
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _blank(values: pl.Series, _field: Field, _rng: np.random.Generator) -> pl.Series:
    return pl.Series([""]).new_from_index(0, len(values))


def _must_be_filled(column: Column) -> bool:
    is_blank_no = (column.vocabulary or "").endswith("_blank") or "" in (column.false or ())
    return column.required and not column.carried and not is_blank_no


def _unknown_code(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    """Write codes of the same shape that the list does not have, and mistyped ones."""
    return pick(rng, unlisted_codes(field.column.labels or {}), len(values))


def unlisted_codes(labels: dict[str, str]) -> list[str]:
    """List texts of digits and capitals that are in no way a code of the list, nor a label."""
    lengths = {len(code) for code in labels}
    least = {code.lstrip("0") or "0" for code in labels}
    taken = {word.casefold() for word in (*labels, *labels.values(), *least)}
    drawn = [
        *(
            str(number).zfill(length)
            for length in lengths
            for number in range(10 ** min(length, 2))
        ),
        *(str(number) for number in range(100, 1000)),
        *(f"{number}{letter}" for number in range(10) for letter in _CODE_LETTERS),
    ]
    return [
        code
        for code in dict.fromkeys(drawn)
        if code.casefold() not in taken and (code.lstrip("0") or "0") not in least
    ]


def _doubt(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    known = {*(field.column.true or ()), *(field.column.false or ()), *field.column.marks}
    return pick(rng, [word for word in _DOUBTS if word not in known], len(values))


def _no_town(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    return pick(rng, (*_NO_TOWNS, *_NO_CHOME), len(values))


def _outside(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    return pick(rng, _OUTSIDE, len(values))


def _kanji(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Leave kanji where an input method did not convert them to kana."""
    first = pick(rng, _KANJI, len(values))
    return apply(pl.concat_str("first", pl.lit(" ﾀﾛｳ")), first=first)


def _my_number(values: pl.Series, _field: Field, rng: np.random.Generator) -> pl.Series:
    """Put a 個人番号 with its check digit behind a remark: bare, in groups, or in full width."""
    body = digits(rng, 11, len(values))
    check = individual_number(_TEXT.cast(pl.Int64)).cast(pl.String)
    whole = apply(_TEXT + check, text=body)
    grouped = whole.str.replace(r"(\d{4})(\d{4})(\d{4})", "$1-$2-$3")
    words = whole.zip_with(pl.Series(rng.random(len(values)) < 0.5), grouped)  # noqa: PLR2004
    before = values.fill_null("").str.strip_chars()
    return apply(pl.concat_str("before", pl.lit(" 個人番号 "), "words"), before=before, words=words)


def _lose_letter(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    """Lose the first letter on the way between two systems: � where Unicode can hold it, else 〓."""
    lost = _LOST if field.is_unicode else _GETA
    del rng
    return apply(pl.lit(lost) + _TEXT.str.slice(1), text=values.fill_null("山"))


def _control(values: pl.Series, field: Field, rng: np.random.Generator) -> pl.Series:
    """Put a control character of an old terminal between the letters."""
    del field
    control = pick(rng, _CONTROLS, len(values))
    made = pl.concat_str(_TEXT.str.head(1), "control", _TEXT.str.slice(1))
    long = values.str.strip_chars().str.len_chars() > 1
    return apply(pl.when(pl.col("long")).then(made), text=values, control=control, long=long)


KINDS = (
    Kind(
        "blank_required",
        "必須の欄が空",
        lambda field: _must_be_filled(field.column) and not field.is_key,
        _blank,
    ),
    Kind(
        "blank_key",
        "キーの欄が空",
        lambda field: _must_be_filled(field.column) and field.is_key,
        _blank,
    ),
    Kind(
        "unknown_code",
        "コード表にない値",
        # In a column that is nearly always blank, slips would outnumber the codes.
        lambda field: field.column.type == "code" and field.column.required,
        _unknown_code,
    ),
    Kind("unknown_yes_no", "有無でない語", lambda field: field.column.type == "boolean", _doubt),
    Kind(
        "unknown_town",
        "ない町名",
        # Without a city there is no list of towns to be missing from.
        lambda field: field.column.type == "town" and field.column.city is not None,
        _no_town,
    ),
    Kind(
        "address_outside",
        "市外の住所",
        lambda field: field.column.type == "address" and field.is_doubt_refused,
        _outside,
    ),
    Kind("kanji_in_kana", "カナの欄に漢字", lambda field: field.column.type == "kana", _kanji),
    Kind(
        "my_number_in_text",
        "文の中の個人番号",
        lambda field: (
            field.column.type in _FREE
            and field.column.pattern is None
            and field.column.not_my_number is None
            and field.column.classification != "特定個人"
        ),
        _my_number,
    ),
    Kind(
        "lost_letter",
        "失われた文字",
        lambda field: (
            field.column.type == "kana" or (field.column.type == "name" and field.is_doubt_refused)
        ),
        _lose_letter,
    ),
    Kind(
        "control_character",
        "制御文字",
        lambda field: (
            field.is_raw_text and field.column.type in {"digits", "resident_id", "code", "kana"}
        ),
        _control,
    ),
)
