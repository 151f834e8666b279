"""Who moves within the city: whole households, and grown children who leave home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipelines.whole_city.people.departures import choose_grown_children, choose_movers
from pipelines.whole_city.people.places import draw_addresses, draw_flats, draw_towns

if TYPE_CHECKING:
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.places import Addresses
    from pipelines.whole_city.people.register import Register

_NOTICE_DAYS = 14  # 住民基本台帳法第23条
_TOGETHER, _CHILDREN = 0.9, 0.1


def move_within(register: Register, month: Month) -> None:
    """Let households move to another address, and grown children to one of their own."""
    rng = month.stream("moves within")
    expected = month.expect("moved_within", seasonal=True)
    households = choose_movers(register, rng, month, expected * _TOGETHER)
    persons, which = register.roll.members(households)
    when = month.draw_when(rng, len(households), _NOTICE_DAYS)
    register.households["busy"][households] = True
    register.set_addresses(households, new_homes(register, rng, np.bincount(which)))
    register.write(persons, when.at(which), "moved_within")
    _leave_home(register, month, expected * _CHILDREN)


def new_homes(register: Register, rng: np.random.Generator, sizes: np.ndarray) -> Addresses:
    """Draw addresses for households of so many persons."""
    towns = draw_towns(rng, len(sizes))
    return draw_addresses(rng, towns, draw_flats(rng, sizes), len(register.households))


def _leave_home(register: Register, month: Month, expected: float) -> None:
    rng = month.stream("leaving home")
    persons = choose_grown_children(register, rng, month, expected)
    when = month.draw_when(rng, len(persons), _NOTICE_DAYS)
    register.households["busy"][register.people["household"][persons]] = True
    homes = new_homes(register, rng, np.ones(len(persons), np.int64))
    register.place(persons, register.add_households(persons, homes))
    register.write(persons, when, "moved_within")
