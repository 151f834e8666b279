"""The two ways of writing one entity: NGSI-LD (ETSI GS CIM 009) and NGSIv2 (FIWARE).

Belongs here: how an attribute is wrapped, and which texts must be encoded. Must not hold: which
attributes there are (`warehouse/exchange/ngsi.py`), nor talking to a broker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.exchange import entity_json as js
from warehouse.exchange.orion_text import encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from assets.exchange import Kind

CORE_CONTEXT = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld"
_LD_TYPES: dict[Kind, str] = {"date": "Date", "moment": "DateTime", "day_start": "DateTime"}
_V2_TYPES: dict[str, str] = {
    "text": "Text",
    "number": "Number",
    "flag": "Boolean",
    "date": "Date",
    "moment": "DateTime",
    "day_start": "DateTime",
    "url": "Text",
    "email": "Text",
    "list": "StructuredValue",
}


@dataclass(frozen=True)
class Dialect:
    """One way of writing entities.

    Attributes:
        name: `ngsi-ld` or `ngsi-v2`; also in file names.
        suffix: Of files.
        text: Escapes the characters the broker forbids in texts.
        wrap: Kind, JSON value, unit and instant of observation into the JSON of an attribute.
        structure: JSON object into the JSON of an attribute.
        point: GeoJSON geometry into the JSON of an attribute.
    """

    name: str
    suffix: str
    text: Callable[[pl.Expr], pl.Expr]
    wrap: Callable[[Kind, pl.Expr, str | None, pl.Expr | None], pl.Expr]
    structure: Callable[[pl.Expr], pl.Expr]
    point: Callable[[pl.Expr], pl.Expr]


def _unchanged(texts: pl.Expr) -> pl.Expr:
    return texts


def _typed(kind: str, value: pl.Expr, *more: pl.Expr) -> pl.Expr:
    """Write `{"type":kind,"value":value,…}`, nothing where the value is null."""
    return js.around(f'"type":"{kind}","value":', value, more)


def _ld_attribute(
    kind: Kind, value: pl.Expr, unit: str | None, observed: pl.Expr | None
) -> pl.Expr:
    if kind in _LD_TYPES:
        value = js.around(f'"@type":"{_LD_TYPES[kind]}","@value":', value)
    more = [js.item("unitCode", js.constant(unit))] if unit else []
    if observed is not None:
        more.append(js.item("observedAt", js.quoted(observed)))
    return _typed("Property", value, *more)


def _v2_attribute(
    kind: Kind, value: pl.Expr, unit: str | None, observed: pl.Expr | None
) -> pl.Expr:
    about = [js.item("unitCode", _typed("Text", js.constant(unit)))] if unit else []
    if observed is not None:
        about.append(js.item("TimeInstant", _typed("DateTime", js.quoted(observed))))
    more = [js.item("metadata", js.combined(about))] if about else []
    return _typed(_V2_TYPES[kind], value, *more)


NGSI_LD = Dialect(
    name="ngsi-ld",
    suffix=".jsonld",
    text=_unchanged,
    wrap=_ld_attribute,
    structure=lambda value: _typed("Property", value),
    point=lambda value: _typed("GeoProperty", value),
)
NGSI_V2 = Dialect(
    name="ngsi-v2",
    suffix=".ngsi-v2.json",
    text=encoded,
    wrap=_v2_attribute,
    structure=lambda value: _typed("StructuredValue", value),
    point=lambda value: _typed("geo:json", value),
)
DIALECTS = {dialect.name: dialect for dialect in (NGSI_LD, NGSI_V2)}
