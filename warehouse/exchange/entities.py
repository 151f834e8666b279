"""The rows of one table as NGSI entities, by the mapping of its layout.

Belongs here: ids and attributes. Must not hold: files and addresses (`warehouse/exchange/ngsi.py`),
nor a broker. Nothing is filled in: a blank cell is an attribute left out, and what is not what its
layout says is left out and told (`warehouse/exchange/entity_notes.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.exchange import cells
from warehouse.exchange import entity_json as js
from warehouse.exchange.entity_notes import lost_cells, lost_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.exchange import Attribute, EntityMapping
    from warehouse.exchange.dialect import Dialect

# FIWARE-NGSI v2.1, Field syntax restrictions.
_LONGEST_ID = 256


@dataclass(frozen=True, kw_only=True)
class Entities:
    """The entities of one table.

    Attributes:
        type: Of all of them.
        ids: One a row.
        documents: Their JSON, one a row, in the same order.
        notes: What was not written, in Japanese.
    """

    type: str
    ids: pl.Series
    documents: pl.Series
    notes: tuple[str, ...]


def id_pattern(release: str, type_: str) -> str:
    """Give the regular expression that the ids of a release match, and no others."""
    return f"^urn:ngsi-ld:{type_}:[0-9]+:{re.escape(release)}:"


def entities_of(
    table: pl.DataFrame,
    mapping: EntityMapping,
    dialect: Dialect,
    *,
    release: str,
    municipality: str,
    common: Mapping[str, str],
) -> Entities:
    """Write every row that has an id of its own as an entity.

    Args:
        table: Under the layout's headings; numbers or texts.
        mapping: Of the layout.
        dialect: Which NGSI.
        release: Its name; part of the ids.
        municipality: Six-digit code for rows without one.
        common: Texts that all entities carry, such as `dataProvider`.
    """
    have = set(table.columns)
    ids = _ids(table, mapping, release=release, municipality=municipality)
    days = cells.first_of([mapping.observed_on or ""], have)
    rows = _with_uris(table, mapping).with_columns(ids.alias("_id"), _observed=cells.start_of(days))
    own = pl.col("_id").is_unique() & (pl.col("_id").str.len_chars() <= _LONGEST_ID)
    usable = rows.filter(pl.col("_id").is_not_null() & own)
    document = js.combined(
        [
            js.item("id", js.quoted(pl.col("_id"))),
            js.item("type", js.constant(mapping.type)),
            *_attributes(mapping, have, dialect),
            *(js.item(n, _common(text, dialect)) for n, text in common.items()),
        ]
    )
    return Entities(
        type=mapping.type,
        ids=usable["_id"],
        documents=usable.select(document.alias("document"))["document"],
        notes=(*lost_rows(rows["_id"], usable.height), *lost_cells(usable, mapping, have)),
    )


def _with_uris(table: pl.DataFrame, mapping: EntityMapping) -> pl.DataFrame:
    links = {a.column for a in mapping.all_attributes if a.kind == "url"}
    texts = table.select(cells.cell(name).alias(name) for name in table.columns if name in links)
    return table.with_columns(cells.as_uris(texts[name]) for name in texts.columns)


def _ids(
    table: pl.DataFrame, mapping: EntityMapping, *, release: str, municipality: str
) -> pl.Series:
    """Write `urn:ngsi-ld:<type>:<municipality>:<release>:<parts>`; null where a part is blank."""
    have = set(table.columns)
    code = cells.first_of([mapping.id.municipality or ""], have)
    parts = [[part] if isinstance(part, str) else part for part in mapping.id.parts]
    texts = table.select(
        code.fill_null(municipality).alias("code"),
        *(cells.first_of(names, have).alias(f"part{n}") for n, names in enumerate(parts)),
    )
    written = pl.DataFrame([cells.as_segments(texts[name]) for name in texts.columns])
    head = [pl.lit(f"urn:ngsi-ld:{mapping.type}"), pl.col("code"), pl.lit(release)]
    return written.select(i=pl.concat_str([*head, pl.col(r"^part\d+$")], separator=":"))["i"]


def _attributes(mapping: EntityMapping, have: set[str], dialect: Dialect) -> list[pl.Expr]:
    """Write the attributes of a row as `"name":{…}`, each null where it has no value."""
    observed = pl.col("_observed") if mapping.observed_on else None
    written = {
        name: dialect.wrap(
            attribute.kind,
            _json(attribute, have, dialect),
            attribute.unit,
            observed if attribute.kind == "number" else None,
        )
        for name, attribute in mapping.attributes.items()
    }
    place = mapping.position
    if place is not None and {place.latitude, place.longitude} <= have:
        opening, closing = pl.lit('{"type":"Point","coordinates":['), pl.lit("]}")
        point = pl.concat_str([opening, cells.coordinates(place), closing])
        written["location"] = dialect.point(point)
    for name, structure in mapping.structures.items():
        inner = (js.item(part, _json(found, have, dialect)) for part, found in structure.items())
        written[name] = dialect.structure(js.combined(inner).replace("{}", None))
    return [js.item(name, attribute) for name, attribute in written.items()]


def _json(attribute: Attribute, have: set[str], dialect: Dialect) -> pl.Expr:
    """Write the value of an attribute as JSON; null where there is none."""
    if attribute.constant is not None:
        return js.constant(attribute.constant)
    value = cells.value(attribute, have)
    match attribute.kind:
        case "number" | "flag":
            return value
        case "list":
            return js.quoted(value.list.eval(dialect.text(pl.element())))
        case _:
            return js.quoted(dialect.text(value))


def _common(text: str, dialect: Dialect) -> pl.Expr:
    return dialect.wrap("text", js.quoted(dialect.text(pl.lit(text))), None, None)
