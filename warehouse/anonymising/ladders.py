"""From a policy to ladders: hierarchy files and tables read, rules applied to the values present.

Here stand the files a policy names and the spellings a rule needs read; what a rule does is
`anonymize.hierarchy`.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import singledispatch
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from anonymize.hierarchy.arx import read_arx
from anonymize.hierarchy.checks import require_hierarchy
from anonymize.hierarchy.faults import Fault, HierarchyError
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.hierarchy.rules_categories import care_levels, nationalities
from anonymize.hierarchy.rules_dates import dates
from anonymize.hierarchy.rules_numbers import ages, numbers
from anonymize.hierarchy.rules_places import postal_codes, prefixes, towns
from assets.anonymisation import HierarchyFile
from assets.anonymisation_rules import (
    AgeRule,
    CareLevelRule,
    DateRule,
    NationalityRule,
    NumberRule,
    PostalCodeRule,
    PrefixRule,
    TownsRule,
)
from assets.errors import suggest
from transforms.dates.day import date
from transforms.dates.eras import ERAS
from warehouse.readers.text.encoding import decode
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from assets.anonymisation import Policy, QuasiIdentifier

_ERAS = [(era.name, era.first) for era in ERAS]


def build_ladders(
    policy: Policy, folder: Path, values: Mapping[str, Sequence[str]]
) -> list[Hierarchy]:
    """Build the hierarchy of every quasi-identifier, in the policy's order.

    Args:
        policy: The policy.
        folder: Where its relative paths begin.
        values: Per column the distinct values of the data as text, null as the empty text.

    Raises:
        HierarchyError: Everything that is wrong with all of them.
        Refusal: A file that cannot be read.
    """
    built, faults = [], []
    for column, spec in policy.quasi_identifiers.items():
        try:
            built.append(build_ladder(spec, column, values[column], folder))
        except HierarchyError as error:
            faults += error.faults
    if faults:
        raise HierarchyError(faults)
    return built


@singledispatch
def build_ladder(
    spec: QuasiIdentifier, column: str, values: Sequence[str], folder: Path
) -> Hierarchy:
    """Build one column's hierarchy.

    Raises:
        HierarchyError: What is wrong with it.
        Refusal: A file that cannot be read.
    """
    raise TypeError(f"{column}: {type(spec).__name__} ({len(values)} values, {folder})")


@build_ladder.register
def _(spec: HierarchyFile, column: str, values: Sequence[str], folder: Path) -> Hierarchy:
    text = read_named(folder / spec.hierarchy, f"quasi_identifiers.{column}.hierarchy")
    rows = read_arx(text, file=spec.hierarchy, column=column)
    return require_hierarchy(rows, values, column=column, file=spec.hierarchy)


@build_ladder.register
def _(spec: AgeRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    options = {"stages": spec.stages, "top": spec.top, "unknown": spec.unknown}
    return ages(column, values, bands=spec.bands, **options)


@build_ladder.register
def _(spec: NumberRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    return numbers(column, values, **spec.model_dump(exclude={"rule", "weight"}))


@build_ladder.register
def _(spec: DateRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    days = read_days(values)
    options = {"calendar": spec.calendar, "unknown": spec.unknown}
    return dates(column, values, days, eras=_ERAS, **options)


@build_ladder.register
def _(spec: TownsRule, column: str, values: Sequence[str], folder: Path) -> Hierarchy:
    table = _read_table(column, spec, folder)
    return towns(column, values, table, city=spec.city, unknown=spec.unknown)


@build_ladder.register
def _(spec: NationalityRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    return nationalities(column, values, regions=spec.regions, unknown=spec.unknown)


@build_ladder.register
def _(spec: CareLevelRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    return care_levels(column, values, unknown=spec.unknown)


@build_ladder.register
def _(spec: PostalCodeRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    return postal_codes(column, values, keep=spec.keep, unknown=spec.unknown)


@build_ladder.register
def _(spec: PrefixRule, column: str, values: Sequence[str], _: Path) -> Hierarchy:
    return prefixes(column, values, keep=spec.keep, unknown=spec.unknown)


def read_days(values: Sequence[str]) -> dict[str, dt.date | None]:
    """Read dates in every spelling the platform knows; what is no single day is None."""
    texts = pl.DataFrame({"text": pl.Series(values, dtype=pl.String)})
    read = texts.select("text", date(pl.col("text")).struct.field("value").alias("day"))
    return dict(read.iter_rows())


def named_files(policy: Policy, folder: Path) -> list[Path]:
    """List the files a policy names, each once, in its order."""
    named = []
    for spec in policy.quasi_identifiers.values():
        if isinstance(spec, HierarchyFile):
            named.append(spec.hierarchy)
        elif isinstance(spec, TownsRule):
            named.append(spec.table)
    named += [name for model in policy.models if (name := getattr(model, "population", None))]
    return [folder / name for name in dict.fromkeys(named)]


def read_named(path: Path, key: str) -> str:
    """Read the text of a file that the policy names, in UTF-8 or cp932.

    Raises:
        Refusal: `policy.file`, `encoding.*`.
    """
    if not path.is_file():
        raise Refusal(
            "policy.file",
            f"ポリシーに書かれたファイルがありません: {path.name}",
            f"ポリシーの {key}({path})",
            "ポリシーのあるフォルダからの相対パスで書いてください。",
        )
    return decode(path.read_bytes(), "auto", path.name).text


def _read_table(column: str, spec: TownsRule, folder: Path) -> dict[str, tuple[str, ...]]:
    """Read the columns of a table with a header; a town that stands twice must say the same."""
    key = f"quasi_identifiers.{column}.table"
    text = read_named(folder / spec.table, key)
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines())
    header = list(reader.fieldnames or [])
    if missing := [name for name in spec.columns if name not in header]:
        what = f"対応表にない列です: {missing[0]}"
        where = f"ポリシーの quasi_identifiers.{column}.columns({spec.table})"
        raise HierarchyError([Fault("options", what, where, suggest(missing[0], header))])
    found: dict[str, tuple[str, ...]] = {}
    for row in reader:
        town, *labels = (row[name] or "" for name in spec.columns)
        where = f"{spec.table} {reader.line_num}行目(列「{column}」)"
        if found.setdefault(town, tuple(labels)) != tuple(labels):
            what = f"「{town}」が2回あり、食い違っています"
            raise HierarchyError([Fault("duplicate", what, where, "どちらかを消してください。")])
        if not all(label.strip() for label in labels):
            what = f"「{town}」の行に空の欄があります"
            raise HierarchyError([Fault("blank", what, where, "その欄を書いてください。")])
    return found
