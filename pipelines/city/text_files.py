"""Text files with the bytes that departments deliver: encoding, BOM, CRLF. No content."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

_BOMS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE}


def save_text(
    path: Path,
    frame: pl.DataFrame,
    encoding: Literal["cp932", "utf-8", "utf-8-sig", "utf-16-le"],
    *,
    separator: str = ",",
) -> None:
    """Write a frame of text as delimited text with CRLF.

    Raises:
        UnicodeEncodeError: when a character is not in the encoding.
    """
    bare = frame.with_columns(pl.all().replace("", None))  # empty text would be written as ""
    text = bare.write_csv(separator=separator, line_terminator="\r\n")
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    path.write_bytes(_BOMS.get(encoding, b"") + text.encode(codec))
