"""Which cells are secret in themselves, and how far an attacker must stay from them.

Belongs here: the rules on one cell and the protection each demands. Must not hold: contributions
of persons (`contributions`), what must be hidden besides (`suppression`).

Sources: Hundepool, Domingo-Ferrer, Franconi, Giessing, Schulte Nordholt, Spicer and de Wolf,
Statistical Disclosure Control, 2012, section 4.2 (rules) and 4.3 (required protection levels);
τ-ARGUS user's manual, sections 2.2 and 2.3. With X the value of a cell, x₁ ≥ x₂ ≥ … its
contributions:

    threshold n            contributors < n
    (n, k)-dominance       x₁ + … + xₙ > k/100 · X
    p %                    X − x₁ − x₂ < p/100 · x₁
    (p, q)                 X − x₁ − x₂ < p/q · x₁       (p % is q = 100)

The upper protection an unsafe cell demands is what would have to be added to make it safe:
100/k · (x₁ + … + xₙ) − X, and p/q · x₁ − (X − x₁ − x₂); the lower is taken as the same. A count
below a threshold demands an interval as long as the threshold, wherever it lies (sliding
protection, Fischetti and Salazar, Management Science 47, 2001): the attacker then holds at least
as many values for possible as the rule tells apart. An amount below a threshold demands a tenth of
itself on both sides (a safety range is what τ-ARGUS asks the user for).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anonymize.complaint import complaint
from anonymize.tables.structure import Flags, Values
from anonymize.tables.suppression_cuts import Need

SAFETY_RANGE = 0.1
_SECONDARY_SHARE = 0.01
_PERCENT = 100.0


@dataclass(frozen=True)
class Threshold:
    """Fewer contributors than `minimum`; a cell of nobody only where `zeros`."""

    minimum: int
    zeros: bool = False

    def __post_init__(self) -> None:
        """Check the number.

        Raises:
            ValueError: Below 2: it would make nothing secret.
        """
        if self.minimum < 2:  # noqa: PLR2004 - a cell of one is the least there is to hide
            raise complaint("しきい値が小さすぎます", "規則 threshold", "2以上にしてください。")

    @property
    def words(self) -> str:
        """The rule in words."""
        least = 0 if self.zeros else 1
        return f"{self.minimum}未満({least}〜{self.minimum - 1})"


@dataclass(frozen=True)
class Dominance:
    """The `largest` contributors together hold more than `percent` of the cell."""

    largest: int
    percent: float

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ValueError: No contributor, or a share outside 0–100.
        """
        if self.largest < 1 or not 0 < self.percent < _PERCENT:
            raise complaint(
                "占有率の規則の数が使えません",
                "規則 dominance",
                "largest は1以上、percent は0より大きく100より小さい数にしてください。",
            )

    @property
    def words(self) -> str:
        """The rule in words."""
        return f"上位{self.largest}者の割合が{self.percent:g}%を超える"


@dataclass(frozen=True)
class Closeness:
    """The second largest contributor can estimate the largest to within `p` percent.

    `q` is how closely, in percent, everybody knows the others beforehand; 100: not at all.
    """

    p: float
    q: float = _PERCENT

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ValueError: Not 0 < p < q ≤ 100.
        """
        if not 0 < self.p < self.q <= _PERCENT:
            raise complaint(
                "p%規則の数が使えません", "規則 p・q", "0 < p < q ≦ 100 にしてください。"
            )

    @property
    def words(self) -> str:
        """The rule in words."""
        known = "" if self.q == _PERCENT else f"、事前の知識 q={self.q:g}%"
        return f"最大の者を{self.p:g}%以内で推計できる(p%規則{known})"


Rule = Threshold | Dominance | Closeness


@dataclass(frozen=True)
class Contributions:
    """Who stands behind each cell.

    Attributes:
        contributors: n numbers of distinct persons or enterprises.
        largest: n × t contributions, the largest first, 0 where there are fewer.
    """

    contributors: Values
    largest: Values


@dataclass(frozen=True)
class Primary:
    """The cells secret in themselves.

    Attributes:
        flags: n flags.
        need: What is demanded of every hidden cell, these and others.
        words: n texts: the rules a cell breaks, joined by 、; empty for the others.
        lone: n flags: primary with one contributor, for amounts; who is alone in a count does not
            know that he is.
    """

    flags: Flags
    need: Need
    words: tuple[str, ...]
    lone: Flags


def judge_counts(counts: Values, rule: Threshold) -> Primary:
    """Judge a table whose values are numbers of persons.

    Every hidden cell, primary or not, demands an interval as long as the threshold.

    Args:
        counts: n whole numbers.
        rule: The threshold.
    """
    flags = (counts < rule.minimum) & ((counts > 0) | rule.zeros)
    nothing = np.zeros(len(counts))
    need = Need(nothing, nothing, np.full(len(counts), float(rule.minimum)), whole=True)
    return Primary(flags, need, _words([(flags, rule.words)]), np.zeros_like(flags))


def judge_amounts(values: Values, behind: Contributions, rules: Sequence[Rule]) -> Primary:
    """Judge a table of amounts by one or several rules; a cell breaking any is secret.

    A cell hidden only for others' sake demands an interval of a hundredth of its value, so that it
    is not stated exactly either (our choice; the sources demand nothing of it).

    Args:
        values: n amounts, not negative.
        behind: The contributors of each cell.
        rules: At least one.

    Raises:
        ValueError: No rule, or fewer of the largest contributions than a rule needs.
    """
    if not rules:
        raise complaint("秘匿の規則がありません", "引数 rules", "規則を1つ以上渡してください。")
    judged = [(*_judge(values, behind, rule), rule.words) for rule in rules]
    flags = np.logical_or.reduce([found for found, _, _ in judged])
    distance = np.maximum.reduce([np.where(found, far, 0.0) for found, far, _ in judged])
    # Nothing lies below 0, so the interval of an amount need not reach further down.
    down = np.minimum(distance, np.abs(values))
    width = np.where(flags, 0.0, _SECONDARY_SHARE * np.abs(values))
    words = _words([(found, text) for found, _, text in judged])
    return Primary(flags, Need(down, distance, width), words, flags & (behind.contributors == 1))


def _judge(values: Values, behind: Contributions, rule: Rule) -> tuple[Flags, Values]:
    """Give the cells that break a rule and the distance each demands."""
    if isinstance(rule, Threshold):
        few = (behind.contributors < rule.minimum) & ((behind.contributors > 0) | rule.zeros)
        return few, SAFETY_RANGE * np.abs(values)
    wanted = rule.largest if isinstance(rule, Dominance) else 2
    if behind.largest.shape[1] < wanted:
        raise complaint(
            f"上位{wanted}者の値が必要ですが、{behind.largest.shape[1]}者分しかありません",
            f"規則「{rule.words}」",
            "上位の者の値を、必要な数だけ用意してください。",
        )
    top = behind.largest[:, :wanted].sum(axis=1)
    if isinstance(rule, Dominance):
        distance = top * (_PERCENT / rule.percent) - values
    else:
        distance = rule.p / rule.q * behind.largest[:, 0] - (values - top)
    return distance > 0, distance


def _words(judged: Sequence[tuple[Flags, str]]) -> tuple[str, ...]:
    texts = np.full(len(judged[0][0]), "", dtype=object)
    for flags, text in judged:
        joined = np.where(texts == "", text, texts + "、" + text)
        texts = np.where(flags, joined, texts)
    return tuple(texts.tolist())
