"""What a published table really has: every model measured again from its rows.

Belongs here: measuring. Must not hold: the search, nor any code of it; this is its outside check.

Classes are taken from the texts as published; null is the empty text. Rows with `*` in every
quasi-identifier count as suppressed: they are one class of their own, exempt from the models, and
reported. Their sensitive values still count for the table's shares q, as anybody can read them.
Formulas and sources: `models`. With a person column everyone counts once per class, and once per
class and value.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import SUPPRESSED
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
from anonymize.records.models import KAnonymity, KMap, Model


@dataclass(frozen=True)
class Judgement:
    """A published table, measured.

    Attributes:
        measurements: One per model, in order.
        rows: Rows of the table.
        suppressed_rows: Rows with `*` in every quasi-identifier.
        suppressed_members: Members of that class: distinct persons, or rows.
        classes: Classes that are not suppressed.
        min_class: Members of the smallest of them; 0 without any.
    """

    measurements: tuple[Measurement, ...]
    rows: int
    suppressed_rows: int
    suppressed_members: int
    classes: int
    min_class: int

    @property
    def holds(self) -> bool:
        """Whether all models hold."""
        return all(measurement.holds for measurement in self.measurements)


def measure(
    frame: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    models: Sequence[Model],
    person: str | None = None,
    *,
    population: pl.DataFrame | None = None,
) -> Judgement:
    """Measure a published table.

    Args:
        frame: The table as published.
        quasi_identifiers: Its columns an outsider may know.
        models: What was asked of it.
        person: Column that tells persons apart; None: every row is a person.
        population: For k-map: the population, published by the same levels, one row per person.

    Raises:
        ValueError: A column is missing, a population is missing, or an order cannot be read.
    """
    sensitive = dict.fromkeys(on for model in models if (on := getattr(model, "on", None)))
    extra = [person] if person is not None else []
    if not quasi_identifiers:
        raise complaint(
            "準識別子が1列もありません", "準識別子の一覧", "1列以上を指定してください。"
        )
    require_columns(frame.columns, [*quasi_identifiers, *sensitive, *extra], "公表する表")
    names = list(dict.fromkeys(quasi_identifiers))
    table = _coded(frame, names, [*sensitive, *extra])
    keys = [f"#{place}" for place in range(len(names))]
    members = pl.len() if person is None else pl.col(f"@{person}").n_unique()
    hidden = table.filter(pl.col("suppressed"))
    classes = (
        table.filter(~pl.col("suppressed"))
        .group_by(keys)
        .agg(members.cast(pl.Int64).alias(SIZE))
        .with_row_index(CLASS)
    )
    spreads = {name: _spread(table, classes, keys, name, members) for name in sensitive}
    measurements = []
    for model in models:
        if isinstance(model, KMap):
            measurements.append(measure_sizes(model, _in_population(frame, names, population)))
        elif isinstance(model, KAnonymity):
            measurements.append(measure_sizes(model, classes[SIZE]))
        else:
            measurements.append(measure_spread(model, spreads[model.on]))
    return Judgement(
        measurements=tuple(measurements),
        rows=frame.height,
        suppressed_rows=hidden.height,
        suppressed_members=int(hidden.select(members).item()) if hidden.height else 0,
        classes=classes.height,
        min_class=int(classes[SIZE].to_numpy().min(initial=frame.height)) if classes.height else 0,
    )


def _text(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.String).fill_null("")


def _coded(frame: pl.DataFrame, names: Sequence[str], others: Sequence[str]) -> pl.DataFrame:
    """Quasi-identifiers as integers #0, #1, …, the other columns as text with an @ before."""
    return frame.select(
        *(
            _text(name).cast(pl.Categorical).to_physical().alias(f"#{place}")
            for place, name in enumerate(names)
        ),
        pl.all_horizontal(_text(name) == SUPPRESSED for name in names).alias("suppressed"),
        *(_text(name).alias(f"@{name}") for name in dict.fromkeys(others)),
    )


def _spread(
    table: pl.DataFrame, classes: pl.DataFrame, keys: list[str], name: str, members: pl.Expr
) -> Spread:
    """Per class and value the members, their share p, and the value's share q in the table."""
    counted = table.with_columns(pl.col(f"@{name}").alias("value"))
    whole = (
        counted.group_by("value")
        .agg(members.cast(pl.Int64).alias(COUNT))
        .select("value", (pl.col(COUNT) / pl.col(COUNT).sum()).alias(SHARE))
    )
    pairs = (
        counted.group_by([*keys, "value"])
        .agg(members.cast(pl.Int64).alias(COUNT))
        .join(classes, on=keys)
        .join(whole, on="value")
        .with_columns((pl.col(COUNT) / pl.col(COUNT).sum().over(CLASS)).alias(PART))
        .select(CLASS, "value", COUNT, SIZE, SHARE, PART)
    )
    return Spread(pairs, whole)


def _in_population(
    frame: pl.DataFrame, names: list[str], population: pl.DataFrame | None
) -> pl.Series:
    if population is None:
        raise complaint(
            "k-map を測るには母集団の表が要ります",
            "population",
            "同じ段階で加工した母集団の表を渡してください。",
        )
    require_columns(population.columns, names, "母集団の表")
    counts = population.select(_text(n) for n in names).group_by(names).agg(pl.len().alias(SIZE))
    shown = frame.select(_text(n) for n in names).unique()
    shown = shown.filter(~pl.all_horizontal(pl.col(n) == SUPPRESSED for n in names))
    return shown.join(counts, on=names, how="left")[SIZE].fill_null(0)
