"""What may be shown of a table: a few values of what is nobody's, shapes of what is somebody's."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from anonymize.patterns import (
    find_twelve_digits,
    fold_text,
    has_birth_date,
    has_mobile_phone,
    has_unofficial_mail,
    is_my_number,
)
from warehouse.diagnosis.masking import mask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.persons import Suspicion

SHOWN = 3
_LONGEST, _LONGEST_NOTE = 40, 80
_REPEATED = 5
_PUBLIC = {"code", "boolean", "fiscal_year", "year", "month"}
_PRIVATE_NAME = (
    r"@|[0-9]{7,}|[0-9]{2,4}-[0-9]{2,4}-[0-9]{3,4}|[0-9]{4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}"
)


def show_examples(
    columns: Sequence[ColumnFacts], types: Mapping[int, ColumnType], suspicion: Suspicion
) -> dict[int, tuple[str, ...]]:
    """Show up to three distinct values of every column, masked where they may be a person's.

    In a table of persons a value is shown as it is only when it is one of few that many share.
    """
    first = {c.number: c.values["value"].head(SHOWN).to_list() for c in columns}
    private = _find_private(value for values in first.values() for value in values)
    hidden = {
        c.number
        for c in columns
        if c.number in suspicion.kinds
        or (suspicion.is_about_persons and not _is_shared(c, types[c.number]))
    }
    return {
        number: tuple(
            mask(value) if number in hidden or value in private else _shorten(value)
            for value in values
        )
        for number, values in first.items()
    }


def show_name(column: ColumnFacts, suspicion: Suspicion) -> str:
    """Show a column's name, masked when a person's row seems to have been taken for the header."""
    name = "" if column.is_nameless else column.column.name
    is_value = re.search(_PRIVATE_NAME, name) is not None
    shown_as_name = suspicion.kinds.get(column.number) in {"氏名", "氏名カナ"} and bool(
        re.search(r"\S[ \u3000]\S", name)
    )
    return mask(name) if is_value or shown_as_name else name


def show_texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Show notes beside a table, those with phones, mail addresses or long numbers masked."""
    listed = [*texts]
    private = _find_private(listed)
    return tuple(mask(t) if t in private else _shorten(t, _LONGEST_NOTE) for t in listed)


def _is_shared(column: ColumnFacts, kind: ColumnType) -> bool:
    filled = column.rows - column.blanks
    return kind.name in _PUBLIC or filled >= _REPEATED * column.distinct


def _find_private(texts: Iterable[str]) -> set[str]:
    """Find the texts in which a person's number, phone, mail address or birth date stands."""
    values = pl.DataFrame({"value": [*texts]}, schema={"value": pl.String})
    return set(values.filter(_looks_private())["value"])


@cache
def _looks_private() -> pl.Expr:
    folded = fold_text(pl.col("value"))
    numbers = find_twelve_digits(folded).list.eval(is_my_number(pl.element())).list.any()
    tests = (
        has_mobile_phone(folded),
        has_unofficial_mail(folded),
        has_birth_date(folded),
        numbers,
    )
    return pl.any_horizontal(test.fill_null(value=False) for test in tests)


def _shorten(value: str, longest: int = _LONGEST) -> str:
    line = " ".join(value.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
