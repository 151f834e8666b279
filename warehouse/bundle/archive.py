"""The archive: a tar whose every byte is given by what it carries, so that nothing can hide in it.

Belongs here: writing and reading `bundle.json`, its signature and the contents, in that order. Must not
hold: what the manifest means.

Members are `bundle.json`, `bundle.json.minisig` and `data/<SHA-256>` for each content, sorted; all
plain files of mode 644 and time 0. A reader knows each header before it reads it and takes no other:
no archive library looks at bytes that nobody has vouched for, and links, devices, unknown, doubled or
missing members are one and the same fault. Ordinary `tar` opens it all the same.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import TYPE_CHECKING, BinaryIO

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MANIFEST, SIGNATURE = "bundle.json", "bundle.json.minisig"
_BLOCK, _END, _PART = 512, 1024, 1 << 20
_LARGEST_MANIFEST, _LARGEST_SIGNATURE = 64 << 20, 4096
_SIZE_FIELD = slice(124, 136)


def write_archive(
    target: BinaryIO, manifest: bytes, signature: bytes, contents: Iterable[tuple[str, Path]]
) -> None:
    """Write an archive.

    Args:
        target: Open for writing.
        manifest: `bundle.json`.
        signature: Of it.
        contents: SHA-256 and a file that holds it, in the manifest's order.

    Raises:
        Refusal: `bundle.changed` when a file no longer holds what was listed.
    """
    _put(target, MANIFEST, len(manifest), io.BytesIO(manifest))
    _put(target, SIGNATURE, len(signature), io.BytesIO(signature))
    for sha256, path in contents:
        with path.open("rb") as source:
            size = path.stat().st_size
            if _put(target, f"data/{sha256}", size, source) != sha256:
                raise changed_under_way(path)
    target.write(bytes(_END))


def read_head(source: BinaryIO, where: str) -> tuple[bytes, bytes]:
    """Read `bundle.json` and its signature; `source` then stands before the first content.

    Raises:
        Refusal: `bundle.damaged` when the file does not begin as a bundle does.
    """
    return (
        _take_small(source, MANIFEST, _LARGEST_MANIFEST, where),
        _take_small(source, SIGNATURE, _LARGEST_SIGNATURE, where),
    )


def read_contents(
    source: BinaryIO, sizes: dict[str, int], where: str
) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give each content in parts; whoever takes them must take all, and they are right at the end.

    Args:
        source: Stands where `read_head` left it.
        sizes: SHA-256 to bytes, in the manifest's order.
        where: The file's name, for the words.

    Raises:
        Refusal: `bundle.damaged` as soon as a byte is not the one it must be.
    """
    for sha256, size in sizes.items():
        if source.read(_BLOCK) != _header(f"data/{sha256}", size):
            raise _damaged(where)
        yield sha256, _parts(source, sha256, size, where)
    if source.read(_END + 1) != bytes(_END):
        raise _damaged(where)


def _parts(source: BinaryIO, sha256: str, size: int, where: str) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), size
    while left:
        part = source.read(min(left, _PART))
        if not part:
            raise _damaged(where)
        left -= len(part)
        digest.update(part)
        yield part
    if digest.hexdigest() != sha256 or source.read(_padding(size)) != bytes(_padding(size)):
        raise _damaged(where)


def _take_small(source: BinaryIO, name: str, largest: int, where: str) -> bytes:
    header = source.read(_BLOCK)
    digits = header[_SIZE_FIELD].rstrip(b"\0 ")
    size = int(digits, 8) if digits.isdigit() and not {*digits} & {*b"89"} else largest + 1
    if size > largest or header != _header(name, size):
        raise _damaged(where)
    content = source.read(size)
    if len(content) != size or source.read(_padding(size)) != bytes(_padding(size)):
        raise _damaged(where)
    return content


def _put(target: BinaryIO, name: str, size: int, source: BinaryIO) -> str:
    """Write one member and give the SHA-256 of what was written."""
    target.write(_header(name, size))
    digest, left = hashlib.sha256(), size
    while left and (part := source.read(min(left, _PART))):
        left -= len(part)
        digest.update(part)
        target.write(part)
    target.write(bytes(left + _padding(size)))
    return digest.hexdigest()


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o644
    return member.tobuf(tarfile.USTAR_FORMAT)


def _padding(size: int) -> int:
    return -size % _BLOCK


def changed_under_way(path: Path) -> Refusal:
    """Say that what was listed is not there any more."""
    return Refusal(
        "bundle.changed",
        "束を作っている間に、公開フォルダーのファイルが変わりました。束は作っていません。",
        path.name,
        "公開の作業が終わってから、もう一度 machikane bundle export を実行してください。",
    )


def _damaged(where: str) -> Refusal:
    return Refusal(
        "bundle.damaged",
        "束のファイルが途中で切れているか、1文字でも書き換わっています。何も変えていません。",
        where,
        "閉域側の元のファイルから運び直してください。何度も起きるときは、運ぶ媒体を調べてください。",
    )
