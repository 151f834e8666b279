"""Where people come from and go to: local governments of the country, near ones more often."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from pipelines.whole_city.people.draws import pick
from pipelines.whole_city.people.figures import read_figures
from pipelines.whole_city.people.places import CITY_CODE
from transforms.addresses.sources import DATA

NOWHERE = -1


@lru_cache(maxsize=1)
def list_places() -> list[str]:
    """List the local government codes of six digits, but the city's own."""
    codes = pl.read_csv(DATA / "municipalities.csv", infer_schema=False)["code6"]
    return codes.filter(codes != CITY_CODE).sort().to_list()


def draw_places(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw indices into `list_places`."""
    return pick(rng, _weights(), count)


@lru_cache(maxsize=1)
def _weights() -> np.ndarray:
    figures, places = read_figures(), list_places()
    near = np.array([figures.neighbours.get(code, 0) for code in places])
    far, share = len(places), figures.neighbours_share
    return near * share * far + (100 - share) * int(near.sum())
