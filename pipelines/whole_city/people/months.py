"""One month of the city's life: its days, how many people there are, and what the figures expect.

Belongs here: what every module of events asks of a month. No event happens here.
"""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING, NamedTuple

from pipelines.whole_city.people.draws import notify, open_stream
from pipelines.whole_city.people.figures import read_figures

if TYPE_CHECKING:
    import datetime as dt

    import numpy as np

    from pipelines.whole_city.people.draws import When
    from pipelines.whole_city.people.register import Register

MONTHS_A_YEAR = 12
_PER_MILLE = 1000
EPOCH = 719_163  # ordinal of 1970-01-01


class Month(NamedTuple):
    """A month that is being lived.

    Attributes:
        seed: of the city.
        serial: 0 first.
        first, last: days since 1970-01-01 on which something may happen. The very first day of
            the first month is left as it stood at the start.
        calendar_month: 1 to 12.
        residents: people at its start.
    """

    seed: int
    serial: int
    first: int
    last: int
    calendar_month: int
    residents: int

    def stream(self, purpose: str) -> np.random.Generator:
        """Open this month's stream of random numbers for a purpose."""
        return open_stream(self.seed, purpose, self.serial + 1)

    def draw_when(self, rng: np.random.Generator, count: int, within: int) -> When:
        """Draw days of the month, and when they were notified: most `within` so many days."""
        days = rng.integers(self.first, self.last + 1, count)
        return notify(rng, days, within, read_figures().late)

    def expect(self, rate: str, *, seasonal: bool = False) -> float:
        """Tell how many cases of a yearly rate (in 1,000 residents) fall in this month."""
        figures = read_figures()
        yearly = figures.yearly[rate] * self.residents / _PER_MILLE
        if not seasonal:
            return yearly / MONTHS_A_YEAR
        season = figures.season
        return yearly * int(season[self.calendar_month - 1]) / int(season.sum())


def open_month(register: Register, seed: int, serial: int, month: dt.date) -> Month:
    """Open a month of the register."""
    register.open_month()
    first = month.toordinal() - EPOCH
    length = calendar.monthrange(month.year, month.month)[1]
    return Month(
        seed=seed,
        serial=serial,
        first=first + (serial == 0),
        last=first + length - 1,
        calendar_month=month.month,
        residents=len(register.roll.order),
    )
