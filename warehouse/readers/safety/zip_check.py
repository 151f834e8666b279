"""A zip container before anything in it is opened: names, links, sizes, and parts that overlap."""

from __future__ import annotations

import copy
import itertools
import re
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ESCAPE = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|\x00")
_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_CHUNK = 1 << 21
# An office program's XML shrinks to a fifth, dull columns to a fortieth; a bomb to a thousandth.
STEEPEST = 200
BIG = 64 << 20
MOST = 4 << 30


class UnfoldsError(ValueError):
    """A part is longer than the archive says."""


def check_zip(path: Path, file: str) -> int:
    """Refuse an archive that is dangerous to open.

    Returns:
        The bytes that all parts have, unfolded, as the archive says.

    Raises:
        Refusal: `zip.unsafe_name`, `zip.link`, `zip.encrypted`, `zip.bomb`, `zip.overlap`.
        zipfile.BadZipFile: it is broken.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        for part in parts:
            _check_part(part, file)
        unfolded = sum(part.file_size for part in parts)
        if unfolded > MOST or unfolded > max(BIG, STEEPEST * path.stat().st_size):
            raise bomb(file, f"開くと {unfolded >> 20:,} MB にふくらみます。")
        _check_overlap(path, parts, archive.start_dir, file)
    return unfolded


def stream_part(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Unfold one part, and not a byte more than the archive says it has.

    Raises:
        UnfoldsError: it has more.
    """
    honest = archive.getinfo(name)
    open_ended = copy.copy(honest)
    open_ended.file_size += 1
    del open_ended.CRC  # of the honest length; the reader that follows checks it
    left = honest.file_size
    with archive.open(open_ended) as source:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise UnfoldsError(name)
            yield chunk


def bomb(file: str, what: str) -> Refusal:
    """Word the refusal of an archive that unfolds without measure."""
    return Refusal(
        "zip.bomb",
        f"ファイルの大きさに比べて中身が大きすぎます。{what}",
        file,
        "必要なデータだけを新しいブックに写し、保存し直して提出してください。",
    )


def _check_part(part: zipfile.ZipInfo, file: str) -> None:
    if _ESCAPE.search(part.orig_filename.replace("\\", "/")):
        raise _refuse("unsafe_name", "外のフォルダを指す名前の部品が入っています。", file)
    if stat.S_ISLNK(part.external_attr >> 16):
        raise _refuse("link", "別の場所を指すリンクが入っています。", file)
    if part.flag_bits & _ENCRYPTED:
        raise Refusal(
            "zip.encrypted",
            "中身が暗号化されていて読めません。",
            file,
            "パスワードを外して保存し直し、提出してください。",
        )


def _check_overlap(path: Path, parts: list[zipfile.ZipInfo], end: int, file: str) -> None:
    """Parts that share their bytes unfold many times; no program writes such."""
    with path.open("rb") as handle:
        for part, following in _neighbours(parts, end):
            handle.seek(part.header_offset + 26)
            lengths = handle.read(4)
            if len(lengths) < 4:  # noqa: PLR2004 - two numbers of two bytes
                raise zipfile.BadZipFile
            name, extra = struct.unpack("<HH", lengths)
            start = part.header_offset + _LOCAL_HEADER + name + extra
            if start + part.compress_size > following:
                raise _refuse("overlap", "中の部品どうしが重なり合っています。", file)


def _neighbours(parts: list[zipfile.ZipInfo], end: int) -> Iterator[tuple[zipfile.ZipInfo, int]]:
    ordered = sorted(parts, key=lambda part: part.header_offset)
    for part, following in itertools.zip_longest(ordered, ordered[1:]):
        yield part, following.header_offset if following else end


def _refuse(rule: str, what: str, file: str) -> Refusal:
    remedy = "元のプログラムで開き、新しい名前で保存し直して提出してください。"
    return Refusal(f"zip.{rule}", what, file, remedy)
