"""Making a candidate: files staged, judged as they lie on disk, and described.

Belongs here: the order from the query to the folder that waits. Must not hold: the judgements
(`anonymize/gate`, `overlap`), approval (`publish`).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from anonymize.gate_candidate import Case, judge_candidate
from assets.register import fingerprint
from warehouse.account import Account, Outcome, code_fingerprint
from warehouse.atomic import write_atomically
from warehouse.keys import read_key
from warehouse.lineage.origins import Origin, datasets_behind, origins
from warehouse.mart import sources_version
from warehouse.release.candidate import (
    ABOUT,
    ID_DIGITS,
    Candidate,
    folder_of,
    is_intact,
    newest_candidate,
)
from warehouse.release.files import digest_files, stage_files
from warehouse.release.law import ask_the_law
from warehouse.release.overlap import Staged, judge_overlap
from warehouse.release.overlap_released import write_meaning
from warehouse.release.paper import earlier_tables, name_attack, write_paper
from warehouse.release.shape import KEY_PURPOSE, Shaped, shape
from warehouse.release.version import held_against

if TYPE_CHECKING:
    import duckdb

    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home


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
    against = held_against(home, write_meaning(release), known.id if known else "")
    is_same = known is not None and known.inputs == inputs and known.against == against
    if known is not None and is_same and is_intact(home, known):
        return known, Outcome(asset, Account(rows_out=known.rows), inputs, changed=False)
    shaped = shape(con, home, register, release)
    behind = origins(con, datasets_behind(register, release.spec.sources))
    candidate = _write(home, register, release, shaped, inputs=inputs, behind=behind)
    return candidate, Outcome(asset, Account(rows_out=candidate.rows), inputs, changed=True)


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
    staged = home.candidates / release.name / f".{inputs}.tmp"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    made = stage_files(release, shaped.table, staged, stem)
    own = digest_files(staged, made.files)[:ID_DIGITS]
    overlap = judge_overlap(
        home, register, release, Staged(made.delivered, shaped.integers, shaped.period),
        home.methods / f"{release.name}.overlap.csv",
    )  # fmt: skip
    verdict = judge_candidate(
        Case(
            made.delivered,
            shaped.policy,
            law=ask_the_law(home, register, release, shaped),
            earlier=earlier_tables(home, shaped.policy),
            attacked=name_attack(release, overlap),
        )
    )
    held = [] if name_attack(release, overlap) else overlap
    findings = [*verdict.findings, *held, *made.findings]
    candidate = Candidate(
        release=release.name,
        id=own,
        period=shaped.period,
        prepared_by=release.spec.prepared_by,
        approvers=tuple(release.spec.approvers),
        prepared_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        rows=shaped.table.height,
        files=made.files,
        protection=shaped.words,
        findings=tuple(asdict(finding) for finding in findings),
        inputs=inputs,
        integers=tuple(shaped.integers),
        numbers=made.numbers,
        origins=tuple(behind),
        meaning=write_meaning(release),
        against=held_against(home, write_meaning(release), own),
    )
    (staged / ABOUT).write_text(
        json.dumps(asdict(candidate), ensure_ascii=False, indent=1), "utf-8"
    )
    write_paper(home, release, shaped, candidate, replace(verdict, findings=tuple(findings)))
    final = folder_of(home, release.name, candidate.id)
    shutil.rmtree(final, ignore_errors=True)
    staged.replace(final)
    write_atomically(
        home.candidates / release.name / "newest.json", json.dumps({"id": candidate.id})
    )
    return candidate
