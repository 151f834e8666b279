"""Closed side: the public folder packed into a signed bundle, all of it or what changed since the last.

Belongs here: which files go, the numbering, and the record of the last bundle. Must not hold: the
archive's bytes (`archive`), what is public (`warehouse/site`).

When nothing changed, the last bundle is made again byte for byte, so that a lost medium costs nothing.
The record is written before the file gets its name: after a crash the same bundle is made again too.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.atomic import sync_folder, write_atomically
from warehouse.bundle.archive import changed_under_way, write_archive
from warehouse.bundle.manifest import (
    FORMAT,
    LARGEST_FILE,
    BundledFile,
    Manifest,
    check_path,
    fingerprint_of,
    read_manifest,
)
from warehouse.landing import hash_file
from warehouse.refusal import Refusal
from warehouse.signing import sign

if TYPE_CHECKING:
    from pathlib import Path

    from assets.release import City
    from warehouse.home import Home

LAST = "last.json"


@dataclass(frozen=True)
class Exported:
    """A bundle that lies ready; `is_repeated`: nothing had changed, it is the last one again."""

    manifest: Manifest
    size: int
    is_repeated: bool


def export_bundle(home: Home, city: City, out: Path, *, full: bool) -> Exported:
    """Pack what is public.

    Args:
        home: Of the city.
        city: Named in the bundle.
        out: The file to make; it must not be there yet.
        full: Everything, also when the public side could take the changes alone.

    Raises:
        Refusal: `bundle.nothing`, `bundle.exists`, `bundle.name`, `bundle.link`, `bundle.large`, or
            `bundle.changed`.
    """
    if out.exists():
        raise Refusal(
            "bundle.exists",
            "同じ名前のファイルがあります。上書きはしません。",
            str(out),
            "別の名前を付けるか、古いファイルを片付けてください。",
        )
    try:
        return _export(home, city, out, full=full)
    except FileNotFoundError:
        raise changed_under_way(home.public) from None


def _export(home: Home, city: City, out: Path, *, full: bool) -> Exported:
    files = list_public(home.public)
    last = _last(home)
    repeated = last is not None and last.files == files and (last.kind == "full" or not full)
    manifest = last if last and repeated else _next(city, files, last, full=full)
    size = _write(home, manifest, out)
    return Exported(manifest, size, repeated)


def list_public(public: Path) -> list[BundledFile]:
    """List the files of the public folder; hidden ones are writers' and not public.

    Raises:
        Refusal: `bundle.nothing`, `bundle.link`, `bundle.name` or `bundle.large`.
    """
    found = [_describe(public, path) for path in _walk(public)] if public.is_dir() else []
    if not found:
        raise Refusal(
            "bundle.nothing",
            "公開フォルダーが空です。束は作っていません。",
            str(public),
            "先に machikane run と machikane release approve で公開してください。",
        )
    return sorted(found, key=lambda file: file.path)


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_symlink():
            raise _refuse("link", "公開フォルダーに、ほかの場所をさすリンクがあります。", path)
        found += _walk(path) if path.is_dir() else [path]
    return found


def _describe(public: Path, path: Path) -> BundledFile:
    name = path.relative_to(public).as_posix()
    try:
        check_path(name)
    except ValueError:
        raise _refuse("name", "運べない名前のファイルがあります。", path) from None
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise _refuse("large", "1つのファイルが大きすぎます(上限は 8 GB)。", path)
    return BundledFile(path=name, size=size, sha256=hash_file(path))


def _next(city: City, files: list[BundledFile], last: Manifest | None, *, full: bool) -> Manifest:
    known = {file.sha256 for file in last.files} if last and not full else set()
    paths = {file.path for file in files}
    return Manifest(
        format=FORMAT,
        city=f"{city.local_government_code} {city.name}",
        sequence=last.sequence + 1 if last else 1,
        kind="changes" if last and not full else "full",
        previous=fingerprint_of(last.to_bytes()) if last else None,
        created_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        files=files,
        carried=sorted({file.sha256 for file in files} - known),
        removed=sorted({file.path for file in last.files} - paths) if last else [],
    )


def _write(home: Home, manifest: Manifest, out: Path) -> int:
    """Write beside `out`, record, and give it its name; the record comes first."""
    content = manifest.to_bytes()
    comment = f"machikane bundle {manifest.sequence} {manifest.created_at}"
    holders = {file.sha256: home.public / file.path for file in manifest.files}
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f".{out.name}.part")
    try:
        with part.open("wb") as target:
            contents = ((sha256, holders[sha256]) for sha256 in manifest.carried)
            write_archive(target, content, sign(home, content, comment), contents)
            target.flush()
            os.fsync(target.fileno())
        write_atomically(home.bundles / LAST, content)
        part.replace(out)
        sync_folder(out.parent)
    finally:
        part.unlink(missing_ok=True)
    return out.stat().st_size


def _last(home: Home) -> Manifest | None:
    path = home.bundles / LAST
    return read_manifest(path.read_bytes(), str(path)) if path.is_file() else None


def _refuse(rule: str, what: str, path: Path) -> Refusal:
    return Refusal(
        f"bundle.{rule}",
        f"{what}束は作っていません。",
        str(path),
        "そのファイルを公開フォルダーから除いてから、もう一度実行してください。",
    )
