"""Releases as files of NGSI entities under `public/ngsi/`, for brokers and for whoever reads JSON.

`ngsi/<release>.jsonld` (NGSI-LD) and `ngsi/<release>.ngsi-v2.json` (NGSIv2) are lists with one entity
a line; `ngsi/index.json` says what there is and what could not be written; `ngsi/context.jsonld` names
our own terms. Only rendering stands here: who writes the files is the site, who sends them is
`warehouse/exchange/broker_sync.py`. Nothing is fetched: contexts are addresses only.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from warehouse.exchange.dialect import CORE_CONTEXT, DIALECTS, NGSI_LD
from warehouse.exchange.entities import entities_of
from warehouse.formats.csv_file import read_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import polars as pl

    from assets.exchange import EntityMapping
    from warehouse.catalogue.entries import Entry, PublicCatalogue
    from warehouse.exchange.dialect import Dialect
    from warehouse.exchange.entities import Entities

FOLDER = "ngsi"
_MODELS = "https://raw.githubusercontent.com/smart-data-models/{}/master/context.jsonld"


def render_ngsi(
    catalogue: PublicCatalogue, mappings: Mapping[str, EntityMapping], public: Path
) -> dict[str, bytes]:
    """Write the files of all open releases whose layout has a mapping.

    Args:
        catalogue: What is public.
        mappings: By slug of the layout.
        public: The public folder; the newest CSV files stand in it already.

    Returns:
        Path under the public folder to bytes.
    """
    files: dict[str, bytes] = {}
    index = []
    for entry in catalogue.open_entries:
        mapping = mappings.get(entry.standard.slug)
        table = read_newest(entry, public)
        if mapping is None or table is None:
            continue
        found = {d: entities_for(catalogue, entry, mapping, table, d) for d in DIALECTS.values()}
        context = context_of(mapping, catalogue.site_url)
        written = {
            f"{FOLDER}/{entry.name}{d.suffix}": _listed(entities, context, d)
            for d, entities in found.items()
        }
        files |= written
        index.append(_described(entry, found[NGSI_LD], written))
    if index:
        files[f"{FOLDER}/index.json"] = _json(index)
        files[f"{FOLDER}/context.jsonld"] = _json(_own_context(mappings, catalogue.site_url))
    return files


def entities_for(
    catalogue: PublicCatalogue,
    entry: Entry,
    mapping: EntityMapping,
    table: pl.DataFrame,
    dialect: Dialect,
) -> Entities:
    """Write the rows of a release as entities that say whose they are and where they come from."""
    common = {"dataProvider": catalogue.city.publisher}
    if catalogue.site_url:
        common["source"] = f"{catalogue.site_url}{entry.page}"
    return entities_of(
        table,
        mapping,
        dialect,
        release=entry.name,
        municipality=catalogue.city.local_government_code,
        common=common,
    )


def read_newest(entry: Entry, public: Path) -> pl.DataFrame | None:
    """Read the newest CSV of a release as texts; None when it offers none."""
    file = entry.latest.file("CSV") if entry.latest else None
    if file is None:
        return None
    return read_numbers(public / file.path, {})


def context_of(mapping: EntityMapping, site_url: str | None) -> list[str]:
    """List the addresses of the contexts of an entity; ours, the model's, the core's."""
    own = [f"{site_url}{FOLDER}/context.jsonld"] if site_url else []
    model = [_MODELS.format(mapping.model)] if mapping.model else []
    return [*own, *model, CORE_CONTEXT]


def with_context(document: str, context: Sequence[str], dialect: Dialect) -> str:
    """Let an entity name its contexts; NGSIv2 has none."""
    if dialect is not NGSI_LD:
        return document
    return f'{document.removesuffix("}")},"@context":{json.dumps([*context])}}}'


def _listed(entities: Entities, context: Sequence[str], dialect: Dialect) -> bytes:
    """Write a list with one entity a line."""
    documents = entities.documents
    if dialect is NGSI_LD:
        documents = documents.str.strip_suffix("}") + f',"@context":{json.dumps([*context])}}}'
    return ("[\n" + ",\n".join(documents) + "\n]\n").encode()


def _described(entry: Entry, entities: Entities, files: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "release": entry.name,
        "title": entry.spec.title,
        "version": entry.latest.name if entry.latest else None,
        "type": entities.type,
        "entities": entities.documents.len(),
        "files": sorted(files),
        "notes": list(entities.notes),
    }


def _own_context(
    mappings: Mapping[str, EntityMapping], site_url: str | None
) -> dict[str, dict[str, str]]:
    """Explain all terms; the contexts listed after ours explain those of public models anew."""
    base = f"{site_url or ''}{FOLDER}/context.jsonld#"
    ours = sorted({name for m in mappings.values() for name in m.terms})
    return {"@context": {name: base + name for name in ours}}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
