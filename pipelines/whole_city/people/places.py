"""The towns of the city, their made-up school districts and weights, and addresses nobody has.

Names, readings, postal codes and positions are the project's own list of towns; districts, weights
and the towns kept tiny are invented and say nothing about the real ones. No 番 comes near 901.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from pipelines.whole_city.city import TOWNS
from pipelines.whole_city.people.draws import pick, share
from pipelines.whole_city.people.figures import read_figures
from transforms.addresses.numerals import write_kanji
from transforms.addresses.town_lists import read_towns
from transforms.width import KANA

if TYPE_CHECKING:
    from pipelines.whole_city.people.figures import Figures

CITY_CODE = "272035"
FIRST_BLOCK, LAST_BLOCK = 901, 999
HOUSE_NUMBERS, FLAT_NUMBERS = 30, 10  # 号 of houses, then of blocks of flats
NO_BUILDING = -1
_HOUSEHOLDS_A_BUILDING = 14
_PRIME, _PRIME2, _PRIME3 = 7919, 104_729, 15_485_863
_NORTH, _SOUTH, _WEST = 34.7975, 34.7700, 135.4600
_KINDS = (
    "コーポ",
    "メゾン",
    "ハイツ",
    "グランデ",
    "サンハイツ",
    "パークハイム",
    "ロイヤル",
    "シャトー",
)
_WORDS = (
    "待兼", "若葉", "桜", "緑風", "青葉", "光", "泉", "楓", "すみれ", "みどり", "あさひ", "千里坂",
    "丘の上", "つばめ", "欅", "こだま",
)  # fmt: skip
_HALF_WIDTH = {
    ord(full): half
    for half, full in KANA.items()
    if "\uff61" <= half[0] <= "\uff9f" and all("\uff61" <= letter <= "\uff9f" for letter in half)
}
BUILDINGS = [f"{kind}{word}" for word in _WORDS for kind in _KINDS]


class Addresses(NamedTuple):
    """Where households live: town, 番, 号, building (index into `BUILDINGS`, -1: none) and room."""

    town: np.ndarray
    block: np.ndarray
    number: np.ndarray
    building: np.ndarray
    room: np.ndarray


@lru_cache(maxsize=1)
def list_towns() -> pl.DataFrame:
    """List the towns with `TOWNS`, in the order of their postal codes and 丁目."""
    known = read_towns(CITY_CODE).towns.filter(pl.col("postal_code").is_not_null())
    rows = known.sort("postal_code", "town", "chome", nulls_last=False)
    names = [
        town if chome is None else f"{town}{write_kanji(chome)}丁目"
        for town, chome in rows.select("town", "chome").rows()
    ]
    kana = [text.translate(_HALF_WIDTH) for text in rows["kana"]]
    code = pl.col("postal_code")
    return rows.select(
        town_id=pl.int_range(pl.len(), dtype=pl.Int16),
        town=pl.Series(names),
        base="town",
        kana=pl.Series(kana),
        postal_code=pl.concat_str(code.str.slice(0, 3), pl.lit("-"), code.str.slice(3)),
        school_district=pl.Series(_draw_districts(rows, read_figures())),
        area=_name_area(),
        latitude=pl.col("lat").round(3),
        longitude=pl.col("lon").round(3),
    ).cast(dict(TOWNS))


def town_weights() -> np.ndarray:
    """Give the invented weight of every town; 0 for those that stay tiny."""
    towns = list_towns()
    tiny = towns["town"].is_in(list(read_figures().tiny_towns)).to_numpy()
    spread = np.arange(towns.height) * _PRIME % 121
    return np.where(tiny, 0, 40 + spread)


def tiny_towns() -> np.ndarray:
    """Give the ids of the towns that stay tiny."""
    return np.flatnonzero(town_weights() == 0)


def draw_addresses(
    rng: np.random.Generator, towns: np.ndarray, flats: np.ndarray, households: int
) -> Addresses:
    """Draw an address in each of `towns`, in a block of flats where `flats` says so.

    Flats are few enough that many households share one; `households` is the size of the city.
    """
    count = len(towns)
    weights = np.maximum(town_weights(), 1)[towns]
    buildings = 1 + weights * households // (int(town_weights().sum()) * _HOUSEHOLDS_A_BUILDING)
    lot = towns * _PRIME2 + rng.integers(0, buildings)
    blocks = LAST_BLOCK - FIRST_BLOCK + 1
    house = rng.integers(0, blocks, count), rng.integers(1, HOUSE_NUMBERS + 1, count)
    floor, door = rng.integers(1, 10, count), rng.integers(1, 9, count)
    return Addresses(
        town=towns,
        block=FIRST_BLOCK + np.where(flats, lot * _PRIME % blocks, house[0]),
        number=np.where(
            flats, HOUSE_NUMBERS + 1 + lot * _PRIME3 // blocks % FLAT_NUMBERS, house[1]
        ),
        building=np.where(flats, _name_building(towns, lot), NO_BUILDING),
        room=np.where(flats, floor * 100 + door, 0),
    )


def draw_towns(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw towns by their weights; never a tiny one."""
    return pick(rng, town_weights(), count)


def draw_flats(rng: np.random.Generator, sizes: np.ndarray) -> np.ndarray:
    """Draw who lives in flats: three quarters of those alone, half of the others."""
    return np.where(sizes == 1, share(rng, len(sizes), 0.75), share(rng, len(sizes), 0.5))


def _name_building(towns: np.ndarray, lot: np.ndarray) -> np.ndarray:
    # One lot, one building: the name follows from the 番 and 号 that the lot is given.
    blocks = LAST_BLOCK - FIRST_BLOCK + 1
    place = (lot * _PRIME % blocks) * FLAT_NUMBERS + lot * _PRIME3 // blocks % FLAT_NUMBERS
    return (towns * _PRIME + place * _PRIME2) % len(BUILDINGS)


def _draw_districts(rows: pl.DataFrame, figures: Figures) -> list[str]:
    """Group neighbouring towns: strips from north to south, each cut from west to east."""
    strips, columns = figures.districts
    order = np.argsort(-rows["lat"].to_numpy(), kind="stable")
    numbers = np.empty(len(order), np.int64)
    for strip, part in enumerate(np.array_split(order, strips)):
        across = part[np.argsort(rows["lon"].to_numpy()[part], kind="stable")]
        for column, towns in enumerate(np.array_split(across, columns)):
            numbers[towns] = strip * columns + column + 1
    return [f"第{number}小学校区" for number in numbers]


def _name_area() -> pl.Expr:
    north, south = pl.col("lat") >= _NORTH, pl.col("lat") < _SOUTH
    west = pl.col("lon") < _WEST
    return (
        pl.when(south).then(pl.lit("南部"))
        .when(west).then(pl.lit("西部"))
        .when(north).then(pl.lit("北部"))
        .otherwise(pl.lit("中部"))
    )  # fmt: skip
