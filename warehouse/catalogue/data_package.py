"""Data Package v2 and Table Schema: `datapackage.json` of a version, and one of everything newest.

Belongs here: the descriptor. Must not hold: looking at data (`facts`). What older readers of version 1
do not know (`fieldsMatch`, type `list`) is left out: files are in the schema's order anyway.

Source: https://datapackage.org/standard/data-package/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.catalogue.facts import PATTERNS
from warehouse.catalogue.vocabulary import LICENCES

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion
    from warehouse.catalogue.facts import ColumnFacts, TableFacts, VersionFacts

SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
NAME = "datapackage.json"
# Formats described with columns. JSON, GeoJSON and Parquet say themselves what their values are, and
# readers of Data Packages open them as tables only with parts that most have not installed.
_TABLES = {"CSV", "XLSX"}
# Spelled so that frictionless compares size and hash; as `parquet` it reads rows and compares neither.
_PARQUET = "Parquet"
# Types by format: in CSV everything is written text, elsewhere only numbers are not text.
_TYPES = {"integer": "integer", "number": "number", "date": "date", "time": "time"}
_WRITTEN_NUMBERS = {"latitude": "number", "longitude": "number"}
_FORMATS = {"time": "%H:%M", "url": "uri", "email": "email"}
_PATTERNED = {"postal_code", "municipality_code", "corporate_number"}


def describe_version(
    catalogue: PublicCatalogue, entry: Entry, version: PublicVersion, facts: VersionFacts
) -> dict[str, Any]:
    """Describe all files of a version; paths are beside the descriptor."""
    return {
        "$schema": SCHEMA,
        "name": entry.name,
        **_identity(catalogue, f"datasets/{entry.name}/{version.name}/{NAME}"),
        **_about(entry),
        **_homepage(catalogue, entry.page),
        "version": str(version.number),
        "created": version.published_at,
        "keywords": list(entry.spec.keywords),
        "contributors": _contributors(catalogue, entry),
        "sources": [{"title": entry.standard.credit}],
        "resources": [
            describe_file(entry, version, file, facts.of(file), path=file.name)
            for file in version.files
        ],
    }


def describe_whole(
    catalogue: PublicCatalogue, tables: list[tuple[Entry, PublicVersion, TableFacts]]
) -> dict[str, Any]:
    """Describe the newest CSV of every dataset; paths are below the descriptor."""
    city = catalogue.city
    return {
        "$schema": SCHEMA,
        "name": f"opendata-{city.local_government_code}",
        **_identity(catalogue, NAME),
        "title": f"{city.name} オープンデータ",
        "description": f"{city.name}が公開しているすべてのデータの最新版。",
        **_homepage(catalogue, ""),
        "created": catalogue.updated_at,
        "contributors": [{"title": city.publisher, "roles": ["publisher"]}],
        "resources": [
            {**describe_file(entry, version, file, facts, path=file.path), **_about(entry)}
            for entry, version, facts in tables
            if (file := version.file("CSV"))
        ],
    }


def describe_file(
    entry: Entry, version: PublicVersion, file: PublicFile, facts: TableFacts, *, path: str
) -> dict[str, Any]:
    """Describe one file: where, how large, which hash, and its columns where it is a table."""
    resource: dict[str, Any] = {
        "name": _name(entry, file),
        "path": path,
        "title": f"{entry.spec.title}({file.label})",
        "format": _PARQUET if file.format == _PARQUET else file.format.lower(),
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "licenses": _licences(entry),
        "version": str(version.number),
    }
    if file.format in {"CSV", "JSON", "GeoJSON"}:
        resource["encoding"] = "utf-8"
    if file.format in _TABLES:
        resource |= {"type": "table", "schema": table_schema(facts, written=file.format == "CSV")}
    if file.format == "CSV":
        resource["dialect"] = {"delimiter": ",", "lineTerminator": "\r\n", "header": True}
    return resource


def _name(entry: Entry, file: PublicFile) -> str:
    """Name a resource by its format; a document by the end of its own name."""
    end = file.name.removesuffix(".csv").rsplit("_", 1)[-1]
    return f"{entry.name}-{end if file.is_document else file.format.lower()}"


def table_schema(facts: TableFacts, *, written: bool) -> dict[str, Any]:
    """Describe the columns; `written`: every value is text in the file, as in CSV."""
    schema: dict[str, Any] = {
        "fields": [_field(column, written=written) for column in facts.columns],
        "missingValues": [""],
    }
    if facts.key:
        schema["primaryKey"] = [facts.key]
    return schema


def _field(column: ColumnFacts, *, written: bool) -> dict[str, Any]:
    types = _TYPES | (_WRITTEN_NUMBERS if written else {})
    kind = types.get(column.type, "string")
    field: dict[str, Any] = {"name": column.name, "title": column.name, "type": kind}
    if column.type in _FORMATS:
        field["format"] = _FORMATS[column.type]
    if column.description:
        field["description"] = column.description
    if column.spec.title_en:
        field["titleEn"] = column.spec.title_en
    if column.spec.unit:
        field["unit"] = column.spec.unit
    if column.spec.codes and column.keeps_list:
        field["categories"] = [
            {"value": code, "label": label} for code, label in column.spec.codes.items()
        ]
    if constraints := _constraints(column, kind):
        field["constraints"] = constraints
    return field


def _constraints(column: ColumnFacts, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.is_required:
        found["required"] = True
    if column.is_key:
        found["unique"] = True
    if column.keeps_list and kind == "string":
        found["enum"] = [*column.spec.values, *column.spec.codes]
    elif column.type == "flag":
        found["enum"] = ["1"]
    elif column.type in _PATTERNED:
        found["pattern"] = PATTERNS[column.type]
    return found


def _identity(catalogue: PublicCatalogue, path: str) -> dict[str, Any]:
    return {"id": f"{catalogue.site_url}{path}"} if catalogue.site_url else {}


def _homepage(catalogue: PublicCatalogue, path: str) -> dict[str, Any]:
    return {"homepage": f"{catalogue.site_url}{path}"} if catalogue.site_url else {}


def _about(entry: Entry) -> dict[str, Any]:
    spec = entry.spec
    return {
        "title": spec.title,
        "titleEn": spec.title_en,
        "description": "\n\n".join([spec.description, *spec.caveats]),
        "descriptionEn": spec.description_en,
        "licenses": _licences(entry),
    }


def _licences(entry: Entry) -> list[dict[str, str]]:
    licence = LICENCES[entry.spec.licence]
    return [{"name": licence.name, "title": licence.title, "path": licence.url}]


def _contributors(catalogue: PublicCatalogue, entry: Entry) -> list[dict[str, Any]]:
    return [
        {"title": catalogue.city.publisher, "roles": ["publisher"]},
        {"title": entry.spec.contact, "roles": ["contact"]},
    ]
