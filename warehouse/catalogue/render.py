"""All catalogue files of the public folder: the one place that says which file holds which vocabulary.

Belongs here: paths, and the order of asking. Must not hold: any vocabulary, nor writing to disk.

Everything comes from the register, the ledger and the published files themselves. DCAT needs addresses
on the web: without the city's `open_data_url` it is left out and said so once (`catalogue.no_address`).
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from warehouse.catalogue import croissant, csvw, data_package, goj, open_data_list
from warehouse.catalogue.facts import facts_of, read_facts
from warehouse.catalogue.own_list import describe_list

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicVersion
    from warehouse.catalogue.facts import TableFacts, VersionFacts

TURTLE, JSONLD = "catalog.ttl", "catalog.jsonld"
NO_ADDRESS = (
    "DCAT の目録(catalog.ttl、catalog.jsonld)は作りませんでした。\n"
    "  場所: city.yaml の open_data_url\n"
    "  直し方: 公開フォルダーを載せる Web サイトの住所(https://…/)を書いてください。"
)
_log = logging.getLogger(__name__)


def render_catalogue(catalogue: PublicCatalogue, home_public: Path) -> dict[str, bytes]:
    """Render every catalogue file.

    Args:
        catalogue: What is public.
        home_public: The public folder; the data files are there already.

    Returns:
        Path under the public folder to content; the same catalogue gives the same bytes.

    Raises:
        Refusal: `catalogue.file_missing` when a CSV it must describe is not there.
    """
    files: dict[str, bytes] = {}
    newest: list[tuple[Entry, PublicVersion, TableFacts]] = []
    for entry in catalogue.open_entries:
        for version in entry.versions:
            facts = facts_of(entry, version, home_public)
            files |= _version_files(catalogue, entry, version, facts)
            if version is entry.latest:
                newest.append((entry, version, facts.data))
    own = _own_list(catalogue, files, newest)
    if newest:
        files[data_package.NAME] = _json(data_package.describe_whole(catalogue, newest))
    files[goj.NAME] = _json(goj.describe_catalogue(catalogue))
    return files | _dcat(catalogue, own)


def _own_list(
    catalogue: PublicCatalogue,
    files: dict[str, bytes],
    newest: list[tuple[Entry, PublicVersion, TableFacts]],
) -> Entry | None:
    """Add the open data list and its description; None where there is no layout or nothing to list."""
    layout = catalogue.list_layout
    if layout is None or not catalogue.entries:
        return None
    listed = open_data_list.write_list(catalogue, layout)
    facts = read_facts(next(iter(listed.values())), layout)
    own = describe_list(catalogue, layout, listed, facts.rows)
    version = own.versions[0]
    table = version.files[0]
    described = csvw.describe_csv(catalogue, own, version, table, facts)
    files |= {**listed, table.path + csvw.SUFFIX: _json(described)}
    newest.append((own, version, facts))
    return own


def _version_files(
    catalogue: PublicCatalogue, entry: Entry, version: PublicVersion, facts: VersionFacts
) -> dict[str, bytes]:
    folder = f"datasets/{entry.name}/{version.name}"
    described = {
        data_package.NAME: data_package.describe_version(catalogue, entry, version, facts),
        croissant.NAME: croissant.describe_dataset(catalogue, entry, version, facts.data),
    }
    described |= {
        file.name + csvw.SUFFIX: csvw.describe_csv(catalogue, entry, version, file, facts.of(file))
        for file in version.files
        if file.format == "CSV"
    }
    return {f"{folder}/{name}": _json(content) for name, content in described.items()}


def _dcat(catalogue: PublicCatalogue, own: Entry | None) -> dict[str, bytes]:
    site = catalogue.site_url
    if site is None:
        _log.warning(NO_ADDRESS)
        return {}
    # The library takes a third of a second to load.
    from warehouse.catalogue import dcat  # noqa: PLC0415

    graph = dcat.catalogue_graph(catalogue, site, own=own)
    files = {TURTLE: dcat.to_turtle(graph), JSONLD: dcat.to_jsonld(graph)}
    for entry in catalogue.open_entries:
        history = dcat.versions_graph(catalogue, entry, site)
        files[entry.page + dcat.VERSIONS] = dcat.to_turtle(history)
    return files


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
