"""Whether the staged table meets the models it claims, measured anew.

Belongs here: every model's own formula (sources in `records.models`) on the staged file. The gate
does not ask the code that made the table whether the table is good, so this shares nothing with it
but the models' shapes. Must not hold: sizes and rare values (`gate_records`).

A suppressed row (`*` in every quasi-identifier) is exempt from the models; its class is judged by
size alone. q(s) is the share of value s in the whole table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.gate_words import Fault
from anonymize.records.models import (
    AlphaK,
    BetaLikeness,
    DeltaDisclosure,
    DistinctL,
    EntropyL,
    EqualT,
    KAnonymity,
    KMap,
    Model,
    OrderedT,
    RecursiveCL,
)
from anonymize.risk.classes import Classes, Floats, Ints, classes_of

Bools = npt.NDArray[np.bool_]
# Rounding of shares must not refuse a class that meets a bound exactly.
_SLACK = 1e-9
_PERSON = "\0person"


def judge_models(
    table: pl.DataFrame,
    quasi_identifiers: Sequence[str],
    models: Sequence[Model],
    person: str | None,
) -> Iterator[Fault]:
    """Report every model that a class of the table fails, with the rows of such classes.

    Raises:
        ValueError: A missing column.
    """
    classes = classes_of(table, quasi_identifiers, person)
    judged = [model for model in models if not isinstance(model, KMap)]
    if not judged:
        yield Fault("model.not_measurable")
    for model in judged:
        failing = _failing(table, classes, model, person) & ~classes.suppressed
        if failing.any():
            on = getattr(model, "on", None)
            yield Fault(_rule(model), (on,) if on else (), int(classes.rows[failing].sum()))


def _rule(model: Model) -> str:
    if isinstance(model, KAnonymity):
        return "model.k"
    if isinstance(model, DistinctL | EntropyL | RecursiveCL):
        return "model.l"
    return "model.t" if isinstance(model, EqualT | OrderedT) else "model.other"


@dataclass(frozen=True)
class _Seen:
    """A sensitive column: shares of each value in each class (classes × values) and in the table."""

    persons: Ints
    shares: Floats
    whole: Floats
    values: list[str]


def _failing(table: pl.DataFrame, classes: Classes, model: Model, person: str | None) -> Bools:
    """Tell per class whether it fails the model."""
    on = getattr(model, "on", None)
    if on is None:
        nothing = np.empty((classes.count, 0))
        return _fails(model, _Seen(classes.persons, nothing, np.empty(0), []))
    shares, values = _shares(table, classes, on, person)
    whole = _whole(table, on, values, person)
    return _fails(model, _Seen(classes.persons, shares, whole, values))


@singledispatch
def _fails(model: object, _seen: _Seen) -> Bools:
    raise TypeError(type(model).__name__)


@_fails.register
def _(model: KAnonymity, seen: _Seen) -> Bools:
    return seen.persons < model.k


@_fails.register
def _(model: AlphaK, seen: _Seen) -> Bools:
    return (seen.persons < model.k) | (seen.shares.max(axis=1) > model.alpha + _SLACK)


@_fails.register
def _(model: DistinctL, seen: _Seen) -> Bools:
    return (seen.shares > 0).sum(axis=1) < model.l


@_fails.register
def _(model: EntropyL, seen: _Seen) -> Bools:
    safe = np.where(seen.shares > 0, seen.shares, 1.0)
    return np.exp(-(seen.shares * np.log(safe)).sum(axis=1)) < model.l - _SLACK


@_fails.register
def _(model: RecursiveCL, seen: _Seen) -> Bools:
    ranked = -np.sort(-seen.shares, axis=1)
    return ~(ranked[:, 0] < model.c * ranked[:, model.l - 1 :].sum(axis=1) - _SLACK)


@_fails.register
def _(model: EqualT, seen: _Seen) -> Bools:
    return np.abs(seen.shares - seen.whole).sum(axis=1) / 2 > model.t + _SLACK


@_fails.register
def _(model: OrderedT, seen: _Seen) -> Bools:
    listed = model.order or tuple(sorted(seen.values, key=float))
    if not {*seen.values} <= {*listed}:
        # A value without a place cannot be measured, so nothing is known to hold.
        return np.ones(len(seen.persons), np.bool_)
    # A value that nobody has still lies between its neighbours.
    apart = np.zeros((len(seen.persons), len(listed)))
    apart[:, [listed.index(value) for value in seen.values]] = seen.shares - seen.whole
    moved = np.abs(np.cumsum(apart, axis=1)).sum(axis=1)
    return moved / max(len(listed) - 1, 1) > model.t + _SLACK


@_fails.register
def _(model: BetaLikeness, seen: _Seen) -> Bools:
    bound = np.full(len(seen.whole), model.beta)
    if model.enhanced:
        bound = np.minimum(bound, -np.log(seen.whole))
    over = (seen.shares - seen.whole) / seen.whole > bound + _SLACK
    return over.sum(axis=1) > 0


@_fails.register
def _(model: DeltaDisclosure, seen: _Seen) -> Bools:
    with np.errstate(divide="ignore"):
        return np.abs(np.log(seen.shares / seen.whole)).max(axis=1) >= model.delta


def _shares(
    table: pl.DataFrame, classes: Classes, on: str, person: str | None
) -> tuple[Floats, list[str]]:
    """Give classes × values: the share of each value among the members of each class."""
    told = {"class": classes.of_row, "value": _texts(table[on])}
    frame = pl.DataFrame(told if person is None else {**told, _PERSON: table[person]})
    pairs = classes_of(frame, ["class", "value"], None if person is None else _PERSON)
    values = pairs.labels["value"].unique().sort().to_list()
    place = {value: i for i, value in enumerate(values)}
    counts = np.zeros((classes.count, len(values)))
    columns = pairs.labels["value"].replace_strict(place, return_dtype=pl.Int64)
    counts[pairs.labels["class"].to_numpy(), columns.to_numpy()] = pairs.persons
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1), values


def _whole(table: pl.DataFrame, on: str, values: list[str], person: str | None) -> Floats:
    frame = table.select(_texts(table[on]).alias("value"))
    counted = classes_of(
        frame if person is None else frame.with_columns(table[person].alias(_PERSON)),
        ["value"],
        None if person is None else _PERSON,
    )
    found = dict(zip(counted.labels["value"].to_list(), counted.persons.tolist(), strict=True))
    counts = np.array([found[value] for value in values], np.float64)
    return counts / max(counts.sum(), 1)


def _texts(column: pl.Series) -> pl.Series:
    return column.cast(pl.String).fill_null("")
