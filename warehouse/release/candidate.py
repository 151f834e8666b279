"""A release that waits for a person: files staged, judged as they lie on disk, and described."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from anonymize.gate import judge_release
from assets.register import fingerprint
from warehouse.account import Account, Outcome, code_fingerprint
from warehouse.atomic import write_atomically
from warehouse.keys import read_key
from warehouse.lineage.origins import Origin, datasets_behind, origins
from warehouse.mart import sources_version
from warehouse.release.formats import read_csv, to_csv, to_json
from warehouse.release.shape import KEY_PURPOSE, Shaped, shape

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home

_ABOUT = "candidate.json"
_ID_DIGITS = 12


@dataclass(frozen=True)
class FileOf:
    """One file of a release."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Candidate:
    """A staged release, what the gate said of it, and the files it was made of."""

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

    @property
    def is_blocked(self) -> bool:
        """Tell whether a finding forbids the release."""
        return any(finding["severity"] == "blocker" for finding in self.findings)


def stage_candidate(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, release: ReleaseQuery
) -> tuple[Candidate, Outcome]:
    """Stage a release from what `internal` holds now; unchanged inputs give the same candidate.

    Raises:
        Refusal: when the query cannot be run or leaves the standard's columns.
    """
    inputs = fingerprint(
        sources_version(con, release.spec.sources).encode(),
        release.fingerprint.encode(),
        fingerprint(read_key(home, KEY_PURPOSE)).encode(),
        code_fingerprint().encode(),
    )
    asset = f"open/{release.name}"
    known = newest_candidate(home, release.name)
    if known is not None and known.inputs == inputs and is_intact(home, known):
        return known, Outcome(asset, Account(rows_out=known.rows), inputs, changed=False)
    shaped = shape(con, home, register, release)
    behind = origins(con, datasets_behind(register, release.spec.sources))
    candidate = _write(home, register, release, shaped, inputs=inputs, behind=behind)
    return candidate, Outcome(asset, Account(rows_out=candidate.rows), inputs, changed=True)


def newest_candidate(home: Home, release: str) -> Candidate | None:
    """Read the newest candidate of a release."""
    pointer = home.candidates / release / "newest.json"
    if not pointer.is_file():
        return None
    return read_candidate(home, release, json.loads(pointer.read_text("utf-8"))["id"])


def read_candidate(home: Home, release: str, candidate_id: str) -> Candidate:
    """Read one candidate's description."""
    path = folder_of(home, release, candidate_id) / _ABOUT
    return candidate_from(json.loads(path.read_text("utf-8")))


def candidate_from(values: dict[str, Any]) -> Candidate:
    """Rebuild a candidate from its JSON values."""
    plain = {**values, "files": tuple(FileOf(**file) for file in values["files"])}
    # Versions frozen before origins were kept have none.
    plain["origins"] = tuple(Origin(**origin) for origin in values.get("origins", ()))
    for key in ("protection", "findings", "integers"):
        plain[key] = tuple(plain[key])
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
    return digest.hexdigest()[:_ID_DIGITS] == candidate.id


def folder_of(home: Home, release: str, candidate_id: str) -> Path:
    """Give the folder of a candidate's files."""
    return home.candidates / release / candidate_id


def _write(
    home: Home,
    register: Register,
    release: ReleaseQuery,
    shaped: Shaped,
    *,
    inputs: str,
    behind: list[Origin],
) -> Candidate:
    stem = f"{register.city.local_government_code}_{release.standard.slug}"
    contents = {f"{stem}.csv": to_csv(shaped.table), f"{stem}.json": to_json(shaped.table)}
    staged = home.candidates / release.name / f".{inputs}.tmp"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    for name, content in contents.items():
        (staged / name).write_bytes(content)
    delivered = read_csv((staged / f"{stem}.csv").read_bytes(), shaped.integers)
    findings = judge_release(delivered, shaped.policy)
    digest = hashlib.sha256()
    for content in contents.values():
        digest.update(content)
    candidate = Candidate(
        release=release.name,
        id=digest.hexdigest()[:_ID_DIGITS],
        period=shaped.period,
        prepared_by=release.spec.prepared_by,
        prepared_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        rows=shaped.table.height,
        files=tuple(FileOf(n, len(c), hashlib.sha256(c).hexdigest()) for n, c in contents.items()),
        protection=shaped.words,
        findings=tuple(asdict(finding) for finding in findings),
        inputs=inputs,
        integers=tuple(shaped.integers),
        origins=tuple(behind),
    )
    (staged / _ABOUT).write_text(
        json.dumps(asdict(candidate), ensure_ascii=False, indent=1), "utf-8"
    )
    final = folder_of(home, release.name, candidate.id)
    shutil.rmtree(final, ignore_errors=True)
    staged.replace(final)
    write_atomically(
        home.candidates / release.name / "newest.json", json.dumps({"id": candidate.id})
    )
    return candidate
