"""What CKAN should hold of each release: a package and one resource a file, or a tombstone.

Belongs here: pure rendering of catalogue entries. Must not hold: what CKAN holds now
(`ckan_plan.py`), nor sending. Rules: a package is named `<6桁コード>_<release>`; it offers the newest
version only; once withdrawn it stays, without files and without the tags crawlers look for, and says
why and whom to ask.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.exchange.ckan_words import frequency_uri, tags_of, theme_uri

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile

# Marks a resource as ours, and tells its bytes where an extension of the portal rewrites `hash`.
MARK = "machikane_sha256"
# Tells which file of a release a resource is: its format, or which document.
LABEL = "machikane_file"
# Keys of extras that are ours; others that people added in CKAN are kept.
EXTRAS = (
    "identifier",
    "issued",
    "modified",
    "frequency",
    "theme",
    "language",
    "conforms_to",
    "publisher_name",
    "contact_name",
    "title_en",
    "notes_en",
    "licence",
    "withdrawn_at",
    "withdrawn_reason",
    "withdrawn_sha256",
)


@dataclass(frozen=True, kw_only=True)
class WantedResource:
    """One file; `fields` are those of CKAN's resource, `path` is under the public folder."""

    fields: Mapping[str, str]
    path: str

    @property
    def label(self) -> str:
        """Give what a resource is known again by; one of a release has it."""
        return self.fields[LABEL]

    @property
    def format(self) -> str:
        """Give the format."""
        return self.fields["format"]

    @property
    def sha256(self) -> str:
        """Give the digest of the bytes."""
        return self.fields[MARK]


@dataclass(frozen=True, kw_only=True)
class WantedPackage:
    """One release; `fields` are texts of CKAN's package."""

    name: str
    title: str
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    extras: Mapping[str, str]
    resources: tuple[WantedResource, ...]
    is_tombstone: bool = False


def wanted_package(catalogue: PublicCatalogue, entry: Entry, licence: str) -> WantedPackage:
    """Say what CKAN should hold of a release; `licence` is the portal's id of its licence.

    A tombstone keeps the licence it had: it must not fail for want of one.
    """
    spec, newest = entry.spec, entry.latest
    fields = {
        "title": spec.title,
        "notes": _notes(entry),
        "author": catalogue.city.publisher,
        "maintainer": spec.contact,
        "version": newest.name if newest else "",
        "url": f"{catalogue.site_url}{entry.page}" if catalogue.site_url else "",
    }
    if newest is None:
        fields["title"] = f"【取下げ】{spec.title}"
    else:
        fields["license_id"] = licence
    return WantedPackage(
        name=package_name(catalogue, entry),
        title=spec.title,
        fields=fields,
        tags=tuple(tags_of(entry.standard, spec.keywords)) if newest else (),
        extras=_extras(catalogue, entry),
        resources=tuple(_resource(entry, file) for file in (newest.files if newest else ())),
        is_tombstone=newest is None,
    )


def package_name(catalogue: PublicCatalogue, entry: Entry) -> str:
    """Name the package of a release; unique among all cities of a shared portal."""
    return f"{catalogue.city.local_government_code}_{entry.name}"


def resource_name(title: str, label: str) -> str:
    """Name a file of a release."""
    return f"{title}({label})"


def _notes(entry: Entry) -> str:
    """Write the description, what to beware of and the credit of the layout, as Markdown."""
    if entry.withdrawn is not None:
        stone = entry.withdrawn
        return (
            f"このデータは {stone.withdrawn_at[:10]} に取り下げました。\n\n"
            f"理由: {stone.reason}\n\n問い合わせ先: {stone.contact}"
        )
    caveats = "\n".join(f"- {caveat}" for caveat in entry.spec.caveats)
    return "\n\n".join(part for part in (entry.spec.description, caveats) if part)


def _extras(catalogue: PublicCatalogue, entry: Entry) -> dict[str, str]:
    """Write what CKAN has no field for, under the keys that ckanext-dcat reads."""
    spec, newest, stone = entry.spec, entry.latest, entry.withdrawn
    found = {
        "identifier": package_name(catalogue, entry),
        "issued": entry.first_published_at,
        "modified": newest.published_at if newest else "",
        "frequency": frequency_uri(spec.frequency),
        "theme": json.dumps([theme_uri(spec.theme)]),
        "language": "ja",
        "conforms_to": json.dumps([entry.standard.label], ensure_ascii=False),
        "publisher_name": catalogue.city.publisher,
        "contact_name": spec.contact,
        "title_en": spec.title_en,
        "notes_en": spec.description_en,
        "licence": spec.licence,
    }
    if stone is not None:
        found["withdrawn_at"] = stone.withdrawn_at
        found["withdrawn_reason"] = stone.reason
        found["withdrawn_sha256"] = json.dumps(dict(stone.digests), ensure_ascii=False)
    return {key: value for key, value in found.items() if value not in {"", "{}"}}


def _resource(entry: Entry, file: PublicFile) -> WantedResource:
    newest = entry.latest
    told = f"{newest.period} 現在、{newest.rows} 行。{newest.note}" if newest else ""
    return WantedResource(
        path=file.path,
        fields={
            "name": resource_name(entry.spec.title, file.label),
            "description": told.strip(),
            "format": file.format,
            "mimetype": file.media_type,
            "hash": file.sha256,
            MARK: file.sha256,
            LABEL: file.label,
        },
    )
