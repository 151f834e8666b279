"""A made-up table and the account of how it was made.

Belongs here: the two shapes that every method ends in. Must not hold: the methods.
"""

from dataclasses import dataclass

import polars as pl

from anonymize.noise.cost import Cost


@dataclass(frozen=True)
class Account:
    """How a synthetic table was made.

    Attributes:
        method: Name and settings.
        library: What made it, with its licence.
        rows_in: Rows learnt from; None with differential privacy.
        rows_out: Rows made.
        seed: What decided the draws.
        repeatable: Whether the same seed gives the same table.
        cost: What it cost in privacy; None without differential privacy.
        epsilon: The same as ε at `delta`; None likewise.
        delta: δ.
        rare_values: Column to rows whose value was too rare to be told.
        seconds: CPU seconds of this process.
        caveats: What is not protected, in Japanese.
    """

    method: str
    library: str
    rows_in: int | None
    rows_out: int
    seed: int
    repeatable: bool
    cost: Cost | None
    epsilon: float | None
    delta: float
    rare_values: dict[str, int]
    seconds: float
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class Synthesis:
    """A synthetic table and its account."""

    frame: pl.DataFrame
    account: Account
