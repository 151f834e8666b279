"""A statistical judge of ε: many answers on two neighbouring tables, compared event by event."""

import numpy as np
from scipy.stats import beta

# One fault in a thousand runs over all events together.
CONFIDENCE = 0.999


def worst_ratio(ours, theirs):
    """The largest ε that the answers prove: ln of a lower bound of P(E|D) / P(E|D').

    Events are `answer ≤ t`, `answer ≥ t` and `answer = t`. The bounds are Clopper and Pearson's (1934), shared out
    among the events (Bonferroni), both ways round.
    """
    thresholds = np.unique(np.concatenate([ours, theirs]))
    level = (1 - CONFIDENCE) / (6 * thresholds.size)
    counts = [_events(answers, thresholds) for answers in (ours, theirs)]
    return max(_proven(one, other, level, ours.size) for one, other in (counts, counts[::-1]))


def _events(answers, thresholds):
    ordered = np.sort(answers)
    below, upto = (np.searchsorted(ordered, thresholds, side=s) for s in ("left", "right"))
    return np.concatenate([upto, answers.size - below, upto - below]).astype(float)


def _proven(hits, others, level, draws):
    low = beta.ppf(level, np.maximum(hits, 1), draws - hits + 1) * (hits > 0)
    high = np.where(
        others < draws, beta.ppf(1 - level, others + 1, np.maximum(draws - others, 1)), 1
    )
    return float(np.max(np.log(np.maximum(low, 1e-300) / high)))
