"""The lineage as OpenLineage events (openlineage-python, Apache-2.0), for other people's catalogues.

A step of a run is one OpenLineage run of one job: a START and a COMPLETE or FAIL event, with inputs,
outputs, their columns and what each column is made of. A delivered file is a dataset of its own whose
version is its SHA-256. Nothing is sent: events are lines of a file.

Belongs here: the form of the events. Must not hold: how lineage is found (`graph`, `origins`).
Importing it takes half a second: whoever needs it does so inside a function.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from openlineage.client import event_v2, set_producer
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    dataset_version_dataset,
    documentation_dataset,
    error_message_run,
    output_statistics_output_dataset,
    schema_dataset,
    sql_job,
)
from openlineage.client.serde import Serde

from warehouse.lineage.graph import Field
from warehouse.lineage.sql_columns import ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from openlineage.client.facet_v2 import DatasetFacet

    from warehouse.lineage.graph import Lineage
    from warehouse.lineage.origins import Origin

PRODUCER = "urn:machikane:pipeline"
_BEFORE = {"raw": "landing", "common": "raw", "internal": "common"}


@dataclass(frozen=True)
class Finished:
    """One step of a run as it ended.

    Attributes:
        asset: such as `common/resident_register`, `mart/population_by_town`.
        state: how it ended.
        started: when, with a time zone.
        finished: when, with a time zone.
        rows: rows of the table afterwards.
        message: why it failed, free of any person's value.
        sql: the query of a mart or a release.
    """

    asset: str
    state: Literal["COMPLETE", "FAIL"]
    started: dt.datetime
    finished: dt.datetime
    rows: int | None = None
    message: str = ""
    sql: str = ""


@dataclass(frozen=True)
class Scene:
    """What the events of one run speak of.

    Attributes:
        city: local government code; the namespace of all names.
        run_id: of the whole run.
        lineage: the columns.
        titles: asset → its Japanese title.
        files: dataset → the files behind it.
        headers: dataset, period → the headers delivered then.
    """

    city: str
    run_id: str
    lineage: Lineage
    titles: Mapping[str, str]
    files: Mapping[str, Sequence[Origin]]
    headers: Mapping[tuple[str, str], frozenset[str]]

    @property
    def namespace(self) -> str:
        """Name the city's own space of names."""
        return f"machikane://{self.city}"


def event_lines(scene: Scene, steps: Iterable[Finished]) -> Iterator[str]:
    """Write the events of a run's steps, a JSON text each, in their order."""
    set_producer(PRODUCER)
    for step in steps:
        inputs, outputs = _inputs(scene, step.asset), [_output(scene, step)]
        for state, moment in (("START", step.started), (step.state, step.finished)):
            event = event_v2.RunEvent(
                eventTime=moment.astimezone(dt.UTC).isoformat(),
                eventType=event_v2.RunState[state],
                run=_run(scene, step, state),
                job=_job(scene, step),
                inputs=inputs,
                outputs=outputs,
            )
            yield Serde.to_json(event, ensure_ascii=False)


def _run(scene: Scene, step: Finished, state: str) -> event_v2.Run:
    run = event_v2.Run(str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scene.run_id}/{step.asset}")))
    if state == "FAIL":
        run.facets = {
            "errorMessage": error_message_run.ErrorMessageRunFacet(step.message, "Python")
        }
    return run


def _job(scene: Scene, step: Finished) -> event_v2.Job:
    job = event_v2.Job(scene.namespace, step.asset)
    if step.sql:
        job.facets = {"sql": sql_job.SQLJobFacet(query=step.sql, dialect="duckdb")}
    return job


def _inputs(scene: Scene, asset: str) -> list[event_v2.InputDataset]:
    layer, name = asset.split("/", 1)
    if layer == "raw":
        return [
            event_v2.InputDataset(
                scene.namespace, _file_name(origin), facets=_file_facets(scene, origin)
            )
            for origin in scene.files.get(name, ())
        ]
    columns = (*scene.lineage.columns.get(asset, ()), ROWS)
    behind = {f.asset for c in columns for f in scene.lineage.edges.get(Field(asset, c), ())}
    behind |= {f"{_BEFORE[layer]}/{name}"} if layer in _BEFORE else set()
    return [
        event_v2.InputDataset(scene.namespace, source, facets=_facets(scene, source))
        for source in sorted(behind)
    ]


def _output(scene: Scene, step: Finished) -> event_v2.OutputDataset:
    columns = scene.lineage.columns.get(step.asset, ())
    made = {c: fields for c in columns if (fields := _input_fields(scene, step.asset, c))}
    facets = _facets(scene, step.asset)
    facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(
        {column: column_lineage_dataset.Fields(fields) for column, fields in made.items()}
    )
    counted = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(step.rows)
    return event_v2.OutputDataset(
        scene.namespace, step.asset, facets=facets, outputFacets={"outputStatistics": counted}
    )


def _input_fields(scene: Scene, asset: str, column: str) -> list[column_lineage_dataset.InputField]:
    """Name the columns behind one; the rows themselves (`*`) are no column of a dataset."""
    fields = sorted(scene.lineage.edges.get(Field(asset, column), ()))
    pairs = [pair for field in fields if field.column != ROWS for pair in _places(scene, field)]
    return [column_lineage_dataset.InputField(scene.namespace, *pair) for pair in pairs]


def _places(scene: Scene, field: Field) -> list[tuple[str, str]]:
    layer, name = field.asset.split("/", 1)
    if layer != "landing":
        return [(field.asset, field.column)]
    return [
        (_file_name(origin), field.column)
        for origin in scene.files.get(name, ())
        if field.column in scene.headers.get((name, origin.period), ())
    ]


def _facets(scene: Scene, asset: str) -> dict[str, DatasetFacet]:
    fields = [
        schema_dataset.SchemaDatasetFacetFields(column)
        for column in scene.lineage.columns.get(asset, ())
    ]
    title = scene.titles.get(asset, asset)
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields),
        "documentation": documentation_dataset.DocumentationDatasetFacet(title),
    }


def _file_name(origin: Origin) -> str:
    """Name a file by its bytes: the same file is the same dataset in every run."""
    return f"landing/{origin.dataset}/{origin.sha256}"


def _file_facets(scene: Scene, origin: Origin) -> dict[str, DatasetFacet]:
    headers = sorted(scene.headers.get((origin.dataset, origin.period), ()))
    fields = [schema_dataset.SchemaDatasetFacetFields(header) for header in headers]
    return {
        "schema": schema_dataset.SchemaDatasetFacet(fields),
        "documentation": documentation_dataset.DocumentationDatasetFacet(origin.file),
        "version": dataset_version_dataset.DatasetVersionDatasetFacet(origin.sha256),
    }
