"""What a bundle says of itself: `bundle.json`, the one thing that is signed.

Belongs here: its shape, which paths it may name, and reading it without trusting it. Must not hold:
the archive (`archive`), where bundles come from (`export`) or go to (`apply`).

A path is refused when any system of today could take it for something else: up the tree, absolute,
hidden, a drive or device of Windows, two spellings of one name.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.refusal import Refusal

FORMAT = "machikane-bundle-1"
# The largest file and the largest whole a bundle carries, in bytes. A city's open data are far
# smaller; what is larger is a mistake or an attack that fills the disk.
LARGEST_FILE = 8 * 1024**3 - 1
LARGEST_WHOLE = 64 * 1024**3
_LONGEST_PATH, _LONGEST_NAME = 400, 120
_SHA256 = r"^[0-9a-f]{64}$"
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"\\|?*]')
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class BundledFile(_Strict):
    """One file of the public folder; `size` in bytes."""

    path: str
    size: int = Field(ge=0, le=LARGEST_FILE)
    sha256: str = Field(pattern=_SHA256)


class Manifest(_Strict):
    """What a bundle is, and what the public folder holds once it is applied.

    Attributes:
        city: Code and name of the city, for people.
        sequence: Counts the bundles of a city from 1, without a gap.
        kind: `full` carries everything; `changes` what is new since the bundle before.
        previous: SHA-256 of the `bundle.json` before; None for the first.
        created_at: ISO 8601.
        files: All of the public folder afterwards, sorted by path.
        carried: SHA-256 of each content that is in the bundle, sorted.
        removed: Paths that were public at the bundle before and are not any more, sorted.
    """

    format: Literal["machikane-bundle-1"]
    city: str
    sequence: int = Field(ge=1)
    kind: Literal["full", "changes"]
    previous: str | None = Field(pattern=_SHA256)
    created_at: str
    files: list[BundledFile]
    carried: list[str]
    removed: list[str]

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        paths = [file.path for file in self.files]
        for path in (*paths, *self.removed):
            check_path(path)
        _check_distinct(paths)
        contents = {file.sha256: file.size for file in self.files}
        if any(contents[file.sha256] != file.size for file in self.files):
            raise ValueError("同じハッシュのファイルの大きさが違います")
        if paths != sorted(paths) or self.carried != sorted(set(self.carried)):
            raise ValueError("並びが決まりと違います")
        if not {*self.carried} <= contents.keys() or {*self.removed} & {*paths}:
            raise ValueError("ファイルの一覧と中身・取下げの一覧が合いません")
        if self.kind == "full" and {*self.carried} != contents.keys():
            raise ValueError("全部の束なのに、入っていないファイルがあります")
        if sum(contents.values()) > LARGEST_WHOLE:
            raise ValueError("全体の大きさが上限を超えています")
        return self

    @property
    def sizes(self) -> dict[str, int]:
        """Give the size of each content that is carried."""
        contents = {file.sha256: file.size for file in self.files}
        return {sha256: contents[sha256] for sha256 in self.carried}

    def to_bytes(self) -> bytes:
        """Write it the one way it is written."""
        text = json.dumps(self.model_dump(), ensure_ascii=False, indent=0, sort_keys=True)
        return text.encode("utf-8")


def fingerprint_of(content: bytes) -> str:
    """Name a `bundle.json` by its bytes."""
    return hashlib.sha256(content).hexdigest()


def read_manifest(content: bytes, where: str) -> Manifest:
    """Read `bundle.json`.

    Raises:
        Refusal: `bundle.malformed`; nothing of the content is repeated but our own sentences.
    """
    try:
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        said = [e["msg"].removeprefix("Value error, ") for e in error.errors()]
        ours = "。".join(text for text in said if not text.isascii()) or "形が決まりと違います"
        raise Refusal(
            "bundle.malformed",
            f"束の説明(bundle.json)を受け付けられません。{ours}。",
            where,
            "閉域側で machikane bundle export をやり直し、できたファイルを運び直してください。",
        ) from None


def check_path(path: str) -> None:
    """Refuse a path that is not plainly one file below the public folder.

    Raises:
        ValueError: in Japanese.
    """
    names = path.split("/")
    if (
        len(path.encode("utf-8", "surrogatepass")) > _LONGEST_PATH
        or unicodedata.normalize("NFC", path) != path
        or _FORBIDDEN.search(path)
        or any(not _is_plain(name) for name in names)
    ):
        raise ValueError("公開フォルダーの外をさす名前か、使えない名前のファイルがあります")


def _is_plain(name: str) -> bool:
    return bool(
        name
        and len(name) <= _LONGEST_NAME
        and not name.startswith(".")
        and not name.endswith((".", " "))
        and not _DEVICES.match(name)
        and name.isprintable()
    )


def _check_distinct(paths: list[str]) -> None:
    """Refuse two files of one name, also where capitals do not count, and a file that is a folder."""
    folded = [path.casefold() for path in paths]
    folders = {
        "/".join(path.split("/")[:n]) for path in folded for n in range(1, path.count("/") + 1)
    }
    if len({*folded}) != len(folded) or folders & {*folded}:
        raise ValueError(
            "同じ名前のファイルが2つあるか、ファイルとフォルダーの名前が重なっています"
        )
