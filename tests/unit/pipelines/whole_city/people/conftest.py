"""One small city for all tests of its people."""

import datetime as dt

import pytest

from pipelines.whole_city.city import City
from pipelines.whole_city.people.settle import count_months, settle

RESIDENTS, MONTHS = 5000, 24


@pytest.fixture(scope="session")
def city() -> City:
    return settle(RESIDENTS, seed=1, months=count_months(MONTHS))


@pytest.fixture(scope="session")
def eve(city: City) -> dt.date:
    """The day before anything happens."""
    return city.months[0] - dt.timedelta(days=1)
