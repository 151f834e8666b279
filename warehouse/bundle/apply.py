"""Public side: a bundle verified, then applied to the folder that the web server serves.

Belongs here: the order: signature, numbering, every byte, then the promise, then the moves. Must not
hold: any of these. Needs no home, no lake and no register: a public key and a folder are enough.

Until the promise (`State.begin`) nothing in the served folder changes, whatever the bundle holds. From
then on the contents lie verified on the same disk, and whoever calls next ends what was begun.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from warehouse.bundle.archive import read_contents, read_head
from warehouse.bundle.manifest import Manifest, fingerprint_of, read_manifest
from warehouse.bundle.order import check_order
from warehouse.bundle.place import changed_files, gone_files, put_files, remove_files
from warehouse.bundle.state import State
from warehouse.landing import hash_file
from warehouse.refusal import Refusal
from warehouse.signing import verify

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.bundle.manifest import BundledFile


@dataclass(frozen=True)
class Applied:
    """What applying did.

    Attributes:
        manifest: Of the bundle.
        written: Files put or replaced.
        removed: Files taken away.
        completed: Number of a bundle that an earlier call had left unfinished; None: there was none.
    """

    manifest: Manifest
    written: int
    removed: int
    completed: int | None


def apply_bundle(bundle: Path, served: Path, public_key: str) -> Applied:
    """Verify a bundle and bring the served folder to it; applied again, it changes nothing.

    Args:
        bundle: The file.
        served: The folder that the web server serves; made when it is not there.
        public_key: minisign's `.pub` text, known from elsewhere than the bundle.

    Raises:
        Refusal: `bundle.…`; then the served folder is as it was, but for an earlier bundle whose
            application is ended.
    """
    try:
        return _apply(bundle, served, public_key)
    except OSError as error:
        raise Refusal(
            "bundle.disk",
            f"ファイルを読み書きできませんでした({os.strerror(error.errno or 0)})。",
            str(error.filename or served),
            "ディスクの空き、書き込みの権限、フォルダーの名前を確かめ、もう一度適用してください。途中まで置いたものは、続きから終えます。",
        ) from error


def _apply(bundle: Path, served: Path, public_key: str) -> Applied:
    state = State.of(served)
    with state.lock():
        completed = _complete(state, served)
        with bundle.open("rb") as source:
            content, manifest = _read_trusted(source, bundle.name, public_key)
            check_order(manifest, state.applied_manifest(), bundle.name)
            changed = changed_files(served, manifest)
            _stage(state, served, source, manifest, changed, where=bundle.name)
        before = state.applied_manifest()
        if not changed and not gone_files(served, manifest, before) and before == manifest:
            shutil.rmtree(state.staging, ignore_errors=True)
            return Applied(manifest, 0, 0, completed)
        state.begin(content)
        written, removed = _carry_out(state, served, content)
        return Applied(manifest, written, removed, completed)


def read_bundle(bundle: Path, public_key: str | None) -> tuple[Manifest, str]:
    """Read what a bundle says of itself, and its fingerprint; with a key the signature is verified.

    Raises:
        Refusal: `bundle.damaged`, `bundle.malformed`, `bundle.signature`.
    """
    with bundle.open("rb") as source:
        if public_key is not None:
            content, manifest = _read_trusted(source, bundle.name, public_key)
        else:
            content, _ = read_head(source, bundle.name)
            manifest = read_manifest(content, bundle.name)
    return manifest, fingerprint_of(content)


def _read_trusted(source: BinaryIO, where: str, public_key: str) -> tuple[bytes, Manifest]:
    content, signature = read_head(source, where)
    if not verify(public_key, content, signature):
        raise Refusal(
            "bundle.signature",
            "署名が、渡された公開鍵のものではありません。何も変えていません。",
            where,
            "公開鍵のファイルが市のものか確かめてください。正しければ、この束は使わず、情報管理の責任者に知らせてください。",
        )
    return content, read_manifest(content, where)


def _stage(
    state: State,
    served: Path,
    source: BinaryIO,
    manifest: Manifest,
    changed: list[BundledFile],
    *,
    where: str,
) -> None:
    """Verify every byte of the bundle and lay down what is needed; nothing else is kept."""
    _require_room(state, manifest, where)
    state.clear_staging()
    needed = {file.sha256 for file in changed}
    for sha256, parts in read_contents(source, manifest.sizes, where):
        with (state.staging / sha256).open("wb") as target:
            for part in parts:
                target.write(part)
            target.flush()
            os.fsync(target.fileno())
        if sha256 not in needed:
            (state.staging / sha256).unlink()
    for sha256 in sorted(needed - {*manifest.carried}):
        _stage_known(state, served, sha256, where)


def _stage_known(state: State, served: Path, sha256: str, where: str) -> None:
    """Take a content that the bundle does not carry from where an earlier one put it."""
    before = state.applied_manifest()
    for file in before.files if before else ():
        path = served / file.path
        if file.sha256 == sha256 and path.is_file() and not path.is_symlink():
            shutil.copyfile(path, state.staging / sha256)
            if hash_file(state.staging / sha256) == sha256:
                return
    raise Refusal(
        "bundle.base",
        "前の束で置いたファイルが、公開フォルダーからなくなったか、書き換わっています。何も変えていません。",
        where,
        "閉域側で machikane bundle export --full を実行し、できた束を運んで適用してください。",
    )


def _require_room(state: State, manifest: Manifest, where: str) -> None:
    """Ask for room for everything twice: staged, and placed beside what is served until it is."""
    state.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(state.folder).free < 2 * sum(manifest.sizes.values()):
        raise Refusal(
            "bundle.room",
            "ディスクの空きが足りません。何も変えていません。",
            where,
            "空きを増やしてから、もう一度適用してください。",
        )


def _complete(state: State, served: Path) -> int | None:
    """End what an earlier call began; what lost its staged contents is left to a new bundle."""
    content = state.pending
    if content is None or not _is_staged(state, served, content):
        return None
    if content != state.applied:
        _carry_out(state, served, content)
    else:
        state.finish(content, {})
    return read_manifest(content, str(state.folder)).sequence


def _is_staged(state: State, served: Path, content: bytes) -> bool:
    manifest = read_manifest(content, str(state.folder))
    needed = {file.sha256 for file in changed_files(served, manifest)}
    return all((state.staging / sha256).is_file() for sha256 in needed)


def _carry_out(state: State, served: Path, content: bytes) -> tuple[int, int]:
    manifest = read_manifest(content, str(state.folder))
    served.mkdir(parents=True, exist_ok=True)
    changed = changed_files(served, manifest)
    put_files(served, state.staging, changed)
    gone = gone_files(served, manifest, state.applied_manifest())
    remove_files(served, gone)
    state.finish(content, {"written": len(changed), "removed": len(gone)})
    return len(changed), len(gone)
