"""DCAT-AP 3.0.1: the catalogue, its datasets and what was withdrawn, as a graph.

Belongs here: the graph and the two ways it is written down. Must not hold: what one dataset says
(`dcat_dataset`), the vocabularies (`vocabulary`).

Every node has an address, so that the same catalogue is the same bytes. The types of nodes from other
vocabularies are stated in the file, so that it can be checked without a network.

A withdrawn dataset is no `dcat:Dataset` of the catalogue any more, or harvesters would offer it; what
remains is a `dcat:CatalogRecord` with the status WITHDRAWN, when, why and whom to ask. Older versions
stand in the graph of their dataset (`versions.ttl`) for the same reason: harvesters take every
`dcat:Dataset` they see for one of its own.

Source: https://semiceu.github.io/DCAT-AP/releases/3.0.1/
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from warehouse.catalogue.dcat_dataset import add_dataset, address_of, place, say
from warehouse.catalogue.vocabulary import AUTHORITY

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue, Tombstone

ADMS = Namespace("http://www.w3.org/ns/adms#")
# Version 3; the library knows version 2.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
# Beside the page of a dataset: the graph of its versions.
VERSIONS = "versions.ttl"
PREFIXES: dict[str, str] = {
    "adms": str(ADMS),
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "foaf": str(FOAF),
    "locn": "http://www.w3.org/ns/locn#",
    "rdfs": str(RDFS),
    "skos": str(SKOS),
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": str(XSD),
}


def catalogue_graph(catalogue: PublicCatalogue, site: str, *, own: Entry | None = None) -> Graph:
    """Say what is offered now and what was withdrawn.

    Args:
        catalogue: What is public.
        site: Its address, ending with `/`.
        own: The list of all of it, a dataset of its own.
    """
    graph = _empty()
    node = URIRef(f"{site}#catalog")
    city = catalogue.city
    graph.add((node, RDF.type, DCAT.Catalog))
    say(graph, node, DCTERMS.title, f"{city.name} オープンデータ", "Open data of the city")
    say(
        graph,
        node,
        DCTERMS.description,
        f"{city.name}が公開しているデータの目録。",
        "Catalogue of the data that the city publishes.",
    )
    place(graph, node, catalogue, site)
    graph.add((node, FOAF.homepage, URIRef(site)))
    graph.add((URIRef(site), RDF.type, FOAF.Document))
    graph.add((node, DCAT.themeTaxonomy, _themes(graph)))
    if catalogue.updated_at:
        moment = Literal(catalogue.updated_at, datatype=XSD.dateTime, normalize=False)
        graph.add((node, DCTERMS.modified, moment))
    for entry in catalogue.open_entries:
        dataset = add_dataset(graph, catalogue, entry, site)
        graph.add((node, DCAT.dataset, dataset))
        graph.add((dataset, RDFS.seeAlso, URIRef(f"{dataset}/{VERSIONS}")))
    if own:
        graph.add((node, DCAT.dataset, add_dataset(graph, catalogue, own, site)))
    for entry in catalogue.entries:
        for record in _tombstones(graph, entry, site):
            graph.add((node, DCAT.record, record))
    return graph


def versions_graph(catalogue: PublicCatalogue, entry: Entry, site: str) -> Graph:
    """Say what one dataset offers now and every version that led there."""
    graph = _empty()
    dataset = add_dataset(graph, catalogue, entry, site)
    before: URIRef | None = None
    for version in entry.versions:
        node = add_dataset(graph, catalogue, entry, site, version=version)
        graph.add((dataset, DCAT.hasVersion, node))
        graph.add((node, DCAT.isVersionOf, dataset))
        if before is not None:
            graph.add((node, DCAT.previousVersion, before))
        before = node
    if before is not None:
        graph.add((dataset, DCAT.hasCurrentVersion, before))
    return graph


def to_turtle(graph: Graph) -> bytes:
    """Write Turtle."""
    return graph.serialize(format="turtle", encoding="utf-8")


def to_jsonld(graph: Graph) -> bytes:
    """Write JSON-LD whose context stands in the file, always in the same order."""
    written = graph.serialize(format="json-ld", context=PREFIXES)
    ordered = in_order(json.loads(written))
    return json.dumps(ordered, ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8")


def in_order(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Sort every list: in these graphs the order of values means nothing, and changes by chance."""
    if isinstance(value, dict):
        return {key: in_order(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted(map(in_order, value), key=lambda part: json.dumps(part, sort_keys=True))
    return value


def _empty() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _themes(graph: Graph) -> URIRef:
    node = URIRef(f"{AUTHORITY}data-theme")
    graph.add((node, RDF.type, SKOS.ConceptScheme))
    say(graph, node, DCTERMS.title, "データの分類", "Data theme")
    return node


def _tombstones(graph: Graph, entry: Entry, site: str) -> list[URIRef]:
    """Record what was withdrawn: the whole dataset, or single versions of one still offered."""
    dataset = address_of(site, entry)
    if entry.withdrawn:
        return [_tombstone(graph, entry, entry.withdrawn, dataset)]
    return [
        _tombstone(graph, entry, stone, f"{dataset}/{version}")
        for version, stone in entry.withdrawn_versions
    ]


def _tombstone(graph: Graph, entry: Entry, gone: Tombstone, topic: str) -> URIRef:
    """Record a withdrawal: what it was, when, why, whom to ask, and the hashes that were offered."""
    resource, record = URIRef(topic), URIRef(f"{topic}#withdrawn")
    moment = Literal(gone.withdrawn_at, datatype=XSD.dateTime, normalize=False)
    status = URIRef(f"{AUTHORITY}dataset-status/WITHDRAWN")
    graph.add((record, RDF.type, DCAT.CatalogRecord))
    graph.add((record, DCTERMS.modified, moment))
    graph.add((record, FOAF.primaryTopic, resource))
    graph.add((record, ADMS.status, status))
    graph.add((status, RDF.type, SKOS.Concept))
    say(graph, status, SKOS.prefLabel, "取下げ", "withdrawn")
    say(graph, record, DCTERMS.description, f"{gone.reason}(問い合わせ先: {gone.contact})")
    graph.add((resource, RDF.type, DCAT.Resource))
    say(graph, resource, DCTERMS.title, entry.spec.title, entry.spec.title_en)
    say(graph, resource, DCTERMS.description, entry.spec.description, entry.spec.description_en)
    graph.add((resource, DCTERMS.identifier, Literal(topic)))
    for name, sha256 in gone.digests:
        graph.add((record, RDFS.comment, Literal(f"{name} sha256:{sha256}")))
    return record
