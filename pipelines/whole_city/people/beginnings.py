"""The register as it stood on the day before the first month: one row a person.

Belongs here: when everybody came. Who they are is `founding`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.whole_city.people.draws import When, open_stream, pick
from pipelines.whole_city.people.elsewhere import NOWHERE, draw_places
from pipelines.whole_city.people.figures import read_figures
from pipelines.whole_city.people.founding import found, years_before
from pipelines.whole_city.people.kinship import CHILD, RELATIONSHIPS
from pipelines.whole_city.people.places import draw_towns, tiny_towns
from pipelines.whole_city.people.register import REASONS
from pipelines.whole_city.people.weighing import choose_living, weigh_patterns

if TYPE_CHECKING:
    from pipelines.whole_city.people.founding import Founded
    from pipelines.whole_city.people.register import Register
    from pipelines.whole_city.people.weighing import Weighed

# How long households have lived at their address: years up to, and weights (approximate).
_YEARS, _YEARS_WEIGHTS = np.array([0, 1, 3, 5, 10, 20, 40]), np.array([12, 17, 13, 20, 20, 18])
_SETTLED_FROM = 60  # years; heads of tiny towns are as old, so that they stay small
_ADULT_DAYS, _DAYS_A_YEAR = 18 * 366, 365
_LEGAL_DAYS = 14


def enter_first_residents(register: Register, seed: int, residents: int, day: int) -> None:
    """Enter exactly `residents` people who live in the city on `day`, and write their rows."""
    figures, weighed = read_figures(), weigh_patterns(seed)
    rng = open_stream(seed, "first residents")
    chosen = choose_living(rng, weighed, residents)
    towns = _draw_towns(rng, weighed, chosen)
    new = found(
        register, rng, weighed.patterns, chosen,
        towns=towns, day=day, foreign_per_mille=figures.foreign_start,
    )  # fmt: skip
    _write_first_rows(register, rng, new, day)


def _draw_towns(rng: np.random.Generator, weighed: Weighed, chosen: np.ndarray) -> np.ndarray:
    """Draw towns; a few old couples and persons alone fill the tiny ones."""
    towns = draw_towns(rng, len(chosen))
    old = (weighed.patterns.age[chosen, 0] >= _SETTLED_FROM) & (weighed.sizes[chosen] <= 2)  # noqa: PLR2004
    settled = np.repeat(tiny_towns(), read_figures().tiny_households)
    rows = np.flatnonzero(old)[: len(settled)]
    towns[rows] = settled[: len(rows)]
    return towns


def _write_first_rows(register: Register, rng: np.random.Generator, new: Founded, day: int) -> None:
    people = register.people
    births = people["birth"][new.persons].astype(np.int64)
    since = np.maximum(_draw_since(register, rng, new, day)[new.which], births)
    here = since == births
    places = np.where(here, NOWHERE, draw_places(rng, len(new.households))[new.which])
    waited = rng.integers(0, _LEGAL_DAYS + 1, len(new.households))[new.which]
    when = When(since, np.minimum(since + waited, day))
    reasons = np.where(here, REASONS.index("born"), REASONS.index("moved_in"))
    register.write(new.persons, when, reasons, places)


def _draw_since(register: Register, rng: np.random.Generator, new: Founded, day: int) -> np.ndarray:
    """Draw when each household came; all but children of the house were grown up by then."""
    count = len(new.households)
    bracket = pick(rng, _YEARS_WEIGHTS, count)
    days = rng.integers(_YEARS[bracket] * _DAYS_A_YEAR, _YEARS[bracket + 1] * _DAYS_A_YEAR)
    since = years_before(day, np.zeros(count, np.int64)) - days
    people = register.people
    related = people["relationship"][new.persons]
    grown = ~np.isin(related, [CHILD, RELATIONSHIPS.index("子の子")])
    came_of_age = people["birth"][new.persons].astype(np.int64) + _ADULT_DAYS
    earliest = np.full(count, np.iinfo(np.int64).min)
    np.maximum.at(earliest, new.which[grown], came_of_age[grown])
    return np.minimum(np.maximum(since, earliest), day)
