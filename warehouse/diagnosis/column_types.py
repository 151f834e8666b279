"""What a column's values are, in the words of the contract: tried with the project's own transforms.

A header suggests, the values decide: a type is taken only when (almost) every value is read by the
function that will read it later. Marks that stand for a missing number spoil no type.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import TRANSFORMS
from transforms.width import fold_ascii, fold_word
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.facts import share_of
from warehouse.diagnosis.names_of_people import looks_like_person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.facts import ColumnFacts

EMPTY = "empty"
ENOUGH = 0.95
MARK = r"^(?:[-*.…‥xXχ×‐‑‒–—―−─━－ｰー~〜～※▲△]+|・+|＊+|Ｘ|[nN]/[aA]|NA|なし|無し|不明|不詳|未定|秘匿|調査中)$"
_CODES = 30
_CLASSES = 5
_REPEATED = 2
_UNIT_BEHIND = r"^[-+△▲]?[0-9][0-9,]*(?:\.[0-9]+)?\s*(\p{L}{1,4}|[%％㎡㎥])$"
_YEARS = (1868, 2100)
_HALF = 0.5
# Days since 1899-12-30 of 1954 to 2064, as a workbook keeps a date that lost its format.
_SERIAL = r"^[2-5][0-9]{4}(?:\.0+)?$"
_NO_TOWN = r"^[0-9.,-]+$|[0-9]+(?:-[0-9]+)+|[0-9]番"


@dataclass(frozen=True)
class ColumnType:
    """The type of a column and what the contract has to say with it.

    Attributes:
        name: a contract column type, or `empty`.
        fits: whether every value but the marks is read.
        marks: the marks that stand in it.
        unit: the word written behind the numbers, when there is one.
        rules: rule of the transform → number of cells it was applied to.
        labels: codes, for `code`.
        true: words for true, for `boolean`; `false` likewise.
    """

    name: str
    fits: bool = True
    marks: tuple[str, ...] = ()
    unit: str | None = None
    rules: dict[str, int] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Trial:
    share: float
    rules: dict[str, int]


def infer_type(facts: ColumnFacts) -> ColumnType:
    """Find the type of a column."""
    if facts.values.is_empty():
        return ColumnType(EMPTY)
    is_mark = pl.col("value").str.contains(MARK) | pl.col("value").is_in([*facts.column.marks])
    marked, plain = facts.values.filter(is_mark), facts.values.filter(~is_mark)
    found = _infer_boolean(facts)
    if found is not None:
        return found
    marks = tuple(marked["value"].to_list())
    if words.is_date(facts.header) and _share(plain["value"], _SERIAL) >= ENOUGH:
        count = int(plain["count"].sum())
        return ColumnType("date", fits=False, marks=marks, rules={"date.serial_unlabelled": count})
    for name, units in _candidates(facts, plain) if len(plain) else ():
        trial = _try(name, plain, units)
        if trial.share >= ENOUGH and _is_plausible(name, plain):
            unit = units[0] if units else None
            return ColumnType(name, trial.share == 1, marks, unit, trial.rules)
    text = ColumnType("text")
    labels = _code_labels(facts)
    return replace(text, name="code", labels=labels) if labels else text


def _candidates(facts: ColumnFacts, plain: pl.DataFrame) -> Iterator[tuple[str, tuple[str, ...]]]:
    """List the types worth a trial with the units to read, the most telling first."""
    header, values = facts.header, plain["value"]
    yield from ((name, ()) for name in words.types_named(header))
    if _share(values, r"[0-9]") < _HALF:
        return
    yield from ((name, ()) for name in _shaped_as(values))
    if _code_labels(facts):
        return
    if _is_identifier(header, values):
        yield "digits", ()
        return
    units = _units(facts, values)
    if words.is_rate(header, facts.column.unit) or units in {("%",), ("％",)}:
        yield "percent", ()
    yield "integer", units
    yield "decimal", units


def _shaped_as(values: pl.Series) -> Iterator[str]:
    """Name the types a spelling gives away whatever the header says."""
    folded = values.to_frame("value").select(fold_ascii(pl.col("value")))
    shapes = [pl.col("value").str.contains(shape) for shape in words.SHAPES.values()]
    shares = folded.select(
        pl.mean_horizontal(s).mean().alias(n) for n, s in zip(words.SHAPES, shapes, strict=True)
    )
    yield from (name for name, share in shares.row(0, named=True).items() if share >= ENOUGH)
    if _share(values, r"^[0-9]{8}$") == 1:
        yield "date"


def _share(values: pl.Series, pattern: str) -> float:
    return share_of(values.to_frame("value"), fold_ascii(pl.col("value")).str.contains(pattern))


def _is_identifier(header: str, values: pl.Series) -> bool:
    """Digits that name something: with zeros in front, too long to count, or called a number."""
    if _share(values, r"^[0-9]+$") < ENOUGH:
        return False
    has_zeros = bool(values.str.contains(r"^0[0-9]").any())
    is_long = _share(values, r"^[0-9]{13,}$") >= ENOUGH
    return has_zeros or is_long or words.is_identifier(header)


def _units(facts: ColumnFacts, values: pl.Series) -> tuple[str, ...]:
    """Give the word behind the numbers: the column's unit, or the one that all of them carry."""
    behind = (
        values.to_frame("value")
        .select(fold_ascii(pl.col("value")).str.extract(_UNIT_BEHIND, 1))["value"]
        .drop_nulls()
        .unique()
    )
    if len(behind) == 1:
        return (str(behind[0]),)
    unit = facts.column.unit
    return (unit,) if unit and is_readable_unit(unit) else ()


def is_readable_unit(unit: str) -> bool:
    """Tell whether a unit may follow a number: a word with digits (1000人) could not be told from it."""
    return bool(unit.strip()) and not re.search(r"[0-9]", fold_word(unit))


@cache
def _judging(name: str, units: tuple[str, ...]) -> pl.Expr:
    """Build the judging expression of a type once: it is asked of every column."""
    transform = TRANSFORMS[name]
    given = {"units": units} if units and "units" in transform.parameters else {}
    return transform.function(pl.col("value"), **given).struct.unnest()


def _try(name: str, plain: pl.DataFrame, units: tuple[str, ...]) -> _Trial:
    judged = plain.select(_judging(name, units), count=pl.col("count"))
    rules = judged.group_by("rule").agg(pl.col("count").sum()).rows()
    good = judged.filter(pl.col("verdict").cast(pl.String).is_in(["ok", "repaired"]))
    return _Trial(int(good["count"].sum()) / int(plain["count"].sum()), dict(rules))


def _is_plausible(name: str, plain: pl.DataFrame) -> bool:
    """Types that take any text need values of their shape; bare years lie near our time."""
    if name == "name":
        return share_of(plain, looks_like_person(pl.col("value"))) >= _HALF
    if name == "town":
        return _share(plain["value"], _NO_TOWN) <= 1 - ENOUGH
    if name not in {"year", "fiscal_year"}:
        return True
    bare = plain["value"].cast(pl.Int64, strict=False).drop_nulls()
    return bool(bare.is_between(*_YEARS).all())


def _infer_boolean(facts: ColumnFacts) -> ColumnType | None:
    """Two words for yes and no, or one of them and blanks."""
    present = set(facts.values["value"].to_list()) if facts.distinct <= _REPEATED else set()
    for true, false in words.TRUTHS:
        if not present or not present <= {true, false} or true not in present:
            continue
        if true == "1" and (words.is_quantity(facts.header) or facts.column.unit):
            continue
        if present == {true} and not facts.blanks:
            continue
        return ColumnType("boolean", true=(true,), false=(false,))
    return None


def _code_labels(facts: ColumnFacts) -> tuple[str, ...]:
    """Give the few values of a column that is called a code or a class and repeats them."""
    if not words.is_code(facts.header) or not 1 < facts.distinct <= _CODES:
        return ()
    filled = facts.rows - facts.blanks
    values = facts.values["value"].to_list()
    short = all(len(value) <= 12 for value in values)  # noqa: PLR2004 - a code is no sentence
    repeats = filled >= _REPEATED * facts.distinct
    is_class = words.is_class(facts.header) and facts.distinct <= _CLASSES
    return tuple(sorted(values)) if short and (repeats or is_class) else ()
