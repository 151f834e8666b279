"""What may be shown of a table: a few values of what is nobody's, shapes of what is somebody's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from anonymize.patterns import fold_text, has_birth_date, has_mobile_phone, has_unofficial_mail
from transforms.codes import looks_like_my_number
from warehouse.diagnosis.masking import mask

if TYPE_CHECKING:
    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.persons import Suspicion

SHOWN = 3
_LONGEST = 40
_REPEATED = 5
_PUBLIC = {"code", "boolean", "fiscal_year", "year", "month"}
_PRIVATE_NAME = (
    r"@|[0-9]{7,}|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}"
)


def show_examples(column: ColumnFacts, kind: ColumnType, suspicion: Suspicion) -> tuple[str, ...]:
    """Show up to three distinct values of a column, masked where they may be a person's.

    In a table of persons a value is shown as it is only when it is one of few that many share.
    """
    first = column.values.head(SHOWN)
    values = [_shorten(value) for value in first["value"]]
    if column.number in suspicion.kinds:
        return tuple(mask(value) for value in values)
    if suspicion.is_about_persons and not _is_shared(column, kind):
        return tuple(mask(value) for value in values)
    private = first.select(_looks_private().alias("p"))["p"]
    return tuple(mask(v) if p else v for v, p in zip(values, private, strict=True))


def show_name(column: ColumnFacts, suspicion: Suspicion) -> str:
    """Show a column's name, masked when a person's row seems to have been taken for the header."""
    name = "" if column.is_nameless else column.column.name
    is_value = re.search(_PRIVATE_NAME, name) is not None
    shown_as_name = suspicion.kinds.get(column.number) in {"氏名", "氏名カナ"} and bool(
        re.search(r"\S[ \u3000]\S", name)
    )
    return mask(name) if is_value or shown_as_name else name


def show_text(text: str) -> str:
    """Show a note beside a table, its phones, mail addresses and long numbers masked."""
    short = _shorten(text, 80)
    private = pl.DataFrame({"value": [text]}).select(_looks_private().alias("p"))["p"][0]
    return mask(short) if private else short


def _is_shared(column: ColumnFacts, kind: ColumnType) -> bool:
    filled = column.rows - column.blanks
    return kind.name in _PUBLIC or filled >= _REPEATED * column.distinct


def _looks_private() -> pl.Expr:
    folded = fold_text(pl.col("value"))
    tests = (
        has_mobile_phone(folded),
        has_unofficial_mail(folded),
        has_birth_date(folded),
        looks_like_my_number(pl.col("value")),
    )
    return pl.any_horizontal(test.fill_null(value=False) for test in tests)


def _shorten(value: str, longest: int = _LONGEST) -> str:
    line = " ".join(value.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
