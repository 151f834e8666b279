"""What the files of the register must agree on: columns that exist, sources that are declared.

Laws within one file stand in its model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assets.errors import RegisterFault, suggest

if TYPE_CHECKING:
    from pathlib import Path

    from assets.contract import Contract
    from assets.corrections import Corrections
    from assets.register import Register


def unknown_columns(
    path: Path, corrections: Corrections | None, contract: Contract
) -> list[RegisterFault]:
    """Find corrections that name a column the contract does not have."""
    return [
        RegisterFault(path, str(n), f"契約にない列です: {name}", suggest(name, [*contract.columns]))
        for n, fix in enumerate(corrections.root if corrections else [])
        for name in dict.fromkeys([*fix.match, *fix.expect, getattr(fix, "column", "")])
        if name and name not in contract.columns
    ]


def dangling_sources(register: Register, at_fault: set[str]) -> list[RegisterFault]:
    """Find sources that name neither `common.<dataset>` nor `mart.<mart>`.

    What could not be read is there all the same: its own fault is told, no second one.
    """
    known = [f"common.{n}" for n in register.datasets] + [f"mart.{n}" for n in register.marts]
    users = [
        *((q.path.with_suffix(".yaml"), q.spec.sources) for q in register.marts.values()),
        *((q.path.with_suffix(".yaml"), q.spec.sources) for q in register.releases.values()),
        *((register.root / "cases" / f"{n}.yaml", c.sources) for n, c in register.cases.items()),
    ]
    return [
        RegisterFault(path, "sources", f"知らないデータです: {source}", suggest(source, known))
        for path, sources in users
        for source in sources
        if source not in known and source.rpartition(".")[2] not in at_fault
    ]
