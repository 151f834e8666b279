"""Synthetic tables by SDV's copula and by ours: likeness, CPU seconds, and what attacks find.

    .venv/bin/python bench/synthetic.py FILE.csv [--rounds N]

FILE holds one row a person and no identifiers (a column of digits counts as a number). Likeness is
SDMetrics' QualityReport on all rows; the attacks are run on a table made from one half of the rows,
with the other half as control. A copy of the data, which must be found out, and columns drawn
independently, which must not be, stand beside. Then integer noise at ε = 1: its mean error over
100,000 counts. Ends with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

from anonymize.noise.mechanisms import blur, counting_noise
from anonymize.synthetic.judged import attack
from anonymize.synthetic.quality import measure_quality
from anonymize.synthetic.schema import Column, schema_of
from anonymize.synthetic.synthesise import Marginals, Method, Sdv, Trees, synthesise

_QUALITY, _SECONDS, _ATTACK_SECONDS, _ERROR = 0.9385, 5.0, 30.0, 0.86
_OURS: dict[str, Method] = {
    "trees": Trees(),
    "pairs": Marginals(),
    "pairs, ε = 1": Marginals(epsilon=1.0),
    "pairs, ε = 1, δ = 1e-9": Marginals(epsilon=1.0, delta=1e-9),
}


def declared_schema(frame: pl.DataFrame) -> dict[str, Column]:
    """Declare what noise needs; a bench may read it off the data, a city must not."""
    return {
        name: Column(
            column.kind,
            tuple(sorted(map(str, frame[name].drop_nulls().unique().to_list())))
            if column.kind == "category"
            else (),
            None if column.kind == "category" else frame[name].min(),  # ty: ignore[invalid-argument-type]
            None if column.kind == "category" else frame[name].max(),  # ty: ignore[invalid-argument-type]
            bool(frame[name].null_count()),
        )
        for name, column in schema_of(frame).items()
    }


def make(method: Method, frame: pl.DataFrame, rounds: int) -> tuple[pl.DataFrame, float]:
    """Make a table of as many rows; the median of the CPU seconds."""
    schema = declared_schema(frame)
    made = [synthesise(frame, schema, method, frame.height, seed) for seed in range(rounds)]
    return made[0].frame, statistics.median(m.account.seconds for m in made)


def tell(name: str, frame: pl.DataFrame, method: Method, rounds: int) -> tuple[bool, bool]:
    """Print one method's line; whether it meets the bars of likeness and of attacks."""
    try:
        made, seconds = make(method, frame, rounds)
    except ValueError as error:
        print(f"{name:24} {str(error).splitlines()[0]}")
        return True, True
    quality = measure_quality(frame, made, schema_of(frame))
    half = frame.sample(fraction=1, shuffle=True, seed=5)
    seen, control = half[: frame.height // 2], half[frame.height // 2 :]
    leaks, spent = attacked(seen, control, make(method, seen, 1)[0])
    print(
        f"{name:24} quality {quality.overall:.4f} (shapes {quality.shapes:.4f}, pairs "
        f"{quality.pairs:.4f})  {seconds:6.2f} CPU s  attacks {spent:5.1f} CPU s  leaks: {leaks}"
    )
    return (
        quality.overall >= _QUALITY and seconds <= _SECONDS,
        not leaks and spent <= _ATTACK_SECONDS,
    )


def attacked(
    seen: pl.DataFrame, control: pl.DataFrame, made: pl.DataFrame
) -> tuple[list[str], float]:
    """Name the attacks that found something, with the lower end of their risk."""
    begun = time.process_time()
    verdict = attack(seen, control, made, seed=3)
    spent = time.process_time() - begun
    return [f"{r.attack} {r.on} ≥ {r.risk.low:.2f}" for r in verdict.leaks], spent


def main() -> int:
    """Run all cases."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    frame = pl.read_csv(given.file)
    tell("SDV GaussianCopula", frame, Sdv(), 1)
    is_met = [all(tell(name, frame, method, given.rounds)) for name, method in _OURS.items()]
    half = frame.sample(fraction=1, shuffle=True, seed=5)
    seen, control = half[: frame.height // 2], half[frame.height // 2 :]
    apart = pl.DataFrame(
        [
            seen[name].sample(seen.height, seed=at, with_replacement=True)
            for at, name in enumerate(seen.columns)
        ]
    )
    for name, made, is_found in (("copy", seen, True), ("independent columns", apart, False)):
        leaks, spent = attacked(seen, control, made)
        is_met.append(bool(leaks) == is_found)
        print(f"{name:24} attacks {spent:5.1f} CPU s  leaks: {leaks}")
    noise = counting_noise(1, 1.0)
    error = float(np.abs(blur(np.full(100_000, 7, np.int64), noise) - 7).mean())
    print(f"counts at ε = 1: mean error {error:.4f} (expected {noise.mean_absolute_error:.4f})")
    is_met.append(error <= _ERROR)
    return 0 if all(is_met) else 1


if __name__ == "__main__":
    sys.exit(main())
