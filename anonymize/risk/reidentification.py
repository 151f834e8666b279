"""The chance that a row is found again: prosecutor, journalist and marketer.

Belongs here: the three attackers of El Emam and Dankar (Protecting privacy using k-anonymity, J Am
Med Inform Assoc 15(5), 2008; Dankar and El Emam, A method for evaluating marketer
re-identification risk, PAIS 2010), f_j being the persons of class j in the published table and F_j
those in the population. Must not hold: what an attacker can really know (`linkage`).

* prosecutor: knows that the target is in the table: 1 / f_j
* journalist: does not know it, matches with a register of the population: 1 / F_j
* marketer: wants as many as possible, mean of 1 / F_j over the rows
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import hyp2f1

from anonymize.complaint import complaint
from anonymize.risk.classes import Classes, Floats, sizes_in
from anonymize.risk.uniqueness import uniqueness


@dataclass(frozen=True)
class Found:
    """How likely rows are found by one attacker, from 0 to 1.

    Attributes:
        highest: The row in most danger.
        mean: Mean over rows.
        share_above: Share of rows above the threshold.
        threshold: Chance above which a row counts.
        source: Where the population's numbers come from.
    """

    highest: float
    mean: float
    share_above: float
    threshold: float
    source: Literal["table", "population", "estimate"]


def prosecutor(classes: Classes, threshold: float) -> Found:
    """Measure the attacker who knows that his target is in the table."""
    return _tell(1 / classes.person_of_row, threshold, "table")


def journalist(
    classes: Classes,
    threshold: float,
    *,
    population: Classes | None = None,
    fraction: float | None = None,
) -> Found:
    """Measure the attacker who holds a register of the population.

    Without a population table, F_j given f_j is taken as negative binomial with the sampling
    fraction π, hence E[1/F | f] = (π / f) ₂F₁(1, 1; f + 1; 1 - π) (Benedetti and Franconi, 1998;
    Franconi and Polettini, 2004). With π = 1 it is the prosecutor. This alone tells too little of
    rare combinations (measured on a tenth of Adult: mean 0.22 against a true 0.60), so a person
    alone in the table is in danger at least by the estimated chance of being alone in the
    population, and the highest chance is 1 as soon as one such person is expected.

    Args:
        classes: Of the published table.
        threshold: Chance above which a row counts.
        population: Classes of the population's table with the same published labels. A class that
            is missing or smaller there counts as large as in the published table.
        fraction: Share of the population that is in the table, in (0, 1].

    Raises:
        ValueError: Neither or both of population and fraction, other columns, or a bad fraction.
    """
    if (population is None) == (fraction is None):
        raise complaint(
            "母集団の表と標本の割合の、どちらか一方が要ります",
            "引数 population・fraction",
            "母集団の表があればそれを、なければ割合(0より大きく1以下)を渡してください。",
        )
    if population is not None:
        per_class: Floats = 1 / sizes_in(classes, population)
        return _tell(per_class[classes.of_row], threshold, "population")
    if fraction is None or not 0 < fraction <= 1:
        raise complaint("標本の割合が範囲の外です", "引数 fraction", "0より大きく1以下にします。")
    f = classes.persons.astype(np.float64)
    per_class = fraction / f * hyp2f1(1, 1, f + 1, 1 - fraction)
    alone = uniqueness(classes, fraction=fraction)
    if alone.in_table:
        chance = alone.in_population / alone.in_table
        per_class = np.where(f == 1, np.maximum(per_class, chance), per_class)
    told = _tell(per_class[classes.of_row], threshold, "estimate")
    return replace(told, highest=1.0) if alone.in_population >= 1 else told


def _tell(
    chances: Floats, threshold: float, source: Literal["table", "population", "estimate"]
) -> Found:
    if not len(chances):
        return Found(0.0, 0.0, 0.0, threshold, source)
    above = float(np.mean(chances > threshold))
    return Found(float(chances.max()), float(chances.mean()), above, threshold, source)
