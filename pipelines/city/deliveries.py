"""The demonstration's inbox: all departments' files with the times they were delivered at.

What is in each file is said by the module of its department.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from pipelines.city import (
    childcare_files,
    digital_files,
    facility_files,
    library_user_files,
    place_files,
    register_files,
    shelter_files,
)
from pipelines.city.truth import CityTruth

if TYPE_CHECKING:
    from pathlib import Path

_JST = dt.timezone(dt.timedelta(hours=9))
_FEWEST_RESIDENTS = 100


def _at(month: int, day: int, hour: int) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=_JST)


# The correction of April comes after the first delivery and before May.
DELIVERED_AT = {
    register_files.APRIL: _at(4, 2, 9),
    register_files.APRIL_CORRECTED: _at(4, 10, 15),
    register_files.MAY: _at(5, 7, 9),
    childcare_files.APRIL: _at(4, 15, 11),
    childcare_files.MAY_BROKEN: _at(5, 15, 11),
    facility_files.FACILITIES: _at(4, 20, 10),
    facility_files.FACILITIES_AGAIN: _at(4, 21, 10),
    **dict(zip(facility_files.LOANS, (_at(5, 8, 10), _at(6, 8, 10)), strict=True)),
    digital_files.ONLINE_APPLICATIONS: _at(4, 24, 16),
    digital_files.PROCEDURE_GUIDE: _at(4, 24, 17),
    shelter_files.EVACUATION: _at(4, 22, 10),
    shelter_files.EMERGENCY: _at(4, 22, 11),
    library_user_files.USERS: _at(5, 8, 11),
    place_files.AEDS: _at(5, 12, 10),
    place_files.TOILETS: _at(5, 15, 10),
    place_files.WIRELESS_LANS: _at(4, 25, 10),
}


def write_inbox(inbox: Path, *, residents: int = 3000, seed: int = 1) -> CityTruth:
    """Write the files of a small, made-up 豊中市 into a folder.

    The same arguments give the same bytes and the same modification times.

    Args:
        inbox: the folder; made when absent, files of the same names are replaced.
        residents: true population on 1 April 2026, at least 100.
        seed: which city.

    Returns:
        What the files truly hold.

    Raises:
        ValueError: when there are too few residents for every town and fault to occur.
    """
    if residents < _FEWEST_RESIDENTS:
        raise ValueError(f"住民は {_FEWEST_RESIDENTS} 人以上にしてください。")
    inbox.mkdir(parents=True, exist_ok=True)
    registers = register_files.write_registers(inbox, residents, seed)
    childcare, capacity = childcare_files.write_childcare(inbox, seed)
    facilities = facility_files.write_facilities(inbox, seed)
    loans = facility_files.write_loans(inbox, seed)
    digital = digital_files.write_digital(inbox)
    shelters, same_places = shelter_files.write_shelters(inbox, seed)
    users, same_people = library_user_files.write_users(inbox, seed, registers.may)
    places = place_files.write_places(inbox, seed)
    _stamp(inbox)
    return CityTruth(
        files=registers.files
        | childcare
        | facilities
        | loans
        | digital
        | shelters
        | users
        | places,
        population=registers.population,
        broken=(childcare_files.MAY_BROKEN,),
        same_bytes={facility_files.FACILITIES_AGAIN: facility_files.FACILITIES},
        childcare_capacity=capacity,
        same=same_places | same_people,
    )


def _stamp(inbox: Path) -> None:
    """Set the times of delivery: they order the deliveries of one period."""
    for name, moment in DELIVERED_AT.items():
        os.utime(inbox / name, (moment.timestamp(), moment.timestamp()))
