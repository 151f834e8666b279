"""All catalogue files together: which there are, the same each time, and nothing from in-house."""

from dataclasses import replace

from tests.unit.warehouse.catalogue.small_public import SECRETS
from warehouse.catalogue import render
from warehouse.catalogue.render import NO_ADDRESS, render_catalogue


def test_every_vocabulary_has_its_files(files):
    per_version = {"croissant.json", "datapackage.json"}
    versions = ("public_facility/v1", "population/v1", "population/v2")
    assert {f"datasets/{v}/{name}" for v in versions for name in per_version} <= files.keys()
    assert {
        "catalog.ttl",
        "catalog.jsonld",
        "datapackage.json",
        "dcat_goj.json",
        "272999_open_data_list.csv",
        "272999_open_data_list.json",
        "datasets/population/versions.ttl",
    } <= files.keys()
    assert not any("/aed/" in path for path in files)


def test_the_same_catalogue_gives_the_same_bytes(catalogue, public, files):
    assert render_catalogue(catalogue, public) == files


def test_nothing_from_in_house_is_in_any_byte(files, catalogue):
    spec = catalogue.entries[0].spec
    assert (spec.prepared_by, *spec.approvers, *spec.sources) == SECRETS
    everything = b"".join(path.encode() + content for path, content in files.items())
    for secret in SECRETS:
        assert secret.encode("utf-8") not in everything
        assert secret.encode("unicode_escape") not in everything


def test_without_an_address_dcat_is_left_out_and_said_so_once(catalogue, public, monkeypatch):
    said = []
    monkeypatch.setattr(render._log, "warning", said.append)
    files = render_catalogue(replace(catalogue, site_url=None), public)
    assert said == [NO_ADDRESS]
    assert not any(path.endswith((".ttl", ".jsonld")) for path in files)
    assert "datapackage.json" in files


def test_an_empty_catalogue_has_no_package(catalogue, tmp_path):
    files = render_catalogue(replace(catalogue, entries=()), tmp_path)
    assert "datapackage.json" not in files
    assert b"dcat:Catalog" in files["catalog.ttl"]


def test_without_the_layout_there_is_no_list(catalogue, public):
    files = render_catalogue(replace(catalogue, list_layout=None), public)
    assert not any("open_data_list" in path for path in files)
