"""Which delivered files stand behind a table now: name, period and SHA-256 of each.

Belongs here: what the account of the zones says of files. Must not hold: columns (`graph`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from assets.register import Register


@dataclass(frozen=True)
class Origin:
    """One delivered file that a table is made of."""

    dataset: str
    period: str
    file: str
    sha256: str


def origins(con: duckdb.DuckDBPyConnection, datasets: Iterable[str]) -> list[Origin]:
    """List the files behind the analysts' tables of some datasets. `con` has `internal` attached."""
    rows = con.execute(
        "SELECT asset, account FROM internal.meta.loaded WHERE list_contains(?, asset)",
        [[f"internal/{dataset}" for dataset in datasets]],
    ).fetchall()
    found = [
        Origin(
            dataset=asset.split("/", 1)[1],
            period=str(account["period"]),
            file=str(account["file"]),
            sha256=str(account["sha256"]),
        )
        for asset, account in ((row[0], json.loads(row[1])) for row in rows)
    ]
    return sorted(found, key=lambda o: (o.dataset, o.period, o.file))


def datasets_behind(register: Register, sources: Iterable[str]) -> list[str]:
    """Name the datasets that some sources (`common.x`, `mart.y`) are made of, directly or not."""
    found: set[str] = set()
    for source in sources:
        layer, name = source.split(".", 1)
        if layer == "common":
            found.add(name)
        elif layer == "mart":
            found |= set(datasets_behind(register, register.marts[name].spec.sources))
    return sorted(found)
