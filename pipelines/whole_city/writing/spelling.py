"""Typed clean values written as a department writes them: always readable, never twice the same way.

A column has one habit in all files of its dataset; a few rows differ from it, as when clerks type.
Nothing written here is a fault: the platform must read every value as it was. Faults are `dirt`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.writing import days
from pipelines.whole_city.writing.choices import Choices
from pipelines.whole_city.writing.numbers import spell_decimals, spell_integers
from pipelines.whole_city.writing.widths import halve_kana, widen, widen_digits
from transforms.codes.vocabularies import VOCABULARIES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from assets.column import Column
    from assets.contract import Contract
    from pipelines.whole_city.writing.style import Style

_NUMBERED_CHOME = [f"{kanji}丁目" for kanji in ["十", *"一二三四五六七八九"]]
_MICRO = 1_000_000
_CHOME = [f"{number}丁目" for number in [10, *range(1, 10)]]


def spell_rows(
    rows: pl.DataFrame, contract: Contract, period: str, style: Style, rng: np.random.Generator
) -> pl.DataFrame:
    """Write the columns a period delivers as text, in the order of the contract.

    Args:
        rows: columns of the contract, typed as in the common form.
        contract: as it holds in the period (`Contract.in_period`).
        period: decides which columns are delivered.
        style: of the dataset.
        rng: draws which rows are written otherwise.
    """
    is_plain = contract.source.format == "fixed_width"
    names = [name for name, column in contract.columns.items() if column.headers(period)]
    return pl.DataFrame(
        [
            _spell(rows[name], name, contract.columns[name], Choices(style, name, rows.height, rng, is_plain=is_plain))
            for name in names
        ]
    )  # fmt: skip


def _spell(values: pl.Series, name: str, column: Column, choices: Choices) -> pl.Series:
    spelled = _SPELLINGS.get(column.type, _spell_as_is)(values, column, choices)
    if column.required and column.marks:
        spelled = spelled.fill_null(next(iter(column.marks)))
    return choices.pad(spelled).alias(name)


def _spell_as_is(values: pl.Series, _column: Column, _choices: Choices) -> pl.Series:
    return values.cast(pl.String)


def _spell_days(values: pl.Series, column: Column, choices: Choices) -> pl.Series:
    if column.era_digits:
        forms = choices.few((days.ERA_DIGITS,), "day")
    elif column.excel_serials:
        forms = choices.few((days.SLASHES, days.ISO, days.LONG), "day")
    else:
        forms = choices.few(days.PLAIN, "day")
    spelled = days.spell_days(values, forms)
    if column.open_end and choices.habit("open_end", 2):
        spelled = spelled.fill_null("99999999" if not column.era_digits else "9999999")
    return spelled


def _spell_months(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    return days.spell_months(values, choices.habit("month", 3))


def _spell_years(values: pl.Series, column: Column, choices: Choices) -> pl.Series:
    word = "年度" if column.type == "fiscal_year" else "年"
    # A field of fixed width has room for four digits.
    form = 0 if choices.is_plain else choices.habit("year", 3)
    return days.spell_years(values, form, word)


def _spell_numbers_of_digits(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    return choices.write(values, pl.col("text"), (widen_digits, 0.02))


def _spell_boolean(values: pl.Series, column: Column, _choices: Choices) -> pl.Series:
    if column.vocabulary is not None:
        true, false, _ = VOCABULARIES[column.vocabulary]
    else:
        true, false = tuple(column.true or ()), tuple(column.false or ())
    words = {True: true[0], False: false[0] if false else ""}
    return values.replace_strict(words, default=None, return_dtype=pl.String)


def _spell_code(values: pl.Series, column: Column, choices: Choices) -> pl.Series:
    labels = column.labels or {}
    if choices.habit("label", 4) == 0 and not choices.is_plain and _are_labels_sure(labels):
        return choices.write(values, pl.col("text").replace(labels), (lambda text: text, 0.0))
    return choices.write(values, pl.col("text"), (widen, 0.02))


def _are_labels_sure(labels: dict[str, str]) -> bool:
    """A label that stands for two codes, or is a code itself, must not be written."""
    names = [*labels.values()]
    return len(set(names)) == len(names) and not set(names) & set(labels)


def _spell_postal_code(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    hyphened = pl.col("text").str.replace(r"^(\d{3})(\d{4})$", "$1-$2")
    usual = hyphened if choices.habit("hyphen", 3) else pl.col("text")
    return choices.write(values, usual, (widen_digits, 0.02), (lambda text: "〒" + text, 0.01))


def _spell_phone(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    hyphened = pl.col("text").str.replace(r"^\((\d+)\)", "$1-")
    bare = hyphened.str.replace_all("-", "", literal=True)
    usual = (hyphened, bare, pl.col("text"))[choices.habit("phone", 3)]
    return choices.write(values, usual, (widen, 0.03))


def _spell_kana(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    usual = halve_kana(pl.col("text")) if choices.habit("kana", 3) else pl.col("text")
    return choices.write(values, usual, (halve_kana, 0.03))


def _spell_degrees(values: pl.Series, _column: Column, _choices: Choices) -> pl.Series:
    """Write six decimals always: with fewer a place is not known to the metre."""
    whole = (values.abs() * _MICRO).round().cast(pl.Int64)
    parts = pl.DataFrame({"degrees": whole // _MICRO, "rest": whole % _MICRO})
    rest = pl.col("rest").cast(pl.String).str.zfill(6)
    return parts.select(pl.concat_str("degrees", pl.lit("."), rest)).to_series()


def _spell_town(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    numbered = pl.col("text").str.replace_many(_NUMBERED_CHOME, _CHOME)
    usual = (pl.col("text"), numbered)[choices.habit("chome", 2)]
    return choices.write(values, usual, (widen_digits, 0.05))


def _spell_address(values: pl.Series, _column: Column, choices: Choices) -> pl.Series:
    short = pl.col("text").str.strip_prefix("大阪府")
    usual = (pl.col("text"), short)[choices.habit("prefecture", 2)]
    return choices.write(values, usual, (widen_digits, 0.03))


_SPELLINGS: dict[str, Callable[[pl.Series, Column, Choices], pl.Series]] = {
    "date": _spell_days,
    "month": _spell_months,
    "year": _spell_years,
    "fiscal_year": _spell_years,
    "integer": spell_integers,
    "decimal": spell_decimals,
    "percent": spell_decimals,
    "digits": _spell_numbers_of_digits,
    "resident_id": _spell_numbers_of_digits,
    "corporate_number": _spell_numbers_of_digits,
    "local_government_code": _spell_numbers_of_digits,
    "boolean": _spell_boolean,
    "code": _spell_code,
    "postal_code": _spell_postal_code,
    "phone": _spell_phone,
    "kana": _spell_kana,
    "latitude": _spell_degrees,
    "longitude": _spell_degrees,
    "town": _spell_town,
    "address": _spell_address,
}
