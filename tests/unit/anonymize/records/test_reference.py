"""The proven optima of ARX on public and made-up data, where the reference files are at hand."""

import json
import os
import time
from pathlib import Path

import polars as pl
import pytest

import anonymize
from anonymize.hierarchy.hierarchy import hierarchy_of_rows
from anonymize.records.full_domain import search
from anonymize.records.groups import group
from anonymize.records.judging import measure
from anonymize.records.models import DistinctL, EntropyL, EqualT, KAnonymity
from anonymize.records.recode import full_domain


def load(name):
    project = Path(anonymize.__path__[0]).resolve().parent
    named = os.environ.get("MACHIKANE_REFERENCE", project.parent / "shared" / "reference")
    folder = Path(named) / "anon" / name
    if not folder.is_dir():
        pytest.skip("参照データがない")
    meta = json.loads((folder / "meta.json").read_text())
    ladders = [
        hierarchy_of_rows(
            column,
            [
                line.split(";")
                for line in (folder / "hierarchies" / f"{column}.csv").read_text().splitlines()
            ],
        )
        for column in meta["qi"]
    ]
    parquet = folder / "data.parquet"
    frame = pl.read_parquet(parquet) if parquet.exists() else pl.read_csv(folder / "data.csv")
    return frame, ladders


@pytest.mark.parametrize(
    ("limit", "loss", "suppressed", "levels"),
    [
        (0.0, 0.63554, 0, None),
        (0.02, 0.35748, 506, [0, 3, 0, 2, 2, 1, 1, 2, 0]),
        (0.05, 0.26963, 1346, None),
    ],
)
def test_adult_as_arx_proves_it(limit, loss, suppressed, levels):
    frame, ladders = load("adult")
    begun = time.process_time()
    groups = group(frame, ladders, [])
    found = search(groups, ladders, [KAnonymity(5)], limit)
    assert time.process_time() - begun < 2  # alone 0.3; others may share the caches
    assert found.optimal_proven
    assert round(found.loss, 5) == loss
    assert found.suppressed_rows == suppressed
    assert levels in (None, list(found.levels.values()))
    published = full_domain(frame, ladders, found, groups.of_rows)
    judged = measure(published, groups.columns, [KAnonymity(5)])
    assert judged.holds
    assert (judged.classes, judged.suppressed_rows) == (found.classes, suppressed)


@pytest.mark.slow
@pytest.mark.parametrize(
    "models",
    [
        [KAnonymity(5)],
        [KAnonymity(5), DistinctL(3, "care_level")],
        [KAnonymity(5), EqualT(0.2, "care_level")],
        [KAnonymity(5), EntropyL(1.1, "care_level")],
    ],
    ids=str,
)
def test_a_city_of_400_000_is_proven_in_seconds(models):
    frame, ladders = load("toyonaka_syn")
    begun = time.process_time()
    groups = group(frame, ladders, models)
    found = search(groups, ladders, models, 0.02)
    assert time.process_time() - begun < 30
    assert found.optimal_proven
    if len(models) == 1:
        assert round(found.loss, 7) == 0.1889013
    if found.feasible:
        published = full_domain(frame, ladders, found, groups.of_rows)
        assert measure(published, groups.columns, models).holds
