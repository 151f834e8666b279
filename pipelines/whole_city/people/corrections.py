"""Rows that mend what a former one said (修正): the room of a household in flats, found to be wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines.whole_city.people.draws import share
from pipelines.whole_city.people.places import NO_BUILDING

if TYPE_CHECKING:
    from pipelines.whole_city.people.months import Month
    from pipelines.whole_city.people.register import Register

_SHARE = 0.0004  # of the households in flats, a month (invented)


def correct_rooms(register: Register, month: Month) -> None:
    """Mend the room of a few households; everybody of the household gets a row."""
    rng, households = month.stream("corrections"), register.idle()
    in_flats = register.households["building"][households] != NO_BUILDING
    chosen = households[in_flats & share(rng, len(households), _SHARE)]
    persons, which = register.roll.members(chosen)
    when = month.draw_when(rng, len(chosen), 0)
    register.households["busy"][chosen] = True
    register.households["room"][chosen] += 1
    register.write(persons, when.at(which), "corrected")
