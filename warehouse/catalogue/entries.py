"""What is public, as everybody who tells of it needs it: site, catalogue files, CKAN, NGSI, bundle.

Belongs here: reading ledger, frozen versions and register into one `PublicCatalogue`. Must not hold:
any rendering, nor who prepared or approved a release, nor the names of delivered files: nothing of
this may be missing from a page that a stranger reads.

Paths are those of the public folder (`Home.public`), with `/`:
`datasets/<release>/<version>/<file>`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from warehouse.formats.definition import CODES, DEFINITION, is_document
from warehouse.release.ledger import numbered_by_release
from warehouse.release.tombstone import digests_of
from warehouse.release.version import Version, offered, version_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.register import Register
    from assets.release import City, Release
    from assets.standard import Standard, StandardColumn
    from warehouse.home import Home
    from warehouse.release.ledger import Decision, Numbered

# Slug of the layout in which a city lists its open data.
LIST_LAYOUT = "open_data_list"
# Suffix to the name a citizen reads and the IANA media type.
FORMATS: dict[str, tuple[str, str]] = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "geojson": ("GeoJSON", "application/geo+json"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
    "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, kw_only=True)
class PublicFile:
    """One file of a version; `size` in bytes, `path` under the public folder."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    path: str

    @property
    def is_document(self) -> bool:
        """Tell whether it explains the data instead of holding them."""
        return is_document(self.name)

    @property
    def label(self) -> str:
        """Name it within its version: the format, or which document it is."""
        stem = self.name.removesuffix(".csv")
        if stem.endswith(DEFINITION):
            return "項目の定義"
        return "コード表" if stem.endswith(CODES) else self.format


@dataclass(frozen=True, kw_only=True)
class PublicVersion:
    """One frozen version; `note` says what changed, `period` as of when the data are."""

    name: str
    number: int
    published_at: str
    note: str
    period: str
    rows: int
    protection: tuple[str, ...]
    files: tuple[PublicFile, ...]

    def file(self, form: str) -> PublicFile | None:
        """Find the data in a format, such as `CSV`."""
        return next((file for file in self.data if file.format == form), None)

    @property
    def data(self) -> tuple[PublicFile, ...]:
        """List the files that hold the data."""
        return tuple(file for file in self.files if not file.is_document)

    @property
    def documents(self) -> tuple[PublicFile, ...]:
        """List the files that explain the data."""
        return tuple(file for file in self.files if file.is_document)


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """What stays of what was withdrawn: why, when, whom to ask, and the hashes of what was.

    Attributes:
        digests: `<version>/<file>` and its SHA-256.
    """

    withdrawn_at: str
    reason: str
    contact: str
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One release that is public or was: its declaration, its layout, its versions, oldest first.

    Attributes:
        withdrawn: Set when no version is on offer any more; tells of all there were.
        withdrawn_versions: Name of each version that was taken back, and what stays of it.
    """

    name: str
    spec: Release
    standard: Standard
    versions: tuple[PublicVersion, ...] = ()
    withdrawn: Tombstone | None = None
    withdrawn_versions: tuple[tuple[str, Tombstone], ...] = ()

    @property
    def latest(self) -> PublicVersion | None:
        """Give the version that is offered; None once withdrawn."""
        return self.versions[-1] if self.versions else None

    @property
    def first_published_at(self) -> str:
        """Say when the oldest version still offered went out."""
        return self.versions[0].published_at if self.versions else ""

    @property
    def page(self) -> str:
        """Give the path of its page under the public folder, ending with `/` or blank."""
        return f"datasets/{self.name}/"

    @property
    def columns(self) -> tuple[StandardColumn, ...]:
        """List the columns of the files, in their order."""
        return tuple(self.standard.columns)


@dataclass(frozen=True, kw_only=True)
class PublicCatalogue:
    """Everything public. `site_url` ends with `/`; None while the city has not said it.

    `list_layout` is the layout of dataset 06 オープンデータ一覧, in which the city lists all of it.
    """

    city: City
    site_url: str | None
    entries: tuple[Entry, ...]
    list_layout: Standard | None = None

    @property
    def open_entries(self) -> tuple[Entry, ...]:
        """List the entries with a version on offer."""
        return tuple(entry for entry in self.entries if entry.latest)

    @property
    def updated_at(self) -> str:
        """Say when anything was last published or withdrawn, ISO 8601; blank when nothing was."""
        moments = [v.published_at for e in self.entries for v in e.versions]
        moments += [s.withdrawn_at for e in self.entries for _, s in e.withdrawn_versions]
        return max(moments, default="")


def read_public(home: Home, register: Register) -> PublicCatalogue:
    """Read what is public now, in the register's order; what never was is left out.

    Raises:
        Refusal: `ledger.broken`.
    """
    numbered = numbered_by_release(home)
    found = [_entry(home, register, name, numbered.get(name, [])) for name in register.releases]
    site_url = register.city.open_data_url
    return PublicCatalogue(
        city=register.city,
        site_url=site_url.rstrip("/") + "/" if site_url else None,
        entries=tuple(entry for entry in found if entry.versions or entry.withdrawn),
        list_layout=register.standards.get(LIST_LAYOUT),
    )


def _entry(home: Home, register: Register, name: str, numbered: list[Numbered]) -> Entry:
    release = register.releases[name]
    on_offer = tuple(_version(version) for version in offered(home, numbered))
    gone = tuple(_stones(home, numbered, release.spec.contact))
    return Entry(
        name=name,
        spec=release.spec,
        standard=release.standard,
        versions=on_offer,
        withdrawn=_whole(gone) if gone and not on_offer else None,
        withdrawn_versions=gone,
    )


def _stones(home: Home, numbered: list[Numbered], contact: str) -> Iterator[tuple[str, Tombstone]]:
    for version in numbered:
        if version.withdrawal is not None:
            folder = version_folder(home, version.approval.release, version.name)
            named = {f"{version.name}/{file}": sha for file, sha in digests_of(folder).items()}
            yield version.name, _tombstone(version.withdrawal, contact, named)


def _whole(gone: tuple[tuple[str, Tombstone], ...]) -> Tombstone:
    """Put the stones of all versions into one; the last withdrawal speaks."""
    last = max((stone for _, stone in gone), key=lambda stone: stone.withdrawn_at)
    return replace(last, digests=tuple(pair for _, stone in gone for pair in stone.digests))


def _version(version: Version) -> PublicVersion:
    candidate = version.candidate
    return PublicVersion(
        name=version.name,
        number=version.number,
        published_at=version.approved_at,
        note=version.note,
        period=candidate.period,
        rows=candidate.rows,
        protection=candidate.protection,
        files=tuple(
            PublicFile(
                name=file.name,
                format=FORMATS[file.name.rsplit(".", 1)[-1]][0],
                media_type=FORMATS[file.name.rsplit(".", 1)[-1]][1],
                size=file.size,
                sha256=file.sha256,
                path=f"datasets/{version.release}/{version.name}/{file.name}",
            )
            for file in candidate.files
            if file.name.rsplit(".", 1)[-1] in FORMATS
        ),
    )


def _tombstone(decision: Decision, contact: str, digests: dict[str, str]) -> Tombstone:
    return Tombstone(
        withdrawn_at=decision.decided_at,
        reason=decision.note,
        contact=contact,
        digests=tuple(digests.items()),
    )
