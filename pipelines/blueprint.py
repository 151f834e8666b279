"""Build what Dagster runs from a register, in a loop; nothing is registered by hand."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.collection import collection_asset
from pipelines.datasets import dataset_assets
from pipelines.linkages import linkage_assets
from pipelines.platform import platform_resource
from pipelines.products import product_assets

if TYPE_CHECKING:
    from assets.register import Register

JOB = "collect_to_open"
EVENTS = "machikane.events"
NIGHTLY = "0 2 * * *"


@dg.logger({}, description="実行の出来事(画面には出さない)")
def event_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """Give the logger to which a run's events go; whoever shows progress listens to it."""
    logger = logging.getLogger(EVENTS)
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    return logger


def make_definitions(register: Register) -> dg.Definitions:
    """Build the definitions of one register."""
    assets = [
        collection_asset(register),
        *(asset for dataset in register.datasets.values() for asset in dataset_assets(dataset)),
        *linkage_assets(register),
        *product_assets(register),
    ]
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="収集から公開の準備までを通しで行う",
        executor_def=dg.in_process_executor,
        config={"loggers": {"console": {}}},
    )
    schedule = dg.ScheduleDefinition(
        name="nightly",
        job=job,
        cron_schedule=NIGHTLY,
        execution_timezone="Asia/Tokyo",
        description="毎晩2時に受付箱を読む(初めは停止している)",
    )
    return dg.Definitions(
        assets=assets,
        jobs=[job],
        schedules=[schedule],
        resources={"platform": platform_resource},
        loggers={"console": event_logger},
        executor=dg.in_process_executor,
    )
