"""The mappings of layouts to NGSI entities: complete, and refused when they name what is not there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from assets.errors import RegisterError
from assets.exchange import EntityMapping
from assets.register import BUILT_IN, load_register
from tests.unit.warehouse.exchange.declared import MAPPINGS, STANDARDS

if TYPE_CHECKING:
    from pathlib import Path

PLACES = {
    "public_facility", "public_toilet", "aed", "evacuation_space", "hospital", "care_service",
    "preschool", "cultural_property", "tourism", "public_wireless_lan", "bicycle_parking",
    "polling_place", "fire_hydrant", "educational_institution",
    "emergency_radio", "garbage_collection_place", "food_business",
}  # fmt: skip


ADDRESSLESS = {"bicycle_parking", "polling_place", "emergency_radio", "garbage_collection_place"}


def test_carries_every_column_of_its_layout():
    assert {*PLACES, "event", "population"} <= MAPPINGS.keys()
    for slug, mapping in MAPPINGS.items():
        standard = STANDARDS[slug]
        assert mapping.title == standard.title
        assert not mapping.forgotten_columns(standard), slug
        assert not mapping.unknown_columns(standard), slug


def test_places_have_a_position_and_an_address():
    for slug in PLACES:
        mapping = MAPPINGS[slug]
        assert mapping.position is not None, slug
        if slug not in ADDRESSLESS:
            assert "addressLocality" in mapping.structures["address"], slug


def made(**changes) -> dict:
    spec = {
        "title": "試", "type": "PointOfInterest", "id": {"parts": ["ID"]},
        "attributes": {"name": {"column": "名称"}},
    }  # fmt: skip
    return {**spec, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"attributes": {"名称": {"column": "名称"}}},
        {"attributes": {"na me": {"column": "名称"}}},
        {"attributes": {"location": {"column": "名称"}}},
        {"attributes": {"id": {"column": "名称"}}},
        {"attributes": {"name": {"column": "名称", "constant": "x"}}},
        {"attributes": {"name": {}}},
        {"attributes": {"name": {"constant": "a(b)"}}},
        {"attributes": {"name": {"column": "開始日", "kind": "moment"}}},
        {
            "attributes": {"name": {"column": "名称"}},
            "structures": {"name": {"a": {"column": "b"}}},
        },
        {"type": "公共施設"},
    ],
)
def test_refuses_names_and_sources_that_cannot_be(changes):
    EntityMapping.model_validate(made())
    with pytest.raises(ValidationError):
        EntityMapping.model_validate(made(**changes))


def test_a_mapping_of_ones_own_names_columns_of_the_layout(tmp_path: Path):
    shutil.copy(BUILT_IN / "city.yaml", tmp_path)
    for folder in ("standards", "exchange"):
        (tmp_path / folder).mkdir()
    shutil.copy(BUILT_IN / "standards" / "aed.yaml", tmp_path / "standards")
    own = tmp_path / "exchange" / "aed.yaml"
    text = (
        "title: 試\ntype: PointOfInterest\nid: {parts: [ID]}\nattributes: {name: {column: 名称}}\n"
    )
    own.write_text(text, "utf-8")
    assert load_register(tmp_path).mappings["aed"].type == "PointOfInterest"
    own.write_text(text.replace("column: 名称", "column: 名まえ"), "utf-8")
    with pytest.raises(RegisterError, match="名まえ"):
        load_register(tmp_path)
    own.rename(own.with_name("aeds.yaml"))
    with pytest.raises(RegisterError, match="aeds"):
        load_register(tmp_path)
