"""Proposals kept under the home, what people consented to, and the record of what was accepted.

`drift/<dataset>/<delivery>.json` stands while the delivery waits; `<delivery>.consent.json` stays;
`accepted.jsonl` is only ever appended to.
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from typing import TYPE_CHECKING

from warehouse.atomic import write_atomically
from warehouse.drift.change import Proposal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home

_CONSENT = ".consent.json"


def keep_proposal(home: Home, proposal: Proposal) -> None:
    """Write a proposal over its predecessor."""
    write_atomically(_path(home, proposal.dataset, proposal.delivery), proposal.as_json())


def has_proposal(home: Home, dataset: str, delivery: str) -> bool:
    """Tell whether a proposal stands for a delivery."""
    return _path(home, dataset, delivery).is_file()


def read_proposals(home: Home, dataset: str) -> list[Proposal]:
    """Read what waits of a dataset, the earliest period first."""
    paths = [p for p in (home.drift / dataset).glob("*.json") if not p.name.endswith(_CONSENT)]
    found = [Proposal.from_json(path.read_text("utf-8")) for path in paths]
    return sorted(found, key=lambda p: (p.validity.period, p.file, p.delivery))


def withdraw_proposal(home: Home, proposal: Proposal) -> None:
    """Remove a proposal that was accepted; its delivery is looked at again."""
    _path(home, proposal.dataset, proposal.delivery).unlink(missing_ok=True)


def forget_settled(home: Home, dataset: str, waiting: Iterable[str]) -> None:
    """Remove the proposals of deliveries that wait no longer."""
    kept = {_path(home, dataset, delivery).name for delivery in waiting}
    for path in (home.drift / dataset).glob("*.json"):
        if path.name not in kept and not path.name.endswith(_CONSENT):
            path.unlink(missing_ok=True)


def consents(home: Home, dataset: str, delivery: str) -> frozenset[str]:
    """List the ids of the changes that a person consented to for one delivery."""
    path = _consent_path(home, dataset, delivery)
    return frozenset(json.loads(path.read_text("utf-8"))) if path.is_file() else frozenset()


def consent(home: Home, proposal: Proposal, ids: Iterable[str]) -> None:
    """Remember that changes which the contract cannot say were consented to."""
    known = consents(home, proposal.dataset, proposal.delivery)
    path = _consent_path(home, proposal.dataset, proposal.delivery)
    write_atomically(path, json.dumps(sorted(known | set(ids)), ensure_ascii=False))


def log_accepted(home: Home, proposal: Proposal, lines: list[str], diff: str) -> None:
    """Append who accepted what and when."""
    home.drift.mkdir(parents=True, exist_ok=True, mode=0o700)
    entry = {
        "accepted_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "accepted_by": getpass.getuser(),
        "dataset": proposal.dataset,
        "delivery": proposal.delivery,
        "file": proposal.file,
        "period": proposal.validity.period,
        "changes": lines,
        "diff": diff,
    }
    with (home.drift / "accepted.jsonl").open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _path(home: Home, dataset: str, delivery: str) -> Path:
    return home.drift / dataset / f"{delivery}.json"


def _consent_path(home: Home, dataset: str, delivery: str) -> Path:
    return home.drift / dataset / f"{delivery}{_CONSENT}"
