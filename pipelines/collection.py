"""The first step of a run: the inbox is read once, every recognised file is kept with a receipt.

A file that belongs to no contract, or that cannot be read, is on the record with the remedy; one
that is still being written is left for the next run; the rest goes on.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg

from assets.register import Register
from pipelines.border import run_step
from pipelines.known_bytes import KnownBytes
from pipelines.partitions import log_period, name_step, periods_of, show_periods
from pipelines.platform import Platform
from warehouse.account import Account, Outcome, version_of
from warehouse.atomic import write_atomically
from warehouse.home import Home
from warehouse.inbox import Arrival, Stray, find_strays, scan_inbox
from warehouse.landing import (
    RETURNED,
    StillWritingError,
    collect,
    collect_returned,
    is_kept,
    modified_at,
    receipts,
    returned_receipts,
)
from warehouse.refusal import Refusal
from warehouse.returns.arrival import find_dataset
from warehouse.unfinished import CHANGING, Waiting, part_waiting

UNREGISTERED = "契約のないファイル"
UNUSABLE = "使えない「直す行」のファイル"
STRAY = "受け取れないもの"
WRITING = "書き込み中"


def collection_asset(register: Register, *, by_period: bool = False) -> dg.AssetsDefinition:
    """Build the landing assets of all datasets as one step, as wholes or by delivery periods."""
    specs = [
        dg.AssetSpec(
            ["landing", dataset.name],
            group_name=f"{dataset.department}_landing",
            description=f"{dataset.contract.title}: 届いたファイルの原本と受領証",
            kinds={"file"},
            owners=[],
            tags={"zone": "secure"},
            partitions_def=periods_of(dataset) if by_period else None,
        )
        for dataset in register.datasets.values()
    ]

    @dg.multi_asset(
        specs=specs,
        name=name_step("collect", by_period=by_period),
        can_subset=True,
        required_resource_keys={"platform"},
        description="受付箱を読み、原本を1度だけ保管する",
    )
    def collect_files(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        platform: Platform = context.resources.platform
        collected: dict[str, Collected] = {}

        def work() -> Outcome:
            collected.update(collect_inbox(platform))
            return _total([item.outcome for item in collected.values()], platform.home)

        run_step(context, platform, asset="landing", title="収集", zone="landing", work=work)
        for name in sorted(key.path[-1] for key in context.selected_asset_keys):
            outcome = collected[name].outcome
            show_periods(context.instance, platform.home, register.datasets[name])
            for period in collected[name].periods:
                log_period(context, ["landing", name], period)
            yield dg.MaterializeResult(
                asset_key=["landing", name],
                data_version=dg.DataVersion(outcome.data_version),
                metadata={
                    "受領したファイル": outcome.account.rows_out,
                    "新しいファイル": outcome.changed,
                },
            )

    return collect_files


@dataclass(frozen=True)
class Collected:
    """What a collection has of one dataset: its files (as rows), and the periods of new ones."""

    outcome: Outcome
    periods: list[str]


def collect_inbox(platform: Platform) -> dict[str, Collected]:
    """Keep everything new in the inbox and give an account per dataset."""
    fresh: dict[str, set[str]] = {name: set() for name in platform.register.datasets}
    unknown: list[dict[str, object]] = []
    arrivals, waiting, strays = _read_inbox(platform)
    has_receipt = _find_kept(platform)
    for arrival in arrivals:
        if has_receipt(arrival):
            continue
        try:
            returned = find_dataset(
                platform.home, arrival.path, platform.register.datasets, platform.parser
            )
            dataset = returned or arrival.dataset
            if dataset is None:
                unknown.append(_unknown(arrival.path, platform.inbox))
                continue
            receipt, is_new = (
                collect_returned(platform.home, arrival, returned)
                if returned
                else collect(platform.home, arrival)
            )
        except Refusal as refusal:
            unknown.append({**_unknown(arrival.path, platform.inbox), "refusal": str(refusal)})
            continue
        except StillWritingError:
            waiting.append(Waiting(arrival.path, CHANGING))
            continue
        except OSError as error:
            unknown.append(
                {**_unknown(arrival.path, platform.inbox), "error": type(error).__name__}
            )
            continue
        fresh[dataset] |= {receipt.period} if is_new else set()
    unknown += [
        {**_unknown(stray.path, platform.inbox), "stray": str(stray.refusal)} for stray in strays
    ]
    left = [{**_unknown(w.path, platform.inbox), "reason": w.reason} for w in waiting]
    _write_list(unregistered_path(platform.home), unknown)
    _write_list(_waiting_path(platform.home), left)
    return {name: _collected(platform.home, name, fresh[name]) for name in fresh}


def _find_kept(platform: Platform) -> Callable[[Arrival], bool]:
    """Tell which files of the inbox have their receipt already, without reading them again."""
    known = KnownBytes(platform.home)
    have = {
        (name, receipt.period, receipt.sha256): receipt
        for name in platform.register.datasets
        for receipt in receipts(platform.home, name)
    }

    def has_receipt(arrival: Arrival) -> bool:
        sha256 = known.remembered(arrival.path) or ""
        receipt = have.get((arrival.dataset or "", arrival.period, sha256))
        if receipt is None or arrival.path.name not in receipt.names:
            return False
        if not is_kept(platform.home, sha256):
            return False
        return receipt.modified_at >= modified_at(arrival.path)

    return has_receipt


def _read_inbox(platform: Platform) -> tuple[list[Arrival], list[Waiting], list[Stray]]:
    """Part what lies in the inbox: whole files, files still being written, what is not taken."""
    if not platform.inbox.is_dir():
        return [], [], []
    ready, waiting = part_waiting(scan_inbox(platform.inbox, platform.register.datasets))
    return ready, waiting, find_strays(platform.inbox)


def unregistered_path(home: Home) -> Path:
    """Give the path of the list of files that belong to no contract."""
    return home.landing / "unregistered.json"


def read_unregistered(home: Home) -> list[dict[str, object]]:
    """Read the list of files that belong to no contract, as of the last collection."""
    return _read_list(unregistered_path(home))


def read_waiting(home: Home) -> list[dict[str, object]]:
    """Read the list of files that were still being written at the last collection."""
    return _read_list(_waiting_path(home))


def _waiting_path(home: Home) -> Path:
    return home.landing / "waiting.json"


def _read_list(path: Path) -> list[dict[str, object]]:
    return json.loads(path.read_text("utf-8")) if path.is_file() else []


def _write_list(path: Path, items: list[dict[str, object]]) -> None:
    write_atomically(path, json.dumps(items, ensure_ascii=False, indent=1))


def _unknown(path: Path, inbox: Path) -> dict[str, object]:
    return {"file": path.relative_to(inbox).as_posix(), "size": path.lstat().st_size}


def _collected(home: Home, dataset: str, fresh: set[str]) -> Collected:
    kept = [*receipts(home, dataset), *returned_receipts(home, dataset)]
    names = sum(len(receipt.names) for receipt in kept)
    again = {"同じ内容の再送": names - len(kept)} if names > len(kept) else {}
    account = Account(rows_in=names, rows_out=len(kept), set_aside=again)
    version = version_of(f"{r.period}:{r.sha256}" for r in kept)
    outcome = Outcome(f"landing/{dataset}", account, version, changed=bool(fresh))
    return Collected(outcome, sorted(fresh - {RETURNED}))


def _total(outcomes: list[Outcome], home: Home) -> Outcome:
    unregistered, waiting = read_unregistered(home), len(read_waiting(home))
    unusable = [str(item["refusal"]) for item in unregistered if "refusal" in item]
    strays = [str(item["stray"]) for item in unregistered if "stray" in item]
    unknown = len(unregistered)
    again = sum(o.account.set_aside.get("同じ内容の再送", 0) for o in outcomes)
    set_aside = {
        "同じ内容の再送": again,
        UNREGISTERED: unknown - len(unusable) - len(strays),
        UNUSABLE: len(unusable),
        STRAY: len(strays),
        WRITING: waiting,
    }
    account = Account(
        rows_in=sum(o.account.rows_in for o in outcomes) + unknown + waiting,
        rows_out=sum(o.account.rows_out for o in outcomes),
        set_aside={reason: count for reason, count in set_aside.items() if count},
        notes=(*unusable, *strays),
    )
    version = version_of(o.data_version for o in outcomes)
    return Outcome("landing", account, version, changed=any(o.changed for o in outcomes))
