"""Every model of the policy, measured on the written file.

Here stands the choice of the way: from the rows where all of them were kept, otherwise from the
counts of classes; k-map by the population, published as the rows were.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from anonymize.records import judging
from anonymize.records.measures import (
    CLASS,
    COUNT,
    PART,
    SHARE,
    SIZE,
    Measurement,
    Spread,
    measure_sizes,
    measure_spread,
)
from anonymize.records.models import KAnonymity, KMap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from anonymize.hierarchy.hierarchy import Hierarchy
    from anonymize.records.groups import Groups, Pairs
    from anonymize.records.models import Model
    from warehouse.anonymising.prepared import Prepared
    from warehouse.anonymising.remeasured import Remeasured

# No header can hold this letter.
_MEMBERS = "\0members"


def measure_models(
    prepared: Prepared, measured: Remeasured, levels: Mapping[str, int]
) -> list[Measurement]:
    """Measure the policy's models, in its order.

    Raises:
        ValueError: in Japanese, when the order of a sensitive column cannot be read.
    """
    plain = [model for model in prepared.models if not isinstance(model, KMap)]
    found = iter(_by_rows(prepared, measured, plain))
    return [
        measure_sizes(model, _in_population(prepared, measured, levels))
        if isinstance(model, KMap)
        else next(found)
        for model in prepared.models
    ]


def _by_rows(
    prepared: Prepared, measured: Remeasured, models: Sequence[Model]
) -> Sequence[Measurement]:
    # Where `*` everywhere is a class like any other, reading the rows alone cannot tell so.
    if measured.step > 1 or (measured.stars and not measured.suppressed.any()):
        return [measure_by_counts(measured.groups, measured.suppressed, m) for m in models]
    policy = prepared.policy
    known = list(policy.quasi_identifiers)
    return judging.measure(measured.pair.after, known, models, policy.person).measurements


def measure_by_counts(groups: Groups, suppressed: np.ndarray, model: Model) -> Measurement:
    """Measure a model from the counts of classes.

    Args:
        groups: the classes of the published table.
        suppressed: which of them hold suppressed rows.
        model: any but k-map.
    """
    if isinstance(model, KAnonymity):
        return measure_sizes(model, pl.Series(groups.sizes[~suppressed]))
    pairs = groups.sensitive[str(getattr(model, "on", ""))]
    table = pl.DataFrame(
        {
            CLASS: pairs.group,
            "value": pl.Series(pairs.values).gather(pairs.value),
            COUNT: pairs.count,
            SIZE: groups.sizes[pairs.group],
            "hidden": suppressed[pairs.group],
        }
    )
    whole = _whole(pairs)
    table = (
        table.filter(~pl.col("hidden"))
        .join(whole.select("value", SHARE), on="value")
        .with_columns((pl.col(COUNT) / pl.col(COUNT).sum().over(CLASS)).alias(PART))
    )
    return measure_spread(model, Spread(table, whole))


def measure_whole_table(prepared: Prepared) -> list[Measurement]:
    """Measure the models on the table as one single class: what fails there holds nowhere."""
    groups = prepared.groups
    found = []
    for model in prepared.models:
        if isinstance(model, KMap):
            people = prepared.population
            total = 0 if people is None else int(people.rows.sum())
            found.append(measure_sizes(model, pl.Series([total])))
            continue
        members = int(groups.sizes.sum()) - _counted_again(groups)
        if isinstance(model, KAnonymity):
            found.append(measure_sizes(model, pl.Series([members])))
            continue
        whole = _whole(groups.sensitive[str(getattr(model, "on", ""))]).filter(pl.col(SHARE) > 0)
        one = whole.with_columns(
            pl.lit(0).alias(CLASS),
            pl.lit(members).alias(SIZE),
            pl.col(SHARE).alias(PART),
        )
        found.append(measure_spread(model, Spread(one, whole)))
    return found


def _counted_again(groups: Groups) -> int:
    """How often persons are counted more than once when the sizes of groups are added up."""
    return len(groups.recurring) - len(np.unique(groups.recurring[:, 1:]))


def _whole(pairs: Pairs) -> pl.DataFrame:
    """Count the members of the table by value; who recurs in several classes counts once."""
    counts = np.bincount(pairs.value, pairs.count, len(pairs.values))
    if len(pairs.person):
        again = pairs.person[:, 1]
        once = np.unique(pairs.person[:, 1:], axis=0)[:, 0]
        counts -= np.bincount(again, minlength=len(counts))
        counts += np.bincount(once, minlength=len(counts))
    shares = counts / max(counts.sum(), 1)
    return pl.DataFrame({"value": pairs.values, COUNT: counts, SHARE: shares})


def _in_population(
    prepared: Prepared, measured: Remeasured, levels: Mapping[str, int]
) -> pl.Series:
    """Give the members of the population with the labels of each class that is not suppressed."""
    people = prepared.population
    assert people is not None  # noqa: S101 - read wherever a model asks for it
    labels = [_labels(people, h, at, levels) for at, h in enumerate(prepared.hierarchies)]
    known = [series.name for series in labels]
    counts = pl.DataFrame(labels).with_columns(pl.Series(_MEMBERS, people.rows))
    counts = counts.group_by(known).agg(pl.col(_MEMBERS).sum())
    shown = measured.labels().filter(pl.Series(~measured.suppressed))
    return shown.join(counts, on=known, how="left")[_MEMBERS].fill_null(0)


def _labels(people: Groups, hierarchy: Hierarchy, at: int, levels: Mapping[str, int]) -> pl.Series:
    level = levels[hierarchy.column]
    codes = hierarchy.codes[level][people.codes[:, at]]
    return pl.Series(hierarchy.column, hierarchy.labels[level]).gather(codes)


def as_json(found: Measurement, said: Mapping[str, Any]) -> dict[str, Any]:
    """Put a measurement beside the policy's words; no number for what no number tells."""
    number = found.measured if isfinite(found.measured) else None
    return {**said, "measured": number, "holds": found.holds}
