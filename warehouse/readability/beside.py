"""What lies beside a data file and explains it: definition, list of codes, package descriptor.

Read are `<stem>_definition.csv` and `<stem>_codes.csv` as releases have them, and the
`datapackage.json` of the folder. Must not hold: judging.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from transforms.texts.headers import header_key
from warehouse.formats.csv_file import read_numbers
from warehouse.formats.definition import CODES, DEFINITION, KINDS

if TYPE_CHECKING:
    from pathlib import Path

PACKAGE = "datapackage.json"
_NUMBERS = {KINDS["integer"], KINDS["number"]}


@dataclass(frozen=True)
class Defined:
    """What is said of one column."""

    meaning: str = ""
    unit: str = ""
    is_number: bool = False
    has_codes: bool = False


@dataclass(frozen=True)
class Beside:
    """What is said of a file.

    Attributes:
        columns: Key of a heading (`key_of`) to what is said of it.
        has_history: Whether version and day of the data are told.
        sources: Names of the files that say so.
    """

    columns: dict[str, Defined] = field(default_factory=dict)
    has_history: bool = False
    sources: tuple[str, ...] = ()

    def of(self, heading: str) -> Defined | None:
        """Find what is said of a column."""
        return self.columns.get(key_of(heading))


def key_of(heading: str) -> str:
    """Spell a heading so that width and spaces of its characters do not matter."""
    return header_key(heading).lower()


def read_beside(path: Path) -> Beside:
    """Read whatever explains a data file; what is not there or not readable explains nothing."""
    found = Beside()
    definition, codes = (path.with_name(f"{path.stem}{end}.csv") for end in (DEFINITION, CODES))
    if (table := _read(definition)) is not None:
        found = _from_definition(found, table, definition.name)
    if (table := _read(codes)) is not None:
        found = _from_codes(found, table, codes.name)
    package = path.with_name(PACKAGE)
    if package.is_file():
        found = _from_package(found, package, path.name)
    return found


def _from_definition(found: Beside, table: pl.DataFrame, name: str) -> Beside:
    columns = {
        key_of(row["項目名"]): Defined(
            meaning=row.get("意味") or "",
            unit=row.get("単位") or "",
            is_number=row.get("型") in _NUMBERS,
        )
        for row in table.to_dicts()
        if row.get("項目名")
    }
    return replace(found, columns=columns, sources=(*found.sources, name))


def _from_codes(found: Beside, table: pl.DataFrame, name: str) -> Beside:
    headings = {key_of(heading) for heading in table["項目名"].drop_nulls()}
    columns = found.columns | {
        heading: replace(found.columns.get(heading, Defined()), has_codes=True)
        for heading in headings
    }
    return replace(found, columns=columns, sources=(*found.sources, name))


def _from_package(found: Beside, path: Path, file: str) -> Beside:
    try:
        package = json.loads(path.read_bytes())
        resource = next(r for r in package["resources"] if r.get("path") == file)
        fields = resource.get("schema", {}).get("fields", [])
        columns = {key_of(f["name"]): _merge(found.of(f["name"]), f) for f in fields}
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return found
    dated = any(key in held for held in (package, resource) for key in ("created", "version"))
    return Beside(found.columns | columns, found.has_history or dated, (*found.sources, path.name))


def _merge(known: Defined | None, said: dict[str, Any]) -> Defined:
    known = known or Defined(is_number=said.get("type") in {"integer", "number"})
    explained = bool(said.get("categories") or said.get("constraints", {}).get("enum"))
    return replace(
        known,
        meaning=known.meaning or said.get("description") or "",
        unit=known.unit or said.get("unit") or "",
        has_codes=known.has_codes or explained,
    )


def _read(path: Path) -> pl.DataFrame | None:
    try:
        table = read_numbers(path, {})
    except (OSError, pl.exceptions.PolarsError):
        return None
    return table if "項目名" in table.columns else None
