"""Lineage as OpenLineage events: what another program finds in them."""

import datetime as dt
import json
import uuid

import pytest

from warehouse.lineage.events import Finished, Scene, event_lines
from warehouse.lineage.graph import Field, Lineage
from warehouse.lineage.origins import Origin

SHA = "ab" * 32
STARTED = dt.datetime(2026, 5, 1, 2, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))
LINEAGE = Lineage(
    columns={
        "landing/people": ("宛名番号", "旧番号", "町名"),
        "raw/people": ("resident_id", "town"),
        "mart/by_town": ("town", "resident_count"),
        "internal/people": ("resident_id", "town"),
    },
    edges={
        Field("raw/people", "resident_id"): frozenset(
            {Field("landing/people", "宛名番号"), Field("landing/people", "旧番号")}
        ),
        Field("raw/people", "town"): frozenset({Field("landing/people", "町名")}),
        Field("mart/by_town", "town"): frozenset({Field("internal/people", "town")}),
        Field("mart/by_town", "resident_count"): frozenset({Field("internal/people", "*")}),
    },
    inexact=frozenset(),
)
SCENE = Scene(
    city="272035",
    run_id="a-run",
    lineage=LINEAGE,
    titles={"mart/by_town": "町別人口"},
    files={"people": [Origin("people", "2026-04", "住民_202604.csv", SHA)]},
    headers={("people", "2026-04"): frozenset({"宛名番号", "町名"})},
)


def step(asset, state="COMPLETE", **said):
    finished = STARTED + dt.timedelta(seconds=3)
    return Finished(asset, state, STARTED, finished, **said)


def events(*steps):
    return [json.loads(line) for line in event_lines(SCENE, steps)]


@pytest.fixture(scope="module")
def told():
    return events(
        step("raw/people", rows=10),
        step("mart/by_town", rows=3, sql="SELECT 1"),
        step("common/people", "FAIL", message="品質検査に通りません"),
    )


def _facets(node):
    """Every facet of an event, wherever it hangs."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key.lower().endswith("facets"):
                yield from value.values()
            yield from _facets(value)
    elif isinstance(node, list):
        for item in node:
            yield from _facets(item)


def test_every_event_has_what_the_specification_requires(told):
    for event in told:
        assert {"eventTime", "eventType", "producer", "schemaURL", "run", "job"} <= event.keys()
        assert dt.datetime.fromisoformat(event["eventTime"]).tzinfo is not None
        uuid.UUID(event["run"]["runId"])
        assert event["job"]["namespace"] == "machikane://272035"
        for dataset in (*event["inputs"], *event["outputs"]):
            assert dataset["namespace"]
            assert dataset["name"]
        for facet in _facets(event):
            assert facet["_producer"] == "urn:machikane:pipeline"
            assert facet["_schemaURL"].startswith("https://openlineage.io/spec/facets/")


def test_a_step_starts_and_ends_once_under_one_run(told):
    states = [(event["job"]["name"], event["eventType"]) for event in told]
    assert states == [
        ("raw/people", "START"), ("raw/people", "COMPLETE"),
        ("mart/by_town", "START"), ("mart/by_town", "COMPLETE"),
        ("common/people", "START"), ("common/people", "FAIL"),
    ]  # fmt: skip
    assert told[0]["run"]["runId"] == told[1]["run"]["runId"] != told[2]["run"]["runId"]


def test_a_delivered_file_is_a_dataset_whose_version_is_its_sha256(told):
    (file,) = told[1]["inputs"]
    assert file["name"] == f"landing/people/{SHA}"
    assert file["facets"]["version"]["datasetVersion"] == SHA
    assert file["facets"]["documentation"]["description"] == "住民_202604.csv"


def test_a_column_names_the_header_that_was_delivered_then_and_no_other(told):
    fields = told[1]["outputs"][0]["facets"]["columnLineage"]["fields"]
    (behind,) = fields["resident_id"]["inputFields"]
    assert (behind["name"], behind["field"]) == (f"landing/people/{SHA}", "宛名番号")


def test_a_mart_tells_its_query_its_rows_and_its_columns(told):
    done = told[3]
    assert done["job"]["facets"]["sql"]["query"] == "SELECT 1"
    (output,) = done["outputs"]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 3
    assert [f["name"] for f in output["facets"]["schema"]["fields"]] == ["town", "resident_count"]
    assert [i["name"] for i in done["inputs"]] == ["internal/people"]
    assert "resident_count" not in output["facets"]["columnLineage"]["fields"]


def test_a_failure_says_why_at_its_end_alone(told):
    start, end = told[4:]
    assert "errorMessage" not in start["run"].get("facets", {})
    assert end["run"]["facets"]["errorMessage"]["message"] == "品質検査に通りません"


def test_the_same_run_told_twice_is_the_same(told):
    assert events(step("raw/people", rows=10)) == told[:2]
