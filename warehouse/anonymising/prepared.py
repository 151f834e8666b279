"""A table made ready for the search: columns checked, ladders built, groups counted.

Here stands everything before the search; it reads the table twice and holds groups, not rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from anonymize.records.groups import Groups, group_batches
from assets.errors import suggest
from warehouse.anonymising.demands import models_of
from warehouse.anonymising.ladders import build_ladders
from warehouse.anonymising.source import Source
from warehouse.anonymising.texts import text_frame
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anonymize.hierarchy.hierarchy import Hierarchy
    from anonymize.records.models import Model
    from assets.anonymisation import Policy


@dataclass(frozen=True)
class Prepared:
    """A table and what is demanded of it.

    Attributes:
        policy: the policy.
        source: the table.
        hierarchies: one per quasi-identifier, in the policy's order.
        models: the demands.
        groups: the table by quasi-identifiers.
        population: the population's table by them, where a model needs it.
        undeclared: columns that the policy does not speak of.
        blanks: quasi-identifiers with blank values.
    """

    policy: Policy
    source: Source
    hierarchies: list[Hierarchy]
    models: list[Model]
    groups: Groups
    population: Groups | None
    undeclared: list[str]
    blanks: list[str]


def prepare(policy: Policy, folder: Path, source: Source) -> Prepared:
    """Read the table and count its groups.

    Args:
        policy: the policy.
        folder: where its relative paths begin.
        source: the table.

    Raises:
        Refusal: `policy.column`, `policy.file`, and what reading refuses.
        HierarchyError: everything that is wrong with the hierarchies.
    """
    _require_columns(policy, source.columns, source.path.name)
    known = list(policy.quasi_identifiers)
    outside = _population(policy, folder)
    values = _distinct_values(source, known)
    blanks = [name for name, found in values.items() if "" in found]
    if outside is not None:
        more = _distinct_values(outside, known)
        values = {name: sorted({*found, *more[name]}) for name, found in values.items()}
    hierarchies, models = build_ladders(policy, folder, values), models_of(policy)
    needed = [*known, *policy.sensitive_columns, *([policy.person] if policy.person else [])]
    groups = group_batches(_texts(source, needed), hierarchies, models, policy.person)
    people = None
    if outside is not None:
        people = group_batches(_texts(outside, known), hierarchies, [])
    return Prepared(
        policy,
        source,
        hierarchies,
        models,
        groups,
        people,
        [name for name in source.columns if name not in _declared(policy)],
        blanks,
    )


def _texts(source: Source, names: Sequence[str]) -> Iterator[pl.DataFrame]:
    return (text_frame(batch, names) for batch in source.batches())


def _distinct_values(source: Source, names: Sequence[str]) -> dict[str, list[str]]:
    """Collect the distinct values of columns as text, null as the empty text, in text order."""
    found = {name: pl.Series(name, [], dtype=pl.String) for name in names}
    for batch in _texts(source, names):
        for name in names:
            found[name] = pl.concat([found[name], batch[name].fill_null("").unique()]).unique()
    return {name: values.sort().to_list() for name, values in found.items()}


def _population(policy: Policy, folder: Path) -> Source | None:
    """Open the population's table; two models may name one only.

    Raises:
        Refusal: `policy.file`, `policy.column`, `policy.population`.
    """
    named = {name for model in policy.models if (name := getattr(model, "population", None))}
    if not named:
        return None
    if len(named) > 1:
        raise Refusal(
            "policy.population",
            "母集団のファイルが2つ以上あります。",
            "ポリシーの models の population",
            "k_map の population は、1つのファイルにそろえてください。",
        )
    path = folder / named.pop()
    if not path.is_file():
        where = f"ポリシーの models の population({path})"
        remedy = "ポリシーのあるフォルダからの相対パスで書いてください。"
        raise Refusal("policy.file", "母集団のファイルがありません。", where, remedy)
    source = Source(path)
    missing = [name for name in policy.quasi_identifiers if name not in source.columns]
    if missing:
        what = f"母集団のファイルに準識別子の列がありません: {missing[0]}"
        remedy = suggest(missing[0], source.columns)
        raise Refusal("policy.column", what, f"{path.name} の見出し", remedy)
    return source


def _declared(policy: Policy) -> list[str]:
    return [
        *policy.quasi_identifiers,
        *policy.sensitive_columns,
        *policy.insensitive,
        *policy.withheld,
    ]


def _require_columns(policy: Policy, present: Sequence[str], file: str) -> None:
    """Refuse a policy that speaks of a column that the table does not have.

    Raises:
        Refusal: `policy.column`.
    """
    parts = {
        "quasi_identifiers": list(policy.quasi_identifiers),
        "sensitive": policy.sensitive_columns,
        "identifiers": policy.identifiers,
        "insensitive": policy.insensitive,
        "person": [policy.person] if policy.person else [],
        "household.id": [policy.household.id] if policy.household else [],
    }
    for key, names in parts.items():
        for name in names:
            if name not in present:
                raise Refusal(
                    "policy.column",
                    f"入力にない列です: {name}",
                    f"ポリシーの {key}({file})",
                    suggest(name, list(present)),
                )
