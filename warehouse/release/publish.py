"""Approved → public: frozen version folders, one pointer swapped, the `open` zone loaded.

Every step can be repeated: the ledger says what was decided, and `publish` brings the folders, the
pointer and the table up to it, also after a crash between two steps.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from assets.register import fingerprint
from warehouse.atomic import write_atomically
from warehouse.lake import Loaded, Zone, forget, loaded, record, replace_rows, transaction
from warehouse.landing import hash_file
from warehouse.refusal import Refusal
from warehouse.release.candidate import (
    Candidate,
    candidate_from,
    folder_of,
    is_intact,
    newest_candidate,
    read_candidate,
)
from warehouse.release.formats import read_csv
from warehouse.release.ledger import Decision, decide, decisions

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from warehouse.home import Home

ZONE: Zone = "open"


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


def approve(
    con: duckdb.DuckDBPyConnection, home: Home, release: str, *, person: str, note: str
) -> Version:
    """Record a second person's approval of the newest candidate and publish it.

    Raises:
        Refusal: nothing waits, the gate's findings block it, the approver prepared it, its files
            are not the ones that were judged, or other releases went out since it was judged.
    """
    candidate = newest_candidate(home, release)
    if candidate is None:
        raise _refuse(
            "none",
            "承認を待つ公開データがありません。",
            release,
            "先に machikane run を実行してください。",
        )
    if candidate.is_blocked:
        listed = "\n".join(f"  ・{f['message']}({f['where']})" for f in candidate.findings)
        raise _refuse(
            "blocked",
            f"検査で止まっています。\n{listed}",
            release,
            "上の指摘を直してから、もう一度実行してください。",
        )
    if person.strip() in {"", candidate.prepared_by}:
        raise _refuse(
            "same_person",
            "作成者と承認者が同じか、承認者の名前がありません。",
            release,
            "作成者とは別の人が承認してください。",
        )
    existing = versions(home, release)
    if not existing or existing[-1].candidate.id != candidate.id:
        if not is_intact(home, candidate):
            raise _changed(release)
        if is_stale(home, candidate):
            raise _refuse(
                "stale",
                "検査の後に、ほかの公開データの公開・取り下げがありました。照合し直す必要があります。",
                release,
                "machikane run で作り直し、指摘を確かめてから承認してください。",
            )
        decide(
            home,
            action="approved",
            release=release,
            candidate=candidate.id,
            person=person,
            note=note,
        )
    publish(con, home, release)
    return versions(home, release)[-1]


def withdraw(
    con: duckdb.DuckDBPyConnection, home: Home, release: str, *, person: str, note: str
) -> None:
    """Take a release back: its bytes go everywhere we keep them, the decisions stay.

    Frozen files, the staged copy and the older snapshots of `open` are removed; manifests stay.

    Raises:
        Refusal: when nothing of that name is public.
    """
    existing = versions(home, release)
    if not existing:
        raise _refuse(
            "not_public",
            "公開中のデータがありません。",
            release,
            "名前を machikane release list で確かめてください。",
        )
    decide(
        home,
        action="withdrawn",
        release=release,
        candidate=existing[-1].candidate.id,
        person=person,
        note=note,
    )
    publish(con, home, release)
    shutil.rmtree(home.candidates / release, ignore_errors=True)
    con.sql(f"CALL ducklake_expire_snapshots('{ZONE}', older_than => now()::TIMESTAMP)")
    con.sql(f"CALL ducklake_cleanup_old_files('{ZONE}', cleanup_all => true)")


def versions(home: Home, release: str) -> list[Version]:
    """List the approved versions since the last withdrawal, oldest first."""
    found: list[Version] = []
    number = 0
    for decision in decisions(home, release):
        if decision.action == "withdrawn":
            found = []
            continue
        number += 1
        found.append(_version(home, number, decision))
    return found


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
        for release in sorted({decision.release for decision in decisions(home)})
        for version in versions(home, release)
        if version.candidate.id != own and _counts_persons(version.candidate.meaning)
    ]
    return fingerprint(*(name.encode() for name in out))


def is_stale(home: Home, candidate: Candidate) -> bool:
    """Tell whether other releases went out, or were taken back, since a candidate was judged."""
    return candidate.against != held_against(home, candidate.meaning, candidate.id)


def _counts_persons(meaning: dict[str, Any]) -> bool:
    """Versions frozen before it was kept with them may count persons."""
    return not meaning or (meaning["overlaps"] or {}).get("counts") == "persons"


def is_withdrawn(home: Home, release: str) -> bool:
    """Tell whether the last decision took the release back."""
    made = decisions(home, release)
    return bool(made) and made[-1].action == "withdrawn"


def version_folder(home: Home, release: str, name: str) -> Path:
    """Give the folder of a frozen version."""
    return home.releases / release / name


def publish(con: duckdb.DuckDBPyConnection, home: Home, release: str) -> None:
    """Bring folders, pointer and the `open` zone up to the ledger. `con` has `open` for writing."""
    current = versions(home, release)
    for version in current:
        _freeze(home, version)
    if is_withdrawn(home, release):
        _remove_data(home, release)
    newest = current[-1] if current else None
    pointer = home.releases / release / "latest.json"
    if newest is not None or pointer.is_file():
        write_atomically(pointer, json.dumps({"version": newest.name if newest else None}))
    _load_open(con, home, release, newest)


def _version(home: Home, number: int, decision: Decision) -> Version:
    folder = version_folder(home, decision.release, f"v{number}")
    manifest = folder / "manifest.json"
    if manifest.is_file():
        candidate = candidate_from(json.loads(manifest.read_text("utf-8"))["candidate"])
    else:
        candidate = read_candidate(home, decision.release, decision.candidate)
    return Version(
        decision.release, number, candidate, decision.person, decision.decided_at, decision.note
    )


def _freeze(home: Home, version: Version) -> None:
    """Copy a candidate into its version folder, verified, and make it appear all at once."""
    final = version_folder(home, version.release, version.name)
    if (final / "manifest.json").is_file():
        return
    source = folder_of(home, version.release, version.candidate.id)
    staged = final.with_name(f".{version.name}.tmp")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    for file in version.candidate.files:
        shutil.copyfile(source / file.name, staged / file.name)
        if hash_file(staged / file.name) != file.sha256:
            raise _changed(file.name)
    manifest = {
        "release": version.release,
        "version": version.name,
        "approved_by": version.approved_by,
        "approved_at": version.approved_at,
        "note": version.note,
        "candidate": asdict(version.candidate),
    }
    (staged / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8"
    )
    shutil.rmtree(final, ignore_errors=True)
    staged.replace(final)


def _remove_data(home: Home, release: str) -> None:
    for folder in (home.releases / release).glob("v*"):
        for file in folder.iterdir():
            if file.name != "manifest.json":
                file.unlink()


def _load_open(
    con: duckdb.DuckDBPyConnection, home: Home, release: str, newest: Version | None
) -> None:
    asset = f"open/{release}"
    known = loaded(con, ZONE, asset).get("")
    wanted = newest.candidate.id if newest else None
    if (known.fingerprint if known else None) == wanted:
        return
    with transaction(con, ZONE, asset):
        if newest is None:
            con.sql(f"DROP TABLE IF EXISTS {ZONE}.release.{release}")
            forget(con, ZONE, asset, [""])
            return
        csv = next(f.name for f in newest.candidate.files if f.name.endswith(".csv"))
        data = (version_folder(home, release, newest.name) / csv).read_bytes()
        replace_rows(
            con,
            (ZONE, "release", release),
            read_csv(data, list(newest.candidate.integers)),
            remove=None,
        )
        record(con, ZONE, [Loaded(asset, "", newest.candidate.id, {"version": newest.name})])


def _changed(where: str) -> Refusal:
    return _refuse(
        "changed",
        "検査した後にファイルが変わっています。",
        where,
        "machikane run で作り直し、承認し直してください。",
    )


def _refuse(rule: str, what: str, where: str, remedy: str) -> Refusal:
    return Refusal(f"release.{rule}", what, where, remedy)
