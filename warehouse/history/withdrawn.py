"""Deliveries that were taken back: who did it, when and why, on a record that only grows.

Belongs here: the record, and which receipts still count by it. Must not hold: the receipts and bytes
themselves (`warehouse.landing`), which stay, or how tables follow (`warehouse.raw` and on).
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from warehouse.atomic import append_line
from warehouse.landing import receipts
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home
    from warehouse.landing import Receipt

_FEWEST_DIGITS = 8


@dataclass(frozen=True)
class TakeBack:
    """One line of the record: a delivery was taken back, or that was undone."""

    action: Literal["take_back", "undo"]
    at: str
    by: str
    reason: str
    dataset: str
    period: str
    file: str
    delivery: str
    sha256: str


def counting_receipts(home: Home, dataset: str) -> list[Receipt]:
    """List the receipts of a dataset that were not taken back, as `receipts` does."""
    out = taken_back(home)
    return [r for r in receipts(home, dataset) if (dataset, r.delivery) not in out]


def taken_back(home: Home) -> dict[tuple[str, str], TakeBack]:
    """Give what is taken back now: dataset and delivery → the line that says so."""
    last = {(line.dataset, line.delivery): line for line in read_record(home)}
    return {key: line for key, line in last.items() if line.action == "take_back"}


def read_record(home: Home) -> list[TakeBack]:
    """Read the record, oldest first."""
    path = _path(home)
    # Not splitlines: a reason may hold one of the other line separators of Unicode.
    lines = path.read_text("utf-8").split("\n")[:-1] if path.is_file() else []
    return [TakeBack(**json.loads(line)) for line in lines]


def find_delivery(home: Home, datasets: Iterable[str], said: str) -> Receipt:
    """Find the delivery a person means by its file's name, its id or its SHA-256 (8 digits or more).

    Raises:
        Refusal: `take_back.unknown` or `take_back.ambiguous`.
    """
    found = [r for name in datasets for r in receipts(home, name) if _is_meant(r, said)]
    if not found:
        raise Refusal(
            "take_back.unknown",
            "その名前・番号のファイルは届いていません。",
            said,
            "machikane status --account で、ファイルの名前を確かめてください。",
        )
    if len(found) > 1:
        listed = "、".join(f"{r.dataset} {r.period} {r.delivery}" for r in found)
        raise Refusal(
            "take_back.ambiguous",
            f"あてはまるファイルが {len(found)} 件あります: {listed}",
            said,
            "名前のかわりに、16桁の番号を書いてください。",
        )
    return found[0]


def note_take_back(home: Home, receipt: Receipt, reason: str, *, undo: bool) -> TakeBack:
    """Write onto the record that a delivery is taken back, or counts again.

    Raises:
        Refusal: `take_back.no_reason`, `take_back.already` or `take_back.not`.
    """
    if not reason.strip():
        raise Refusal(
            "take_back.no_reason",
            "理由がありません。",
            receipt.name,
            "--reason に、取り下げる(戻す)理由を書いてください。",
        )
    if ((receipt.dataset, receipt.delivery) in taken_back(home)) != undo:
        raise _nothing_to_do(receipt, undo=undo)
    line = TakeBack(
        action="undo" if undo else "take_back",
        at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        by=getpass.getuser(),
        reason=reason.strip(),
        dataset=receipt.dataset,
        period=receipt.period,
        file=receipt.name,
        delivery=receipt.delivery,
        sha256=receipt.sha256,
    )
    append_line(_path(home), json.dumps(asdict(line), ensure_ascii=False))
    return line


def _path(home: Home) -> Path:
    return home.root / "audit" / "take_backs.jsonl"


def _is_meant(receipt: Receipt, said: str) -> bool:
    digits = len(said) >= _FEWEST_DIGITS
    ids = (receipt.delivery, receipt.sha256)
    return said in receipt.names or (digits and any(i.startswith(said.lower()) for i in ids))


def _nothing_to_do(receipt: Receipt, *, undo: bool) -> Refusal:
    if undo:
        return Refusal(
            "take_back.not",
            "このファイルは取り下げられていません。",
            receipt.name,
            "machikane take-back で、取り下げたファイルの一覧を確かめてください。",
        )
    return Refusal(
        "take_back.already",
        "このファイルは、もう取り下げてあります。",
        receipt.name,
        "元に戻すには --undo を付けてください。",
    )
