"""One made-up city for the tests of every department: 3,000 residents, six months."""

import pytest

from pipelines.whole_city.people.settle import count_months, settle


@pytest.fixture(scope="session")
def city():
    return settle(3000, seed=1, months=count_months(6))
