"""Bring a broker to what is public here: what is new or changed is sent, what is gone is deleted.

Belongs here: the comparison with what the broker holds, and cutting into batches. Must not hold: how
entities are written (`entities.py`) or sent (`broker.py`). Entities are known by their ids, which name
the release; those of other releases and other cities are never touched.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.exchange.entities import id_pattern
from warehouse.exchange.ngsi import context_of, entities_for, read_newest, with_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from assets.exchange import EntityMapping
    from warehouse.catalogue.entries import Entry, PublicCatalogue
    from warehouse.exchange.broker import Broker

_BATCH = 500
# Orion takes requests of up to 1 MB unless told otherwise.
_BATCH_BYTES = 900_000


@dataclass(frozen=True, kw_only=True)
class Synced:
    """What became of the entities of one release.

    Attributes:
        errors: Id of an entity to what the broker said of it.
        notes: What of the table is no entity, in Japanese.
    """

    release: str
    created: int = 0
    replaced: int = 0
    same: int = 0
    removed: int = 0
    errors: Mapping[str, str]
    notes: tuple[str, ...] = ()


def sync_catalogue(
    broker: Broker,
    catalogue: PublicCatalogue,
    mappings: Mapping[str, EntityMapping],
    public: Path,
    *,
    dry_run: bool,
) -> Iterator[Synced]:
    """Push every release with a mapping that is or was public, one after the other.

    Raises:
        Refusal: the broker does not answer, or lets nothing in.
    """
    for entry in catalogue.entries:
        mapping = mappings.get(entry.standard.slug)
        if mapping is not None:
            yield _sync(broker, catalogue, entry, mapping, public, dry_run=dry_run)


def _sync(
    broker: Broker,
    catalogue: PublicCatalogue,
    entry: Entry,
    mapping: EntityMapping,
    public: Path,
    *,
    dry_run: bool,
) -> Synced:
    context = context_of(mapping, catalogue.site_url)
    wanted, notes = _wanted(broker, catalogue, entry, mapping, public)
    pattern = id_pattern(entry.name, mapping.type)
    held = {e["id"]: e for e in broker.found(mapping.type, pattern, context)}
    new = [document for id_, document in wanted.items() if id_ not in held]
    changed = [d for i, d in wanted.items() if i in held and not _is_same(d, held[i])]
    gone = [id_ for id_ in held if id_ not in wanted]
    errors: dict[str, str] = {}
    if not dry_run:
        errors |= _write(broker, new, context, known=False)
        errors |= _write(broker, changed, context, known=True)
        for start in range(0, len(gone), _BATCH):
            broker.remove(mapping.type, gone[start : start + _BATCH])
    return Synced(
        release=entry.name,
        created=len(new),
        replaced=len(changed),
        same=len(wanted) - len(new) - len(changed),
        removed=len(gone),
        errors=errors,
        notes=notes,
    )


def _wanted(
    broker: Broker,
    catalogue: PublicCatalogue,
    entry: Entry,
    mapping: EntityMapping,
    public: Path,
) -> tuple[dict[str, str], tuple[str, ...]]:
    table = read_newest(entry, public)
    if table is None:
        return {}, ()
    made = entities_for(catalogue, entry, mapping, table, broker.dialect)
    return dict(zip(made.ids, made.documents, strict=True)), made.notes


def _write(
    broker: Broker, documents: Sequence[str], context: Sequence[str], *, known: bool
) -> dict[str, str]:
    errors: dict[str, str] = {}
    for batch in batches(with_context(d, context, broker.dialect) for d in documents):
        errors |= broker.write(batch, known=known)
    return errors


def batches(documents: Iterable[str]) -> Iterator[list[str]]:
    """Cut into batches of at most 500 entities and 900 kB; one that is larger goes alone."""
    batch: list[str] = []
    size = 0
    for document in documents:
        length = len(document.encode())
        if batch and (len(batch) == _BATCH or size + length > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += length
    if batch:
        yield batch


def _is_same(document: str, held: dict[str, Any]) -> bool:
    return _bare(json.loads(document)) == _bare(held)


def _bare(entity: dict[str, Any]) -> dict[str, Any]:
    """Leave out what a broker adds to every answer."""
    return {
        key: {k: v for k, v in value.items() if k != "metadata" or v}
        if isinstance(value, dict)
        else value
        for key, value in entity.items()
        if key != "@context"
    }
