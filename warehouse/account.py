"""The account every step gives of itself: rows in, rows out, set aside and why."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ROOMS = ("transforms", "anonymize", "warehouse")
_SOURCE = {".py", ".ipynb", ".j2", ".css"}
BLANK = "空欄"


@dataclass(frozen=True)
class Cells:
    """What became of the cells of the files: in = mapped + quarantined + set aside.

    Attributes:
        cells_in: cells of every record, blank ones too.
        mapped: cells that stand in a column of the contract.
        quarantined: cells of records a rule refused.
        set_aside: reason → cells that are not data; blank ones are counted under `BLANK`.
    """

    cells_in: int = 0
    mapped: int = 0
    quarantined: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)

    @property
    def closes(self) -> bool:
        """Tell whether every cell is accounted for."""
        return self.cells_in == self.mapped + self.quarantined + sum(self.set_aside.values())


@dataclass(frozen=True)
class Account:
    """What one step did with the rows it was given.

    Attributes:
        rows_in: rows (or records of files) that came in.
        rows_out: rows that went on.
        quarantined: rows set aside because a rule refused them.
        set_aside: reason → rows that are not data (titles, totals, notes …).
        notes: sentences for people: refused files, mended values.
        cells: the same account in cells, where the step knows them.
    """

    rows_in: int = 0
    rows_out: int = 0
    quarantined: int = 0
    set_aside: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    cells: Cells = field(default_factory=Cells)

    @property
    def closes(self) -> bool:
        """Tell whether every row and every cell is accounted for."""
        aside = sum(self.set_aside.values())
        return self.rows_in == self.rows_out + self.quarantined + aside and self.cells.closes

    def as_json(self) -> dict[str, object]:
        """Give it as plain values."""
        return {
            "rows_in": self.rows_in,
            "rows_out": self.rows_out,
            "quarantined": self.quarantined,
            "set_aside": dict(self.set_aside),
            "notes": list(self.notes),
            "cells": {**asdict(self.cells), "set_aside": dict(self.cells.set_aside)},
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> Account:
        """Read what `as_json` gave; other keys are left alone."""
        numbers = {k: cast("int", values.get(k, 0)) for k in ("rows_in", "rows_out", "quarantined")}
        set_aside = cast("dict[str, int]", values.get("set_aside", {}))
        notes = cast("list[str]", values.get("notes", []))
        cells = Cells(**cast("dict[str, Any]", values.get("cells", {})))
        return cls(**numbers, set_aside=set_aside, notes=tuple(notes), cells=cells)


@dataclass(frozen=True)
class Outcome:
    """What a step answers: its account, and the version of the data it leaves behind."""

    asset: str
    account: Account
    data_version: str
    changed: bool


def add_up(accounts: Iterable[Account]) -> Account:
    """Add accounts of the same step over several deliveries."""
    accounts = list(accounts)
    return Account(
        rows_in=sum(a.rows_in for a in accounts),
        rows_out=sum(a.rows_out for a in accounts),
        quarantined=sum(a.quarantined for a in accounts),
        set_aside=_add_reasons(a.set_aside for a in accounts),
        notes=tuple(note for a in accounts for note in a.notes),
        cells=Cells(
            cells_in=sum(a.cells.cells_in for a in accounts),
            mapped=sum(a.cells.mapped for a in accounts),
            quarantined=sum(a.cells.quarantined for a in accounts),
            set_aside=_add_reasons(a.cells.set_aside for a in accounts),
        ),
    )


def _add_reasons(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


def version_of(parts: Iterable[str]) -> str:
    """Hash fingerprints into one data version, whatever their order."""
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()[:16]


@lru_cache
def code_fingerprint(rooms: tuple[str, ...] = _ROOMS) -> str:
    """Hash our own source, so that data made by older code is made again after an upgrade."""
    digest = hashlib.sha256()
    for room in rooms:
        spec = importlib.util.find_spec(room)
        folders = (spec.submodule_search_locations if spec else None) or []
        for path in sorted(
            p for folder in folders for p in Path(folder).rglob("*") if p.suffix in _SOURCE
        ):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
