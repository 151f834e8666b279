"""What is left of a delivery whose retention has ended: its hash, its dates and the reason.

The proof that its rows are gone is written onto it when the last snapshot that held them is.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from warehouse.atomic import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.home import Home


@dataclass(frozen=True)
class Tombstone:
    """One delivery, or the ended rows of a table, that went.

    Attributes:
        delivery: the id that its rows bore; empty for the ended rows of a table.
        sha256: of the landed bytes; empty for rows.
        cutoff: rows that had ended before this day went (ISO 8601).
        reason: retention in years and its basis, in Japanese.
        rows: zone → rows that went.
        snapshots: zone → first snapshot without them.
        proven_at: when no byte of them was left in the lakes; None: not yet.
        proof: what was looked through for that, in Japanese.
    """

    dataset: str
    period: str
    delivery: str
    sha256: str
    size: int
    received_at: str
    deleted_at: str
    cutoff: str
    reason: str
    rows: dict[str, int] = field(default_factory=dict)
    snapshots: dict[str, int] = field(default_factory=dict)
    proven_at: str | None = None
    proof: str = ""


def write_tombstone(home: Home, stone: Tombstone) -> None:
    """Write one over its predecessor."""
    text = json.dumps(asdict(stone), ensure_ascii=False, indent=1)
    write_atomically(_path(home, stone), text)


def read_tombstones(home: Home) -> list[Tombstone]:
    """List all, by dataset and period."""
    paths = sorted(_folder(home).glob("*/*/*.json"))
    return [Tombstone(**json.loads(path.read_text("utf-8"))) for path in paths]


def is_tombstoned(home: Home, dataset: str, period: str, sha256: str) -> bool:
    """Tell whether these very bytes went because their retention had ended."""
    return (_folder(home) / dataset / period / f"{sha256}.json").is_file()


def _folder(home: Home) -> Path:
    return home.landing / "tombstones"


def _path(home: Home, stone: Tombstone) -> Path:
    name = stone.sha256 or f"rows_{stone.deleted_at[:10]}"
    return _folder(home) / stone.dataset / stone.period / f"{name}.json"
