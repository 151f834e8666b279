"""Which combinations of levels local recoding tries, cheapest first.

Belongs here: the choice and its order. Must not hold: what is done at each (`local_sweep`).

Where there are few combinations, all are tried. Otherwise some are drawn as chains from the lowest
levels to the highest: every step up of a column waits for a time drawn around its cost, and a chain
rises as the times pass (first-passage percolation). So cheap steps come early in most chains, dear
ones late, and the few combinations that serve many rows are met again and again. Uniform draws of
the same number left 20 % more loss on a table of nine columns.
"""

import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Levels = npt.NDArray[np.int64]
_WORK = 1_000_000_000  # combinations × groups: some seconds
_MOST = 30_000  # a small table is not worth more
_FEWEST_CHAINS = 8
_SHAPE = 4.0  # of the gamma distribution of waiting times: lower wanders more, higher misses more


def choose_nodes(costs: Sequence[Floats], groups: int, share: float, seed: int) -> Levels:
    """Choose combinations of levels, in the order of their cost; of equal cost the lowest first.

    Args:
        costs: Per column the rising costs of its levels.
        groups: How many groups each combination will be tried on.
        share: Part of the usual work to spend.
        seed: Decides the draws.

    Returns:
        m × n levels, each combination once.
    """
    budget = min(_MOST, int(share * _WORK / max(groups, 1)))
    lattice = np.prod([float(len(c)) for c in costs])
    if lattice <= budget:
        ranges = [range(len(c)) for c in costs]
        nodes = np.array(list(itertools.product(*ranges)), np.int64)
    else:
        nodes = _chains(costs, budget, np.random.default_rng(seed))
    total = sum(c[levels] for c, levels in zip(costs, nodes.T, strict=True))
    return nodes[np.lexsort((nodes.sum(axis=1), total))]


def _chains(costs: Sequence[Floats], budget: int, draw: np.random.Generator) -> Levels:
    steps = sum(len(c) - 1 for c in costs)
    chains = max(_FEWEST_CHAINS, budget // (steps + 1))
    waits = [
        np.cumsum(np.diff(c) * draw.gamma(_SHAPE, 1 / _SHAPE, (chains, len(c) - 1)), axis=1)
        for c in costs
    ]
    moments = np.sort(np.concatenate([np.zeros((chains, 1)), *waits], axis=1), axis=1)
    nodes = [
        (wait[:, None, :] <= moments[:, :, None]).sum(axis=2).ravel()
        if wait.shape[1]
        else np.zeros(moments.size, np.int64)
        for wait in waits
    ]
    return np.unique(np.stack(nodes, axis=1), axis=0)
