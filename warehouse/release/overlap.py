"""A staged release against all that is out about the same persons: what comes out stops it.

Belongs here: when a release must be held against others, and the order of the attacks. Must not
hold: reading, the attacks, wording. Fails closed: whatever cannot be carried out is a blocker.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from anonymize.overlap.attack import Exact, attack
from anonymize.overlap.likely import is_redrawn, look_at_series
from anonymize.overlap.program import ContradictionError
from assets.overlaps import CountsNobody
from assets.release import AnonymisedRecords, Noise, OpenAsIs
from warehouse.refusal import Refusal
from warehouse.release.overlap_ledger import collect
from warehouse.release.overlap_released import (
    Meaning,
    merge_dimensions,
    read_meaning,
    read_released,
    write_meaning,
)
from warehouse.release.overlap_wording import (
    word_contradiction,
    word_exact,
    word_failure,
    word_likely,
    word_redrawn,
    word_refusal,
    word_undeclared,
    word_withdrawn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from anonymize.gate import Finding
    from assets.register import Register, ReleaseQuery
    from warehouse.home import Home

_PERSON_UNITS = {"人", "名", "人数"}
_OF_PERSONS = re.compile(r"(人数|人口|者数|員数|児数)$")


@dataclass(frozen=True)
class Staged:
    """A table as it lies staged.

    Attributes:
        table: the file, read as a stranger would.
        integers: its columns of whole numbers.
        period: as of when it counts.
    """

    table: pl.DataFrame
    integers: Sequence[str]
    period: str


def judge_overlap(
    home: Home, register: Register, release: ReleaseQuery, staged: Staged, detail: Path
) -> list[Finding]:
    """Hold a staged table against everything that is out.

    Args:
        home: Of the city.
        register: Says what the other releases count.
        release: Being staged.
        staged: Its table.
        detail: Where what was derived is written, numbers included; guarded, and replaced each
            time.

    Returns:
        Findings; without a blocker, nothing small comes out.
    """
    try:
        return list(_judge(home, register, release, staged, detail))
    except Refusal as refusal:
        return [word_refusal(refusal)]
    except ContradictionError:
        return [word_contradiction()]
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - any fault blocks
        # The library's text may quote a value; only the kind of the error is told.
        return [word_failure(type(error).__name__)]


def populations(register: Register) -> dict[str, str]:
    """Say of each population which larger one it belongs to."""
    declared = (read_meaning(write_meaning(r)).persons for r in register.releases.values())
    return {p.population: p.within for p in declared if p is not None and p.within}


def _judge(
    home: Home, register: Register, release: ReleaseQuery, staged: Staged, detail: Path
) -> Iterator[Finding]:
    meaning = read_meaning(write_meaning(release))
    if why := _why_undeclared(register, release, staged.integers):
        yield word_undeclared(why)
    if meaning.persons is None or isinstance(meaning.protection, Noise | AnonymisedRecords):
        return
    declared: dict[str, Meaning] = {
        name: read_meaning(write_meaning(other)) for name, other in register.releases.items()
    }
    out = collect(home, meaning.persons, declared, populations(register))
    if out.withdrawn:
        yield word_withdrawn(out.withdrawn)
    if staged.table.is_empty():
        return  # the gate stops it, and there is nothing to read
    own = read_released(
        staged.table, staged.integers, meaning,
        release=release.name, version=_next(out.held, release.name), period=staged.period,
    )  # fmt: skip
    if own is None:
        return
    candidate = replace(own.released, is_candidate=True)
    earlier = [held.released for held in out.held]
    dimensions = merge_dimensions([own.persons, *(held.persons for held in out.held)])
    exact = attack(candidate, earlier, dimensions)
    _write_detail(detail, exact)
    yield from word_exact(exact)
    yield from word_likely(look_at_series(candidate, earlier))
    if is_redrawn(candidate, earlier):
        yield word_redrawn()


def _next(held: Sequence, release: str) -> int:
    return 1 + max((h.released.version for h in held if h.released.release == release), default=0)


def _why_undeclared(
    register: Register, release: ReleaseQuery, integers: Sequence[str]
) -> str | None:
    """Say why a release must declare which persons it counts; None: it need not, or does."""
    protection, overlaps = release.spec.protection, release.spec.overlaps
    # Rows of persons are judged as such (`gate_records`); they are no table of counts.
    if isinstance(protection, Noise | AnonymisedRecords):
        return None
    if not isinstance(protection, OpenAsIs):
        is_declared = overlaps is not None and not isinstance(overlaps, CountsNobody)
        return None if is_declared else f"秘匿の方法が {protection.method} の表です"
    if overlaps is not None:
        return None
    if named := [name for name in integers if _OF_PERSONS.search(name)]:
        return f"人数らしい列があります: {'、'.join(named)}"
    if counted := [s for s in release.spec.sources if _counts_persons(register, s)]:
        return f"単位が人の列をもつデータから作っています: {'、'.join(counted)}"
    return None


def _counts_persons(register: Register, source: str) -> bool:
    layer, name = source.split(".", 1)
    if layer == "mart":
        columns = register.marts[name].spec.columns if name in register.marts else {}
    else:
        columns = register.datasets[name].contract.columns if name in register.datasets else {}
    open_ones = [c for c in columns.values() if c.classification == "公開"]
    return any(getattr(c, "unit", None) in _PERSON_UNITS for c in open_ones)


def _write_detail(path: Path, exact: Exact) -> None:
    """Write what was derived where only the platform's own account can read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    statements = pl.concat([exact.changes, exact.sizes])
    if statements.height:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            statements.write_csv(file)
