"""What is public, as everybody who tells of it needs it: site, catalogue files, CKAN, NGSI, bundle.

Belongs here: reading ledger, frozen versions and register into one `PublicCatalogue`. Must not hold:
any rendering, nor who prepared or approved a release, nor the names of delivered files: nothing of
this may be missing from a page that a stranger reads.

Paths are those of the public folder (`Home.public`), with `/`:
`datasets/<release>/<version>/<file>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.release.ledger import decisions
from warehouse.release.publish import Version, versions

if TYPE_CHECKING:
    from assets.register import Register
    from assets.release import City, Release
    from assets.standard import Standard, StandardColumn
    from warehouse.home import Home
    from warehouse.release.ledger import Decision

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
    """One data file of a version; `size` in bytes, `path` under the public folder."""

    name: str
    format: str
    media_type: str
    size: int
    sha256: str
    path: str


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
        """Find the file of a format, such as `CSV`."""
        return next((file for file in self.files if file.format == form), None)


@dataclass(frozen=True, kw_only=True)
class Tombstone:
    """What stays of a withdrawn release: why, when, whom to ask, and the hashes of what was."""

    withdrawn_at: str
    reason: str
    contact: str
    digests: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One release that is public or was: its declaration, its layout, its versions, oldest first."""

    name: str
    spec: Release
    standard: Standard
    versions: tuple[PublicVersion, ...] = ()
    withdrawn: Tombstone | None = None

    @property
    def latest(self) -> PublicVersion | None:
        """Give the version that is offered; None once withdrawn."""
        return self.versions[-1] if self.versions else None

    @property
    def first_published_at(self) -> str:
        """Say when the oldest version still offered went out."""
        return self.versions[0].published_at if self.versions else ""

    @property
    def columns(self) -> tuple[StandardColumn, ...]:
        """List the columns of the files, in their order."""
        return tuple(self.standard.columns)


@dataclass(frozen=True, kw_only=True)
class PublicCatalogue:
    """Everything public. `site_url` ends with `/`; None while the city has not said it."""

    city: City
    site_url: str | None
    entries: tuple[Entry, ...]

    @property
    def open_entries(self) -> tuple[Entry, ...]:
        """List the entries with a version on offer."""
        return tuple(entry for entry in self.entries if entry.latest)

    @property
    def updated_at(self) -> str:
        """Say when anything was last published or withdrawn, ISO 8601; blank when nothing was."""
        moments = [v.published_at for e in self.entries for v in e.versions]
        moments += [e.withdrawn.withdrawn_at for e in self.entries if e.withdrawn]
        return max(moments, default="")


def read_public(home: Home, register: Register) -> PublicCatalogue:
    """Read what is public now, in the register's order; what never was is left out.

    Raises:
        Refusal: `ledger.broken`.
    """
    found = [_entry(home, register, name) for name in register.releases]
    site_url = register.city.open_data_url
    return PublicCatalogue(
        city=register.city,
        site_url=site_url.rstrip("/") + "/" if site_url else None,
        entries=tuple(entry for entry in found if entry.versions or entry.withdrawn),
    )


def _entry(home: Home, register: Register, name: str) -> Entry:
    release = register.releases[name]
    last = next(reversed(decisions(home, name)), None)
    withdrawn = last if last is not None and last.action == "withdrawn" else None
    return Entry(
        name=name,
        spec=release.spec,
        standard=release.standard,
        versions=tuple(_version(version) for version in versions(home, name)),
        withdrawn=_tombstone(withdrawn, release.spec.contact) if withdrawn else None,
    )


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


def _tombstone(decision: Decision, contact: str) -> Tombstone:
    return Tombstone(withdrawn_at=decision.decided_at, reason=decision.note, contact=contact)
