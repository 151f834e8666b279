"""The words portals know: licences, tags BODIK looks for, headings the DataStore takes."""

from __future__ import annotations

import pytest

from tests.unit.warehouse.exchange.declared import STANDARDS
from warehouse.exchange.ckan_words import (
    heading_faults,
    is_read_by_bodik,
    licence_id,
    tags_of,
)


def test_chooses_the_licence_id_of_the_portal():
    assert licence_id("CC BY 4.0", ["cc-zero", "cc-by-40-intl"]) == "cc-by-40-intl"
    assert licence_id("CC BY 4.0", ["cc-by", "CC-BY-4.0"]) == "CC-BY-4.0"
    assert licence_id("CC0 1.0", ["cc-by"]) is None
    assert is_read_by_bodik("CC BY 4.0")
    assert not is_read_by_bodik("PDL1.0")


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("aed", "AED設置箇所"),
        ("care_service", "介護サービス事業所"),
        ("hospital", "医療機関"),
        ("cultural_property", "文化財"),
        ("population", "地域年齢別人口"),
    ],
)
def test_tags_are_those_bodik_looks_for(slug: str, name: str):
    assert {"自治体標準ODS", name} <= {*tags_of(STANDARDS[slug], [])}


def test_tags_hold_only_what_ckan_allows():
    found = tags_of(STANDARDS["aed"], ["子育て・教育", "a", "救急(AED)", "長" * 101, "AED設置箇所"])
    assert found == sorted(["自治体標準ODS", "AED設置箇所", "子育て教育", "救急AED"])


def test_every_layout_has_headings_the_datastore_takes():
    for standard in STANDARDS.values():
        assert heading_faults([column.name for column in standard.columns]) == [], standard.slug


@pytest.mark.parametrize(
    ("headings", "part"),
    [
        (["_id"], "_ で始まっ"), (["a", "a"], "2回"), ([" a"], "空白"), ([""], "空の見出し"),
        (['a"b'], '"'), (["a\nb"], "制御文字"), (["あ" * 22], "63 バイト"),
    ],
)  # fmt: skip
def test_tells_headings_that_the_datastore_refuses(headings: list[str], part: str):
    assert part in "".join(heading_faults(headings))
