"""Which versions of a release there are, and whether what waits was judged beside all of them.

Belongs here: reading the ledger and the frozen manifests into versions. Must not hold: anything that
writes (`freeze`, `publish`, `tombstone`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.register import fingerprint
from warehouse.release.candidate import Candidate, candidate_from, read_candidate
from warehouse.release.freeze import MANIFEST
from warehouse.release.ledger import (
    Numbered,
    decisions,
    number_versions,
    numbered_by_release,
)
from warehouse.release.tombstone import is_buried

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home


@dataclass(frozen=True)
class Version:
    """One frozen version of a release."""

    release: str
    number: int
    candidate: Candidate
    approved_by: str
    approved_at: str
    note: str

    @property
    def name(self) -> str:
        """Name of its folder."""
        return f"v{self.number}"


def versions(home: Home, release: str) -> list[Version]:
    """List the versions of a release that are on offer, oldest first."""
    return offered(home, number_versions(decisions(home, release)))


def all_versions(home: Home) -> dict[str, list[Version]]:
    """List the versions on offer of every release ever decided on, in one reading of the ledger."""
    return {name: offered(home, found) for name, found in numbered_by_release(home).items()}


def unburied(home: Home, release: str, numbered: Iterable[Numbered]) -> list[Numbered]:
    """List the versions of a release that were taken back and of which a copy may still lie somewhere."""
    return [
        version
        for version in numbered
        if version.withdrawal is not None
        and not is_buried(version_folder(home, release, version.name))
    ]


def offered(home: Home, numbered: Iterable[Numbered]) -> list[Version]:
    """Read those of the versions that are on offer, oldest first."""
    return [_version(home, found) for found in numbered if found.withdrawal is None]


def _version(home: Home, found: Numbered) -> Version:
    decision = found.approval
    manifest = version_folder(home, decision.release, found.name) / MANIFEST
    if manifest.is_file():
        candidate = candidate_from(json.loads(manifest.read_text("utf-8"))["candidate"])
    else:
        candidate = read_candidate(home, decision.release, decision.candidate)
    return Version(
        decision.release,
        found.number,
        candidate,
        decision.person,
        decision.decided_at,
        decision.note,
    )


def held_against(home: Home, meaning: dict[str, Any], own: str) -> str:
    """Say by a fingerprint which public versions a candidate is judged together with.

    Args:
        home: Of the city.
        meaning: Of the candidate; one that counts no persons is judged by itself (empty).
        own: The candidate's id; its own approval changes nothing for it.
    """
    if not _counts_persons(meaning):
        return ""
    out = [
        f"{version.release}/{version.name}/{version.candidate.id}"
        for _, found in sorted(all_versions(home).items())
        for version in found
        if version.candidate.id != own and _counts_persons(version.candidate.meaning)
    ]
    return fingerprint(*(name.encode() for name in out))


def is_stale(home: Home, candidate: Candidate) -> bool:
    """Tell whether other releases went out, or were taken back, since a candidate was judged."""
    return candidate.against != held_against(home, candidate.meaning, candidate.id)


def _counts_persons(meaning: dict[str, Any]) -> bool:
    """Versions frozen before it was kept with them may count persons."""
    return not meaning or (meaning["overlaps"] or {}).get("counts") == "persons"


def is_withdrawn(home: Home, release: str, version: str | None = None) -> bool:
    """Tell whether a release was out and no version of it is any more; or so of one version."""
    found = number_versions(decisions(home, release))
    asked = [v for v in found if version in {None, v.name}]
    return bool(asked) and all(v.withdrawal is not None for v in asked)


def version_folder(home: Home, release: str, name: str) -> Path:
    """Give the folder of a frozen version."""
    return home.releases / release / name
