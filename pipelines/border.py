"""The border between our steps and Dagster's event log: what crosses it holds no person's value.

A refusal goes on in its own Japanese words; any other error is reduced to its type and place,
because library errors like to echo their input.
"""

from __future__ import annotations

import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from pipelines.run_record import DONE, FAILED, UNCHANGED, WITHHELD, Step, now, write_step
from warehouse.account import Account
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.platform import Platform
    from warehouse.account import Outcome


def run_step(
    context: dg.AssetExecutionContext,
    platform: Platform,
    *,
    asset: str,
    title: str,
    zone: str,
    work: Callable[[], Outcome],
) -> Outcome:
    """Run one step and put it on the record.

    Raises:
        dagster.Failure: with a Japanese description free of row values.
    """
    started = time.perf_counter()

    def note(status: str, account: Account | None = None, message: str = "") -> None:
        seconds = round(time.perf_counter() - started, 3)
        step = Step(asset, title, zone, status, seconds, now(), account or Account(), message)
        write_step(platform.home, context.run_id, step)

    try:
        outcome = work()
    except Refusal as refusal:
        note(WITHHELD, message=str(refusal))
        raise dg.Failure(description=str(refusal), allow_retries=False) from None
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not go on
        message = describe(error)
        note(FAILED, message=message)
        raise dg.Failure(description=message, allow_retries=False) from None
    note(DONE if outcome.changed else UNCHANGED, account=outcome.account)
    return outcome


def describe(error: BaseException) -> str:
    """Say where an unexpected error came from, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "site-packages" not in f.filename] or list(frames)
    last = ours[-1] if ours else None
    place = f"{'/'.join(Path(last.filename).parts[-2:])} の {last.lineno}行" if last else "不明"
    return (
        f"予期しない誤りが起きました({type(error).__name__})。\n  場所: {place}\n"
        "  直し方: もう一度実行し、同じ誤りが出るときは場所と種類を開発者に知らせてください。"
    )
