"""Croissant: files with hashes, and rows read from where codes keep their zeros."""

import json
from dataclasses import replace

from warehouse.catalogue.croissant import describe_dataset
from warehouse.catalogue.facts import facts_of

PATH = "datasets/public_facility/v1/croissant.json"


def test_every_file_is_there_with_its_hash(files, catalogue):
    described = json.loads(files[PATH])
    version = catalogue.entries[0].latest
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    assert {f["@id"]: f["sha256"] for f in described["distribution"]} == {
        file.name: file.sha256 for file in version.files
    }


def test_rows_come_from_parquet_one_field_a_column(files, catalogue):
    (rows,) = json.loads(files[PATH])["recordSet"]
    sources = {field["source"]["fileObject"]["@id"] for field in rows["field"]}
    assert sources == {"272999_public_facility.parquet"}
    assert [f["source"]["extract"]["column"] for f in rows["field"]] == [
        column.name for column in catalogue.entries[0].columns
    ]
    ids = [field["@id"] for field in rows["field"]]
    assert len(set(ids)) == len(ids)
    assert not any(c in name for name in ids for c in ' <>"{}|\\^`')


def test_without_parquet_no_rows_are_promised(catalogue, public):
    entry = catalogue.entries[0]
    facts = facts_of(entry, entry.latest, public)
    bare = replace(entry.latest, files=(entry.latest.file("CSV"),))
    assert "recordSet" not in describe_dataset(catalogue, entry, bare, facts.data)
