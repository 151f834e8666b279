"""From a release's file to what an outsider holds: addressed cells and the counts they allow.

Belongs here: reading a table by what its release declared when it was made. Must not hold: which
tables are out (`overlap_ledger`), attacks (`anonymize/overlap`), wording (`overlap_wording`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from pydantic import TypeAdapter

from anonymize.overlap.labels import Dimension
from anonymize.overlap.released import SEEN, SHAPE, Released
from assets.overlaps import CountsPersons, Overlaps
from assets.release import AnonymisedRecords, Merging, Noise, Protection
from warehouse.refusal import Refusal
from warehouse.release.overlap_bounds import bound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assets.register import ReleaseQuery

_MONTH = re.compile(r"\d{4}-\d{2}")
_OF_PERSONS = "対象"


@dataclass(frozen=True)
class Meaning:
    """What a version says of its numbers, as it was declared when the version was made."""

    protection: Protection
    overlaps: Overlaps | None

    @property
    def persons(self) -> CountsPersons | None:
        """What persons it counts."""
        return self.overlaps if isinstance(self.overlaps, CountsPersons) else None


@dataclass(frozen=True)
class Held:
    """One version as an outsider holds it, and what was declared of it."""

    released: Released
    persons: CountsPersons


def write_meaning(release: ReleaseQuery) -> dict[str, Any]:
    """Write down what a version says of its numbers, to be kept with it."""
    spec = release.spec
    overlaps = spec.overlaps.model_dump(mode="json") if spec.overlaps else None
    return {
        "protection": spec.protection.model_dump(mode="json", warnings=False),
        "overlaps": overlaps,
    }


def read_meaning(values: dict[str, Any]) -> Meaning:
    """Read what `write_meaning` wrote."""
    overlaps = TypeAdapter(Overlaps | None).validate_python(values["overlaps"])
    return Meaning(TypeAdapter(Protection).validate_python(values["protection"]), overlaps)


def read_released(
    table: pl.DataFrame,
    integers: Iterable[str],
    meaning: Meaning,
    *,
    release: str,
    version: int,
    period: str,
) -> Held | None:
    """Read a version's table; None: nothing in it is certain of any person.

    Raises:
        Refusal: `overlap.columns`: a column of whole numbers is not declared, or not there.
    """
    persons = meaning.persons
    if persons is None or isinstance(meaning.protection, Noise | AnonymisedRecords):
        # Noise has no bounds, and its budget says what it tells in all; rows of persons are no counts.
        return None
    labels = _labels(table, integers, persons, release)
    bounded = bound(
        _melt(table, labels, persons), _notes(table, meaning), meaning.protection, persons
    )
    cells = bounded.cells
    if persons.within:
        cells = cells.with_columns(pl.lit(persons.population).alias(_apart(persons.population)))
    names = [name for name in cells.columns if name not in {*SHAPE, "column"}]
    moment = f"{period}-01" if _MONTH.fullmatch(period) else period
    held = Released(release, version, moment, cells.select(*names, *SHAPE), bounded.channel)
    return Held(held, bounded.persons)


def merge_dimensions(held: Iterable[CountsPersons]) -> list[Dimension]:
    """Put together what all versions of a population say of its dimensions.

    Raises:
        Refusal: `overlap.dimensions`: two of them contradict each other.
    """
    merged: dict[str, Dimension] = {}
    for persons in held:
        own = {
            name: Dimension(
                name,
                division.kind,
                {label: tuple(parts) for label, parts in division.groups.items()},
                division.rest,
                division.exhaustive,
            )
            for name, division in persons.dimensions.items()
        }
        if persons.within:
            name = _apart(persons.population)
            own[name] = Dimension(name, "category", exhaustive=False)
        for name, dimension in own.items():
            merged[name] = _join(merged.get(name), dimension)
    return list(merged.values())


def _join(one: Dimension | None, other: Dimension) -> Dimension:
    if one is None:
        return other
    shared = one.groups.keys() & other.groups.keys()
    differ = any(one.groups[label] != other.groups[label] for label in shared)
    rests = {one.rest, other.rest} - {None}
    if one.kind != other.kind or differ or len(rests) > 1:
        raise Refusal(
            "overlap.dimensions",
            f"区分「{one.name}」の書き方が、ほかの公開データと食い違っています。",
            "overlaps の dimensions",
            "同じ名前の区分は、どの公開データでも同じ種類・同じ内訳・同じ rest で書いてください。",
        )
    return Dimension(
        one.name,
        one.kind,
        {**one.groups, **other.groups},
        one.rest or other.rest,
        one.exhaustive and other.exhaustive,
    )


def _apart(population: str) -> str:
    return f"{_OF_PERSONS}={population}"


def _labels(
    table: pl.DataFrame, integers: Iterable[str], persons: CountsPersons, release: str
) -> dict[str, dict[str, str]]:
    named = {
        name: persons.labels_of(name) for name in integers if name not in persons.other_columns
    }
    unknown = [name for name, labels in named.items() if labels is None]
    missing = [name for name in persons.rows if name not in table.columns]
    if unknown or missing or not named:
        listed = "、".join([*unknown, *missing]) or "人数の列"
        raise Refusal(
            "overlap.columns",
            f"何の人数か宣言されていない列か、表にない列があります: {listed}",
            f"{release} の overlaps",
            "cells か rows に書き足し、人数でない整数の列は other_columns に書いてください。",
        )
    return {name: labels for name, labels in named.items() if labels is not None}


def _melt(
    table: pl.DataFrame, labels: dict[str, dict[str, str]], persons: CountsPersons
) -> pl.DataFrame:
    """Give one row a cell: its dimensions, the column it stood in, and the number shown."""
    rows = [pl.col(column).cast(pl.String).alias(name) for column, name in persons.rows.items()]
    long = table.select(*rows, pl.col(list(labels))).unpivot(
        on=list(labels), index=list(persons.rows.values()), variable_name="column", value_name=SEEN
    )
    inner = [name for name in persons.dimensions if name not in persons.rows.values()]
    named = pl.DataFrame(
        [{"column": column, **{n: own.get(n) for n in inner}} for column, own in labels.items()],
        schema={"column": pl.String, **dict.fromkeys(inner, pl.String)},
    )
    return long.join(named, on="column", how="left", maintain_order="left")


def _notes(table: pl.DataFrame, meaning: Meaning) -> pl.DataFrame | None:
    """Give each region's note, where the method writes into one with whom it is shown."""
    protection = meaning.protection
    if not isinstance(protection, Merging) or protection.note not in table.columns:
        return None
    region = pl.col(protection.region).cast(pl.String)
    return table.select(region.alias("region"), pl.col(protection.note).fill_null("").alias("note"))
