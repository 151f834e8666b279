"""DCAT-AP 3.0.1: one dataset, or one of its versions, and its files.

Belongs here: the statements about a dataset and its distributions. Must not hold: the catalogue and
how graphs are written (`dcat`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

from assets.themes import THEMES
from warehouse.catalogue.times import first_and_last_day, is_year
from warehouse.catalogue.vocabulary import AUTHORITY, FILE_TYPES, FREQUENCIES, LICENCES, MEDIA_TYPES

if TYPE_CHECKING:
    from rdflib import Graph

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion

ADMS = Namespace("http://www.w3.org/ns/adms#")
# Version 3; the library knows version 2.
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")
_PUBLISHER_TYPE = URIRef("http://purl.org/adms/publishertype/LocalAuthority")


def address_of(site: str, entry: Entry, version: PublicVersion | None = None) -> str:
    """Give the address that names a dataset, or one version of it; its page ends with `/`."""
    return f"{site}datasets/{entry.name}" + (f"/{version.name}" if version else "")


def say(graph: Graph, node: URIRef, what: URIRef, japanese: str, english: str = "") -> None:
    """State a text in Japanese and, where there is one, in English."""
    graph.add((node, what, Literal(japanese, lang="ja")))
    if english:
        graph.add((node, what, Literal(english, lang="en")))


def add_dataset(
    graph: Graph,
    catalogue: PublicCatalogue,
    entry: Entry,
    site: str,
    *,
    version: PublicVersion | None = None,
) -> URIRef:
    """State a dataset with its newest files, or one `version` of it with that version's files."""
    node = URIRef(address_of(site, entry, version))
    shown = version or entry.latest
    graph.add((node, RDF.type, DCAT.Dataset))
    _describe(graph, node, entry)
    place(graph, node, catalogue, site)
    _link(graph, node, entry, site)
    if shown is not None:
        issued = shown.published_at if version else entry.first_published_at
        _date(graph, node, issued, shown.published_at)
        _version(graph, node, shown)
        for file in shown.data:
            graph.add((node, DCAT.distribution, _distribution(graph, entry, shown, file, site)))
        for file in shown.documents:
            page = URIRef(site + quote(file.path))
            graph.add((node, FOAF.page, page))
            graph.add((page, RDF.type, FOAF.Document))
            graph.add((page, DCTERMS.title, Literal(file.label, lang="ja")))
    return node


def place(graph: Graph, node: URIRef, catalogue: PublicCatalogue, site: str) -> None:
    """State who publishes, in which language, and for which municipality."""
    city = catalogue.city
    publisher, area = URIRef(f"{site}#publisher"), URIRef(f"{site}#area")
    graph.add((node, DCTERMS.publisher, publisher))
    graph.add((publisher, RDF.type, FOAF.Agent))
    graph.add((publisher, FOAF.name, Literal(city.publisher, lang="ja")))
    graph.add((publisher, FOAF.homepage, URIRef(site)))
    graph.add((URIRef(site), RDF.type, FOAF.Document))
    graph.add((publisher, DCTERMS.type, _PUBLISHER_TYPE))
    graph.add((_PUBLISHER_TYPE, RDF.type, SKOS.Concept))
    say(graph, _PUBLISHER_TYPE, SKOS.prefLabel, "地方公共団体", "Local Authority")
    graph.add((node, DCTERMS.spatial, area))
    graph.add((area, RDF.type, DCTERMS.Location))
    graph.add((area, SKOS.prefLabel, Literal(city.prefecture + city.name, lang="ja")))
    graph.add((area, DCTERMS.identifier, Literal(city.local_government_code)))
    if city.bounds:
        south, west, north, east = city.bounds
        corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        ring = ",".join(f"{x} {y}" for x, y in corners)
        graph.add((area, DCAT.bbox, Literal(f"POLYGON(({ring}))", datatype=_WKT)))
    language = _known(graph, "language/JPN", DCTERMS.LinguisticSystem)
    graph.add((node, DCTERMS.language, language))


def _describe(graph: Graph, node: URIRef, entry: Entry) -> None:
    spec = entry.spec
    say(graph, node, DCTERMS.title, spec.title, spec.title_en)
    say(graph, node, DCTERMS.description, spec.description, spec.description_en)
    graph.add((node, DCTERMS.identifier, Literal(str(node))))
    for keyword in spec.keywords:
        graph.add((node, DCAT.keyword, Literal(keyword, lang="ja")))
    for caveat in spec.caveats:
        graph.add((node, RDFS.comment, Literal(caveat, lang="ja")))
    theme = _known(graph, f"data-theme/{spec.theme}", SKOS.Concept)
    say(graph, theme, SKOS.prefLabel, *THEMES[spec.theme])
    graph.add((node, DCAT.theme, theme))
    code, japanese, english = FREQUENCIES[spec.frequency]
    frequency = _known(graph, f"frequency/{code}", DCTERMS.Frequency)
    say(graph, frequency, SKOS.prefLabel, japanese, english)
    graph.add((node, DCTERMS.accrualPeriodicity, frequency))
    rights = _known(graph, "access-right/PUBLIC", DCTERMS.RightsStatement)
    graph.add((node, DCTERMS.accessRights, rights))


def _link(graph: Graph, node: URIRef, entry: Entry, site: str) -> None:
    dataset = address_of(site, entry)
    page = URIRef(site + entry.page)
    graph.add((node, DCAT.landingPage, page))
    graph.add((page, RDF.type, FOAF.Document))
    contact = URIRef(f"{dataset}#contact")
    graph.add((node, DCAT.contactPoint, contact))
    graph.add((contact, RDF.type, VCARD.Kind))
    graph.add((contact, RDF.type, VCARD.Organization))
    graph.add((contact, VCARD.fn, Literal(entry.spec.contact)))
    graph.add((contact, VCARD.hasURL, page))
    graph.add((node, DCTERMS.conformsTo, _standard(graph, entry, site)))
    # Harvesters that look for the licence at the dataset find it there too.
    graph.add((node, DCTERMS.license, _licence(graph, entry)))


def _date(graph: Graph, node: URIRef, issued: str, modified: str) -> None:
    for what, moment in ((DCTERMS.issued, issued), (DCTERMS.modified, modified)):
        graph.add((node, what, Literal(moment, datatype=XSD.dateTime, normalize=False)))


def _version(graph: Graph, node: URIRef, version: PublicVersion) -> None:
    graph.add((node, DCAT.version, Literal(str(version.number))))
    if version.note:
        graph.add((node, ADMS.versionNotes, Literal(version.note, lang="ja")))
    if version.protection:
        made = URIRef(f"{node}#provenance")
        graph.add((node, DCTERMS.provenance, made))
        graph.add((made, RDF.type, DCTERMS.ProvenanceStatement))
        graph.add((made, RDFS.label, Literal("".join(version.protection), lang="ja")))
    days, year = first_and_last_day(version.period), is_year(version.period)
    if days or year:
        period = URIRef(f"{node}#period")
        kind = XSD.gYear if year else XSD.date
        graph.add((node, DCTERMS.temporal, period))
        graph.add((period, RDF.type, DCTERMS.PeriodOfTime))
        first, last = days or (version.period, version.period)
        for what, day in ((DCAT.startDate, first), (DCAT.endDate, last)):
            graph.add((period, what, Literal(day, datatype=kind, normalize=False)))


def _distribution(
    graph: Graph, entry: Entry, version: PublicVersion, file: PublicFile, site: str
) -> URIRef:
    address = f"{site}{quote(file.path)}"
    node = URIRef(f"{address}#distribution")
    graph.add((node, RDF.type, DCAT.Distribution))
    say(graph, node, DCTERMS.title, f"{entry.spec.title}({file.format})",
        f"{entry.spec.title_en} ({file.format})")  # fmt: skip
    graph.add((node, DCAT.accessURL, URIRef(site + entry.page)))
    graph.add((node, DCAT.downloadURL, URIRef(address)))
    graph.add((node, DCAT.byteSize, Literal(str(file.size), datatype=XSD.nonNegativeInteger)))
    media = URIRef(MEDIA_TYPES + file.media_type)
    graph.add((node, DCAT.mediaType, media))
    graph.add((media, RDF.type, DCTERMS.MediaType))
    form = _known(graph, f"file-type/{FILE_TYPES[file.format]}", DCTERMS.MediaTypeOrExtent)
    graph.add((form, RDFS.label, Literal(file.format)))
    graph.add((node, DCTERMS.format, form))
    graph.add((node, DCTERMS.conformsTo, _standard(graph, entry, site)))
    graph.add((node, DCTERMS.license, _licence(graph, entry)))
    graph.add((node, DCTERMS.language, _known(graph, "language/JPN", DCTERMS.LinguisticSystem)))
    _date(graph, node, version.published_at, version.published_at)
    status = _known(graph, "distribution-status/COMPLETED", SKOS.Concept)
    say(graph, status, SKOS.prefLabel, "完成", "completed")
    graph.add((node, ADMS.status, status))
    rights = URIRef(f"{site}#credit-{entry.standard.slug}")
    graph.add((node, DCTERMS.rights, rights))
    graph.add((rights, RDF.type, DCTERMS.RightsStatement))
    graph.add((rights, RDFS.label, Literal(entry.standard.credit, lang="ja")))
    _checksum(graph, node, file.sha256)
    return node


def _checksum(graph: Graph, node: URIRef, sha256: str) -> None:
    checksum = URIRef(f"{node}-sha256")
    algorithm = SPDX.checksumAlgorithm_sha256
    graph.add((node, SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, SPDX.Checksum))
    graph.add((checksum, SPDX.algorithm, algorithm))
    graph.add((algorithm, RDF.type, SPDX.ChecksumAlgorithm))
    value = Literal(sha256, datatype=XSD.hexBinary, normalize=False)
    graph.add((checksum, SPDX.checksumValue, value))


def _standard(graph: Graph, entry: Entry, site: str) -> URIRef:
    standard = entry.standard
    node = URIRef(f"{site}#standard-{standard.slug}")
    graph.add((node, RDF.type, DCTERMS.Standard))
    say(graph, node, DCTERMS.title, standard.label, standard.title_en)
    graph.add((node, DCAT.version, Literal(standard.edition, lang="ja")))
    return node


def _licence(graph: Graph, entry: Entry) -> URIRef:
    licence = LICENCES[entry.spec.licence]
    node = URIRef(licence.url)
    graph.add((node, RDF.type, DCTERMS.LicenseDocument))
    graph.add((node, DCTERMS.identifier, Literal(licence.name)))
    graph.add((node, DCTERMS.title, Literal(licence.title, lang="ja")))
    return node


def _known(graph: Graph, name: str, kind: URIRef) -> URIRef:
    node = URIRef(AUTHORITY + name)
    graph.add((node, RDF.type, kind))
    return node
