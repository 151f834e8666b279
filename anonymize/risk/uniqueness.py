"""How many persons are alone in the population with what is known of them.

Belongs here: the exact count with a table of the population, and two estimators without one. Must
not hold: what an attacker does with it.

Sources: Zayatz, Estimation of the number of unique population elements using a sample, 1991.
Pitman's sampling formula with maximum likelihood: Hoshino, Applying Pitman's sampling formula to
microdata disclosure risk assessment, J Official Statistics 17(4), 2001. Which one when: Dankar, El
Emam, Neisa and Roffey, Estimating the re-identification risk of clinical data sets, BMC Med Inform
Decis Mak 12:66, 2012 (Pitman up to a tenth of the population; above it they take the smaller of
Zayatz and the SNB model, we Zayatz alone, which is never smaller).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from anonymize.complaint import complaint
from anonymize.risk.classes import Classes, Ints, sizes_in

_SMALL_FRACTION = 0.1
_LEAST = 1e-6
_STARTS = ((0.1, 1.0), (0.5, 10.0), (0.8, 100.0))

Method = Literal["population", "whole", "pitman", "zayatz"]


@dataclass(frozen=True)
class Uniqueness:
    """Persons alone in the table, and alone in the population.

    Attributes:
        in_table: Persons in classes of one.
        table_share: Of all rows.
        in_population: How many persons of the table are alone in the population.
        population_share: Of all rows of the table.
        method: `population` counted in a table of it, `whole` the table is the population,
            otherwise the estimator.
    """

    in_table: int
    table_share: float
    in_population: float
    population_share: float
    method: Method


def uniqueness(
    classes: Classes, *, population: Classes | None = None, fraction: float | None = None
) -> Uniqueness:
    """Count or estimate the persons who are alone in the population.

    Args:
        classes: Of the table that is judged.
        population: Classes of the population by the same columns: then the count is exact.
        fraction: Otherwise the share of the population in the table; 1: it is the population.

    Raises:
        ValueError: Neither or both are given, or a bad fraction.
    """
    alone = int((classes.persons == 1).sum())
    total = int(classes.persons.sum())
    if population is not None and fraction is None:
        found = float((sizes_in(classes, population) == 1).sum())
        return _tell(alone, found, total, "population")
    if population is not None or fraction is None or not 0 < fraction <= 1:
        raise complaint(
            "母集団の表か、標本の割合(0より大きく1以下)の、どちらか一方が要ります",
            "引数 population・fraction",
            "母集団の表があれば、それだけを渡してください。",
        )
    if fraction == 1:
        return _tell(alone, float(alone), total, "whole")
    if not alone:
        return _tell(0, 0.0, total, "zayatz")
    if fraction <= _SMALL_FRACTION and (estimate := pitman(classes.persons, fraction)) is not None:
        return _tell(alone, min(float(alone), estimate * fraction), total, "pitman")
    return _tell(alone, alone * zayatz(classes.persons, fraction), total, "zayatz")


def zayatz(sizes: Ints, fraction: float) -> float:
    """Estimate the chance that a person alone in the table is alone in the population.

    P = u₁ h(1, 1) / Σᵢ uᵢ h(1, i), uᵢ classes of i persons in the table, h(1, i) the hypergeometric
    chance that one person of a class of i comes into the table.

    Args:
        sizes: Persons of every class; at least one of them is 1.
        fraction: Share of the population in the table, in (0, 1).
    """
    size, count = np.unique(sizes, return_counts=True)
    n = float(sizes.sum())
    whole = n / fraction
    # log of i · C(N - i, n - 1) / C(N, n); i beyond N - n + 1 cannot leave but one in the table.
    fits = size <= whole - n + 1
    i = size[fits].astype(np.float64)
    log_one = np.log(i) + _log_choose(whole - i, n - 1) - _log_choose(whole, n)
    terms = count[fits] * np.exp(log_one)
    return float(terms[size[fits] == 1].sum() / terms.sum()) if terms.sum() else 1.0


def pitman(sizes: Ints, fraction: float) -> float | None:
    """Estimate the persons alone in the population by Pitman's formula; None: no maximum found.

    log L(θ, α) = Σ_{i<u} log(θ + iα) - Σ_{i<n} log(θ + i) + Σ_j Σ_{i<j} log(i - α), u classes, n
    persons, the last sum over every class of size j; E[S₁] in a population of N is
    N Γ(θ+1)/Γ(θ+α) · Γ(θ+α+N-1)/Γ(θ+N).

    Args:
        sizes: Persons of every class.
        fraction: Share of the population in the table, in (0, 1).
    """
    size, count = np.unique(sizes, return_counts=True)
    n, u = float(sizes.sum()), float(len(sizes))

    def cost(free: np.ndarray) -> float:
        # α = 1 / (1 + e^-a) in (0, 1), θ = e^t: both free to roam.
        alpha = min(max(float(1 / (1 + np.exp(-free[0]))), _LEAST), 1 - _LEAST)
        theta = float(np.exp(min(free[1], 40.0)))
        new = (u - 1) * np.log(alpha) + gammaln(theta / alpha + u) - gammaln(theta / alpha + 1)
        drawn = gammaln(theta + n) - gammaln(theta + 1)
        old = float((count * (gammaln(size - alpha) - gammaln(1 - alpha))).sum())
        return -(new - drawn + old) / n

    tried = [
        minimize(cost, [np.log(a / (1 - a)), np.log(t)], method="Nelder-Mead") for a, t in _STARTS
    ]
    best = min((t for t in tried if t.success), key=lambda t: t.fun, default=None)
    if best is None:
        return None
    alpha = min(max(float(1 / (1 + np.exp(-best.x[0]))), _LEAST), 1 - _LEAST)
    theta, whole = float(np.exp(min(best.x[1], 40.0))), n / fraction
    log_alone = gammaln(theta + 1) - gammaln(theta + alpha)
    log_alone += gammaln(theta + alpha + whole - 1) - gammaln(theta + whole)
    return float(whole * np.exp(log_alone))


def _log_choose(whole: np.ndarray | float, part: float) -> np.ndarray:
    return gammaln(np.asarray(whole) + 1) - gammaln(part + 1) - gammaln(whole - part + 1)


def _tell(alone: int, found: float, total: int, method: Method) -> Uniqueness:
    share = (lambda n: n / total) if total else (lambda _: 0.0)
    return Uniqueness(alone, share(alone), found, share(found), method)
