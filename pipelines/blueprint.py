"""Build what Dagster runs from a register, in a loop; nothing is registered by hand.

The same assets are built twice: as wholes for the run over everything, which is one run whatever
periods have come, and by delivery period for the screen, where some of them can be made again.
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.collection import collection_asset
from pipelines.datasets import dataset_assets
from pipelines.linkages import linkage_assets
from pipelines.platform import platform_resource
from pipelines.products import product_assets
from pipelines.selection import select_delivered
from pipelines.settings import inbox_folder
from warehouse.home import Home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.register import Register

JOB = "collect_to_open"
EVENTS = "machikane.events"
NIGHTLY = "0 2 * * *"
# Whoever runs the job says it: as the job's own it would name every step, and no part could be run.
RUN_CONFIG: dict[str, Any] = {"loggers": {"console": {}}}


@dg.logger({}, description="実行の出来事(画面には出さない)")
def event_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """Give the logger to which a run's events go; whoever shows progress listens to it."""
    logger = logging.getLogger(EVENTS)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    return logger


_SHARED: dict[str, Any] = {
    "resources": {"platform": platform_resource},
    "loggers": {"console": event_logger},
    "executor": dg.in_process_executor,
}


def make_job(
    register: Register,
    keys: Sequence[dg.AssetKey] | None = None,
    products: Sequence[dg.AssetsDefinition] = (),
) -> dg.JobDefinition:
    """Build the run over all assets, or the named ones.

    Its assets are wholes, so that it is one run whatever periods have come. `products` stand behind
    the datasets; they are built when they are not given.
    """
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() if keys is None else dg.AssetSelection.keys(*keys),
        description="収集から公開の準備までを通しで行う",
        executor_def=dg.in_process_executor,
    )
    assets = [*_read(register, by_period=False), *(products or _make(register))]
    definitions = dg.Definitions(assets=assets, jobs=[job], **_SHARED)
    return definitions.resolve_job_def(JOB)


def make_definitions(register: Register) -> dg.Definitions:
    """Build what Dagster shows of a register: its assets by period, and the run over everything."""
    products = _make(register)
    job = make_job(register, products=products)

    @dg.schedule(
        job=job,
        name="nightly",
        cron_schedule=NIGHTLY,
        execution_timezone="Asia/Tokyo",
        description="毎晩2時に受付箱を読む(初めは停止している)",
    )
    def nightly(_context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        home = Home.from_environment()
        chosen = select_delivered(home, inbox_folder(home), register)
        return dg.RunRequest(asset_selection=chosen.keys, run_config=RUN_CONFIG)

    with warnings.catch_warnings():
        # Backfills of many periods in one run are called beta; two lines an asset say so.
        warnings.simplefilter("ignore", dg.BetaWarning)
        datasets = _read(register, by_period=True)
    return dg.Definitions(assets=[*datasets, *products], jobs=[job], schedules=[nightly], **_SHARED)


def _read(register: Register, *, by_period: bool) -> list[dg.AssetsDefinition]:
    datasets = register.datasets.values()
    return [
        collection_asset(register, by_period=by_period),
        *(asset for dataset in datasets for asset in dataset_assets(dataset, by_period=by_period)),
    ]


def _make(register: Register) -> list[dg.AssetsDefinition]:
    return [*linkage_assets(register), *product_assets(register)]
