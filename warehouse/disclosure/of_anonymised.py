"""The report of one anonymised table: measured on the rows before and after.

Belongs here: which measurements make up the sections. Must not hold: the measurements, files.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anonymize.records.judging import measure as judge
from anonymize.records.models import KMap
from anonymize.records.utility import Marginal, Utility, marginals, measure
from anonymize.risk.measure import Question, measure_risks
from warehouse.disclosure.report import Losses, ModelRow, Report

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from anonymize.gate_candidate import Verdict
    from anonymize.hierarchy.hierarchy import Hierarchy
    from anonymize.records.models import Model

_NAMES = {
    "KAnonymity": "k",
    "KMap": "k-map",
    "DistinctL": "l(種類)",
    "EntropyL": "l(エントロピー)",
    "RecursiveCL": "c(再帰的 l)",
    "EqualT": "t(距離は等しい)",
    "OrderedT": "t(順序あり)",
    "AlphaK": "α",
    "BetaLikeness": "β",
    "DeltaDisclosure": "δ",
}
_FEW, _USUAL_K = 10, 5
OTHERS = "(10行に満たない値)"


@dataclass(frozen=True, kw_only=True)
class Anonymised:
    """A table before and after, and what was asked of it.

    Attributes:
        title: What is released.
        subject: The published file, with its fingerprint.
        before: Quasi-identifiers, sensitive columns and person, as text.
        after: The same rows as published; the person column is not published.
        hierarchies: One per quasi-identifier.
        sensitive: Sensitive columns.
        models: What was asked.
        person: Column that tells persons apart.
        weights: Importance of columns.
        levels: Level per column; empty for local recoding.
        fraction: Share of the population that is in the table.
        attackers: Columns that stated attackers know; none: one who knows them all.
        notes: What else was said.
    """

    title: str
    subject: str
    before: pl.DataFrame
    after: pl.DataFrame
    hierarchies: Sequence[Hierarchy]
    sensitive: Sequence[str]
    models: Sequence[Model]
    person: str | None = None
    weights: Mapping[str, float] | None = None
    levels: Mapping[str, int] | None = None
    fraction: float = 1.0
    attackers: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()


def report_anonymised(made: Anonymised, verdict: Verdict | None = None) -> Report:
    """Measure everything there is to say of an anonymised table.

    Args:
        made: The table before and after.
        verdict: Of the gate, if it has judged.

    Raises:
        ValueError: The tables do not belong together.
    """
    known = tuple(h.column for h in made.hierarchies)
    question = Question(
        quasi_identifiers=known,
        sensitive=tuple(made.sensitive),
        threshold=1 / max((k for m in made.models if (k := getattr(m, "k", 0))), default=_USUAL_K),
        fraction=made.fraction,
        person=made.person,
        attackers=made.attackers,
        hierarchies={h.column: h for h in made.hierarchies},
    )
    return Report(
        title=made.title,
        subject=made.subject,
        made_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        counted="人" if made.person else "行",
        known=known,
        sensitive=tuple(made.sensitive),
        findings=None if verdict is None else verdict.findings,
        checklist=None if verdict is None else verdict.checklist,
        models=tuple(_models(made, known)),
        risks=measure_risks(made.before, made.after, question),
        losses=_losses(made, list(known)),
        notes=made.notes,
    )


def _models(made: Anonymised, known: tuple[str, ...]) -> list[ModelRow]:
    asked = [model for model in made.models if not isinstance(model, KMap)]
    rows = [
        ModelRow(
            f"k-map = {model.k}", "", "母集団の表が要るため、ここでは測っていません", holds=False
        )
        for model in made.models
        if isinstance(model, KMap)
    ]
    shown = made.after if made.person is None else made.after.with_columns(made.before[made.person])
    for told in judge(shown, known, asked, made.person).measurements:
        kind = _NAMES[type(told.model).__name__]
        on = getattr(told.model, "on", "")
        found = "集まりがありません" if np.isnan(told.measured) else f"{told.measured:.4g}"
        rows.append(ModelRow(f"{kind} = {told.asked:g}", on, found, told.holds))
    return rows


def _losses(made: Anonymised, known: list[str]) -> Losses:
    before, after = made.before.select(known), made.after.select(known)
    lost: Utility = measure(before, after, made.hierarchies, weights=made.weights)
    heights = {h.column: h.height for h in made.hierarchies}
    return Losses(
        lost,
        tuple(_without_few(m) for m in marginals(before, after, made.hierarchies)),
        tuple((name, level, heights[name]) for name, level in (made.levels or {}).items()),
    )


def _without_few(marginal: Marginal) -> Marginal:
    """Add up values that few rows have: a report must not name the one of a kind."""
    few = (marginal.before < _FEW) & (marginal.before > 0)
    kept = ~few & ((marginal.before > 0) | (marginal.after > 0))
    values = [value for value, keep in zip(marginal.values, kept, strict=True) if keep]
    before, after = marginal.before[kept], marginal.after[kept]
    if few.any():
        values.append(OTHERS)
        before = np.append(before, marginal.before[few].sum())
        after = np.append(after, marginal.after[few].sum())
    return replace(marginal, values=tuple(values), before=before, after=after)
