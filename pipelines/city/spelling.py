"""How the departments spell clean values: eras, full-width digits, names of towns, telephone numbers.

Column expressions only, each choosing among spellings by a `style` column of 0 to 9999. All of them
can be repaired; what cannot be is `faults`.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

_ERAS = (
    ("令和", "R", dt.date(2019, 5, 1)),
    ("平成", "H", dt.date(1989, 1, 8)),
    ("昭和", "S", dt.date(1926, 12, 25)),
    ("大正", "T", dt.date(1912, 7, 30)),
)
_NARROW = list("0123456789")
_WIDE = list("０１２３４５６７８９")
_CHOME = [f"{kanji}丁目" for kanji in "一二三四五六七八九"]

REGISTER_HEADERS = {
    "resident_id": "宛名番号",
    "household_id": "世帯番号",
    "full_name": "氏名",
    "full_name_kana": "氏名カナ",
    "birth_date": "生年月日",
    "sex_code": "性別",
    "relationship": "続柄",
    "town": "町名",
    "block": "番地",
    "resident_since_date": "住民となった日",
    "change_reason_code": "異動事由コード",
    "phone": "電話番号",
}


def spell_register(register: pl.DataFrame) -> pl.DataFrame:
    """Spell a clean register as its department writes it: all text, plus `style` for later steps."""
    born, since = pl.col("birth_date"), pl.col("resident_since_date")
    return register.with_columns(
        resident_id=choose(0, 100, [(97, pl.col("resident_id"))], widen(pl.col("resident_id"))),
        full_name=choose(
            1, 10, [(8, pl.col("full_name"))], pl.col("full_name").str.replace("　", " ")
        ),
        birth_date=choose(
            0, 10, [(5, spell_long(born)), (8, spell_short(born))], widen(spell_long(born))
        ),
        sex_code=choose(2, 10, [(8, pl.col("sex_code"))], _name_sex(pl.col("sex_code"))),
        town=choose(1, 10, [(4, pl.col("town")), (7, number_chome(pl.col("town"), _WIDE))],
                    number_chome(pl.col("town"), _NARROW)),
        block=choose(2, 10, [(6, pl.col("block")), (8, widen(pl.col("block")))],
                     pl.col("block").str.replace("番", "-").str.replace("号", "")),
        resident_since_date=choose(0, 10, [(7, spell_long(since))], spell_short(since)),
        phone=choose(3, 10, [(6, pl.col("phone")), (8, widen(pl.col("phone")).str.replace_all("-", "－"))],
                     pl.col("phone").str.replace_all("-", "")),
    )  # fmt: skip


def choose(digit: int, of: int, limits: list[tuple[int, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    """Choose a spelling by the part of `style` that starts at a decimal digit.

    Args:
        digit: which digit to start from, 0 the last.
        of: how many styles there are, 10 or 100.
        limits: spellings, each used below its limit, in rising order.
        otherwise: the spelling from the last limit on.
    """
    style = pl.col("style") // 10**digit % of
    chosen = otherwise
    for limit, spelling in reversed(limits):
        chosen = pl.when(style < limit).then(spelling).otherwise(chosen)
    return chosen


def spell_long(day: pl.Expr) -> pl.Expr:
    """Spell 昭和45年3月9日; the first year of an era is 元年."""
    year = _year_of_era(day)
    shown = pl.when(year == 1).then(pl.lit("元")).otherwise(year.cast(pl.String))
    return pl.format("{}{}年{}月{}日", _pick_era(day, 0), shown, day.dt.month(), day.dt.day())


def spell_short(day: pl.Expr) -> pl.Expr:
    """Spell S45.3.9."""
    year = _year_of_era(day)
    return pl.format("{}{}.{}.{}", _pick_era(day, 1), year, day.dt.month(), day.dt.day())


def widen(text: pl.Expr) -> pl.Expr:
    """Write digits in full width."""
    return text.str.replace_many(_NARROW, _WIDE)


def number_chome(town: pl.Expr, digits: list[str]) -> pl.Expr:
    """Write 三丁目 with the given digits."""
    return town.str.replace_many(_CHOME, [f"{digit}丁目" for digit in digits[1:]])


def _name_sex(code: pl.Expr) -> pl.Expr:
    return code.replace_strict({"1": "男", "2": "女"})


def _pick_era(day: pl.Expr, part: int) -> pl.Expr:
    picked = pl.lit(None, pl.String)
    for era in reversed(_ERAS):
        picked = pl.when(day >= era[2]).then(pl.lit(era[part])).otherwise(picked)
    return picked


def _year_of_era(day: pl.Expr) -> pl.Expr:
    start = pl.lit(None, pl.Int32)
    for _, _, first in reversed(_ERAS):
        start = pl.when(day >= first).then(first.year).otherwise(start)
    return day.dt.year() - start + 1
