"""Which missing column is which unknown one: one to one, and doubt is said, not decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SURE, POSSIBLE, MARGIN = 0.75, 0.5, 0.1


@dataclass(frozen=True)
class Pair:
    """A missing column, an unknown one, and how sure it is that they are the same."""

    missing: str
    unknown: int
    score: float


@dataclass(frozen=True)
class Assignment:
    """What was decided and what was not.

    Attributes:
        sure: pairs far better than any other for both sides.
        doubtful: pairs that are possible, but weak or with rivals; each side may stand in several.
    """

    sure: tuple[Pair, ...]
    doubtful: tuple[Pair, ...]


def assign_columns(scores: Mapping[tuple[str, int], float]) -> Assignment:
    """Choose pairs by their scores, the best first, while no rival comes near."""
    left = [Pair(m, u, s) for (m, u), s in scores.items() if s >= POSSIBLE]
    left.sort(key=lambda p: (-p.score, p.missing, p.unknown))
    sure: list[Pair] = []
    while (best := next((p for p in left if _is_sure(p, left)), None)) is not None:
        sure.append(best)
        left = [p for p in left if p.missing != best.missing and p.unknown != best.unknown]
    return Assignment(tuple(sure), tuple(left))


def _is_sure(pair: Pair, pairs: Iterable[Pair]) -> bool:
    rivals = [p.score for p in pairs if p != pair and _compete(p, pair)]
    return pair.score >= SURE and pair.score - max(rivals, default=0.0) >= MARGIN


def _compete(one: Pair, other: Pair) -> bool:
    return one.missing == other.missing or one.unknown == other.unknown


def combine(*scores: float) -> float:
    """Join independent pieces of evidence: each leaves less room for doubt."""
    doubt = 1.0
    for score in scores:
        doubt *= 1 - score
    return 1 - doubt
