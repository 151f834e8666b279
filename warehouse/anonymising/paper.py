"""The report of one anonymisation on paper: what `--report report.html` adds to the JSON.

Here stands what of a run goes into the risk and utility report; its form is `warehouse.disclosure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.disclosure.of_anonymised import Anonymised, report_anonymised

if TYPE_CHECKING:
    from typing import Any

    from warehouse.anonymising.prepared import Prepared
    from warehouse.anonymising.recoding import Recoding
    from warehouse.anonymising.remeasured import Remeasured
    from warehouse.disclosure.report import Report


def report_of(
    prepared: Prepared, recoding: Recoding, measured: Remeasured, told: dict[str, Any]
) -> Report:
    """Measure the sections of the report on the rows before and after.

    Args:
        prepared: The table and what is demanded of it.
        recoding: What was found.
        measured: The written file.
        told: The account so far; names the written file.
    """
    policy, out = prepared.policy, told["out"]
    every = "" if measured.step == 1 else f"({measured.step} 行に1行を抜き出して測定)"
    return report_anonymised(
        Anonymised(
            title=out["file"],
            subject=f"{out['file']} SHA-256 {out['sha256']}{every}",
            before=measured.pair.before,
            after=measured.pair.after,
            hierarchies=prepared.hierarchies,
            sensitive=policy.sensitive_columns,
            models=prepared.models,
            person=policy.person,
            weights={name: spec.weight for name, spec in policy.quasi_identifiers.items()},
            levels=recoding.levels,
            notes=tuple(told["warnings"]),
        )
    )
