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


def bare_persons(register: Register) -> list[RegisterFault]:
    """Find releases that would take rows of persons as they are.

    A mart of one row a person goes out through the protection of `anonymize/` alone: `none` is none.
    """
    personal = {f"mart.{n}" for n, q in register.marts.items() if q.spec.personal}
    return [
        RegisterFault(
            release.path.with_suffix(".yaml"),
            "protection.method",
            f"1行が1人の表を、秘匿せずに公開しようとしています: {source}",
            "集計した表を sources にするか、protection に秘匿の方法を書いてください。",
        )
        for release in register.releases.values()
        for source in release.spec.sources
        if source in personal and release.spec.protection.method == "none"
    ]


def unlinkable(register: Register, at_fault: set[str]) -> list[RegisterFault]:
    """Find linkages that name a dataset or a column that is not there, or persons as places."""
    faults: list[RegisterFault] = []
    for linkage in register.linkages.values():
        for number, linked in enumerate(linkage.spec.datasets):
            where, dataset = f"datasets.{number}", register.datasets.get(linked.dataset)
            if dataset is None:
                if linked.dataset not in at_fault:
                    what = f"知らないデータセットです: {linked.dataset}"
                    remedy = suggest(linked.dataset, [*register.datasets])
                    faults.append(RegisterFault(linkage.path, where, what, remedy))
                continue
            contract = dataset.contract
            used = dict.fromkeys(name for names in linked.columns.values() for name in names)
            faults += [
                RegisterFault(
                    linkage.path,
                    where,
                    f"契約にない列です: {name}",
                    suggest(name, [*contract.columns]),
                )
                for name in used
                if name not in contract.columns
            ]
            if contract.is_personal and linkage.spec.subject == "place":
                what = f"個人のデータがあるのに subject が place です: {linked.dataset}"
                remedy = "subject: person とし、legal_basis(根拠となる法令)を書いてください。"
                faults.append(RegisterFault(linkage.path, where, what, remedy))
    return faults
