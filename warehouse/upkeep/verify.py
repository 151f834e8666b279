"""Whether every kept file still is what it was: every byte is hashed and compared with the lists.

Only looking is done here. Parquet readers notice one flipped bit in ten; this notices each.
"""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import duckdb

from warehouse.lake import ZONES, open_lake
from warehouse.landing import hash_file
from warehouse.release.version import is_withdrawn
from warehouse.upkeep.manifest import AREAS, BrokenChainError, present, read_head, read_lines
from warehouse.upkeep.noting import THREADS, files_of, lake_files, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from warehouse.home import Home
    from warehouse.upkeep.manifest import Line

# A file as young as this may belong to a write that goes on.
_YOUNG_SECONDS = 3600
_RESTORE = "このファイルをバックアップから戻し、もう一度 machikane verify を実行してください。"
_UPKEEP = "machikane upkeep が、必要なら一覧に載せ、不要なら片づけます。"
_LOOK = "だれが置いたかを調べ、要らなければ消してください。"


@dataclass(frozen=True)
class Fault:
    """One file that is not as it should be: what, where, what to do."""

    kind: Literal["altered", "missing", "unknown", "list", "catalog"]
    what: str
    where: str
    remedy: str

    def __str__(self) -> str:
        """Say it in three lines."""
        return f"{self.what}\n  場所: {self.where}\n  直し方: {self.remedy}"


@dataclass
class Verified:
    """What was looked at and what was found.

    Attributes:
        chains: area → last value of its list's chain.
        young: files too new to be judged.
    """

    files: int = 0
    bytes: int = 0
    young: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    chains: dict[str, str] = field(default_factory=dict)


def verify(home: Home, areas: Iterable[str] = AREAS) -> Verified:
    """Hash every file of the areas and compare."""
    found, started = Verified(), time.perf_counter()
    for area in areas:
        try:
            lines = read_lines(home, area)
            found.chains[area] = read_head(home, area).chain
        except BrokenChainError as broken:
            found.faults.append(Fault("list", broken.what, broken.where, broken.remedy))
            continue
        _verify_area(home, area, present(lines), found)
        if area in ZONES:
            found.faults += _check_catalog(home.lake(area) / "catalog.sqlite")
    found.seconds = time.perf_counter() - started
    return found


def _verify_area(home: Home, area: str, known: dict[str, Line], found: Verified) -> None:
    disk = {name_of(home, path): path for path in files_of(home, area)}
    both = [name for name in known if name in disk]
    with ThreadPoolExecutor(THREADS) as pool:
        hashes = pool.map(_hash, (disk[name] for name in both))
        results = dict(zip(both, hashes, strict=True))
    found.files += len(both)
    found.bytes += sum(known[name].size for name in both)
    found.faults += [
        Fault("altered", "ファイルの中身が、書いたときと違います。", name, _RESTORE)
        for name, sha256 in results.items()
        if sha256 not in {None, known[name].sha256}
    ]
    missing = [name for name in known if results.get(name) is None]
    unknown = [name for name in disk if name not in known]
    if missing or unknown:
        _explain(home, area, missing, {name: disk[name] for name in unknown}, found)


def _hash(path: Path) -> str | None:
    try:
        return hash_file(path)
    except FileNotFoundError:  # upkeep was here meanwhile
        return None


def _explain(
    home: Home, area: str, missing: list[str], unknown: dict[str, Path], found: Verified
) -> None:
    """Tell what is at fault from what has been cleared away or is being written right now."""
    needed = _needed(home, area)
    found.faults += [
        Fault("missing", "ファイルがありません。", name, _RESTORE)
        for name in missing
        if (needed is None or name in needed) and not _is_withdrawn(home, area, name)
    ]
    for name, path in unknown.items():
        if area == "landing":
            found.faults += _judge_landed(name, path, found)
        elif time.time() - path.stat().st_mtime < _YOUNG_SECONDS:
            found.young += 1
        else:
            remedy = _UPKEEP if area in ZONES or area == "releases" else _LOOK
            found.faults.append(Fault("unknown", "一覧にないファイルがあります。", name, remedy))


def _is_withdrawn(home: Home, area: str, name: str) -> bool:
    if area != "releases":
        return False
    _, release, version, _ = name.split("/", 3)
    return is_withdrawn(home, release, version)


def _judge_landed(name: str, path: Path, found: Verified) -> list[Fault]:
    """Landed bytes are called by their hash: they prove themselves before they are listed."""
    if _hash(path) == path.name:
        found.young += 1
        return []
    return [Fault("altered", "届いたファイルの中身が、受け取ったときと違います。", name, _RESTORE)]


def _needed(home: Home, area: str) -> set[str] | None:
    """Name the files a lake's catalog needs; None where there is no catalog to ask."""
    if area not in ZONES or not (home.lake(area) / "catalog.sqlite").is_file():
        return None
    try:
        with open_lake(home, read=[area]) as con:
            return {name_of(home, path) for path, _ in lake_files(con, home, area)}
    except duckdb.Error:  # a broken catalog is a fault of its own
        return None


def _check_catalog(catalog: Path) -> list[Fault]:
    if not catalog.is_file():
        return []
    try:
        with closing(sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True)) as con:
            said = con.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        said = type(error).__name__
    if said == "ok":
        return []
    return [Fault("catalog", "カタログ(SQLite)が壊れています。", str(catalog), _RESTORE)]
