"""CSV on the Web: `<file>.csv-metadata.json` beside each CSV.

Belongs here: the description of one CSV. Must not hold: looking at data (`facts`).

Source: https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from warehouse.catalogue.vocabulary import LICENCES

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion
    from warehouse.catalogue.facts import ColumnFacts, TableFacts

SUFFIX = "-metadata.json"
_DATATYPES: dict[str, Any] = {
    "integer": "integer",
    "number": "decimal",
    "latitude": "decimal",
    "longitude": "decimal",
    "date": {"base": "date", "format": "yyyy-MM-dd"},
    "time": {"base": "time", "format": "HH:mm"},
    "url": "anyURI",
}
_LETTERS = re.compile(r"[^a-z0-9]+")


def describe_csv(
    catalogue: PublicCatalogue,
    entry: Entry,
    version: PublicVersion,
    file: PublicFile,
    facts: TableFacts,
) -> dict[str, Any]:
    """Describe a CSV of a version, data or document; `url` is beside the description."""
    spec = entry.spec
    schema: dict[str, Any] = {"columns": _columns(facts)}
    if facts.key:
        schema["primaryKey"] = next(
            c["name"] for c in schema["columns"] if c["titles"] == facts.key
        )
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
        "url": file.name,
        "dc:title": f"{spec.title}({file.label})",
        "dc:description": spec.description,
        "dc:publisher": catalogue.city.publisher,
        "dc:license": {"@id": LICENCES[spec.licence].url},
        "dc:conformsTo": entry.standard.label,
        "dc:modified": version.published_at,
        "dialect": {
            "encoding": "utf-8-sig" if facts.has_bom else "utf-8",
            "delimiter": ",",
            "header": True,
            "lineTerminators": ["\r\n", "\n"],
            "quoteChar": '"',
            "doubleQuote": True,
        },
        "tableSchema": schema,
    }


def _columns(facts: TableFacts) -> list[dict[str, Any]]:
    names = [_name(at, column) for at, column in enumerate(facts.columns, start=1)]
    # A name must be one of its kind and ASCII; the number of the column always is.
    return [
        _column(name if names.count(name) == 1 else f"c{at}", column)
        for at, (name, column) in enumerate(zip(names, facts.columns, strict=True), start=1)
    ]


def _name(at: int, column: ColumnFacts) -> str:
    return _LETTERS.sub("_", column.spec.title_en.lower()).strip("_") or f"c{at}"


def _column(name: str, column: ColumnFacts) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": name,
        "titles": column.name,
        "datatype": _DATATYPES.get(column.type, "string"),
    }
    if column.spec.separated:
        described["separator"] = ";"
    if column.is_required:
        described["required"] = True
    if column.description:
        described["dc:description"] = column.description
    return described
