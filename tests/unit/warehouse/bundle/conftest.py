"""Two sides for each test."""

import pytest

from tests.unit.warehouse.bundle.carrying import Sides


@pytest.fixture
def sides(tmp_path):
    return Sides(tmp_path)
