"""The code location of the built-in register loads as Dagster loads it."""

import dagster as dg
import pytest

from assets.register import load_register
from pipelines.blueprint import JOB, make_definitions


@pytest.fixture(scope="module")
def register():
    return load_register()


@pytest.fixture(scope="module")
def definitions(register):
    return make_definitions(register)


def test_no_two_steps_have_one_name(definitions):
    assert JOB in {job.name for job in definitions.get_repository_def().get_all_jobs()}


def test_every_layer_of_a_dataset_is_shown_by_its_own_periods(definitions, register):
    graph = definitions.resolve_asset_graph()
    for name in register.datasets:
        for layer in ("landing", "raw", "common", "internal"):
            shown = graph.get(dg.AssetKey([layer, name])).partitions_def
            assert shown == dg.DynamicPartitionsDefinition(name=f"periods_of_{name}")


def test_the_run_over_everything_has_no_periods(definitions, register):
    job = definitions.resolve_job_def(JOB)
    assert job.partitions_def is None
    steps = set(job.graph.node_dict)
    assert {f"raw__{name}" for name in register.datasets} <= steps


def test_every_asset_says_what_it_is(definitions):
    graph = definitions.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.description, key
        assert node.group_name, key
