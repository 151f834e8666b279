"""A release with `method: anonymised_records`: rows of persons, generalised and put out of order.

Belongs here: the way from the query's rows to the published rows and what they claim. Must not hold:
the search (`anonymize.records`), the standard's columns (`shape`), the judgement (`gate`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from anonymize.gate_records import RecordClaims
from anonymize.hierarchy.hierarchy import SUPPRESSED
from anonymize.pseudonyms import shuffle_rows
from anonymize.records.groups import group
from anonymize.records.judging import measure
from warehouse.anonymising.demands import models_of
from warehouse.anonymising.ladders import build_ladders
from warehouse.anonymising.prepared import Prepared
from warehouse.anonymising.recoding import recode
from warehouse.disclosure.of_anonymised import Anonymised
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from anonymize.hierarchy.hierarchy import Hierarchy
    from anonymize.records.models import Model
    from assets.anonymisation import Policy
    from assets.release import AnonymisedRecords
    from warehouse.anonymising.publish import Published
    from warehouse.anonymising.recoding import Recoding

_PERSON = "\0person"


@dataclass(frozen=True)
class Records:
    """Published rows, what they claim, and the same rows in order before and after."""

    table: pl.DataFrame
    claims: RecordClaims
    made: Anonymised
    words: tuple[str, ...]
    suppressed: tuple[int, ...]


def anonymise_records(
    table: pl.DataFrame,
    protection: AnonymisedRecords,
    *,
    folder: Path,
    release: str,
    key: bytes,
    purpose: str,
) -> Records:
    """Anonymise the rows of a query.

    Args:
        table: One row per person (or per record, with a person column).
        protection: The policy.
        folder: Where the files that the policy names lie.
        release: Name, for messages.
        key: Of the order of rows.
        purpose: Of this delivery: another one is put in another order.

    Raises:
        Refusal: `release.records`: nothing satisfies the policy, or a column is missing or in no
            part of it; HierarchyError, ValueError: in Japanese.
    """
    policy = protection.policy
    _require_parts(table, protection, release)
    texts = table.select(pl.all().cast(pl.String).fill_null(""))
    known = list(policy.quasi_identifiers)
    ladders = build_ladders(policy, folder, {n: texts[n].unique().sort().to_list() for n in known})
    models = models_of(policy)
    groups = group(texts, ladders, models, policy.person)
    # Nothing is read from a file here: the rows are the query's.
    prepared = Prepared(policy, None, ladders, models, groups, None, [], [])  # ty: ignore[invalid-argument-type]
    found = recode(prepared)
    if found.published is None:
        raise _refuse(f"ポリシーを満たす加工がありません。{found.reason}", release)
    labels = _labels(found.published, groups.of_rows)
    kept = [name for name in table.columns if name not in policy.withheld]
    published = table.with_columns(labels).select(kept)
    who = None if policy.person is None else texts[policy.person]
    claims = _claims(published, policy, ladders, models, who)
    made = Anonymised(
        title=release,
        subject=release,
        before=texts,
        after=texts.with_columns(labels),
        hierarchies=ladders,
        sensitive=policy.sensitive_columns,
        models=models,
        person=policy.person,
        weights={name: spec.weight for name, spec in policy.quasi_identifiers.items()},
        levels=found.levels,
    )
    places = _suppressed(published, known)
    records = Records(published, claims, made, _words(policy, found), places)
    return _shuffle(records, key, purpose)


def _shuffle(records: Records, key: bytes, purpose: str) -> Records:
    """Put rows into an order of their own, the persons along with them."""
    claims, who = records.claims, records.claims.persons
    together = records.table if who is None else records.table.with_columns(who.alias(_PERSON))
    mixed = shuffle_rows(together, key=key, purpose=purpose)
    if who is None:
        return replace(records, table=mixed)
    moved = replace(claims, persons=mixed[_PERSON])
    return replace(records, table=mixed.drop(_PERSON), claims=moved)


def _suppressed(published: pl.DataFrame, known: list[str]) -> tuple[int, ...]:
    stars = pl.all_horizontal(pl.col(name) == SUPPRESSED for name in known)
    return tuple(published.select(pl.arg_where(stars)).to_series().to_list())


def _labels(published: Published, of_rows: np.ndarray) -> list[pl.Series]:
    """Give each row its labels; a blank value stays blank."""
    return [
        pl.Series(name, [text or None for text in texts], dtype=pl.String).gather(codes[of_rows])
        for name, texts, codes in zip(
            published.columns, published.labels, published.codes, strict=True
        )
    ]


def _claims(
    published: pl.DataFrame,
    policy: Policy,
    ladders: list[Hierarchy],
    models: list[Model],
    who: pl.Series | None,
) -> RecordClaims:
    names = tuple(h.column for h in ladders)
    told = published if who is None else published.with_columns(who.alias(_PERSON))
    measured = measure(told, names, models, None if who is None else _PERSON)
    return RecordClaims(
        quasi_identifiers=names,
        sensitive=tuple(policy.sensitive_columns),
        models=tuple(models),
        suppression_limit=policy.suppression_limit,
        claimed_k=measured.min_class,
        persons=who,
        hierarchies={h.column: h for h in ladders},
    )


def _words(policy: Policy, found: Recoding) -> tuple[str, ...]:
    levels = "、".join(f"{name} {level}段" for name, level in found.levels.items())
    way = f"全体を同じ段でまとめました({levels})" if levels else "場所ごとに段を変えてまとめました"
    return (
        f"1行が1人の表です。外部の人が知りうる列を、{way}。",
        "まとめても見分けられる行は「*」にしました。行は元の順と関係のない順に並べ替えました。",
        f"守れないこと: 外部の人が知りうる列を「{'・'.join(policy.quasi_identifiers)}」までとしています。",
    )


def _require_parts(table: pl.DataFrame, protection: AnonymisedRecords, release: str) -> None:
    policy = protection.policy
    parts = [
        *policy.quasi_identifiers,
        *policy.sensitive_columns,
        *policy.insensitive,
        *policy.withheld,
    ]
    if missing := [name for name in parts if name not in table.columns]:
        raise _refuse(f"SQL の結果に、ポリシーの列がありません: {'、'.join(missing)}", release)
    if bare := [name for name in table.columns if name not in parts]:
        raise _refuse(f"ポリシーで役割の決まっていない列があります: {'、'.join(bare)}", release)
    if policy.household is not None or any(hasattr(m, "population") for m in policy.models):
        raise _refuse("household と k_map は、公開データのポリシーではまだ使えません", release)


def _refuse(what: str, release: str) -> Refusal:
    return Refusal(
        "release.records",
        what,
        f"{release}.yaml の protection.policy",
        "列の役割・段・suppression_limit を見直してください(machikane anonymize で試せます)。",
    )
