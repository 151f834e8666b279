"""Everything that is out about the persons a candidate counts, as the ledger knows it.

Belongs here: which frozen versions count the same population, and their numbers. Must not hold: how
a table is read (`overlap_released`), attacks. Data that were withdrawn are gone here, but not from
the disks of those who took them: they are counted, so that the approver hears of them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.release import ControlledRounding, RandomRounding
from warehouse.formats.csv_file import read_numbers
from warehouse.refusal import Refusal
from warehouse.release.ledger import numbered_by_release
from warehouse.release.overlap_released import Held, Meaning, read_meaning, read_released
from warehouse.release.version import Version, offered, version_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.overlaps import CountsPersons
    from warehouse.home import Home


@dataclass(frozen=True)
class Out:
    """What is out.

    Attributes:
        held: versions that count persons of the candidate's population.
        withdrawn: how many versions of such releases were taken back.
    """

    held: tuple[Held, ...]
    withdrawn: int


def collect(
    home: Home, persons: CountsPersons, declared: Mapping[str, Meaning], within: Mapping[str, str]
) -> Out:
    """Read every public version that counts the same persons, or a part of them, or more.

    Args:
        home: Of the city.
        persons: What the candidate counts.
        declared: What the register says now, for versions frozen before it was kept with them.
        within: Population to the larger one it belongs to.

    Raises:
        Refusal: The ledger is broken, a frozen file was changed, or a version cannot be read.
    """
    root = root_of(persons.population, within)
    held, withdrawn = [], 0
    for release, numbered in sorted(numbered_by_release(home).items()):
        meanings = [(v, meaning_of(v, declared)) for v in offered(home, numbered)]
        ours = [(v, m) for v, m in meanings if _root(m, within) == root]
        found = [_read(home, v, m) for v, m in ours]
        held += [h for h in found if h is not None]
        if ours or _root(declared.get(release), within) == root:
            withdrawn += sum(version.withdrawal is not None for version in numbered)
    return Out(tuple(held), withdrawn)


def root_of(population: str, within: Mapping[str, str]) -> str:
    """Climb to the largest population."""
    seen: list[str] = []
    while population in within and population not in seen:
        seen.append(population)
        population = within[population]
    return population


def meaning_of(version: Version, declared: Mapping[str, Meaning]) -> Meaning | None:
    """Say what a version means: as kept with it, or else as the register says now."""
    kept = version.candidate.meaning
    return read_meaning(kept) if kept else declared.get(version.release)


def _root(meaning: Meaning | None, within: Mapping[str, str]) -> str | None:
    persons = meaning.persons if meaning else None
    if persons is None:
        return None
    return root_of(persons.population, {**within, **_upward(persons)})


def _upward(persons: CountsPersons) -> dict[str, str]:
    return {persons.population: persons.within} if persons.within else {}


def _read(home: Home, version: Version, meaning: Meaning | None) -> Held | None:
    if meaning is None:
        return None
    csv = next(f for f in version.candidate.files if f.name.endswith(".csv"))
    path = version_folder(home, version.release, version.name) / csv.name
    data = path.read_bytes() if path.is_file() else b""
    where = f"{version.release} {version.name}"
    if hashlib.sha256(data).hexdigest() != csv.sha256:
        raise Refusal(
            "overlap.changed",
            "公開済みの版のファイルがないか、承認の後に変わっています。",
            where,
            "控えから戻すか、その版を取り下げてください。",
        )
    table = read_numbers(data, version.candidate.number_columns)
    _require_fit(table, version, meaning, where)
    return read_released(
        table,
        version.candidate.integers,
        meaning,
        release=version.release,
        version=version.number,
        period=version.candidate.period,
    )


def _require_fit(table: pl.DataFrame, version: Version, meaning: Meaning, where: str) -> None:
    """Refuse to read an old version by a base it was not rounded to."""
    protection = meaning.protection
    if not isinstance(protection, RandomRounding | ControlledRounding):
        return
    is_multiple = table.select(
        (pl.col(list(version.candidate.integers)) % protection.base == 0).all()
    )
    if not is_multiple.select(pl.all_horizontal(pl.all())).item():
        raise Refusal(
            "overlap.base",
            "公開済みの版が、今の宣言とは違う単位で丸められています。",
            where,
            "その版を取り下げて今の方法で公開し直すか、丸めの単位をその版に合わせてください。",
        )
