"""Which steps a run needs: the datasets that somebody delivers, and what stands on these alone.

A register describes more than one city delivers. What has never come is no step, and neither is
what needs it; the run's report names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import dagster as dg

from warehouse.inbox import scan_inbox
from warehouse.landing import receipts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assets.register import Register
    from warehouse.home import Home

LAYERS = ("landing", "raw", "common", "internal")


@dataclass(frozen=True)
class Selection:
    """What a run does.

    Attributes:
        keys: of the assets it makes.
        absent: titles of the datasets that have never come.
        left_out: titles of what is not made, because it needs one of those.
    """

    keys: list[dg.AssetKey]
    absent: list[str]
    left_out: list[str]


def select_delivered(home: Home, inbox: Path, register: Register) -> Selection:
    """Select what a run over this inbox needs."""
    lying = scan_inbox(inbox, register.datasets) if inbox.is_dir() else []
    come = {arrival.dataset for arrival in lying}
    return select_steps(register, {n for n in register.datasets if n in come or receipts(home, n)})


def select_dataset(name: str) -> Selection:
    """Select one dataset, from its files to the pseudonymised table."""
    return Selection([dg.AssetKey([layer, name]) for layer in LAYERS], [], [])


def select_steps(register: Register, delivered: set[str]) -> Selection:
    """Select the datasets that are delivered and every product whose sources there are.

    Of the sources a mart may miss, one is enough.
    """
    there = {f"common.{name}" for name in delivered}
    made: list[tuple[str, str]] = []
    missing: list[str] = []
    for layer, name, title, sources in _products(register):
        if _can_be_made(register, layer, name, sources, there):
            made.append((layer, name))
            there |= {f"mart.{name}"} if layer == "mart" else set()
        else:
            missing.append(title)
    # With nothing delivered the inbox is read all the same: there may be unknown files in it.
    names = sorted(delivered)
    read = [(layer, name) for layer in LAYERS for name in names]
    read = read or [("landing", name) for name in register.datasets]
    absent = [d.contract.title for n, d in register.datasets.items() if n not in delivered]
    keys = [dg.AssetKey(list(pair)) for pair in (*read, *made, ("portal", "site"))]
    return Selection(keys, absent, missing)


def _can_be_made(
    register: Register, layer: str, name: str, sources: list[str], there: set[str]
) -> bool:
    spare = set(register.marts[name].spec.may_be_missing) if layer == "mart" else set()
    return there.issuperset(set(sources) - spare) and (not sources or bool(there & set(sources)))


def _products(register: Register) -> Iterable[tuple[str, str, str, list[str]]]:
    """List layer, name, title and sources of all products, each after those it may stand on."""
    for name, linkage in register.linkages.items():
        sources = [f"common.{linked.dataset}" for linked in linkage.spec.datasets]
        yield "link", name, linkage.spec.title, sources
    for name in _in_order(register):
        mart = register.marts[name].spec
        yield "mart", name, mart.title, mart.sources
    for name, release in register.releases.items():
        yield "open", name, release.spec.title, release.spec.sources
    for name, case in register.cases.items():
        yield "evidence", name, case.title, case.sources


def _in_order(register: Register) -> list[str]:
    """Order marts so that each comes after the marts it reads."""
    reads = {
        name: [s.removeprefix("mart.") for s in mart.spec.sources if s.startswith("mart.")]
        for name, mart in register.marts.items()
    }
    return [name for name in TopologicalSorter(reads).static_order() if name in register.marts]
