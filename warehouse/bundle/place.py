"""Public side: the served folder brought to what a bundle says, file by file, each in one move.

Belongs here: which files change, in which order, and the moves. Must not hold: whether the bundle may
be trusted (`apply`). Every step can be repeated: after a crash the same call does what was left.

Order: data, then what describes them, then pages, `index.html` of the whole last, then removals. So a
page never speaks of a file that is not there yet, and what was taken back is gone at the end.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from warehouse.atomic import sync_folder
from warehouse.landing import hash_file
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.bundle.manifest import BundledFile, Manifest

# Wholly ours: nothing may lie here that the bundle does not name, or a withdrawn file could stay.
OURS = "datasets/"
_INDEX = "index.html"


def changed_files(served: Path, manifest: Manifest) -> list[BundledFile]:
    """List the files that are not there yet as they must be, in the order they are put.

    Raises:
        Refusal: `bundle.link` when the served folder has a link where ours would go.
    """
    _refuse_links(served, manifest)
    return sorted((f for f in manifest.files if not _is_there(served, f)), key=_rank)


def put_files(served: Path, staging: Path, files: list[BundledFile]) -> None:
    """Move each file to its place from the staged content."""
    for file in files:
        target = served / file.path
        _make_folder(served, target.parent)
        part = target.with_name(f".{target.name[:60]}.part")
        part.unlink(missing_ok=True)
        shutil.copyfile(staging / file.sha256, part)
        part.chmod(0o644)
        _flush(part)
        if target.is_dir():
            shutil.rmtree(target)
        part.replace(target)
        sync_folder(target.parent)


def gone_files(served: Path, manifest: Manifest, before: Manifest | None) -> list[Path]:
    """List what must not be served any more: what earlier bundles put, and strangers among our data."""
    kept = {file.path for file in manifest.files}
    known = {*manifest.removed, *(file.path for file in before.files if before)} if before else {
        *manifest.removed
    }  # fmt: skip
    ours = {
        path.relative_to(served).as_posix()
        for path in (served / OURS).rglob("*")
        if path.is_symlink() or path.is_file()
    }
    return [
        served / name
        for name in sorted((known | ours) - kept)
        if (served / name).is_file() or (served / name).is_symlink()
    ]


def remove_files(served: Path, gone: list[Path]) -> None:
    """Remove files and the folders that are empty without them."""
    for path in gone:
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == served or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()


def _rank(file: BundledFile) -> tuple[int, str]:
    if file.path == _INDEX:
        return 3, file.path
    if file.path.endswith(".html"):
        return 2, file.path
    return (0 if file.path.startswith(OURS) else 1), file.path


def _is_there(served: Path, file: BundledFile) -> bool:
    target = served / file.path
    if target.is_symlink() or not target.is_file() or target.stat().st_size != file.size:
        return False
    return hash_file(target) == file.sha256


def _refuse_links(served: Path, manifest: Manifest) -> None:
    folders = {parent for f in manifest.files for parent in (served / f.path).parents}
    links = [f for f in folders if served in f.parents and f.is_symlink()]
    if links:
        raise Refusal(
            "bundle.link",
            "公開フォルダーの中に、ほかの場所をさすリンクのフォルダーがあります。何も変えていません。",
            str(min(links)),
            "リンクを外して、もう一度適用してください。",
        )


def _make_folder(served: Path, folder: Path) -> None:
    """Make a folder; a plain file that stands in its way was ours or is nobody's."""
    for parent in reversed([folder, *folder.parents]):
        if served in parent.parents and parent.is_file():
            parent.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
