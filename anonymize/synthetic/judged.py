"""A synthetic table together with a judgement: what it keeps, and what it gives away.

Belongs here: keeping persons out, the battery of attacks, the verdict. Must not hold: single
attacks (`attacks_*`), methods (`synthesise`).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.complaint import complaint
from anonymize.synthetic.account import Synthesis
from anonymize.synthetic.attacks import CONFIDENCE, Risk, arrange
from anonymize.synthetic.attacks_alone import single_out_by_one, single_out_by_several
from anonymize.synthetic.attacks_inferred import infer
from anonymize.synthetic.attacks_linked import link
from anonymize.synthetic.quality import Quality, measure_quality
from anonymize.synthetic.schema import Schema
from anonymize.synthetic.synthesise import Method, synthesise

_ATTEMPTS = 2000
_LEAST_ROWS = 40
LIMITS = (
    "攻撃に耐えたことは、安全の証明ではありません(試した攻撃だけの結果です)。",
    "元データの最も近い行との距離は、安全の証明にならないので使っていません。",
    "世帯や親族など、まとまりとしての保護は確かめていません。",
)


@dataclass(frozen=True)
class Verdict:
    """What the attacks found.

    Attributes:
        risks: One a kind of attack, inference one a column.
        leaks: Those whose risk is above 0 beyond chance, counted over all of them together
            (95 %, Bonferroni).
        persons_in: Rows the synthesis saw that were attacked.
        persons_out: Rows kept out, as many.
        limits: What this does not show, in Japanese.
    """

    risks: tuple[Risk, ...]
    leaks: tuple[Risk, ...]
    persons_in: int
    persons_out: int
    limits: tuple[str, ...] = LIMITS

    @property
    def is_safe_so_far(self) -> bool:
        """Tell whether no attack found anything; not a proof that there is nothing."""
        return not self.leaks


@dataclass(frozen=True)
class Judged:
    """A synthesis, its likeness to what it was made from, and what attacks found."""

    synthesis: Synthesis
    quality: Quality
    verdict: Verdict


def synthesise_judged(
    frame: pl.DataFrame, schema: Schema, method: Method, rows: int, seed: int
) -> Judged:
    """Make a table from a half of the rows, and attack it with the other half as control.

    Halves, because both sides of an attack need as many persons; the split is by the seed.

    Args:
        frame: One row a person, at least 40.
        schema: Kind of every column.
        method: How.
        rows: Rows to make.
        seed: Of the split, the synthesis and the attacks.

    Raises:
        ValueError: Too few rows, or as in `synthesise`.
    """
    if frame.height < _LEAST_ROWS:
        raise complaint(
            f"行が少なすぎて、攻撃で確かめられません({_LEAST_ROWS}行以上が必要です)",
            "引数 frame",
            "もっと多くの行で合成するか、合成をやめてください。",
        )
    order = np.random.default_rng(seed).permutation(frame.height)
    half = frame.height // 2
    seen, control = frame[np.sort(order[:half])], frame[np.sort(order[half:])]
    made = synthesise(seen, schema, method, rows, seed)
    return Judged(
        made,
        measure_quality(seen, made.frame, schema),
        attack(seen, control, made.frame, seed=seed),
    )


def attack(
    original: pl.DataFrame,
    control: pl.DataFrame,
    synthetic: pl.DataFrame,
    *,
    seed: int,
    attempts: int = _ATTEMPTS,
) -> Verdict:
    """Try all attacks on a synthetic (or otherwise protected) table of the same columns.

    Args:
        original: Rows it was made from.
        control: Rows of the same population that had no part in it.
        synthetic: The table to be published.
        seed: Of all choices; the same seed gives the same verdict.
        attempts: Guesses of each attack on each side, at most.

    Raises:
        ValueError: Different columns, or an empty table.
    """
    tables = arrange(original, control, synthetic, seed=seed)
    count = 3 + len(tables.names) * (len(tables.names) > 1)
    each = 1 - (1 - CONFIDENCE) / count
    size = tables.original.shape[0]
    tries = min(attempts, size)
    risks = (
        single_out_by_one(tables, confidence=each),
        single_out_by_several(tables, attempts=tries, seed=seed, confidence=each),
        link(tables, attempts=tries, seed=seed, confidence=each),
        *infer(tables, attempts=tries, seed=seed, confidence=each),
    )
    leaks = tuple(r for r in risks if r.is_informative and r.risk.low > 0)
    return Verdict(risks, leaks, size, size)
