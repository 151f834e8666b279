"""Run the pipeline's job in this process, with a progress display, and say what it did."""

from __future__ import annotations

import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from pipelines.blueprint import EVENTS, RUN_CONFIG, make_job
from pipelines.run_record import Step, read_steps
from pipelines.selection import select_delivered
from pipelines.settings import inbox_folder
from pipelines.showcase import publish_run
from warehouse.lake import open_lake

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.console import Console

    from assets.register import Register
    from pipelines.partitions import Scope
    from pipelines.selection import Selection
    from warehouse.home import Home

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class RunReport:
    """How a run ended.

    Attributes:
        absent: titles of the datasets that have never come.
        left_out: titles of what was not made, because it needs one of those.
    """

    run_id: str
    succeeded: bool
    seconds: float
    steps: list[Step]
    problems: list[str]
    absent: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def set_environment(home: Home, inbox: Path | None = None, register: Path | None = None) -> None:
    """Point every process of this run at the same home, inbox and register."""
    os.environ["MACHIKANE_HOME"] = str(home.root)
    os.environ["MACHIKANE_DAGSTER"] = str(home.dagster)
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    if inbox is not None:
        os.environ["MACHIKANE_INBOX"] = str(inbox.resolve())
    if register is not None:
        os.environ["MACHIKANE_REGISTER"] = str(register.resolve())
    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    home.dagster.mkdir(parents=True, exist_ok=True)


def run_job(
    home: Home,
    register: Register,
    console: Console,
    chosen: Selection | None = None,
    scope: Scope | None = None,
) -> RunReport:
    """Run over the inbox what there is to do. Steps that fail do not stop the others.

    Args:
        home: the home.
        register: the register.
        console: where the progress is shown.
        chosen: the steps; none: all that the deliveries ask for, and the portal at any rate.
        scope: the periods, when not all.
    """
    is_whole = chosen is None
    chosen = chosen or select_delivered(home, inbox_folder(home), register)
    job = make_job(register, chosen.keys)
    started = time.perf_counter()
    with (
        dg.DagsterInstance.from_config(str(PROJECT)) as instance,
        _listening(console, len(job.graph.node_dict)),
    ):
        result = job.execute_in_process(
            instance=instance,
            run_config=RUN_CONFIG,
            tags=scope.as_tags() if scope else None,
            raise_on_error=False,
        )
    steps = read_steps(home, result.run_id)
    if is_whole:
        _show_failed_run(home, register, result.run_id, steps)
    problems = [
        _word_problem(event) for event in result.all_events if "FAILURE" in event.event_type_value
    ]
    seconds = time.perf_counter() - started
    problems = [problem for problem in problems if problem]
    return RunReport(
        result.run_id, result.success, seconds, steps, problems, chosen.absent, chosen.left_out
    )


def _show_failed_run(home: Home, register: Register, run: str, steps: list[Step]) -> None:
    """Bring the portal up to a run that did not reach it: who looks there must see what failed."""
    if steps and not any(step.asset == "portal" for step in steps):
        with open_lake(home, read=["secure", "internal"]) as con:
            publish_run(con, home, register, run)


def _word_problem(event: dg.DagsterEvent) -> str:
    """Word a failure that no step has put on the record; a step's own words are there already."""
    error = getattr(event.event_specific_data, "error", None)
    if error is None or error.cls_name == "Failure":
        return ""
    kind = error.cause.cls_name if error.cause else error.cls_name
    return f"{event.step_key or '実行の準備'} で止まりました({kind})"


class _StepListener(logging.Handler):
    """Moves the progress bar when Dagster says that a step started or ended."""

    def __init__(self, progress: Progress, total: int) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("準備", total=total)

    def emit(self, record: logging.LogRecord) -> None:
        event: Any = (getattr(record, "dagster_meta", None) or {}).get("dagster_event")
        kind = getattr(event, "event_type_value", "")
        if kind == "STEP_START":
            self._progress.update(self._task, description=str(event.step_key).replace("__", " "))
        elif kind in {"STEP_SUCCESS", "STEP_FAILURE", "STEP_SKIPPED"}:
            self._progress.advance(self._task)


@contextmanager
def _listening(console: Console, total: int) -> Generator[None]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<44}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    logger = logging.getLogger(EVENTS)
    with Progress(*columns, console=console, transient=True) as progress:
        listener = _StepListener(progress, total)
        logger.addHandler(listener)
        try:
            yield
        finally:
            logger.removeHandler(listener)
