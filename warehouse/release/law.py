"""What the law is asked about a release, filled from the register and the run.

Belongs here: which columns there were and what became of them, the declaration, and where the
加工方法等情報 is kept. Must not hold: the checklist (`anonymize.law`).
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from anonymize.gate_candidate import LawCase
from anonymize.law import facts
from anonymize.law.basis import SECURE
from anonymize.law.facts import ColumnFact
from anonymize.law.method_information import MethodInformation
from assets.register import fingerprint
from assets.release import AnonymisedRecords, OpenAsIs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home
    from warehouse.release.shape import Shaped


def ask_the_law(
    home: Home, register: Register, release: ReleaseQuery, shaped: Shaped
) -> LawCase | None:
    """Put together what the law is asked, and keep the method; None: no persons are behind it.

    A release with `method: none` reads columns classified 公開 alone, none of which comes from data
    about persons (the register sees to it).
    """
    spec = release.spec
    if isinstance(spec.protection, OpenAsIs):
        return None
    said = None
    if spec.declaration is not None:
        answers = spec.declaration.model_dump()
        named = answers.pop("sensitive_columns")
        said = facts.Declaration(
            **answers, sensitive_columns=None if named is None else tuple(named)
        )
    columns = (*_source_columns(register, release), *_published_columns(release, shaped))
    return LawCase(columns, said, _keep_method(home, release, shaped))


def _source_columns(register: Register, release: ReleaseQuery) -> Iterator[ColumnFact]:
    """Name what cannot reach the query, and the identifiers, which the policy withholds."""
    seen: set[str] = set()
    waiting = [*release.spec.sources]
    while waiting:
        source = waiting.pop()
        layer, name = source.split(".", 1)
        if source in seen:
            continue
        seen.add(source)
        if layer == "mart" and name in register.marts:
            waiting += register.marts[name].spec.sources
        if layer != "common" or name not in register.datasets:
            continue
        for column, spec in register.datasets[name].contract.table_columns.items():
            if (
                spec.role in {"direct_identifier", "identifier"}
                or spec.classification == "特定個人"
            ):
                yield ColumnFact(
                    f"{name}.{column}",
                    spec.title,
                    spec.classification,
                    spec.role,
                    spec.type,
                    "削除",
                )


def _published_columns(release: ReleaseQuery, shaped: Shaped) -> Iterator[ColumnFact]:
    protection = release.spec.protection
    if not isinstance(protection, AnonymisedRecords):
        for name in shaped.table.columns:
            yield ColumnFact(name, name, "公開", None, "text", "一般化")
        return
    policy = protection.policy
    for name in shaped.table.columns:
        if name in policy.quasi_identifiers:
            yield ColumnFact(name, name, "個人", "quasi_identifier", "text", "一般化", ("k",))
        else:
            on = tuple(type(m).__name__ for m in policy.models if getattr(m, "on", None) == name)
            alone = policy.sensitive_columns == [name]
            silent = tuple(
                type(m).__name__
                for m in policy.models
                if alone and "on" in type(m).model_fields and getattr(m, "on", None) is None
            )
            yield ColumnFact(name, name, "個人", "attribute", "text", "そのまま", on + silent)


def _keep_method(home: Home, release: ReleaseQuery, shaped: Shaped) -> str:
    """Write the 加工方法等情報 where only the platform's own account reads it; give its zone."""
    records, protection = shaped.records, release.spec.protection
    method = MethodInformation(
        release=release.name,
        key_names=("release",) if records is None else (f"scope:open:{release.name}",),
        levels={} if records is None else dict(records.made.levels or {}),
        hierarchies={}
        if records is None
        else {h.column: fingerprint(repr(h.labels).encode()) for h in records.made.hierarchies},
        removed_columns=tuple(protection.policy.withheld)
        if isinstance(protection, AnonymisedRecords)
        else (),
        suppressed_rows=() if records is None else records.suppressed,
        row_order="" if records is None else "鍵で並べ替え",
    )
    home.methods.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = home.methods / f"{release.name}.json"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(method), file, ensure_ascii=False)
    return SECURE
