"""The people of a whole city, from the day before its first month to the end of its last.

Belongs here: the order of a month's events. What each is stands in its own module; a household
takes part in one event a month, so that no two of them meet on the same days.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.whole_city.people.arrivals import come_back, give_birth, move_in
from pipelines.whole_city.people.beginnings import enter_first_residents
from pipelines.whole_city.people.corrections import correct_rooms
from pipelines.whole_city.people.departures import die, move_out
from pipelines.whole_city.people.export import to_city
from pipelines.whole_city.people.months import EPOCH, open_month
from pipelines.whole_city.people.moves import move_within
from pipelines.whole_city.people.register import Register
from pipelines.whole_city.people.successions import hand_over
from pipelines.whole_city.people.unions import divorce, marry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.whole_city.city import City

FIRST_MONTH = dt.date(2024, 4, 1)
_EVENTS = (
    die, give_birth, marry, divorce, move_out, move_within, hand_over, correct_rooms, come_back, move_in,
)  # fmt: skip


def settle(residents: int, seed: int, months: Sequence[dt.date]) -> City:
    """Settle a city and let it live through months.

    Args:
        residents: people who live in it before the first month, at least 100.
        seed: which city; the same arguments give the same city, whatever the machine.
        months: first days of the months, one after another without a gap; `count_months` gives them.

    Raises:
        ValueError: too few residents, or the months are not as they must be.
    """
    _check(residents, months)
    register = Register()
    start = months[0].toordinal() - EPOCH
    enter_first_residents(register, seed, residents, start - 1)
    for serial, month in enumerate(months):
        now = open_month(register, seed, serial, month)
        for happen in _EVENTS:
            happen(register, now)
    return to_city(register, seed, months, start)


def count_months(count: int, first: dt.date = FIRST_MONTH) -> list[dt.date]:
    """List the first days of so many months, one after another."""
    return [
        dt.date(first.year + (first.month - 1 + ahead) // 12, (first.month - 1 + ahead) % 12 + 1, 1)
        for ahead in range(count)
    ]


def _check(residents: int, months: Sequence[dt.date]) -> None:
    if residents < 100:  # noqa: PLR2004 - fewer cannot have the ages of a city
        raise ValueError(f"住民は100人以上にしてください: {residents}")
    if not months or list(months) != count_months(len(months), months[0].replace(day=1)):
        raise ValueError("月は、各月の1日を、間をあけずに並べてください")
