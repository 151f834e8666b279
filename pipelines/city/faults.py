"""Faults put into a spelled register on purpose, each counted: what a platform must set aside.

A faulty row has exactly one fault. Spellings that can be repaired are `spelling`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

IMPOSSIBLE_DATE = "impossible_date"
BLANK_BIRTH_DATE = "blank_birth_date"
UNKNOWN_SEX = "unknown_sex"
WRONG_LENGTH = "wrong_length"
DUPLICATE_KEY = "duplicate_key"

_FAULT = "fault"
_UNKNOWN_SEX_CODE = "7"
_OTHER_BLOCK = "999番99号"


def count_faults(per_10000: Mapping[str, int], residents: int) -> dict[str, int]:
    """Turn shares (rows in 10,000) into numbers of rows, at least one of each kind named."""
    return {kind: max(1, round(share * residents / 10_000)) for kind, share in per_10000.items()}


def inject_faults(spelled: pl.DataFrame, stream: Random, counts: Mapping[str, int]) -> pl.DataFrame:
    """Spoil so many rows of each kind, and append a second row for every duplicated key.

    A `duplicate_key` is counted once: one row more than there are residents, with the number of
    another row and a different 番地.
    """
    kinds = [kind for kind, count in counts.items() for _ in range(count)]
    marks: list[str | None] = [None] * spelled.height
    for row, kind in zip(stream.sample(range(spelled.height), len(kinds)), kinds, strict=True):
        marks[row] = kind
    marked = spelled.with_columns(pl.Series(_FAULT, marks, pl.String))
    spoiled = marked.with_columns(
        birth_date=_when(BLANK_BIRTH_DATE, pl.lit(""), _when(
            IMPOSSIBLE_DATE, _impossible_date(), pl.col("birth_date"))),
        sex_code=_when(UNKNOWN_SEX, pl.lit(_UNKNOWN_SEX_CODE), pl.col("sex_code")),
        resident_id=_when(WRONG_LENGTH, pl.col("resident_id") + "9", pl.col("resident_id")),
    )  # fmt: skip
    again = marked.filter(pl.col(_FAULT) == DUPLICATE_KEY)
    second = again.with_columns(block=pl.lit(_OTHER_BLOCK))
    return pl.concat([spoiled, second]).drop(_FAULT)


def _when(kind: str, then: pl.Expr, otherwise: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(_FAULT) == kind).then(then).otherwise(otherwise)


def _impossible_date() -> pl.Expr:
    even = pl.col("style") % 2 == 0
    return pl.when(even).then(pl.lit("平成31年13月1日")).otherwise(pl.lit("平成2年2月30日"))
