"""The hand of one department's system: what it always does the same way, drawn once a dataset."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

CODECS = {
    "cp932": "cp932",
    "utf-8": "utf-8",
    "utf-16": "utf-16-le",
    "euc_jp": "euc_jp",
    "iso2022_jp": "iso2022_jp",
}
_BOMS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe"}


@dataclass(frozen=True)
class Style:
    """What a system does in every file of a dataset.

    Attributes:
        dataset: whose.
        codec: Python's name of the encoding.
        mark: bytes in front of the text.
        quotes: whether every field stands in quotes.
    """

    dataset: str
    codec: str
    mark: bytes
    quotes: bool

    def choose(self, purpose: str, count: int) -> int:
        """Choose one of `count` habits, the same in every file."""
        return zlib.crc32(f"{self.dataset}:{purpose}".encode()) % count


def style_of(dataset: str, encoding: str | None) -> Style:
    """Draw the hand of a dataset; `auto` is UTF-8 with a mark or cp932, as its system has it."""
    number = zlib.crc32(dataset.encode())
    if encoding in {None, "auto"}:
        encoding = "utf-8" if number % 2 else "cp932"
    codec = CODECS[encoding or "utf-8"]
    has_mark = codec == "utf-16-le" or (codec == "utf-8" and number % 3 > 0)
    mark = _BOMS[codec] if has_mark else b""
    return Style(dataset, codec, mark, quotes=number // 7 % 3 == 0)
