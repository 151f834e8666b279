"""The privacy models as a policy writes them: one short mapping each, told by its first word.

Here stand their numbers' bounds. What they demand of a class is said in `anonymize.records.models`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag

from assets.errors import suggest
from assets.model import Strict

_MODELS = (
    *("k", "k_map", "l_distinct", "l_entropy", "l_recursive", "t", "t_ordered"),
    *("alpha", "beta", "delta"),
)
# (alpha, k) has a k too: it is told by alpha.
_TELLING = ("alpha", *_MODELS)


class K(Strict):
    """Every class has k members."""

    k: int = Field(ge=2)


class KMap(Strict):
    """Every class has k members in the population: a file with the quasi-identifiers' columns."""

    k_map: int = Field(ge=2)
    population: str = Field(min_length=1)


class DistinctL(Strict):
    """Every class shows l sensitive values."""

    l_distinct: int = Field(ge=2)
    on: str | None = None


class EntropyL(Strict):
    """The entropy of every class is that of l equally frequent values."""

    l_entropy: float = Field(gt=1)
    on: str | None = None


class RecursiveL(Strict):
    """The most frequent value is rarer than c times the l-th and all less frequent together."""

    l_recursive: int = Field(ge=2)
    c: float = Field(gt=0)
    on: str | None = None


class T(Strict):
    """The distribution of every class is within t of the table's, all values equally far apart."""

    t: float = Field(ge=0, le=1)
    on: str | None = None


class OrderedT(Strict):
    """The same, values being apart by their places in an order; without one they are numbers."""

    t_ordered: float = Field(ge=0, le=1)
    order: list[str] = Field(default_factory=list)
    on: str | None = None


class AlphaK(Strict):
    """Every class has k members, and no value more than the share alpha of them."""

    alpha: float = Field(gt=0, le=1)
    k: int = Field(ge=2)
    on: str | None = None


class Beta(Strict):
    """No value's share in a class exceeds its share in the table by more than the factor beta."""

    beta: float = Field(gt=0)
    enhanced: bool = False
    on: str | None = None


class Delta(Strict):
    """The shares of every value in a class and in the table differ by less than the factor e^delta."""

    delta: float = Field(gt=0)
    on: str | None = None


def _tell(said: object) -> str:
    words = said if isinstance(said, dict) else {}
    return next((f"kind:{name}" for name in _TELLING if name in words), "kind:k")


def _know(said: object) -> object:
    """Name the known models where none of their words is there; YAML reads the key `on` as true."""
    if not isinstance(said, dict):
        raise ValueError("モデルは「- {k: 5}」の形で書いてください")  # noqa: TRY004 - a value to be worded
    words = {"on" if word is True else word: value for word, value in said.items()}
    if not any(name in words for name in _MODELS):
        word = str(next(iter(words), ""))
        raise ValueError(f"知らないモデルです: {word}。{suggest(word, list(_MODELS))}")
    return words


ModelSpec = Annotated[
    Annotated[K, Tag("kind:k")]
    | Annotated[KMap, Tag("kind:k_map")]
    | Annotated[DistinctL, Tag("kind:l_distinct")]
    | Annotated[EntropyL, Tag("kind:l_entropy")]
    | Annotated[RecursiveL, Tag("kind:l_recursive")]
    | Annotated[T, Tag("kind:t")]
    | Annotated[OrderedT, Tag("kind:t_ordered")]
    | Annotated[AlphaK, Tag("kind:alpha")]
    | Annotated[Beta, Tag("kind:beta")]
    | Annotated[Delta, Tag("kind:delta")],
    Discriminator(_tell),
    BeforeValidator(_know),
]
