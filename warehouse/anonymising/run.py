"""One anonymisation from file to file: read, search, write, measure what was written, then commit.

Here stands the order of the steps. A file that, measured anew, does not hold what the policy
demands is not put in place.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from assets.anonymisation import load_policy
from warehouse.anonymising.ladders import named_files
from warehouse.anonymising.paper import report_of
from warehouse.anonymising.prepared import prepare
from warehouse.anonymising.publish import publish
from warehouse.anonymising.recoding import recode
from warehouse.anonymising.remeasured import remeasure
from warehouse.anonymising.report import find_broken, report_found, report_not_found
from warehouse.anonymising.source import Source
from warehouse.anonymising.target import Target, require_target
from warehouse.atomic import write_atomically
from warehouse.disclosure.json_form import to_json
from warehouse.disclosure.write import write_report
from warehouse.landing import hash_file
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.anonymising.prepared import Prepared
    from warehouse.anonymising.recoding import Recoding

HTML = ".html"


def anonymise(given: Path, policy_path: Path, out: Path, report: Path) -> dict[str, Any]:
    """Anonymise a file by a policy and write the report.

    A report named `.html` becomes the risk and utility report on paper; the account in JSON then
    stands beside it.

    The target is written only when the policy is satisfied; an older file of that name does not
    outlive a run that finds nothing.

    Returns:
        The report, as it was written.

    Raises:
        Refusal, RegisterError, HierarchyError, ValueError: in Japanese, before anything is written.
    """
    clock = _Clock()
    policy = load_policy(policy_path)
    files = named_files(policy, policy_path.parent)
    page = report if report.suffix == HTML else None
    report = report.with_suffix(".json") if page else report
    for told_to in [report, *([page] if page else [])]:
        require_target(out, given, policy_path, *files, told_to)
        _require_report(told_to, given, policy_path, *files)
    prepared = prepare(policy, policy_path.parent, Source(given))
    clock.note("read")
    recoding = recode(prepared)
    clock.note("search")
    if recoding.published is None:
        for stale in [out, *([page] if page else [])]:
            stale.unlink(missing_ok=True)
        told = report_not_found(prepared, recoding)
    else:
        told = _write(prepared, recoding, out, clock, page)
    told["seconds"] = clock.total
    told["cpu_seconds"] = clock.cpu
    told["seconds_by_step"] = clock.steps
    told["policy"] = {
        "file": policy_path.name,
        "sha256": hash_file(policy_path),
        "files": {path.name: hash_file(path) for path in files},
    }
    told["input"] = {
        "file": given.name,
        "sha256": prepared.source.sha256,
        "rows": prepared.groups.total_rows,
        "columns": prepared.source.columns,
    }
    write_atomically(report, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return told


def _write(
    prepared: Prepared, recoding: Recoding, out: Path, clock: _Clock, page: Path | None
) -> dict[str, Any]:
    """Write beside the target, measure, and put it in place when it holds."""
    assert recoding.published is not None  # noqa: S101 - told by the caller
    source, policy = prepared.source, prepared.policy
    with Target(out, source.spelling) as target:
        for batch in publish(prepared, recoding.published):
            target.write(batch)
        part = target.finish()
        clock.note("write")
        written = Source(part, keeps_blank=True, suffix=out.suffix)
        measured = remeasure(policy, source, written, recoding.published, prepared.models)
        told = report_found(prepared, recoding, measured)
        if broken := find_broken(told):
            raise Refusal(
                "out.measured",
                f"書き出したファイルを測り直すと、ポリシーを満たしていません: {broken}",
                str(out),
                "ファイルは置いていません。ポリシーと入力を添えて、開発者に知らせてください。",
            )
        told["out"] = {"file": out.name, "sha256": hash_file(part), "columns": written.columns}
        paper = report_of(prepared, recoding, measured, told) if page else None
        target.commit()
    if paper and page:
        write_report(paper, page)
        told["disclosure"] = json.loads(to_json(paper))
    clock.note("measure")
    return told


def _require_report(report: Path, *others: Path) -> None:
    if any(report.resolve() == other.resolve() for other in others):
        raise Refusal(
            "report.input",
            "読むファイルと同じ名前には報告を書けません。",
            str(report),
            "--report に別の名前を書いてください。",
        )


class _Clock:
    """Wall time by step, in seconds."""

    def __init__(self) -> None:
        self._begun = self._last = time.monotonic()
        self._cpu = time.process_time()
        self.steps: dict[str, float] = {}

    def note(self, step: str) -> None:
        """Say that a step has ended."""
        now = time.monotonic()
        self.steps[step], self._last = round(now - self._last, 4), now

    @property
    def cpu(self) -> float:
        return round(time.process_time() - self._cpu, 4)

    @property
    def total(self) -> float:
        return round(time.monotonic() - self._begun, 4)
