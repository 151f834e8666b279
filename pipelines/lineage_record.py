"""After a run: what it changed, put down as OpenLineage events in `reports/lineage/<run>.jsonl`.

Steps that changed nothing say nothing; what they made has been told by the run that made it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from pipelines.run_record import DONE, FAILED, WITHHELD, read_steps
from warehouse.atomic import write_atomically
from warehouse.lineage.origins import origins

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.register import Register
    from pipelines.run_record import Step
    from warehouse.home import Home
    from warehouse.lineage.events import Finished, Scene
    from warehouse.lineage.graph import Lineage
    from warehouse.lineage.origins import Origin

_LAYERS = ("raw", "common", "internal", "mart", "open")


def write_lineage(
    con: duckdb.DuckDBPyConnection, home: Home, register: Register, lineage: Lineage, run: str
) -> Path:
    """Write the events of one run. `con` has `internal` attached; `lineage` is the register's.

    Returns:
        The file; it is empty when the run changed nothing.
    """
    from warehouse.lineage.events import event_lines  # noqa: PLC0415 - half a second

    steps = [_finished(register, step) for step in read_steps(home, run) if _is_told(step)]
    lines = event_lines(_scene(con, register, lineage, run), steps) if steps else ()
    path = home.reports / "lineage" / f"{run}.jsonl"
    write_atomically(path, "".join(f"{line}\n" for line in lines))
    return path


def _is_told(step: Step) -> bool:
    told = step.status in {DONE, FAILED, WITHHELD}
    return told and "/" in step.asset and step.asset.split("/", 1)[0] in _LAYERS


def _finished(register: Register, step: Step) -> Finished:
    from warehouse.lineage.events import Finished  # noqa: PLC0415 - half a second

    layer, name = step.asset.split("/", 1)
    queries = {"mart": register.marts, "open": register.releases}.get(layer, {})
    finished = dt.datetime.fromisoformat(step.finished_at)
    return Finished(
        asset=step.asset,
        state="COMPLETE" if step.status == DONE else "FAIL",
        started=finished - dt.timedelta(seconds=step.seconds),
        finished=finished,
        rows=step.account.rows_out if step.status == DONE else None,
        message=step.message,
        sql=queries[name].sql if name in queries else "",
    )


def _scene(con: duckdb.DuckDBPyConnection, register: Register, lineage: Lineage, run: str) -> Scene:
    from warehouse.lineage.events import Scene  # noqa: PLC0415 - half a second

    files: dict[str, list[Origin]] = {}
    for origin in origins(con, register.datasets):
        files.setdefault(origin.dataset, []).append(origin)
    return Scene(
        city=register.city.local_government_code,
        run_id=run,
        lineage=lineage,
        titles=_titles(register),
        files=files,
        headers={
            (name, origin.period): _headers(register, name, origin.period)
            for name, found in files.items()
            for origin in found
        },
    )


def _headers(register: Register, name: str, period: str) -> frozenset[str]:
    columns = register.datasets[name].contract.columns.values()
    return frozenset(header for column in columns for header in column.headers(period))


def _titles(register: Register) -> dict[str, str]:
    datasets = {
        f"{layer}/{name}": dataset.contract.title
        for name, dataset in register.datasets.items()
        for layer in ("landing", "raw", "common", "internal")
    }
    marts = {f"mart/{m.name}": m.spec.title for m in register.marts.values()}
    return datasets | marts | {f"open/{r.name}": r.spec.title for r in register.releases.values()}
