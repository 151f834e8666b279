"""What the index and the catalogue page list: cards with the words they are found by, and files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicVersion

_KNOWN = {
    "catalog.ttl": ("DCAT-AP 3 のカタログ(Turtle)", "DCAT-AP 3 catalogue (Turtle)"),
    "catalog.jsonld": ("DCAT-AP 3 のカタログ(JSON-LD)", "DCAT-AP 3 catalogue (JSON-LD)"),
    "versions.ttl": ("すべての版の記述(Turtle)", "All versions (Turtle)"),
    "ngsi/index.json": ("NGSI エンティティの一覧", "List of the NGSI entities"),
    "dcat_goj.json": (
        "DCAT-GOJ の日本語項目による記述(JSON)",
        "Description with the Japanese fields of DCAT-GOJ (JSON)",
    ),
    "datapackage.json": ("Frictionless Data Package v2", "Frictionless Data Package v2"),
}
_LIST = ("オープンデータ一覧(標準データセット 06)", "List of open datasets (standard dataset 06)")
_OTHER = ("機械で読むための記述", "Machine-readable description")


@dataclass(frozen=True)
class Card:
    """One dataset on the index. `text` holds every word it is found by."""

    entry: Entry
    latest: PublicVersion
    formats: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class CatalogueFile:
    """One file that describes the whole catalogue; `size` in bytes."""

    path: str
    ja: str
    en: str
    size: int


@dataclass(frozen=True)
class Described:
    """The files that describe the newest version of one dataset."""

    entry: Entry
    paths: tuple[str, ...]


def list_cards(catalogue: PublicCatalogue) -> list[Card]:
    """List what is on offer, what was renewed last first."""
    cards = [_card(entry, entry.latest) for entry in catalogue.entries if entry.latest]
    return sorted(cards, key=lambda card: card.latest.published_at, reverse=True)


def _card(entry: Entry, latest: PublicVersion) -> Card:
    spec, layout = entry.spec, entry.standard
    words = [
        spec.title, spec.title_en, spec.description, spec.description_en, *spec.keywords,
        layout.label, layout.title_en, *(c.name for c in layout.columns), entry.name,
    ]  # fmt: skip
    return Card(entry, latest, tuple(f.format for f in latest.data), " ".join(words))


def describe_files(
    catalogue: PublicCatalogue, described: Mapping[str, bytes]
) -> tuple[list[CatalogueFile], list[Described]]:
    """Sort the catalogue files into those of the whole and those of single datasets."""
    whole = [
        CatalogueFile(path, *_say(path), len(content))
        for path, content in described.items()
        if not path.startswith(("datasets/", "ngsi/")) or path == "ngsi/index.json"
    ]
    single = []
    for entry in catalogue.entries:
        if entry.latest:
            folder = f"datasets/{entry.name}/{entry.latest.name}/"
            paths = tuple(p for p in described if p.startswith(folder) and p.endswith(".json"))
            single.append(Described(entry, paths))
    return whole, [item for item in single if item.paths]


def _say(path: str) -> tuple[str, str]:
    return _KNOWN.get(path) or (
        _LIST if "open_data_list" in path or "opendata_list" in path else _OTHER
    )
