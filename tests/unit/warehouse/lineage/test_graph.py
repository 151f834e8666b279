"""A published column is followed back to the headers of the delivered files."""

from dataclasses import replace
from pathlib import Path

import pytest

from assets.register import MartQuery, load_register
from assets.release import Mart
from tests.unit.warehouse.publishing import POPULATION, make_register, release
from warehouse.lineage.graph import Field, column_lineage
from warehouse.lineage.origins import datasets_behind
from warehouse.lineage.sql_columns import ROWS


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def lineage(register):
    return column_lineage(register)


def test_the_published_population_goes_back_to_the_birth_dates_of_the_register(lineage):
    behind = lineage.upstream(Field("open/population", "0-4歳の男性"))
    assert Field("mart/population_by_town", "age_band") in behind
    assert Field("landing/resident_register", "生年月日") in behind
    assert Field("landing/resident_register", "性別") in behind
    assert Field("landing/resident_register", "氏名") not in behind


def test_a_margin_added_after_rounding_is_made_of_its_cells(lineage):
    total = set(lineage.upstream(Field("open/population", "総人口")))
    assert total
    assert total == set(lineage.upstream(Field("open/population", "85歳以上の女性")))


def test_a_renamed_column_keeps_all_headers_it_ever_had(lineage, register):
    contract = register.datasets["resident_register"].contract
    headers = {source.name for column in contract.columns.values() for source in column.source}
    assert set(lineage.columns["landing/resident_register"]) == headers


def test_a_count_goes_back_to_the_rows_of_the_file(lineage):
    behind = lineage.upstream(Field("mart/population_by_town", "resident_count"))
    assert Field("landing/resident_register", ROWS) in behind


def test_every_mart_and_release_can_be_followed_exactly(lineage):
    assert lineage.inexact == frozenset()


def test_direct_identifiers_end_before_the_analysts_zone(lineage):
    assert "full_name" in lineage.columns["common/resident_register"]
    assert "full_name" not in lineage.columns["internal/resident_register"]
    assert not any(
        f.column == "full_name" for f in lineage.edges if f.asset.startswith("internal/")
    )


def test_the_datasets_behind_a_mart_of_marts_are_found(register):
    assert datasets_behind(register, ["mart.population_by_town", "common.library_loans"]) == [
        "library_loans",
        "resident_register",
    ]


def test_counts_made_of_persons_go_back_to_the_persons_and_where_they_stand():
    register = make_register()
    spec = {"title": "人", "description": "人", "sources": ["common.people"], "columns": {
        n: {"title": n, "classification": "庁内"} for n in ("who", "town", "sex", "note")}}  # fmt: skip
    mart = MartQuery("folk", "", "", Path("folk.sql"), Mart.model_validate(spec))
    protection = {
        "method": "cell_key", "person": "person", "region": "地域名", "cell": "cell",
        "counts": ["男性", "女性"], "sums": {"総人口": ["男性", "女性"]}, "total": "総人口",
        "deviation": 3, "variance": 1.0, "suppressed_up_to": 0, "minimum_region_total": 10,
    }  # fmt: skip
    sql = "SELECT who AS person, town AS 地域名, sex AS cell FROM mart.folk"
    query = release("folk", sql, POPULATION, ["mart.folk"], protection=protection)
    whole = replace(register, marts={"folk": mart}, releases={"folk": query})
    lineage = column_lineage(whole)
    for column, of in (("総人口", {"who", "sex"}), ("女性", {"who", "sex"}), ("地域名", {"town"})):
        behind = lineage.upstream(Field("open/folk", column))
        assert {field.column for field in behind if field.asset == "mart/folk"} == of
