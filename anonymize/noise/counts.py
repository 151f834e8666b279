"""Differentially private counts of persons, flat and nested.

Belongs here: from rows of persons to noisy, consistent counts with an account. Must not hold: classes
of numbers (`classes`), the bound on contributions (`contributions`), samplers (`mechanisms`), what
may still be spent (`warehouse.budget`).
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.noise.consistency import Level, make_consistent
from anonymize.noise.contributions import bound_cells, index_cells
from anonymize.noise.cost import Cost, compose, epsilon_at
from anonymize.noise.mechanisms import Integers, Noise, blur, counting_noise

COUNT = "count"


@dataclass(frozen=True)
class Measured:
    """Noisy counts of one grouping and how they were blurred.

    Attributes:
        columns: The grouping; empty: the whole.
        counts: Noisy Int64 counts of every cell of the declared domain, in its order; they may be
            negative.
        noise: The noise they carry.
    """

    columns: tuple[str, ...]
    counts: Integers
    noise: Noise


@dataclass(frozen=True)
class Protected:
    """A table that may leave, and what its noise means.

    Attributes:
        table: Columns of the grouping and `count` (Int64, persons).
        epsilon: ε of everything in it.
        delta: δ of everything in it.
        cost: The same for the ledger.
        mechanism: Name of the noise.
        mean_absolute_error: Expected error of one measured count, in persons, before what is
            negative is mended.
        half_width: 95 % of the measured counts are at most so far from the truth, in persons.
    """

    table: pl.DataFrame
    epsilon: float
    delta: float
    cost: Cost
    mechanism: str
    mean_absolute_error: float
    half_width: int


def measure(
    frame: pl.DataFrame,
    columns: Sequence[str],
    *,
    person: str,
    domain: Mapping[str, Sequence[str]],
    noise: Noise,
    most: int,
    key: bytes,
) -> Measured:
    """Count distinct persons in every declared cell and blur the counts.

    Args:
        frame: Rows of persons.
        columns: The grouping, among the columns of `domain`; empty for one count of everybody.
        person: Column of the person.
        domain: Column to all values it may have, declared without looking at the data.
        noise: Fixed for a contribution of `most` (`counting_noise`).
        most: Cells of this grouping that a person may be in.
        key: At least 32 secret bytes, for the choice among too many cells of a person.

    Raises:
        ValueError: As in `contributions`.
    """
    require_columns(frame.columns, [person], "引数 person")
    named = {name: domain[name] for name in columns}
    cells = index_cells(frame, named).alias("_cell")
    rows = frame.select(person).with_columns(cells)
    bounded = bound_cells(rows, person, ["_cell"], most=most, key=key)
    size = math.prod(len(values) for values in named.values())
    true = np.bincount(bounded["_cell"].to_numpy(), minlength=size).astype(np.int64)
    return Measured(tuple(columns), blur(true, noise), noise)


def count_persons(
    frame: pl.DataFrame,
    groupings: Sequence[Sequence[str]],
    *,
    person: str,
    domain: Mapping[str, Sequence[str]],
    epsilon: float,
    delta: float = 0.0,
    most: int = 1,
    key: bytes,
) -> Protected:
    """Count persons by nested groupings, blurred, whole, not negative and adding up.

    ε (and δ) is divided evenly among the groupings: the same persons are counted in each, so their
    costs add up. Within a grouping one person is in at most `most` cells, which is the sensitivity.

    Protects: whether any one person is in the data, against an attacker who knows all the others.
    Does not protect: what is true of everybody in a cell (all are old), large groups, households
    of several persons as a whole (their protection is ε times their size).

    Args:
        frame: Rows of persons.
        groupings: From coarse to fine, each containing the one before; one grouping is enough.
        person: Column of the person.
        domain: Column to all values it may have.
        epsilon: ε of the whole result.
        delta: 0 for discrete Laplace, else discrete Gaussian at this δ.
        most: Cells of the finest grouping that one person may be in.
        key: At least 32 secret bytes.

    Returns:
        One row a cell of the finest grouping, in the order of the domain; sums over its columns are
        the coarser counts.

    Raises:
        ValueError: Groupings not nested, undeclared columns, values out of range or domain.
    """
    _require_nested(groupings, domain)
    noise = counting_noise(most, epsilon / len(groupings), delta / len(groupings))
    measured = [
        measure(frame, g, person=person, domain=domain, noise=noise, most=most, key=key)
        for g in groupings
    ]
    return protect(measured, domain, delta=delta, most=most)


def protect(
    measured: Sequence[Measured],
    domain: Mapping[str, Sequence[str]],
    *,
    delta: float = 0.0,
    most: int = 1,
) -> Protected:
    """Make measured groupings agree and lay out the finest; costs no further privacy.

    With `most` over 1 a person is in several cells, so a coarser count of persons is not the sum of
    finer ones: then only one grouping may be given.

    Raises:
        ValueError: Groupings not nested, or several with `most` over 1.
    """
    _require_nested([m.columns for m in measured], domain)
    if most > 1 and len(measured) > 1:
        raise complaint(
            "1人が複数の区分に入る集計では、合計は内訳の和になりません",
            "引数 groupings",
            "最も細かい集計だけを指定してください。",
        )
    finest, noise = measured[-1].columns, measured[-1].noise
    counts = make_consistent(_levels(measured, domain))[-1]
    costs = [m.noise.cost for m in measured]
    return Protected(
        lay_out(finest, domain, counts),
        epsilon_at(costs, delta),
        delta,
        compose(costs),
        noise.mechanism,
        noise.mean_absolute_error,
        noise.half_width,
    )


def lay_out(
    columns: Sequence[str], domain: Mapping[str, Sequence[str]], counts: Integers
) -> pl.DataFrame:
    """Put counts beside the values of their cells, in the domain's order."""
    sizes = [len(domain[name]) for name in columns]
    codes = np.unravel_index(np.arange(counts.size), sizes) if sizes else ()
    labels = {n: np.array(domain[n])[c].tolist() for n, c in zip(columns, codes, strict=True)}
    return pl.DataFrame({**labels, COUNT: counts})


def _levels(measured: Sequence[Measured], domain: Mapping[str, Sequence[str]]) -> list[Level]:
    """Turn nested groupings into a tree under one unmeasured top."""
    top = Level(np.zeros(1), math.inf, np.empty(0, np.int64))
    if measured[0].columns:
        levels, above = [top], ()
    else:
        levels, above = [], None
    for one in measured:
        parents = _parents(above, one.columns, domain)
        levels.append(Level(one.counts, one.noise.variance, parents))
        above = one.columns
    return levels


def _parents(
    above: tuple[str, ...] | None, columns: tuple[str, ...], domain: Mapping[str, Sequence[str]]
) -> np.ndarray:
    if above is None:
        return np.empty(0, np.int64)
    sizes = [len(domain[name]) for name in columns]
    codes = dict(zip(columns, np.unravel_index(np.arange(math.prod(sizes)), sizes), strict=True))
    index = np.zeros(math.prod(sizes), np.int64)
    for name in above:
        index = index * len(domain[name]) + codes[name]
    return index


def _require_nested(
    groupings: Sequence[Sequence[str]], domain: Mapping[str, Sequence[str]]
) -> None:
    known = all(set(g) <= set(domain) and len(set(g)) == len(g) for g in groupings)
    nested = all(set(a) < set(b) for a, b in itertools.pairwise(groupings))
    if not groupings or not known or not nested:
        raise complaint(
            "集計の列が入れ子になっていないか、区分の一覧がありません",
            "引数 groupings・domain",
            "粗い集計から順に、前の列をすべて含むように並べ、どの列にも区分の一覧を付けてください。",
        )
