"""One public folder for all tests of catalogue files; none of them changes it."""

import pytest

from tests.unit.warehouse.catalogue.small_public import make_public
from warehouse.catalogue.render import render_catalogue


@pytest.fixture(scope="session")
def public(tmp_path_factory):
    return tmp_path_factory.mktemp("public")


@pytest.fixture(scope="session")
def catalogue(public):
    return make_public(public)


@pytest.fixture(scope="session")
def files(catalogue, public):
    return render_catalogue(catalogue, public)
