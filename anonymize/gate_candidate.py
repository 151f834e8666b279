"""One candidate before the gate: the file, every attack on it, and the law.

Belongs here: the order of judgement, and that whatever cannot be carried out forbids the release.
Must not hold: the rules, the attacks, reading files.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from anonymize.gate import Finding, ReleasePolicy, judge_release, run_rule, tell
from anonymize.gate_records import classes_claimed
from anonymize.gate_words import Fault
from anonymize.law.checklist import Checklist, fill_checklist
from anonymize.law.facts import ColumnFact, Declaration, Measured
from anonymize.risk.classes import classes_of

Attack = Callable[[], Iterable[Fault]]
_STATUS_RULES = {"不適合": "law.failed", "未回答": "law.unanswered"}


@dataclass(frozen=True)
class LawCase:
    """What the law is asked about.

    Attributes:
        columns: Every column of the source, and what became of it.
        declaration: The answers of a person; None: nobody answered.
        method_zone: Where the 加工方法等情報 was put.
        is_posted: Whether approval posts the file for all, as it does on the open-data way. What is
            given under a contract must not go there.
    """

    columns: tuple[ColumnFact, ...]
    declaration: Declaration | None
    method_zone: str | None
    is_posted: bool = True


@dataclass(frozen=True)
class Case:
    """A candidate, and all there is to judge it by.

    Attributes:
        table: The staged table exactly as it would be released.
        policy: What the release declares.
        law: What the law is asked about; None: no data about persons are behind it. Rows of persons
            without it are refused.
        earlier: Tables that are out already.
        attacks: Attacks by name, each giving faults; one that fails forbids the release.
        attacked: Attacks that were carried out elsewhere, and what they found.
    """

    table: pl.DataFrame
    policy: ReleasePolicy
    law: LawCase | None = None
    earlier: Sequence[pl.DataFrame] = ()
    attacks: Mapping[str, Attack] = field(default_factory=dict)
    attacked: Mapping[str, Sequence[Finding]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """Everything found, and the law's checklist; the release is free without a blocker."""

    findings: tuple[Finding, ...]
    checklist: Checklist | None

    @property
    def is_blocked(self) -> bool:
        """Tell whether a finding forbids the release."""
        return any(finding.severity == "blocker" for finding in self.findings)


def judge_candidate(case: Case) -> Verdict:
    """Judge a candidate by every rule, attack it, and fill the law's checklist.

    Never raises for the candidate's sake: whatever cannot be carried out is a blocker itself.
    """
    findings = judge_release(case.table, case.policy, case.earlier)
    carried_out = [*case.attacked]
    findings += [finding for found in case.attacked.values() for finding in found]
    for name, attack in case.attacks.items():
        found = run_rule(f"攻撃「{name}」", attack, tell)
        findings += found
        if not any(finding.rule == "gate.failed" for finding in found):
            carried_out.append(name)
    if case.law is None:
        if case.policy.is_of_persons:
            findings.append(tell(Fault("law.unfilled")))
        return Verdict(tuple(findings), None)
    filled: list[Checklist] = []

    def ask(law: LawCase = case.law) -> Iterable[Fault]:
        measured = _measure(case, findings, carried_out, law)
        said = law.declaration or Declaration()
        filled.append(fill_checklist(law.columns, said, measured))
        posts = law.is_posted and said.manner == "契約による提供"
        return [*_faults(filled[0]), *([Fault("law.contract_only")] if posts else [])]

    findings += run_rule("検査「法のチェックリスト」", ask, tell)
    return Verdict(tuple(findings), filled[0] if filled else None)


def _faults(checklist: Checklist) -> Iterable[Fault]:
    for item in checklist.open_items():
        place = f"{item.title}: {'、'.join(item.evidence)}"
        yield Fault(_STATUS_RULES[item.status], place=place)


def _measure(
    case: Case, findings: Sequence[Finding], attacks: Sequence[str], law: LawCase
) -> Measured:
    counted = Counter(f.rule for f in findings if f.severity == "blocker")
    measured = Measured(
        of_persons=case.policy.is_of_persons,
        findings=dict(counted),
        rows=case.table.height,
        attacks=tuple(attacks),
        method_zone=law.method_zone,
    )
    claims = case.policy.records
    names = case.policy.quasi_identifiers if claims is None else claims.quasi_identifiers
    if not names:
        return measured
    classes = (
        classes_of(case.table, names) if claims is None else classes_claimed(case.table, claims)
    )
    kept = classes.persons[~classes.suppressed]
    broken = [rule for rule in counted if rule.startswith(("model.", "k.", "gate.failed"))]
    return replace(
        measured,
        k_asked=case.policy.k if claims is None else claims.k,
        k_measured=int(kept.min()) if len(kept) else 0,
        models_hold=not broken,
        suppressed=int(classes.rows[classes.suppressed].sum()),
    )
