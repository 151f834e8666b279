"""One home and register for every test of the roles."""

import pytest

from tests.unit.warehouse.access.role_city import fill_home, write_role_register
from warehouse.analyst import connect


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    return write_role_register(tmp_path_factory.mktemp("register"))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return fill_home(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def open_as(place, register):
    opened = {}

    def give(role):
        if role not in opened:
            opened[role] = connect(place.root, role=role, register=register)
        return opened[role]

    yield give
    for con in opened.values():
        con.close()
