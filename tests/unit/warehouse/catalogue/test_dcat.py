"""DCAT-AP read back by an RDF parser: what the register and the ledger say comes back equal."""

import json
from dataclasses import replace

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS

from tests.unit.warehouse.catalogue.small_public import SITE
from warehouse.catalogue.dcat import catalogue_graph, in_order
from warehouse.catalogue.entries import Tombstone
from warehouse.catalogue.render import render_catalogue

ADMS = Namespace("http://www.w3.org/ns/adms#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(scope="module")
def graph(files):
    return Graph().parse(data=files["catalog.ttl"], format="turtle")


def one(graph, node, what, language=None):
    (value,) = [v for v in graph.objects(node, what) if language is None or v.language == language]
    return str(value)


def core_fields(graph, node):
    """Read 18 fields of a dataset the way a harvester does."""
    files = graph.objects(node, DCAT.distribution)
    contact, period = graph.value(node, DCAT.contactPoint), graph.value(node, DCTERMS.temporal)
    return {
        "title": one(graph, node, DCTERMS.title, "ja"),
        "title_en": one(graph, node, DCTERMS.title, "en"),
        "description": one(graph, node, DCTERMS.description, "ja"),
        "description_en": one(graph, node, DCTERMS.description, "en"),
        "identifier": one(graph, node, DCTERMS.identifier),
        "keywords": {str(k) for k in graph.objects(node, DCAT.keyword)},
        "theme": one(graph, node, DCAT.theme),
        "publisher": one(graph, graph.value(node, DCTERMS.publisher), FOAF.name),
        "contact": one(graph, contact, VCARD.fn),
        "issued": one(graph, node, DCTERMS.issued),
        "modified": one(graph, node, DCTERMS.modified),
        "frequency": one(graph, node, DCTERMS.accrualPeriodicity),
        "spatial": one(graph, graph.value(node, DCTERMS.spatial), DCTERMS.identifier),
        "temporal": (one(graph, period, DCAT.startDate), one(graph, period, DCAT.endDate)),
        "conforms_to": one(graph, graph.value(node, DCTERMS.conformsTo), DCTERMS.title, "ja"),
        "version": (one(graph, node, DCAT.version), one(graph, node, ADMS.versionNotes)),
        "language": one(graph, node, DCTERMS.language),
        "files": {
            (
                one(graph, f, DCAT.downloadURL),
                one(graph, f, DCAT.mediaType),
                one(graph, f, DCAT.byteSize),
                one(graph, graph.value(f, SPDX.checksum), SPDX.checksumValue),
                one(graph, f, DCTERMS.license),
            )
            for f in files
        },
    }  # fmt: skip


def expected(catalogue, entry, temporal, frequency):
    spec, latest = entry.spec, entry.latest
    return {
        "title": spec.title,
        "title_en": spec.title_en,
        "description": spec.description,
        "description_en": spec.description_en,
        "identifier": f"{SITE}datasets/{entry.name}",
        "keywords": set(spec.keywords),
        "theme": f"{EU}data-theme/{spec.theme}",
        "publisher": catalogue.city.publisher,
        "contact": spec.contact,
        "issued": entry.first_published_at,
        "modified": latest.published_at,
        "frequency": f"{EU}frequency/{frequency}",
        "spatial": catalogue.city.local_government_code,
        "temporal": temporal,
        "conforms_to": entry.standard.label,
        "version": (str(latest.number), latest.note),
        "language": f"{EU}language/JPN",
        "files": {
            (
                f"{SITE}{f.path}",
                f"https://www.iana.org/assignments/media-types/{f.media_type}",
                str(f.size),
                f.sha256,
                "https://creativecommons.org/licenses/by/4.0/",
            )
            for f in latest.data
        },
    }


def test_eighteen_core_fields_come_back_equal(graph, catalogue):
    facility, population = catalogue.open_entries
    read = [core_fields(graph, URIRef(f"{SITE}datasets/{e.name}")) for e in (facility, population)]
    assert read[0] == expected(catalogue, facility, ("2026", "2026"), "ANNUAL")
    assert read[1] == expected(catalogue, population, ("2026-05-01", "2026-05-31"), "MONTHLY")
    assert len(read[0]) == 18


def test_turtle_and_json_ld_say_the_same(graph, files):
    other = Graph().parse(data=files["catalog.jsonld"], format="json-ld")
    assert len(graph) > 200
    assert isomorphic(graph, other)


def test_json_ld_is_in_order_whatever_the_library_hands_out(files):
    written = json.loads(files["catalog.jsonld"])
    ids = [node["@id"] for node in written["@graph"]]
    assert ids == sorted(ids)
    assert in_order(written) == written
    assert in_order({"a": [{"c": 1, "b": [3, 2]}, "x"]}) == {"a": ["x", {"b": [2, 3], "c": 1}]}


def test_every_node_has_an_address_and_the_bytes_do_not_change(graph, catalogue, files, public):
    assert all(isinstance(s, URIRef) for s in graph.subjects())
    assert render_catalogue(catalogue, public)["catalog.ttl"] == files["catalog.ttl"]
    assert b"[" not in files["catalog.ttl"]


def test_only_what_is_offered_is_a_dataset(graph):
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == {
        URIRef(f"{SITE}datasets/public_facility"),
        URIRef(f"{SITE}datasets/population"),
        URIRef(f"{SITE}datasets/open_data_list"),
    }


def test_the_list_is_a_dataset_whose_page_is_the_site(graph, files):
    node = URIRef(f"{SITE}datasets/open_data_list")
    assert graph.value(node, DCAT.landingPage) == URIRef(SITE)
    assert one(graph, node, DCAT.version) == "3"
    sizes = {
        one(graph, f, DCAT.downloadURL): int(one(graph, f, DCAT.byteSize))
        for f in graph.objects(node, DCAT.distribution)
    }
    stem = "272999_open_data_list"
    assert sizes == {f"{SITE}{stem}.{f}": len(files[f"{stem}.{f}"]) for f in ("csv", "json")}


def test_what_was_withdrawn_leaves_a_record(graph):
    (record,) = graph.objects(URIRef(f"{SITE}#catalog"), DCAT.record)
    assert graph.value(record, FOAF.primaryTopic) == URIRef(f"{SITE}datasets/aed")
    assert str(graph.value(record, ADMS.status)).endswith("dataset-status/WITHDRAWN")
    assert one(graph, record, DCTERMS.description) == (
        "場所に誤りがあったため。(問い合わせ先: 危機管理課)"
    )
    assert one(graph, record, DCTERMS.modified) == "2026-07-01T00:00:00+00:00"
    assert one(graph, record, RDFS.comment) == f"v1/272999_aed.csv sha256:{'ab' * 32}"


def test_a_withdrawn_version_leaves_a_record_and_its_dataset_stays(catalogue):
    stone = Tombstone(withdrawn_at="2026-08-01T00:00:00+00:00", reason="誤り。", contact="施設課")
    entry = replace(catalogue.entries[0], withdrawn_versions=(("v3", stone),))
    graph = catalogue_graph(replace(catalogue, entries=(entry,)), SITE)
    (record,) = graph.objects(URIRef(f"{SITE}#catalog"), DCAT.record)
    topic = URIRef(f"{SITE}datasets/public_facility/v3")
    assert graph.value(record, FOAF.primaryTopic) == topic
    assert len(list(graph.objects(URIRef(f"{SITE}#catalog"), DCAT.dataset))) == 1


def test_older_versions_stand_in_the_graph_of_their_dataset(files):
    graph = Graph().parse(data=files["datasets/population/versions.ttl"], format="turtle")
    dataset = URIRef(f"{SITE}datasets/population")
    first, second = (URIRef(f"{SITE}datasets/population/v{n}") for n in (1, 2))
    assert set(graph.objects(dataset, DCAT.hasVersion)) == {first, second}
    assert graph.value(dataset, DCAT.hasCurrentVersion) == second
    assert graph.value(second, DCAT.previousVersion) == first
    assert graph.value(first, DCAT.previousVersion) is None
    assert one(graph, second, ADMS.versionNotes) == "南町を直した。"


def test_the_boundary_is_longitude_before_latitude(graph):
    box = graph.value(URIRef(f"{SITE}#area"), DCAT.bbox)
    assert str(box).startswith("POLYGON((135.44 34.73,135.509 34.73,")


def test_texts_are_escaped(catalogue):
    spec = catalogue.entries[0].spec.model_copy(update={"title": '「"\\」\n改行<>'})
    entry = replace(catalogue.entries[0], spec=spec)
    graph = catalogue_graph(replace(catalogue, entries=(entry,)), SITE)
    back = Graph().parse(data=graph.serialize(format="turtle"), format="turtle")
    node = URIRef(f"{SITE}datasets/public_facility")
    assert one(back, node, DCTERMS.title, "ja") == '「"\\」\n改行<>'


def test_every_concept_is_named_and_every_moment_typed(graph):
    for node in graph.subjects(RDF.type, SKOS.Concept):
        assert graph.value(node, SKOS.prefLabel) is not None
    for moment in graph.objects(None, DCTERMS.modified):
        assert isinstance(moment, Literal)
        assert str(moment.datatype).endswith("#dateTime")
