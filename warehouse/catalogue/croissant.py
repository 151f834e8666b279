"""Croissant 1.1: `croissant.json` of a version, by which programs for machine learning load its rows.

Belongs here: the description. Must not hold: looking at data (`facts`).

Rows are described over the Parquet file alone: readers of Croissant guess types when they read CSV,
and a code such as `001` would come back as 1. A version without Parquet has its files described and
no rows.

Source: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from warehouse.catalogue.times import day_in_japan
from warehouse.catalogue.vocabulary import LICENCES

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion
    from warehouse.catalogue.facts import ColumnFacts, TableFacts

NAME = "croissant.json"
_ROWS = "rows"
# The one name readers know Parquet by; its IANA name is newer than they are.
_PARQUET = "application/x-parquet"
_DATA_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "date": "sc:Date", "url": "sc:URL"}
CONTEXT: dict[str, Any] = {
    "@language": "ja",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def describe_dataset(
    catalogue: PublicCatalogue, entry: Entry, version: PublicVersion, facts: TableFacts
) -> dict[str, Any]:
    """Describe files and rows of a version; addresses of files are beside the description."""
    spec, city = entry.spec, catalogue.city
    organisation = {"@type": "sc:Organization", "name": city.publisher}
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": entry.name,
        "alternateName": [spec.title, spec.title_en],
        "description": spec.description,
        "url": f"{catalogue.site_url or ''}{entry.page}",
        "license": LICENCES[spec.licence].url,
        # Three numbers are what readers of Croissant ask for.
        "version": f"{version.number}.0.0",
        "datePublished": day_in_japan(version.published_at),
        "dateModified": day_in_japan(version.published_at),
        "creator": organisation,
        "publisher": organisation,
        "inLanguage": "ja",
        "keywords": list(spec.keywords),
        "isLiveDataset": False,
        "citeAs": f"{city.publisher}「{spec.title}」第{version.number}版({spec.licence})",
        "distribution": [_file(file) for file in version.files],
    }
    if parquet := version.file("Parquet"):
        described["recordSet"] = [_rows(parquet, entry, facts)]
    return described


def _file(file: PublicFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "description": file.label,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": _PARQUET if file.format == "Parquet" else file.media_type,
        "sha256": file.sha256,
    }


def _rows(file: PublicFile, entry: Entry, facts: TableFacts) -> dict[str, Any]:
    rows: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": _ROWS,
        "name": _ROWS,
        "description": f"{entry.standard.label}の行",
        "field": [_field(file, column) for column in facts.columns],
    }
    if facts.key:
        rows["key"] = {"@id": _field_id(facts.key)}
    return rows


def _field(file: PublicFile, column: ColumnFacts) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": _field_id(column.name),
        "name": column.name,
        "description": column.description or column.name,
        "dataType": _DATA_TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": file.name}, "extract": {"column": column.name}},
    }


def _field_id(name: str) -> str:
    """Name a field by its heading; only what an IRI may not hold is escaped."""
    return f"{_ROWS}/" + "".join(c if not c.isascii() else quote(c, safe="-_.~()") for c in name)
