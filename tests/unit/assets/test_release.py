"""A mart speaks of persons in every column or in none, and only so far as it says."""

import pytest

from assets.register import load_register
from tests.unit.assets.declaring import CITY, MART, RELEASE, changed, fault_of, write_register

PERSONAL = {
    **MART,
    "personal": True,
    "key": ["person_id"],
    "columns": {
        "person_id": {"title": "人", "classification": "個人", "role": "identifier"},
        "town": {"title": "町名", "classification": "個人", "role": "quasi_identifier"},
    },
}
ROUNDING = {
    "method": "random_rounding",
    "region": "地域名",
    "counts": ["人数"],
    "sums": {"計": ["人数"]},
    "base": 5,
    "total": "計",
    "minimum_region_total": 50,
}


def _mart(root, mart, **files):
    return write_register(root, **{"marts/by_town.yaml": mart, **files})


def test_a_mart_of_persons_is_declared_as_such(tmp_path):
    release = changed(RELEASE, protection=ROUNDING)
    root = _mart(tmp_path, PERSONAL, **{"open_data/population.yaml": release})
    assert load_register(root).marts["by_town"].spec.personal


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"columns__town__classification": "庁内"}, "すべての列"),
        ({"columns__town__classification": "公開"}, "すべての列"),
        ({"columns__town__classification": "特定個人"}, "すべての列"),
        ({"columns__town__role": None}, "role"),
        ({"columns__town__role": "direct_identifier"}, "role"),
        ({"personal": False}, "personal: true"),
        ({"key": ["gone"]}, "key"),
        ({"may_be_missing": ["common.gone"]}, "may_be_missing"),
    ],
)
def test_a_mart_that_says_too_little_or_too_much_of_persons_is_refused(tmp_path, changes, word):
    fault = fault_of(_mart(tmp_path, changed(PERSONAL, **changes)))
    assert word in fault.message


def test_no_release_takes_rows_of_persons_without_protection(tmp_path):
    fault = fault_of(_mart(tmp_path, PERSONAL))
    assert fault.path == "protection.method"
    assert "mart.by_town" in fault.message
    assert fault.file.name == "population.yaml"


def test_what_is_counted_from_persons_is_not_open_as_it_is(tmp_path):
    fault = fault_of(_mart(tmp_path, changed(MART, columns__town__classification="公開")))
    assert (fault.file.name, fault.path) == ("by_town.yaml", "columns.town.classification")


def test_nor_is_what_is_made_from_it_further_on(tmp_path):
    upper = changed(MART, sources=["mart.by_town"], columns__town__classification="公開")
    files = {"marts/upper.yaml": upper, "marts/upper.sql": "SELECT town FROM mart.by_town"}
    assert fault_of(_mart(tmp_path, MART, **files)).file.name == "upper.yaml"


def test_marts_made_from_one_another_are_read_all_the_same(tmp_path):
    one = changed(MART, sources=["mart.upper"], columns__town__classification="公開")
    two = changed(one, sources=["mart.by_town"])
    files = {"marts/upper.yaml": two, "marts/upper.sql": "SELECT town FROM mart.by_town"}
    assert load_register(_mart(tmp_path, one, **files)).marts


NOISE = {
    "method": "noise",
    "population": "住民",
    "person": "person_id",
    "region": "地域名",
    "regions": ["本町"],
    "cell": "cell",
    "counts": ["人数"],
    "sums": {"計": ["人数"]},
    "cells_per_person": 1,
    "epsilon": 1.0,
}


def _noisy(root, budgets, **changes):
    release = changed(RELEASE, protection={**NOISE, **changes})
    files = {"open_data/population.yaml": release}
    if budgets:
        files["city.yaml"] = {**CITY, "privacy_budgets": budgets}
    return _mart(root, PERSONAL, **files)


def test_noise_is_released_where_a_budget_pays(tmp_path):
    root = _noisy(tmp_path, {"住民": {"yearly_epsilon": 4, "delta": 1e-9}}, delta=1e-9)
    assert load_register(root).releases["population"].spec.protection.method == "noise"


@pytest.mark.parametrize(
    ("budgets", "changes", "path"),
    [
        ({}, {}, "protection.population"),
        ({"園児": {"yearly_epsilon": 4}}, {}, "protection.population"),
        ({"住民": {"yearly_epsilon": 0.5}}, {}, "protection"),
        ({"住民": {"yearly_epsilon": 4}}, {"delta": 1e-9}, "protection"),
    ],
)
def test_noise_that_no_budget_pays_is_refused(tmp_path, budgets, changes, path):
    assert fault_of(_noisy(tmp_path, budgets, **changes)).path == path
