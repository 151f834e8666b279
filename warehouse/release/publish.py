"""Approved → public: frozen version folders, one pointer swapped, the `open` zone loaded.

Every step can be repeated: the ledger says what was decided, and `publish` brings the folders, the
pointer and the table up to it, also after a crash between two steps. One process at a time does so.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import duckdb

from warehouse.formats.csv_file import read_numbers
from warehouse.lake import Loaded, Zone, forget, loaded, record, replace_rows, transaction
from warehouse.release.approval import (
    refuse,
    require_note,
    require_passed,
    require_second_person,
)
from warehouse.release.candidate import Candidate, folder_of, is_intact, newest_candidate
from warehouse.release.freeze import clear_unfinished, freeze, place_public_key, point_to
from warehouse.release.ledger import decide, decisions, number_versions
from warehouse.release.tombstone import bury
from warehouse.release.version import (
    Version,
    is_stale,
    offered,
    unburied,
    version_folder,
    versions,
)
from warehouse.writing_lock import one_writer

if TYPE_CHECKING:
    from collections.abc import Generator

    from warehouse.home import Home
    from warehouse.refusal import Refusal

ZONE: Zone = "open"
_LOCK = "公開データ"
_FULL = {errno.ENOSPC, errno.EDQUOT}


def approve(
    con: duckdb.DuckDBPyConnection, home: Home, release: str, *, person: str, note: str
) -> Version:
    """Record a second person's approval of the newest candidate and publish it.

    Args:
        con: Has `open` attached for writing.
        home: Of the city.
        release: Its name.
        person: Who approves.
        note: What changed; needed once a version of the release has been out.

    Raises:
        Refusal: nothing waits, the gate's findings block it, the approver prepared it or is not one
            who may approve it, nothing is said of what changed, its files are not the ones that were
            judged, or other releases went out since it was judged.
    """
    finish_withdrawal(con, home, release)
    with _alone(home):
        candidate = newest_candidate(home, release)
        if candidate is None:
            raise refuse(
                "none",
                "承認を待つ公開データがありません。",
                release,
                "先に machikane run を実行してください。",
            )
        require_passed(candidate)
        require_second_person(
            person,
            prepared_by=candidate.prepared_by,
            approvers=candidate.approvers,
            release=release,
        )
        existing = versions(home, release)
        if not existing or existing[-1].candidate.id != candidate.id:
            if decisions(home, release):
                require_note(note, release)
            _require_unchanged(home, candidate)
            decide(
                home,
                action="approved",
                release=release,
                candidate=candidate.id,
                person=person.strip(),
                note=note.strip(),
            )
        _publish(con, home, release)
        return versions(home, release)[-1]


def withdraw(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    release: str,
    *,
    person: str,
    note: str,
    version: str | None = None,
) -> None:
    """Take a release, or one version of it, back: its bytes go everywhere we keep them.

    The decisions, manifests, signed lists of hashes and a tombstone stay. With one version taken
    back the pointer moves to the newest of the others.

    Args:
        con: Has `open` attached for writing.
        home: Of the city.
        release: Its name.
        person: Who takes it back.
        note: Why; it is published.
        version: Such as `v2`; None: all of them.

    Raises:
        Refusal: nothing of that name is public, or who and why are not said.
    """
    with _alone(home):
        numbered = number_versions(decisions(home, release))
        taken = [v for v in numbered if v.withdrawal is None and version in {None, v.name}]
        if not taken and not unburied(home, release, numbered):
            raise refuse(
                "not_public",
                "公開中のデータがありません。",
                release if version is None else f"{release} の {version}",
                "名前を machikane release list で確かめてください。",
            )
        if taken:
            _require_reason(person, note, release)
            decide(
                home,
                action="withdrawn",
                release=release,
                candidate=taken[-1].approval.candidate,
                person=person.strip(),
                note=note.strip(),
                version=version or "",
            )
        _publish(con, home, release)


def finish_withdrawal(con: duckdb.DuckDBPyConnection, home: Home, release: str) -> None:
    """Complete a withdrawal that was cut off: what was staged before it goes. `con` as `publish`."""
    if unburied(home, release, number_versions(decisions(home, release))):
        publish(con, home, release)


def publish(con: duckdb.DuckDBPyConnection, home: Home, release: str) -> None:
    """Bring folders, pointer and the `open` zone up to the ledger. `con` has `open` for writing."""
    with _alone(home):
        _publish(con, home, release)


def _publish(con: duckdb.DuckDBPyConnection, home: Home, release: str) -> None:
    folder = home.releases / release
    clear_unfinished(home.releases)
    clear_unfinished(folder)
    numbered = number_versions(decisions(home, release))
    current = offered(home, numbered)
    for version in current:
        _freeze(home, version)
    if current:
        place_public_key(home)
    newest = current[-1] if current else None
    point_to(folder, newest.name if newest else None)
    _load_open(con, home, release, newest)
    if gone := unburied(home, release, numbered):
        bury(con, home, numbered, gone)


@contextmanager
def _alone(home: Home) -> Generator[None]:
    """Let one process at a time decide and publish; a full disk is told in plain words."""
    home.releases.mkdir(parents=True, exist_ok=True)
    try:
        with one_writer(home.releases, _LOCK):
            yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise _full() from None
    except duckdb.Error as error:
        if "No space left" not in str(error):
            raise
        raise _full() from None


def _freeze(home: Home, version: Version) -> None:
    manifest = {
        "release": version.release,
        "version": version.name,
        "approved_by": version.approved_by,
        "approved_at": version.approved_at,
        "note": version.note,
        "candidate": asdict(version.candidate),
    }
    source = folder_of(home, version.release, version.candidate.id)
    final = version_folder(home, version.release, version.name)
    if strange := freeze(home, source, final, version.candidate.files, manifest):
        raise _changed(strange)


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
            read_numbers(data, newest.candidate.number_columns),
            remove=None,
        )
        record(con, ZONE, [Loaded(asset, "", newest.candidate.id, {"version": newest.name})])


def _require_unchanged(home: Home, candidate: Candidate) -> None:
    if not is_intact(home, candidate):
        raise _changed(candidate.release)
    if is_stale(home, candidate):
        raise refuse(
            "stale",
            "検査の後に、ほかの公開データの公開・取り下げがありました。照合し直す必要があります。",
            candidate.release,
            "machikane run で作り直し、指摘を確かめてから承認してください。",
        )


def _require_reason(person: str, note: str, release: str) -> None:
    if not person.strip() or not note.strip():
        raise refuse(
            "reason",
            "取り下げる人か、理由が書かれていません。",
            release,
            '--by "名前" --reason "理由" を付けてください。理由は公開のページに載ります。',
        )


def _changed(where: str) -> Refusal:
    return refuse(
        "changed",
        "検査した後にファイルが変わっています。",
        where,
        "machikane run で作り直し、承認し直してください。",
    )


def _full() -> Refusal:
    return refuse(
        "disk_full",
        "ディスクの空きがないため、途中で止めました。公開中の版はもとのままです。",
        "データの置き場所",
        "空きを作ってから、同じコマンドをもう一度実行してください。続きから行います。",
    )
