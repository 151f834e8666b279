"""Surnames and given names with their readings, by sex, era and nationality; names, never persons.

Frequent names only, some with characters that Windows-31J has and JIS X 0208 lacks (髙 﨑 邉 濵 德
栁 瀨). Lists are in `data/`; foreign names are written as a 住民票 writes them. No households here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from assets.strict_yaml import load_yaml
from pipelines.whole_city.people.draws import pick
from pipelines.whole_city.people.figures import DATA

if TYPE_CHECKING:
    from collections.abc import Sequence

JAPAN = "日本"
# Given names change with the years of birth; an era's names fade over ten years.
_ERAS, _ERA_ENDS, _FADING = ("old", "middle", "young"), (1953, 1991), 10
_SEXES = ("male", "female")
_FOREIGN_SEXES = ("men", "women")


class Names(NamedTuple):
    """All names in two long lists, and which part of them a nationality or an era uses.

    Attributes:
        nations: 日本 first.
        foreign_weights: by nation, 0 for 日本.
        surnames, surname_kana, givens, given_kana: the lists.
        surname_ranges: first index and number of the surnames of each nation.
        given_ranges: the same of the given names: by sex and era of 日本, then by nation and sex.
    """

    nations: list[str]
    foreign_weights: np.ndarray
    surnames: list[str]
    surname_kana: list[str]
    givens: list[str]
    given_kana: list[str]
    surname_ranges: np.ndarray
    given_ranges: np.ndarray


@lru_cache(maxsize=1)
def read_names() -> Names:
    """Read the lists of names that come with the project."""
    foreign: Any = load_yaml((DATA / "foreign.yaml").read_text(encoding="utf-8"))
    surnames = [_read("surnames"), *(one["surnames"].split() for one in foreign.values())]
    givens = [_read(f"given_{sex}_{era}") for sex in _SEXES for era in _ERAS]
    givens += [one[sex].split() for one in foreign.values() for sex in _FOREIGN_SEXES]
    return Names(
        [JAPAN, *foreign],
        np.array([0, *(one["weight"] for one in foreign.values())]),
        *_split(surnames),
        *_split(givens),
        _ranges(surnames),
        _ranges(givens),
    )


def draw_surnames(rng: np.random.Generator, nations: np.ndarray) -> np.ndarray:
    """Draw a surname (index into `Names.surnames`) for people of given nations."""
    ranges = read_names().surname_ranges[nations]
    return ranges[:, 0] + _rank(rng, ranges[:, 1])


def draw_givens(
    rng: np.random.Generator, nations: np.ndarray, sexes: np.ndarray, years: np.ndarray
) -> np.ndarray:
    """Draw a given name (index into `Names.givens`) that fits nation, sex and year of birth."""
    blurred = years + rng.integers(-_FADING, _FADING + 1, len(years))
    era = np.searchsorted(np.array(_ERA_ENDS), blurred)
    nations, sexes = nations.astype(np.int64), sexes.astype(np.int64)
    japanese = (sexes - 1) * len(_ERAS) + era
    other = len(_SEXES) * len(_ERAS) + (nations - 1) * len(_SEXES) + sexes - 1
    ranges = read_names().given_ranges[np.where(nations == 0, japanese, other)]
    return ranges[:, 0] + _rank(rng, ranges[:, 1])


def draw_foreign_nations(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw nationalities other than 日本, as indices into `Names.nations`."""
    return pick(rng, read_names().foreign_weights, count)


def _rank(rng: np.random.Generator, lengths: np.ndarray) -> np.ndarray:
    # The smaller of two draws: names early in a list are the frequent ones.
    return np.minimum(rng.integers(0, lengths), rng.integers(0, lengths))


def _read(name: str) -> list[str]:
    return (DATA / f"{name}.txt").read_text(encoding="utf-8").split()


def _split(lists: Sequence[list[str]]) -> tuple[list[str], list[str]]:
    pairs = [pair.replace("_", "　").split("/") for part in lists for pair in part]
    return [name for name, _ in pairs], [kana for _, kana in pairs]


def _ranges(lists: Sequence[list[str]]) -> np.ndarray:
    lengths = np.array([len(part) for part in lists])
    return np.stack([np.cumsum(lengths) - lengths, lengths], axis=1)
