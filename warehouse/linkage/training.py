"""Probabilities that are not declared: u from random pairs, m by expectation maximisation.

The same rows give the same numbers: the sample is drawn by a hash of the keys with the declared
seed, sums run in one thread, and what is learnt is rounded before it is used.

Belongs here: estimating. Must not hold: scoring with what was learnt (`scoring`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.linkage.model import Chances, block, declared_chances, make_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from assets.linkage import Estimation, Linkage

_DIGITS = 6
_LEAST_U = 1e-6
_LEAST_M = 1e-3


def find_chances(
    linkage: Linkage, open_linker: Callable[[dict[str, Any]], Any]
) -> dict[str, Chances]:
    """Give the chances of every comparison: as declared, else estimated.

    Args:
        linkage: What is declared.
        open_linker: Opens splink's linker over the keys, with settings.
    """
    known = {c.key: given for c in linkage.comparisons if (given := declared_chances(c))}
    if len(known) == len(linkage.comparisons) or linkage.estimation is None:
        return known
    linker = open_linker(make_settings(linkage, known))
    _train(linker, linkage, linkage.estimation)
    learnt = {c["output_column_name"]: c for c in linker.misc.save_model_to_json()["comparisons"]}
    return {
        c.key: known.get(c.key)
        or _merge(learnt[c.key], [level.m for level in c.levels], [level.u for level in c.levels])
        for c in linkage.comparisons
    }


def _train(linker: Any, linkage: Linkage, estimation: Estimation) -> None:  # noqa: ANN401 - splink is not imported here
    """Estimate what is not declared, and only that."""
    if not all(u for _, u in (c.is_declared for c in linkage.comparisons)):
        linker.training.estimate_u_using_random_sampling(
            max_pairs=estimation.pairs, seed=estimation.seed, min_count_per_level=None, num_chunks=1
        )
    if all(m for m, _ in (c.is_declared for c in linkage.comparisons)):
        return
    for rule in estimation.rules:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block(rule), estimate_without_term_frequencies=True, max_pairs=estimation.pairs
        )


def _merge(learnt: dict[str, Any], m: list[float | None], u: list[float | None]) -> Chances:
    """Put what was learnt where nothing is declared."""
    levels = [level for level in learnt["comparison_levels"] if not level.get("is_null_level")]
    return Chances(
        m=_fill(m, [level.get("m_probability") for level in levels], _LEAST_M),
        u=_fill(u, [level.get("u_probability") for level in levels], _LEAST_U),
    )


def _fill(declared: list[float | None], learnt: list[object], least: float) -> tuple[float, ...]:
    """Take the declared ones, else the learnt; a level that was never seen gets the least chance."""
    given = [p for p in declared if p is not None]
    if given:
        return (*given, 1 - sum(given))
    seen = [max(p, least) if isinstance(p, float) else least for p in learnt]
    total = sum(seen)
    return tuple(float(f"{p / total:.{_DIGITS}g}") for p in seen)
