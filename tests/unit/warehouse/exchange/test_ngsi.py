"""The files of entities under the public folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.unit.warehouse.exchange.declared import MAPPINGS
from tests.unit.warehouse.exchange.public_city import (
    SITE,
    catalogue,
    put_entry,
    withdrawn,
)
from warehouse.exchange.ngsi import render_ngsi

if TYPE_CHECKING:
    from pathlib import Path


def test_writes_both_lists_an_index_and_our_terms(tmp_path: Path):
    entry = put_entry(tmp_path)
    files = render_ngsi(catalogue(entry), MAPPINGS, tmp_path)
    assert sorted(files) == [
        "ngsi/context.jsonld",
        "ngsi/index.json",
        "ngsi/public_facility.jsonld",
        "ngsi/public_facility.ngsi-v2.json",
    ]
    linked = json.loads(files["ngsi/public_facility.jsonld"])
    assert [entity["id"][-3:] for entity in linked] == ["001", "002"]
    for entity in linked:
        assert entity["source"]["value"] == f"{SITE}datasets/public_facility/"
        assert entity["@context"][0] == f"{SITE}ngsi/context.jsonld"
        assert all(isinstance(address, str) for address in entity["@context"])
    plain = json.loads(files["ngsi/public_facility.ngsi-v2.json"])
    assert [entity["id"] for entity in plain] == [entity["id"] for entity in linked]
    assert "@context" not in plain[0]
    terms = json.loads(files["ngsi/context.jsonld"])["@context"]
    assert set(linked[0]) - {"id", "type", "@context", "location"} <= {
        *terms,
        "dataProvider",
        "source",
    }
    [told] = json.loads(files["ngsi/index.json"])
    assert (told["version"], told["entities"], told["type"]) == ("v1", 2, "PointOfInterest")


def test_tells_in_the_index_what_is_missing(tmp_path: Path):
    entry = put_entry(tmp_path, csv="ID,名称\r\n,本館\r\n002,別館\r\n")
    files = render_ngsi(catalogue(entry, site=None), MAPPINGS, tmp_path)
    [told] = json.loads(files["ngsi/index.json"])
    assert told["entities"] == 1
    assert "ID が空の 1 行は、エンティティにしていません。" in told["notes"]
    [entity] = json.loads(files["ngsi/public_facility.jsonld"])
    assert "source" not in entity


def test_writes_nothing_of_what_is_withdrawn_or_has_no_mapping(tmp_path: Path):
    entry = put_entry(tmp_path)
    assert render_ngsi(catalogue(withdrawn(entry)), MAPPINGS, tmp_path) == {}
    assert render_ngsi(catalogue(entry), {}, tmp_path) == {}


def test_an_empty_table_is_an_empty_list(tmp_path: Path):
    entry = put_entry(tmp_path, csv="ID,名称\r\n")
    files = render_ngsi(catalogue(entry), MAPPINGS, tmp_path)
    assert json.loads(files["ngsi/public_facility.jsonld"]) == []
