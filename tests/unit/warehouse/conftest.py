"""What the tests of the warehouse share: an empty home, and a lake open for writing."""

import polars as pl
import pytest

from tests.unit.warehouse.small_city import ParsingHere
from warehouse.home import Home
from warehouse.lake import ZONES, open_lake
from warehouse.readers.grid import ROW, Grid


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def con(home):
    with open_lake(home, write=ZONES) as opened:
        yield opened


@pytest.fixture
def parser():
    return ParsingHere()


@pytest.fixture
def grid_of():
    """Build a grid from its rows of cells."""

    def make(*rows, merges=()):
        schema = dict.fromkeys([f"c{i + 1}" for i in range(len(rows[0]))], pl.String)
        cells = pl.DataFrame(list(rows), schema=schema, orient="row")
        numbers = pl.Series(ROW, range(1, len(rows) + 1), dtype=pl.Int64)
        return Grid(cells.insert_column(0, numbers), merges=merges)

    return make
