"""A version as it stays: its files copied, listed, signed and made read-only, and the pointer to it.

Belongs here: writing so that a reader sees a whole version or none, whenever the power goes. Must
not hold: who decided (`ledger`), taking versions back (`tombstone`). `manifest.json` is in-house;
`SHA256SUMS` names the data files alone, so that it holds in the public folder too.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
from typing import TYPE_CHECKING, Any

from warehouse.atomic import sync_folder, write_atomically
from warehouse.landing import hash_file
from warehouse.signing import public_key, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from warehouse.home import Home
    from warehouse.release.candidate import FileOf

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
SIGNATURE = f"{SUMS}.minisig"
POINTER = "latest.json"
PUBLIC_KEY = "machikane.pub"
# What proves the hashes and holds no row: it stays when the data are taken back.
KEPT = frozenset({MANIFEST, SUMS, SIGNATURE})
READ_ONLY = 0o444


def freeze(
    home: Home, source: Path, final: Path, files: Iterable[FileOf], manifest: dict[str, Any]
) -> str | None:
    """Copy judged files into a version folder that appears all at once; one already there stays.

    Args:
        home: Whose key signs.
        source: Folder of the candidate's files.
        final: Folder of the version.
        files: What was judged.
        manifest: `release`, `version`, `approved_at`, and all else that is to be kept.

    Returns:
        The name of a file that is not the one that was judged (nothing appears); None: done.
    """
    listed = list(files)
    if not (final / MANIFEST).is_file():
        staged = final.with_name(f".{final.name}.tmp")
        _renew(staged)
        if strange := _copy(source, staged, listed):
            return strange
        _seal(home, staged, listed, manifest)
        _write_once(staged / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        sync_folder(staged)
        remove_folder(final)
        staged.replace(final)
        sync_folder(final.parent)
    elif not (final / SIGNATURE).is_file():  # frozen before versions were signed
        _seal(home, final, listed, manifest)
        sync_folder(final)
    return None


def point_to(folder: Path, version: str | None) -> None:
    """Swap the pointer of a release; None: nothing is offered."""
    pointer = folder / POINTER
    content = json.dumps({"version": version})
    if pointer.is_file() and pointer.read_text("utf-8") == content:
        return
    if version is not None or pointer.is_file():
        write_atomically(pointer, content)
        sync_folder(folder)


def place_public_key(home: Home) -> None:
    """Put the city's public key where everybody can fetch it."""
    path, text = home.public / PUBLIC_KEY, public_key(home)
    for left in home.public.glob(f".{PUBLIC_KEY}.*.tmp"):  # by a killed writer
        left.unlink(missing_ok=True)
    if not path.is_file() or path.read_text("utf-8") != text:
        write_atomically(path, text)


def clear_unfinished(folder: Path) -> None:
    """Remove what a killed writer left behind; the caller is the only writer."""
    for path in folder.glob(".*.tmp"):
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder, its read-only files too, if it is there."""
    if folder.is_dir():
        shutil.rmtree(folder, onerror=_make_writable)


def _make_writable(
    again: Callable[[str], object],
    path: str,
    _: object,
) -> None:
    """Windows removes no read-only file; elsewhere the second attempt tells what is wrong."""
    os.chmod(path, stat.S_IWRITE)  # noqa: PTH101 - shutil gives a text
    again(path)


def _renew(folder: Path) -> None:
    remove_folder(folder)
    folder.mkdir(parents=True)


def _copy(source: Path, staged: Path, files: list[FileOf]) -> str | None:
    for file in files:
        target = staged / file.name
        if not (source / file.name).is_file():
            return file.name
        shutil.copyfile(source / file.name, target)
        if hash_file(target) != file.sha256:
            return file.name
        _close(target)
    return None


def _seal(home: Home, folder: Path, files: list[FileOf], manifest: dict[str, Any]) -> None:
    """List the data files in the form of sha256sum, and sign the list."""
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in files).encode("utf-8")
    comment = f"release:{manifest['release']} version:{manifest['version']} date:{manifest['approved_at']}"
    _write_once(folder / SUMS, sums)
    _write_once(folder / SIGNATURE, sign(home, sums, comment))


def _write_once(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    path.write_bytes(content)
    _close(path)


def _close(path: Path) -> None:
    """Flush a file's bytes to disk and let nobody write it again."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    path.chmod(READ_ONLY)
