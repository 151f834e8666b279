"""The names under which contracts call the column functions, and every rule they apply.

Belongs here: type name to function, rule id to rule, gathered. Must not hold: any rule.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms.addresses import address
from transforms.addresses import rules as address_rules
from transforms.codes import (
    code_lists,
    corporate_numbers,
    digits,
    government_codes,
    kinds,
    my_numbers,
    phones,
    postal_codes,
    resident_ids,
    school_codes,
    vocabularies,
)
from transforms.dates import day, periods
from transforms.numbers import number, reading_rules
from transforms.places import coordinates, point_rules, points, towns
from transforms.rules import Rule
from transforms.texts import free_text, headers, kana, matching_keys, names


class Transform(NamedTuple):
    """One column function: what to call, which parameters it takes, what its value is."""

    function: Callable[..., pl.Expr]
    parameters: frozenset[str]
    dtype: pl.DataType


def _entry(function: Callable[..., pl.Expr], dtype: pl.DataType, *parameters: str) -> Transform:
    return Transform(function, frozenset(parameters), dtype)


_SCALE = ("multiplier", "units", "source_unit")
TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {
        "text": _entry(free_text.text, pl.String()),
        "name": _entry(names.name, pl.String()),
        "kana": _entry(kana.kana, pl.String()),
        "date": _entry(
            day.date, pl.Date(), "era", "open_end", "excel_serials", "era_digits", "policy"
        ),
        "month": _entry(periods.month, pl.Date(), "era", "policy"),
        "year": _entry(periods.year, pl.Int32(), "era", "policy"),
        "fiscal_year": _entry(periods.fiscal_year, pl.Int32(), "era", "policy"),
        "integer": _entry(number.integer, pl.Int64(), *_SCALE),
        "decimal": _entry(number.decimal, pl.Float64(), *_SCALE),
        "percent": _entry(number.percent, pl.Float64()),
        "digits": _entry(digits.digits, pl.String(), "length"),
        "boolean": _entry(vocabularies.boolean, pl.Boolean(), "true", "false", "vocabulary"),
        "code": _entry(code_lists.code, pl.String(), "labels"),
        "local_government_code": _entry(government_codes.local_government_code, pl.String()),
        "postal_code": _entry(postal_codes.postal_code, pl.String()),
        "phone": _entry(phones.phone, pl.String()),
        "corporate_number": _entry(corporate_numbers.corporate_number, pl.String()),
        "invoice_number": _entry(corporate_numbers.invoice_number, pl.String()),
        "my_number": _entry(my_numbers.my_number, pl.String()),
        "resident_id": _entry(resident_ids.resident_id, pl.String(), "length", "check_digit"),
        "school_code": _entry(school_codes.school_code, pl.String()),
        "latitude": _entry(coordinates.latitude, pl.Float64()),
        "longitude": _entry(coordinates.longitude, pl.Float64()),
        "point": _entry(points.point_text, pl.String(), "bounds", "datum", "policy"),
        "town": _entry(towns.town_chome, pl.String(), "city"),
        "address": _entry(address.city_address, pl.String(), "city"),
    }
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        name: rule
        for module in (
            *(free_text, headers, names, matching_keys, kana),
            *(day, periods),
            *(reading_rules,),
            *(digits, vocabularies, code_lists, government_codes, postal_codes, phones),
            *(corporate_numbers, my_numbers, resident_ids, school_codes, kinds),
            *(point_rules, towns, address_rules),
        )
        for name, rule in module.RULES.items()
    }
)
