"""A home with files of every kind that is kept, and a way to flip one bit of them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import polars as pl

from warehouse.home import Home
from warehouse.inbox import Arrival
from warehouse.lake import ZONES, open_lake, replace_rows, transaction
from warehouse.landing import collect
from warehouse.release.ledger import decide
from warehouse.upkeep.manifest import AREAS, list_path
from warehouse.upkeep.noting import files_of, note_folder

if TYPE_CHECKING:
    import random
    from collections.abc import Generator
    from pathlib import Path


def rows(delivery: str, count: int = 50) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "_delivery": [delivery] * count,
            "n": range(count),
            "text": [f"値{i}" for i in range(count)],
        }
    )


def fill(root: Path) -> Home:
    """Write rows and deletions into three lakes, land two files, freeze a release."""
    home = Home(root / "home")
    with open_lake(home, write=ZONES) as con:
        for zone in ZONES:
            for delivery in ("a", "b"):
                with transaction(con, zone, "x"):
                    replace_rows(con, (zone, "common", "places"), rows(delivery), remove=[])
            with transaction(con, zone, "x"):
                con.sql(f"DELETE FROM {zone}.common.places WHERE n % 7 = 0")
    for number in (1, 2):
        source = root / f"delivery{number}.csv"
        source.write_text(f"番号\n{number}\n" * 20, "utf-8")
        collect(home, Arrival(source, "places", f"2026-0{number}"))
    version = home.releases / "population" / "v1"
    version.mkdir(parents=True)
    (version / "data.csv").write_text("地域名\n本町\n" * 10, "utf-8")
    (version / "manifest.json").write_text(json.dumps({"version": "v1"}), "utf-8")
    decide(home, action="approved", release="population", candidate="c", person="p", note="")
    for area in ("landing", "releases"):
        note_folder(home, area)
    return home


def kept(home: Home) -> list[Path]:
    """List the files whose every bit counts: data, landed bytes, releases, the lists themselves."""
    lists = [p for area in AREAS for p in (list_path(home, area),)]
    heads = [path.with_suffix(".head.json") for path in lists]
    return [p for area in AREAS for p in files_of(home, area)] + lists + heads


def flip(path: Path, random_: random.Random) -> bytes:
    """Flip one bit and give the bytes from before; size and time stay."""
    before, stat = path.read_bytes(), path.stat()
    place, bit = random_.randrange(len(before)), random_.randrange(8)
    after = bytearray(before)
    after[place] ^= 1 << bit
    path.write_bytes(after)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return before


def flips_found(home: Home, count: int, seed: int) -> Generator[tuple[Path, list[str]]]:
    """Flip so many bits, one at a time, and give the faults that each made."""
    import random  # noqa: PLC0415 - beside its use

    from warehouse.upkeep.verify import verify  # noqa: PLC0415

    random_, files = random.Random(seed), kept(home)  # noqa: S311 - not for secrets
    for _ in range(count):
        path = random_.choice(files)
        before = flip(path, random_)
        yield path, [fault.where for fault in verify(home, [_area(home, path)]).faults]
        path.write_bytes(before)


def _area(home: Home, path: Path) -> str:
    parts = path.relative_to(home.root).parts
    return {"lake": parts[1], "manifest": path.name.split(".")[0]}.get(parts[0], parts[0])
