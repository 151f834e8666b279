"""The export is read by other people's tools: it must be what the ODCS schema says."""

import json
import os
from pathlib import Path

import jsonschema
import pytest
import yaml

import assets
from assets.odcs import to_odcs, to_odcs_yaml
from assets.register import load_register

PROJECT = Path(assets.__file__).resolve().parent.parent
SCHEMA = Path(
    os.environ.get("ODCS_SCHEMA", PROJECT.parent / "shared" / "judges" / "data" / "odcs310.json")
)
REGISTER = load_register()


@pytest.fixture(scope="module")
def judge():
    if not SCHEMA.is_file():
        pytest.skip("the ODCS schema is not here")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    return jsonschema.validators.validator_for(schema)(schema)


@pytest.mark.parametrize("name", REGISTER.datasets)
def test_every_contract_is_a_valid_document(judge, name):
    text = to_odcs_yaml(REGISTER.datasets[name], REGISTER.city)
    assert [error.message for error in judge.iter_errors(yaml.safe_load(text))] == []


def test_the_judge_refuses_what_is_wrong(judge):
    document = to_odcs(REGISTER.datasets["resident_register"], REGISTER.city)
    assert list(judge.iter_errors({**document, "kind": "Contract"}))
    assert list(judge.iter_errors({k: v for k, v in document.items() if k != "version"}))


def test_the_document_says_what_the_contract_says():
    dataset = REGISTER.datasets["resident_register"]
    document = to_odcs(dataset, REGISTER.city)
    assert document["id"] == "272035-resident_register"
    assert document["team"]["name"] == dataset.contract.owner.department
    table = document["schema"][0]
    columns = {column["name"]: column for column in table["properties"]}
    assert list(columns) == list(dataset.contract.columns)
    assert columns["resident_id"]["primaryKey"]
    assert "primaryKey" not in columns["full_name"]
    assert columns["birth_date"]["logicalType"] == "date"
    assert columns["full_name"]["classification"] == "個人"
    assert columns["full_name"]["criticalDataElement"]
    assert {"property": "role", "value": "direct_identifier"} in columns["full_name"][
        "customProperties"
    ]
    rules = [yaml.safe_load(rule["implementation"]) for rule in table["quality"]]
    assert {
        "type": "ExpectColumnValuesToBeInSet",
        "kwargs": {"column": "sex_code", "value_set": ["1", "2"]},
    } in rules
