"""What a candidate is judged beside, and its report on paper.

Belongs here: earlier tables of persons, the name under which the attack with other releases counts,
and the report's sections. Must not hold: the judgements, the form of the report (`disclosure`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from assets.overlaps import CountsPersons
from assets.release import AnonymisedRecords, Noise, OpenAsIs
from warehouse.disclosure.of_anonymised import report_anonymised
from warehouse.disclosure.report import Account, Report
from warehouse.disclosure.write import write_report
from warehouse.formats.definition import is_document

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anonymize.gate import Finding, ReleasePolicy
    from anonymize.gate_candidate import Verdict
    from assets.register import ReleaseQuery
    from warehouse.home import Home
    from warehouse.release.candidate import Candidate
    from warehouse.release.shape import Shaped

_DIFFERENCES = "過去とほかの公開との差分"
_BUDGET = "ノイズの予算の台帳"


def name_attack(release: ReleaseQuery, overlap: Sequence[Finding]) -> dict[str, Sequence[Finding]]:
    """Give the attack with other releases and its findings, if it was carried out.

    Noise is not attacked: its budget bounds what all answers together tell.
    """
    if any(finding.rule == "overlap.failed" for finding in overlap):
        return {}
    if isinstance(release.spec.protection, Noise):
        return {_BUDGET: overlap}
    counts = isinstance(release.spec.overlaps, CountsPersons)
    is_table = not isinstance(release.spec.protection, AnonymisedRecords)
    return {_DIFFERENCES: overlap} if counts and is_table else {}


def earlier_tables(home: Home, policy: ReleasePolicy) -> list[pl.DataFrame]:
    """Read what is out, for a candidate whose rows are persons: its rows must have other names."""
    if not policy.is_of_persons:
        return []
    files = sorted(home.releases.glob("*/v*/*.csv"))
    return [pl.read_csv(path, infer_schema=False) for path in files if not is_document(path.name)]


def write_paper(
    home: Home,
    release: ReleaseQuery,
    shaped: Shaped,
    candidate: Candidate,
    verdict: Verdict,
) -> None:
    """Write the report of a protected candidate where officers read it, HTML and JSON."""
    if isinstance(release.spec.protection, OpenAsIs):
        return
    file = candidate.files[0]
    subject = f"{file.name} SHA-256 {file.sha256}(候補 {candidate.id})"
    folder = home.reports / "disclosure"
    folder.mkdir(parents=True, exist_ok=True)
    report = _report(release, shaped, subject, verdict)
    write_report(report, folder / f"{release.name}.html", folder / f"{release.name}.json")


def _report(release: ReleaseQuery, shaped: Shaped, subject: str, verdict: Verdict) -> Report:
    title, notes = release.spec.title, (*shaped.words, *release.spec.caveats)
    if shaped.records is not None:
        made = replace(shaped.records.made, title=title, subject=subject, notes=notes)
        return report_anonymised(made, verdict)
    overlap = [f for f in verdict.findings if f.rule.startswith(("overlap.", "budget."))]
    account = Account(
        f"公開済みのものとの照合: 止める指摘 {sum(f.severity == 'blocker' for f in overlap)} 件",
        tuple((f.where, f.message) for f in overlap),
        is_safe=not any(f.severity == "blocker" for f in overlap),
    )
    attacked = name_attack(release, overlap)
    return Report(
        title=title,
        subject=subject,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        counted="人",
        findings=verdict.findings,
        checklist=verdict.checklist,
        differencing=account if _DIFFERENCES in attacked else None,
        noise=account if _BUDGET in attacked else None,
        notes=notes,
    )
