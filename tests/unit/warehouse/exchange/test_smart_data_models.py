"""Entities of every layout are valid by the schemas of Smart Data Models, where these are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from tests.unit.warehouse.exchange.declared import MAPPINGS, STANDARDS
from warehouse.exchange.dialect import NGSI_LD
from warehouse.exchange.entities import entities_of

SCHEMAS = Path(__file__).parents[5] / "shared" / "judges" / "data" / "sdm"
BASE = "https://smart-data-models.github.io/"
CELLS = {
    "integer": ["12", None, "0"], "number": ["1.5", None, "X"], "date": ["2026-04-01", None, "未定"],
    "time": ["09:00", None, "24:00"], "latitude": ["34.78", None, "北緯"], "flag": ["1", None, "1"],
    "longitude": ["135.47", None, "東経"], "url": ["https://a.jp/施 設?a=b", None, "なし"],
    "email": ["a@example.jp", None, "なし"],
}  # fmt: skip


def schema_of(mapping) -> Path:
    return SCHEMAS / f"{mapping.model}/{mapping.type}/schema.json"


JUDGED = [s for s, m in MAPPINGS.items() if m.model and schema_of(m).is_file()]


def retrieve(uri: str) -> Resource:
    path = SCHEMAS / uri.removeprefix(BASE).split("#")[0]
    return Resource.from_contents(json.loads(path.read_text("utf-8")))


def folded(entity: dict[str, Any]) -> dict[str, Any]:
    """Give the key-value form that the schemas describe."""
    found = {k: v["value"] if isinstance(v, dict) else v for k, v in entity.items()}
    return {
        k: v["@value"] if isinstance(v, dict) and "@value" in v else v for k, v in found.items()
    }


@pytest.mark.skipif(not JUDGED, reason="the schemas are not at hand")
@pytest.mark.parametrize("slug", JUDGED)
def test_is_valid(slug: str):
    standard, mapping = STANDARDS[slug], MAPPINGS[slug]
    columns = {c.name: CELLS.get(c.type, ["あ(い);う", None, "え"]) for c in standard.columns}
    ids = {mapping.id.columns[0]: ["001", "0-2", "い 3"]}
    made = entities_of(
        pl.DataFrame({**columns, **ids}), mapping, NGSI_LD,
        release=slug, municipality="272999", common={"source": "https://a.jp/"},
    )  # fmt: skip
    registry = Registry(retrieve=retrieve)
    schema = json.loads(schema_of(mapping).read_text("utf-8"))
    checker = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator(schema, registry=registry, format_checker=checker)
    entities = [folded(json.loads(document)) for document in made.documents]
    assert len(entities) == 3
    faults = [error.message for entity in entities for error in validator.iter_errors(entity)]
    assert faults == []
    del entities[0]["type"]
    assert [*validator.iter_errors(entities[0])], "a broken entity is told from a whole one"
