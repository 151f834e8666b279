"""The frozen data files in the public folder: hard links where the disk allows, else copies.

A version's folder never changes once it is there; `latest/` holds the newest version's files under
a stable address, each swapped in one move. Bytes are compared with the hash that was approved
before they appear.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.exchange.ngsi import FOLDER as NGSI
from warehouse.landing import hash_file
from warehouse.refusal import Refusal
from warehouse.release.freeze import SIGNATURE, SUMS
from warehouse.release.version import version_folder

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile, PublicVersion
    from warehouse.home import Home

# What may lie beside the data in a frozen folder and goes out with them.
_SIGNED = (SUMS, SIGNATURE)


@dataclass(frozen=True)
class Placed:
    """A file to be at a path of the public folder. `sha256` None: it is its own proof."""

    source: Path
    sha256: str | None


def latest_path(entry: Entry, file: PublicFile) -> str:
    """Give the stable address of a file of the newest version, under the public folder."""
    return f"datasets/{entry.name}/latest/{file.name}"


def list_data(home: Home, catalogue: PublicCatalogue) -> dict[str, Placed]:
    """List every data file to be public, by path: all versions, and the newest under `latest/`."""
    found: dict[str, Placed] = {}
    for entry in catalogue.open_entries:
        for version in entry.versions:
            folder = version_folder(home, entry.name, version.name)
            found |= _files(entry, version, folder)
            found |= {
                f"datasets/{entry.name}/{version.name}/{name}": Placed(folder / name, None)
                for name in _SIGNED
                if (folder / name).is_file()
            }
    return found


def _files(entry: Entry, version: PublicVersion, folder: Path) -> dict[str, Placed]:
    found = {file.path: Placed(folder / file.name, file.sha256) for file in version.files}
    if version is entry.latest:
        found |= {
            latest_path(entry, file): Placed(folder / file.name, file.sha256)
            for file in version.files
        }
    return found


def place(public: Path, files: dict[str, Placed]) -> None:
    """Bring the files to their paths; those already there are left alone.

    Raises:
        Refusal: `site.changed` when frozen bytes are not those that were approved.
    """
    for name, placed in files.items():
        target = public / name
        if not _is_there(target, placed):
            _put(target, placed)


def remove_withdrawn(public: Path, catalogue: PublicCatalogue) -> None:
    """Remove all but the page of releases that were taken back, whoever put it there."""
    for entry in catalogue.entries:
        if entry.latest is None:
            for path in (
                *(public / "datasets" / entry.name).glob("*"),
                *(public / NGSI).glob(f"{entry.name}.*"),
            ):
                if path.is_dir():
                    shutil.rmtree(path)
                elif path.name != "index.html":
                    path.unlink()


def _is_there(target: Path, placed: Placed) -> bool:
    if not target.is_file():
        return False
    if target.samefile(placed.source):
        return True
    same_size = target.stat().st_size == placed.source.stat().st_size
    return same_size and hash_file(target) == (placed.sha256 or hash_file(placed.source))


def _put(target: Path, placed: Placed) -> None:
    if placed.sha256 and hash_file(placed.source) != placed.sha256:
        raise Refusal(
            "site.changed",
            "凍結した公開データのファイルが、承認されたものと違います。公開ページの更新を止めました。",
            f"{placed.source.parent.parent.name} {placed.source.parent.name} {placed.source.name}",
            "控えから releases フォルダーを戻し、だれが書き換えたかを確かめてください。",
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name[:60]}.part")
    part.unlink(missing_ok=True)
    _link(placed.source, part)
    part.replace(target)


def _link(source: Path, target: Path) -> None:
    """Make a second name for the bytes, or a copy where the system or the disk does not allow it.

    On Windows a copy always: a second name of a read-only file could be neither replaced nor removed.
    """
    try:
        (shutil.copyfile if os.name == "nt" else os.link)(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o644)
