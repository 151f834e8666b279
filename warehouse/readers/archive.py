"""The files inside a zip: named, checked, and taken out one at a time under names of our own."""

from __future__ import annotations

import re
import shutil
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from warehouse.inbox import NO_PERIOD, period_of
from warehouse.readers.kind import detect_kind
from warehouse.readers.safety.precheck import check_safe
from warehouse.readers.safety.zip_check import MOST, bomb
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Generator

DEEPEST = 2
_UTF8_FLAG = 0x800
_JAPANESE_UTF8 = re.compile(rb"[\xe3-\xef][\x80-\xbf]{2}")
_LEFTOVERS = re.compile(
    r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE
)
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


@dataclass(frozen=True)
class Member:
    """One file in a zip; `name` is its path, of a zip in a zip with the inner zip's name before."""

    name: str
    container: Path
    info: zipfile.ZipInfo

    def extract(self, folder: Path, file: str) -> Path:
        """Write the member into a folder, under a name of ours.

        Raises:
            Refusal: `zip.broken`.
        """
        handle, name = tempfile.mkstemp(dir=folder)
        try:
            with (
                open(handle, "wb") as target,  # noqa: PTH123 - a descriptor
                zipfile.ZipFile(self.container) as archive,
                archive.open(self.info) as source,
            ):
                shutil.copyfileobj(source, target, 1 << 20)
        except _BROKEN as error:
            raise _refuse(
                "broken", "zip の中のファイルが壊れています。", file, self.name
            ) from error
        return Path(name)


@dataclass(frozen=True)
class Contents:
    """What a zip holds: its files, and Japanese sentences about what was set aside."""

    members: tuple[Member, ...]
    warnings: tuple[str, ...]


def list_members(path: Path, file: str, folder: Path) -> Contents:
    """List the files of a zip and of the zips in it, which are unpacked into `folder`.

    Raises:
        Refusal: `zip.broken`, `zip.unsafe_name`, `zip.link`, `zip.encrypted`, `zip.bomb`,
            `zip.overlap`, `zip.too_deep`.
    """
    walk = _Walk(file, folder)
    walk.enter(path, "", DEEPEST)
    left = "、".join(walk.left)
    warnings = (f"データでないファイルを除きました: {left}",) if left else ()
    return Contents(tuple(walk.members), warnings)


@contextmanager
def open_member(
    path: Path, pattern: str | None, period: str, file: str
) -> Generator[tuple[Path, str, tuple[str, ...]]]:
    """Take out the one file of a zip that a contract means; it lives as long as the block.

    Returns:
        Where its bytes are, its name in the zip, and Japanese sentences about the other files.

    Raises:
        Refusal: as `list_members`, and `zip.no_member`, `zip.many_members`.
    """
    with tempfile.TemporaryDirectory(prefix="machikane-") as name:
        folder = Path(name)
        contents = list_members(path, file, folder)
        member = _choose(contents.members, pattern, period, file)
        others = "、".join(other.name for other in contents.members if other is not member)
        unread = (f"zip の中のほかのファイルは読んでいません: {others}",) if others else ()
        yield member.extract(folder, file), member.name, (*contents.warnings, *unread)


def _choose(members: tuple[Member, ...], pattern: str | None, period: str, file: str) -> Member:
    fitting = [m for m in members if pattern is None or _fits(m.name, pattern, period)]
    if len(fitting) == 1:
        return fitting[0]
    shown = "、".join(member.name for member in (fitting or members)) or "なし"
    if not fitting:
        said = f"「{pattern}」に合うファイル" if pattern else "ファイル"
        raise Refusal(
            "zip.no_member",
            f"zip の中に、{said}がありません。",
            f"{file}(中のファイル: {shown})",
            "中のファイルの名前を確かめるか、契約の member を直してください。",
        )
    raise Refusal(
        "zip.many_members",
        f"zip の中に、当てはまるファイルが {len(fitting)} つあります。",
        f"{file}(中のファイル: {shown})",
        "契約の member に、どのファイルかが1つに決まる名前の型を書いてください。",
    )


def _fits(name: str, pattern: str, period: str) -> bool:
    found = {period_of(pattern, said) for said in (name, PurePosixPath(name).name)}
    return bool(found & {NO_PERIOD, period})


class _Walk:
    """A walk through a zip and the zips in it."""

    def __init__(self, file: str, folder: Path) -> None:
        self.members: list[Member] = []
        self.left: list[str] = []
        self._file, self._folder, self._bytes = file, folder, 0

    def enter(self, path: Path, prefix: str, depth: int) -> None:
        """List one zip; an office document is a zip too, but a file in its own right."""
        for member, is_zip in self._list(path, prefix):
            inner = member.extract(self._folder, self._file) if is_zip else None
            if inner is None or not _is_plain_zip(inner, member.name):
                self.members.append(member)
            elif depth > 1:
                self.enter(inner, f"{member.name}/", depth - 1)
            else:
                raise _refuse("too_deep", "zip の入れ子が深すぎます。", self._file, member.name)

    def _list(self, path: Path, prefix: str) -> list[tuple[Member, bool]]:
        check_safe(path, "zip", f"{self._file} の中の「{prefix[:-1]}」" if prefix else self._file)
        try:
            with zipfile.ZipFile(path) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                members = [Member(prefix + _decode_name(info), path, info) for info in infos]
                self._add_up(members)
                kept = [m for m in members if not _LEFTOVERS.search(m.name)]
                self.left += [m.name for m in members if m not in kept]
                return [(member, _is_zip(archive, member.info)) for member in kept]
        except _BROKEN as error:
            raise _refuse("broken", "zip が壊れています。", self._file, prefix) from error

    def _add_up(self, members: list[Member]) -> None:
        """Every zip may be honest, and all of them together too much."""
        self._bytes += sum(member.info.file_size for member in members)
        if self._bytes > MOST:
            raise bomb(self._file, f"開くと {self._bytes >> 20:,} MB にふくらみます。")


def _is_plain_zip(path: Path, name: str) -> bool:
    try:
        return detect_kind(path, name) == "zip"
    except Refusal:
        return False


def _is_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    with archive.open(info) as member:
        return member.read(4) in {b"PK\x03\x04", b"PK\x05\x06"}


def _decode_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 flag are what the sender's system wrote: cp932 on Windows."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    raw = info.orig_filename.encode("cp437")
    codecs = ("utf-8", "cp932") if _JAPANESE_UTF8.search(raw) else ("cp932", "utf-8")
    for codec in codecs:
        try:
            return raw.decode(codec).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    return info.filename


def _refuse(rule: str, what: str, file: str, member: str) -> Refusal:
    where = f"{file} の中の「{member}」" if member else file
    remedy = "必要なファイルだけを zip にまとめ直してください。"
    return Refusal(f"zip.{rule}", what, where, remedy)
