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
    """Find what would let persons out without the protection of `anonymize/`.

    A release that protects nothing reads columns classified 公開 and nothing else. So no mart made
    from data about persons, however far back, has such a column, and no such release reads it.
    """
    faults = [
        RegisterFault(
            mart.path.with_suffix(".yaml"),
            f"columns.{name}.classification",
            "個人のデータから作る表に、公開の列があります",
            "庁内 にしてください。公開するときは、公開データの protection で秘匿します。",
        )
        for mart in register.marts.values()
        if _is_of_persons(register, f"mart.{mart.name}")
        for name, column in mart.spec.columns.items()
        if column.classification == "公開"
    ]
    return faults + [
        RegisterFault(
            release.path.with_suffix(".yaml"),
            "protection.method",
            f"1行が1人の表を、秘匿せずに公開しようとしています: {source}",
            "集計した表を sources にするか、protection に秘匿の方法を書いてください。",
        )
        for release in register.releases.values()
        for source in release.spec.sources
        if release.spec.protection.method == "none" and _is_personal_mart(register, source)
    ]


def _is_of_persons(register: Register, source: str, seen: frozenset[str] = frozenset()) -> bool:
    """Tell whether a source holds data about persons or is made from such."""
    layer, name = source.split(".", 1)
    if layer == "common":
        return name in register.datasets and register.datasets[name].contract.is_personal
    if name not in register.marts or source in seen:
        return False
    spec = register.marts[name].spec
    further = seen | {source}
    return spec.personal or any(_is_of_persons(register, s, further) for s in spec.sources)


def _is_personal_mart(register: Register, source: str) -> bool:
    name = source.removeprefix("mart.")
    return name != source and name in register.marts and register.marts[name].spec.personal


def unpaid_noise(register: Register) -> list[RegisterFault]:
    """Find releases whose noise no budget pays, or not at the δ it needs."""
    budgets = register.city.privacy_budgets
    faults = []
    for release in register.releases.values():
        protection, path = release.spec.protection, release.path.with_suffix(".yaml")
        if protection.method != "noise":
            continue
        budget = budgets.get(protection.population)
        if budget is None:
            what = f"プライバシー予算のない母集団です: {protection.population}"
            remedy = f"city.yaml の privacy_budgets に書いてください。{suggest(protection.population, [*budgets])}"
            faults.append(RegisterFault(path, "protection.population", what, remedy))
        elif protection.delta > budget.delta or protection.epsilon > budget.yearly_epsilon:
            what = "1回の公開の ε か δ が、1年の予算より大きくなっています"
            remedy = "小さくするか、city.yaml の privacy_budgets を責任者と見直してください。"
            faults.append(RegisterFault(path, "protection", what, remedy))
    return faults


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
