"""The figures that shape the city, read from `data/figures.yaml`; how sure they are stands there.

Belongs here: reading the figures and answering them for an array of ages. No drawing.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from assets.strict_yaml import load_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

DATA = Path(__file__).parent / "data"
MALE, FEMALE = 1, 2


class Figures(NamedTuple):
    """What `figures.yaml` says. Rates are whole numbers, so that no machine rounds differently.

    Attributes:
        bands: lower ends of the age bands, in years.
        ages: parts of the population, by sex (men first) and band.
        households: kind of household to thousandths of all households.
        persons_per_household: mean size.
        deaths: a year in 100,000, by sex and band.
        fertility: births a year in 10,000 women, by band.
        mobility: relative willingness to move, by band of the head's age.
        yearly: rates a year in 1,000 residents, by name (`births`, `moved_in` …).
        season: parts of a year's moves, January first.
        late: persons of 1,000 who notify late.
        foreign_start: foreign households of 1,000 in the first register.
        foreign_arrivals: foreign households of 1,000 that move in.
        tiny_towns: towns with a handful of households.
        tiny_households: how many.
        districts: rows and columns of the made-up school districts.
        neighbours: local government code to weight.
        neighbours_share: of 100 moves.
    """

    bands: np.ndarray
    ages: np.ndarray
    households: Mapping[str, int]
    persons_per_household: float
    deaths: np.ndarray
    fertility: np.ndarray
    mobility: np.ndarray
    yearly: Mapping[str, float]
    season: np.ndarray
    late: int
    foreign_start: int
    foreign_arrivals: int
    tiny_towns: tuple[str, ...]
    tiny_households: int
    districts: tuple[int, int]
    neighbours: Mapping[str, int]
    neighbours_share: int

    def band_of(self, ages: np.ndarray) -> np.ndarray:
        """Give the age band (0 first) of ages in completed years."""
        return np.searchsorted(self.bands, ages, side="right") - 1


@lru_cache(maxsize=1)
def read_figures() -> Figures:
    """Read the figures that come with the project."""
    said: Any = load_yaml((DATA / "figures.yaml").read_text(encoding="utf-8"))
    rates = ("births", "moved_in", "moved_out", "moved_within", "marriages", "divorces")
    return Figures(
        bands=np.array(said["bands"]),
        ages=np.array([said["men"], said["women"]]),
        households=said["households"],
        persons_per_household=said["persons_per_household"],
        deaths=np.array([said["deaths_men"], said["deaths_women"]]),
        fertility=np.array(said["fertility"]),
        mobility=np.array(said["mobility"]),
        yearly={name: said[f"{name}_rate"] for name in rates},
        season=np.array(said["season_moves"]),
        late=said["late"],
        foreign_start=said["foreign_start"],
        foreign_arrivals=said["foreign_arrivals"],
        tiny_towns=tuple(said["tiny_towns"]),
        tiny_households=said["tiny_households"],
        districts=tuple(said["school_districts"]),
        neighbours=said["neighbours"],
        neighbours_share=said["neighbours_share"],
    )
