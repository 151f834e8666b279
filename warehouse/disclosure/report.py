"""What a risk and utility report holds: plain data, one field per section.

Belongs here: the sections. A section whose part has not run is None, and the report says 「未実施」 in
its place: silence would read as safety. Must not hold: wording (`wording`), drawing (`charts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anonymize.gate import Finding
    from anonymize.law.checklist import Checklist
    from anonymize.records.utility import Marginal, Utility
    from anonymize.risk.measure import Risks


@dataclass(frozen=True)
class ModelRow:
    """One demand, and what the published file measures.

    Attributes:
        asked: The demand in words, such as `k = 5`.
        on: The sensitive column; empty for none.
        measured: The worst class in words.
        holds: Whether the file meets it.
    """

    asked: str
    on: str
    measured: str
    holds: bool


@dataclass(frozen=True)
class Account:
    """One attack or part in words and numbers.

    Attributes:
        sentence: What was tried, and what came of it.
        rows: Label and value, in order.
        is_safe: Whether it speaks for the release; None: it says neither.
    """

    sentence: str
    rows: tuple[tuple[str, str], ...]
    is_safe: bool | None = None


@dataclass(frozen=True)
class Losses:
    """The three numbers of utility, always together, and each column before and after."""

    lost: Utility
    marginals: tuple[Marginal, ...]
    levels: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """One release on paper.

    Attributes:
        title: What is released.
        subject: The file that was measured, with its fingerprint.
        made_at: When, ISO 8601.
        counted: 人 or 行.
        known: Columns an outsider may know.
        sensitive: Columns he wants to learn.
        findings: The gate's findings; None: the gate has not judged.
        models: Demands and measurements; None: not measured.
        risks: Risks of rows of persons; None: not measured.
        losses: Utility; None: not measured.
        hidden_cells: The linear-programming attack on hidden cells; None: not carried out.
        differencing: The attack with all earlier and sibling releases; None: not carried out.
        synthetic: Attacks on synthetic data; None: not carried out.
        noise: Noise and its budget; None: not used.
        checklist: The law's checklist; None: not filled.
        notes: What the anonymiser said beside.
    """

    title: str
    subject: str
    made_at: str
    counted: str = "行"
    known: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    findings: tuple[Finding, ...] | None = None
    models: tuple[ModelRow, ...] | None = None
    risks: Risks | None = None
    losses: Losses | None = None
    hidden_cells: Account | None = None
    differencing: Account | None = None
    synthetic: Account | None = None
    noise: Account | None = None
    checklist: Checklist | None = None
    notes: tuple[str, ...] = ()

    @property
    def blockers(self) -> int:
        """Number of findings that forbid the release."""
        return sum(finding.severity == "blocker" for finding in self.findings or ())
