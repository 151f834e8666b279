"""From a policy's words to the privacy models that are measured.

Here stands the translation alone; what a model demands is `anonymize.records.models`.
"""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from anonymize.records import models as demanded
from anonymize.records.models import Model
from assets import anonymisation_models as said

if TYPE_CHECKING:
    from assets.anonymisation import Policy
    from assets.anonymisation_models import ModelSpec


def models_of(policy: Policy) -> list[Model]:
    """Translate the models of a policy, in its order."""
    return [_model(spec, policy) for spec in policy.models]


def _model(spec: ModelSpec, policy: Policy) -> Model:
    if isinstance(spec, said.K):
        return demanded.KAnonymity(spec.k)
    if isinstance(spec, said.KMap):
        return demanded.KMap(spec.k_map)
    return _on(spec, policy.on(spec))


@singledispatch
def _on(spec: ModelSpec, on: str) -> Model:
    raise TypeError(f"no model for {type(spec).__name__} on {on}")


@_on.register
def _(spec: said.DistinctL, on: str) -> Model:
    return demanded.DistinctL(spec.l_distinct, on)


@_on.register
def _(spec: said.EntropyL, on: str) -> Model:
    return demanded.EntropyL(spec.l_entropy, on)


@_on.register
def _(spec: said.RecursiveL, on: str) -> Model:
    return demanded.RecursiveCL(spec.c, spec.l_recursive, on)


@_on.register
def _(spec: said.T, on: str) -> Model:
    return demanded.EqualT(spec.t, on)


@_on.register
def _(spec: said.OrderedT, on: str) -> Model:
    return demanded.OrderedT(spec.t_ordered, on, tuple(spec.order))


@_on.register
def _(spec: said.AlphaK, on: str) -> Model:
    return demanded.AlphaK(spec.alpha, spec.k, on)


@_on.register
def _(spec: said.Beta, on: str) -> Model:
    return demanded.BetaLikeness(spec.beta, on, spec.enhanced)


@_on.register
def _(spec: said.Delta, on: str) -> Model:
    return demanded.DeltaDisclosure(spec.delta, on)
