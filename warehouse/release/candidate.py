"""A release that waits for a person: its files, what was said of it, and where they lie.

Belongs here: the description and reading it back. Must not hold: making a candidate (`staging`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from warehouse.lineage.origins import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home

ABOUT = "candidate.json"
ID_DIGITS = 12


@dataclass(frozen=True)
class FileOf:
    """One file of a release."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Candidate:
    """A staged release, what the gate said of it, and the files it was made of.

    Attributes:
        meaning: what its numbers say of whom, for releases to come (`overlap_released`).
        against: fingerprint of the versions it was held against (`overlap_ledger`).
        approvers: who may approve it, as declared when it was made.
        integers: columns of whole numbers that say something.
        numbers: columns of numbers in its CSV, `integer` or `number`; empty before they were kept.
    """

    release: str
    id: str
    period: str
    prepared_by: str
    prepared_at: str
    rows: int
    files: tuple[FileOf, ...]
    protection: tuple[str, ...]
    findings: tuple[dict[str, str], ...]
    inputs: str
    integers: tuple[str, ...]
    origins: tuple[Origin, ...] = ()
    meaning: dict[str, Any] = field(default_factory=dict)
    against: str = ""
    approvers: tuple[str, ...] = ()
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def number_columns(self) -> dict[str, str]:
        """Say which columns of its CSV are numbers, `integer` or `number`."""
        return self.numbers or dict.fromkeys(self.integers, "integer")

    @property
    def is_blocked(self) -> bool:
        """Tell whether a finding forbids the release."""
        return any(finding["severity"] == "blocker" for finding in self.findings)


def newest_candidate(home: Home, release: str) -> Candidate | None:
    """Read the newest candidate of a release."""
    pointer = home.candidates / release / "newest.json"
    if not pointer.is_file():
        return None
    return read_candidate(home, release, json.loads(pointer.read_text("utf-8"))["id"])


def read_candidate(home: Home, release: str, candidate_id: str) -> Candidate:
    """Read one candidate's description."""
    path = folder_of(home, release, candidate_id) / ABOUT
    return candidate_from(json.loads(path.read_text("utf-8")))


def candidate_from(values: dict[str, Any]) -> Candidate:
    """Rebuild a candidate from its JSON values."""
    plain: dict[str, Any] = {
        **values,
        "files": tuple(FileOf(**file) for file in values["files"]),
    }
    # Versions frozen before origins were kept have none.
    plain["origins"] = tuple(Origin(**origin) for origin in values.get("origins", ()))
    for key in ("protection", "findings", "integers", "approvers"):
        plain[key] = tuple(values.get(key, ()))
    return Candidate(**plain)


def is_intact(home: Home, candidate: Candidate) -> bool:
    """Tell whether the candidate's files are still the ones that were judged."""
    digest = hashlib.sha256()
    for file in candidate.files:
        path = folder_of(home, candidate.release, candidate.id) / file.name
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != file.sha256:
            return False
        digest.update(content)
    return digest.hexdigest()[:ID_DIGITS] == candidate.id


def folder_of(home: Home, release: str, candidate_id: str) -> Path:
    """Give the folder of a candidate's files."""
    return home.candidates / release / candidate_id
