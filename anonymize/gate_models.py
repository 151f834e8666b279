"""Whether the staged table meets the models it claims.

Belongs here: what follows from measuring anew (`records.judging`, which shares no code with the
search that made the table). Must not hold: the measuring, sizes and rare values (`gate_records`).
"""

from collections.abc import Iterator, Sequence

import polars as pl

from anonymize.gate_words import Fault
from anonymize.records.judging import measure
from anonymize.records.models import (
    DistinctL,
    EntropyL,
    EqualT,
    KAnonymity,
    KMap,
    Model,
    OrderedT,
    RecursiveCL,
)


def judge_models(
    table: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    models: Sequence[Model],
    person: str | None,
) -> Iterator[Fault]:
    """Report every model that a class of the table fails, with the number the table has.

    k-map speaks of the population, which the file alone cannot prove.

    Raises:
        ValueError: A missing column, or an order that cannot be read.
    """
    judged = [model for model in models if not isinstance(model, KMap)]
    if not judged:
        yield Fault("model.not_measurable")
        return
    for told in measure(table, quasi_identifiers, judged, person).measurements:
        if not told.holds:
            on = getattr(told.model, "on", None)
            place = (
                f"{type(told.model).__name__}: 宣言 {told.asked:g}、測った値 {told.measured:.4g}"
            )
            yield Fault(_rule(told.model), (on,) if on else (), place=place)


def _rule(model: Model) -> str:
    if isinstance(model, KAnonymity):
        return "model.k"
    if isinstance(model, DistinctL | EntropyL | RecursiveCL):
        return "model.l"
    return "model.t" if isinstance(model, EqualT | OrderedT) else "model.other"
