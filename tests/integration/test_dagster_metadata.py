"""What Dagster's own screens show after the demonstration: groups, schemas, counts, checks, previews."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from assets.register import load_register
from pipelines.blueprint import make_definitions
from pipelines.selection import select_delivered

PREVIEW = "公開列の見本"


@pytest.fixture(scope="module")
def register(demo):
    """What the demonstration delivers, of all that the register describes."""
    whole = load_register()
    chosen = {tuple(key.path) for key in select_delivered(demo.home, demo.inbox, whole).keys}

    def made(layer, items):
        return {name: item for name, item in items.items() if (layer, name) in chosen}

    return replace(
        whole,
        datasets=made("raw", whole.datasets),
        linkages=made("link", whole.linkages),
        marts=made("mart", whole.marts),
        releases=made("open", whole.releases),
        cases=made("evidence", whole.cases),
    )


@pytest.fixture(scope="module")
def graph(register):
    return make_definitions(register).resolve_asset_graph()


@pytest.fixture(scope="module")
def shown(demo, graph, dagster_of):
    """asset key → metadata of its last materialization."""
    with dagster_of(demo.home) as instance:
        events = {
            key: instance.get_latest_materialization_event(key)
            for key in graph.materializable_asset_keys
        }
    assert all(event is not None for event in events.values())
    return {
        key.to_user_string(): event.asset_materialization.metadata for key, event in events.items()
    }


def test_every_asset_is_materialized_once_in_a_run_that_succeeded(demo, dagster_of, shown, graph):
    with dagster_of(demo.home) as instance:
        [record] = instance.get_run_records()
    assert record.dagster_run.status.value == "SUCCESS"
    assert len(shown) == len(graph.materializable_asset_keys)


def test_every_dataset_shows_its_rows_and_columns_with_their_classification(
    demo, register, shown, query
):
    for name, dataset in register.datasets.items():
        metadata = shown[f"common/{name}"]
        held = f"secure.common.{name}"
        if dataset.contract.history == "snapshots":  # a row counts in every period it holds
            held += (
                f" JOIN secure.meta.periods AS p ON p.dataset = '{name}' "
                "AND _valid_from <= p.day AND p.day < _valid_to"
            )
        counted = query(demo.home, f"SELECT count(*) FROM {held}")
        assert [(metadata["dagster/row_count"].value,)] == counted
        columns = metadata["dagster/column_schema"].schema.columns
        assert {c.name: c.tags["classification"] for c in columns} == {
            n: c.classification for n, c in dataset.contract.table_columns.items()
        }
        assert {c.name: c.description for c in columns} == {
            n: c.title for n, c in dataset.contract.table_columns.items()
        }
        assert metadata["収支が閉じている"].value is True


def test_only_open_columns_are_previewed(register, shown):
    for name, dataset in register.datasets.items():
        contract = dataset.contract
        loaded = shown[f"common/{name}"]["dagster/row_count"].value > 0
        open_titles = [c.title for c in contract.columns.values() if c.classification == "公開"]
        for layer in ("common", "internal"):
            metadata = shown[f"{layer}/{name}"]
            expected = open_titles if loaded and not contract.is_personal else None
            assert _preview_titles(metadata) == expected, (layer, name)
        assert PREVIEW not in shown[f"raw/{name}"]
        assert PREVIEW not in shown[f"landing/{name}"]


def test_personal_data_is_never_previewed(register, shown):
    personal = [name for name, d in register.datasets.items() if d.contract.is_personal]
    assert "resident_register" in personal
    assert not [
        key
        for key, metadata in shown.items()
        if key.split("/")[1] in personal and PREVIEW in metadata
    ]
    assert PREVIEW not in shown["mart/population_by_town"]
    assert PREVIEW in shown["mart/online_usage"]


def test_every_mart_shows_its_declared_columns(register, shown):
    for name, mart in register.marts.items():
        columns = shown[f"mart/{name}"]["dagster/column_schema"].schema.columns
        assert [c.name for c in columns] == list(mart.spec.columns)
        assert all(c.tags["classification"] for c in columns)


def test_groups_are_the_department_and_the_zone(register, graph):
    zones = {"landing": "landing", "raw": "secure", "common": "secure", "internal": "internal"}
    for name, dataset in register.datasets.items():
        for layer, zone in zones.items():
            node = graph.get(dg.AssetKey([layer, name]))
            assert node.group_name == f"{dataset.department}_{zone}"


def test_every_check_was_evaluated(demo, graph, dagster_of):
    keys = list(graph.asset_check_keys)
    with dagster_of(demo.home) as instance:
        records = instance.event_log_storage.get_asset_check_summary_records(keys)
    states = {key: record.last_check_execution_record for key, record in records.items()}
    assert len(keys) > 50
    assert [key.to_user_string() for key in keys if states.get(key) is None] == []
    failed = {k.to_user_string() for k, s in states.items() if s.status.value != "SUCCEEDED"}
    assert failed == {"raw/childcare_enrolment:deliveries_readable"}


def _preview_titles(metadata):
    """Read the column titles off a preview; None when there is none."""
    if PREVIEW not in metadata:
        return None
    head = metadata[PREVIEW].value.splitlines()[0]
    return [title.strip() for title in head.strip("|").split("|")]
