"""Tell whether a run would find anything to do, before Dagster is even loaded.

After a run that went through, a stamp of everything it depended on is kept: the inbox's bytes, the
register, the code. While the stamp holds and what the run made is in place, there is nothing new.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assets.register import fingerprint
from pipelines.known_bytes import KnownBytes
from warehouse.account import code_fingerprint
from warehouse.atomic import write_atomically
from warehouse.inbox import scan_inbox
from warehouse.lake import ZONES

if TYPE_CHECKING:
    from pathlib import Path

    from assets.register import Register
    from warehouse.home import Home

_ROOMS = ("transforms", "anonymize", "warehouse", "pipelines", "notebooks")
_DECLARATIONS = {".yaml", ".sql", ".py", ".csv"}


def stamp(home: Home, inbox: Path, register: Register) -> str:
    """Hash what a run depends on: every file of the inbox, the register and the code."""
    known = KnownBytes(home)
    files = [
        f"{a.dataset}|{a.period}|{a.path.name}|{known.digest(a.path)}"
        for a in scan_inbox(inbox, register.datasets)
    ]
    known.keep()
    declared = sorted(p for p in register.root.rglob("*") if p.suffix in _DECLARATIONS)
    return fingerprint(
        "\n".join(sorted(files)).encode(),
        *(path.read_bytes() for path in declared),
        code_fingerprint(_ROOMS).encode(),
    )


def is_up_to_date(home: Home, value: str) -> bool:
    """Tell whether the last run went through on this stamp, and its work is still there."""
    path = _path(home)
    made = [home.portal / "index.html", *(home.lake(zone) / "catalog.sqlite" for zone in ZONES)]
    if not path.is_file() or not all(product.is_file() for product in made):
        return False
    return json.loads(path.read_text("utf-8"))["stamp"] == value


def keep_stamp(home: Home, value: str) -> None:
    """Remember that a run on this stamp went through."""
    write_atomically(_path(home), json.dumps({"stamp": value}))


def forget_stamp(home: Home) -> None:
    """Forget it before a run: one that ends halfway must not leave an older stamp to be trusted."""
    _path(home).unlink(missing_ok=True)


def _path(home: Home) -> Path:
    return home.reports / "runs" / "last_complete.json"
