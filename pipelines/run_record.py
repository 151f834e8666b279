"""The record of a run: one line a step, with its account, kept as JSON lines under `reports/runs`.

The record holds counts, titles and Japanese sentences, never a value of a row.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from warehouse.account import Account

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home

DONE, UNCHANGED, WITHHELD, FAILED = "成功", "変更なし", "見送り", "失敗"


@dataclass(frozen=True)
class Step:
    """What one step of a run did."""

    asset: str
    title: str
    zone: str
    status: str
    seconds: float
    finished_at: str
    account: Account = field(default_factory=Account)
    message: str = ""


def write_step(home: Home, run_id: str, step: Step) -> None:
    """Append one step to the record of its run."""
    path = _path(home, run_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {**asdict(step), "account": step.account.as_json()}
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_steps(home: Home, run_id: str) -> list[Step]:
    """Read the steps of a run in the order they ended."""
    path = _path(home, run_id)
    if not path.is_file():
        return []
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Step(account=Account.from_json(line.pop("account")), **line) for line in lines]


def latest_run(home: Home) -> str | None:
    """Name the run whose record was written last."""
    records = list((home.reports / "runs").glob("*.jsonl"))
    return max(records, key=lambda p: p.stat().st_mtime_ns).stem if records else None


def now() -> str:
    """Give the time as the record writes it: ISO 8601, UTC."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _path(home: Home, run_id: str) -> Path:
    return home.reports / "runs" / f"{run_id}.jsonl"
