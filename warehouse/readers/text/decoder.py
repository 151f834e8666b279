"""A text file decoded part by part: the verdict on its encoding is proved on every byte.

A file of any size is judged by its beginning; what comes later must agree, or the file is refused
with the line, as a small file is that is judged as a whole.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import numpy as np

from warehouse.readers.text.codecs_japanese import errors_of, require_no_stray
from warehouse.readers.text.damage import refuse_damage
from warehouse.readers.text.encoding import Verdict, judge
from warehouse.readers.text.records import delivered_line_ends
from warehouse.readers.text.unreadable import find_foreign_line, refuse_cut, refuse_unreadable
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Parts that stay in the processor's cache are read a fifth faster than larger ones.
PART_BYTES = 2 << 20
# A file up to this size is judged as a whole, a larger one by its first lines.
_WHOLE_BYTES, _HEAD_BYTES = 8 << 20, 1 << 20
LONGEST_FIELD = 1_000_000
_LONGEST_LINE = 8 * PART_BYTES
_WIDE = {"utf-16-le", "utf-16-be"}
# A line feed of either byte order, as a machine of one order reads both.
_WIDE_LF = (0x000A, 0x0A00)
_GAIJI_LEAD = 0xEE
_REPLACED = "\ufffd".encode()
# The beginnings of Japanese that was encoded twice: 縺 繧 繝, and ã as UTF-8 spells it.
_TELL_TALES = ("縺".encode(), "繧".encode(), "繝".encode(), b"\xc3\xa3\xc2", b"\xc3\xa3\xe2")


class Part(NamedTuple):
    """Whole lines of a file: the bytes as delivered, the text in UTF-8, where they begin."""

    raw: bytes
    text: bytes
    offset: int
    is_last: bool


def judge_file(source: Path | bytes, declared: str, file: str) -> Verdict:
    """Tell the encoding of a file: a small one as a whole, a large one by its beginning.

    Raises:
        Refusal: `encoding.*`.
    """
    with _open(source) as handle:
        head, following = handle.read(_WHOLE_BYTES), handle.read(1)
    if following:
        head = head[:_HEAD_BYTES]
        head = head[: _cut(head, head[:2] in {b"\xff\xfe", b"\xfe\xff"})]
    return judge(head, declared, file)


class Decoder:
    """Decodes the parts of one file in their order."""

    def __init__(self, source: Path | bytes, verdict: Verdict, declared: str, file: str) -> None:
        """Begin at the first byte behind the mark.

        Args:
            source: where the bytes are, or the bytes.
            verdict: what the beginning of the file is.
            declared: the encoding a contract names, or `auto`.
            file: the name the sender knows.
        """
        self.verdict = verdict
        self.gaiji = 0
        self.nuls = 0
        self._counted = (verdict.skip, 1)
        self._source, self._declared, self._file = source, declared, file
        self._decoder = self._new_decoder()

    def parts(self, size: int = PART_BYTES) -> Iterator[Part]:
        """Decode the file in parts of about so many bytes.

        Raises:
            Refusal: `encoding.*` with the line, `csv.field_too_long`.
        """
        for raw, offset, is_last in self._cut_at_lines(size):
            self._sharpen(raw)
            yield Part(raw, self._decode(raw, offset, is_last=is_last), offset, is_last)

    def _new_decoder(self) -> codecs.IncrementalDecoder:
        codec = self.verdict.codec
        return codecs.getincrementaldecoder(codec)(errors_of(codec))

    def _cut_at_lines(self, size: int) -> Iterator[tuple[bytes, int, bool]]:
        is_wide = self.verdict.encoding in _WIDE
        offset, rest = self.verdict.skip, b""
        with _open(self._source) as handle:
            handle.seek(offset)
            block = handle.read(size)
            while block:
                following = handle.read(size)
                data = rest + block if rest else block
                end = _cut(data, is_wide) if following else len(data)
                if end:
                    yield data[:end], offset, not following
                elif len(data) > _LONGEST_LINE:
                    raise refuse_long_field(self._file)
                offset, rest, block = offset + end, data[end:], following

    def _sharpen(self, raw: bytes) -> None:
        """What began as ASCII shows its encoding at the first other letter."""
        if self.verdict.codec == "ascii" and not raw.isascii():
            self.verdict = judge(raw, self._declared, self._file)
            self._decoder = self._new_decoder()

    def _decode(self, raw: bytes, offset: int, *, is_last: bool) -> bytes:
        if self.verdict.codec == "ascii":
            return self._drop_nuls(raw)
        try:
            text = self._decoder.decode(raw, final=False)
            if self.verdict.codec == "cp932":
                require_no_stray(raw, text)
        except UnicodeDecodeError:
            refuse_unreadable(raw, self.verdict.codec, self._file, self.line_of(offset))
        if is_last and self._decoder.getstate()[0]:
            refuse_cut(text, self._file, self.line_of(offset))
        encoded = self._drop_nuls(text.encode())
        self._look_for_damage(raw, text, encoded, offset)
        return encoded

    def _drop_nuls(self, text: bytes) -> bytes:
        if b"\x00" not in text:
            return text
        self.nuls += text.count(b"\x00")
        return text.replace(b"\x00", b"")

    def _look_for_damage(self, raw: bytes, text: str, encoded: bytes, offset: int) -> None:
        letters = np.frombuffer(encoded, np.uint8)
        self.gaiji += int(np.count_nonzero(letters == _GAIJI_LEAD))
        if self.verdict.codec == "cp932":
            if find_foreign_line(raw) is not None:
                refuse_unreadable(raw, "auto", self._file, self.line_of(offset))
            return
        self.gaiji += len(re.findall(rb"\xef[\x80-\xa3]", encoded))
        if _REPLACED in encoded or any(mark in encoded for mark in _TELL_TALES):
            refuse_damage(text, self._file, self.line_of(offset))

    def line_of(self, offset: int) -> int:
        """Tell the number of the line that begins at a byte of the file.

        Few ask, so lines are counted when somebody does, each only once as long as the questions
        go forward.
        """
        place, line = self._counted if self._counted[0] <= offset else (self.verdict.skip, 1)
        with _open(self._source) as handle:
            while place < offset:
                size = min(PART_BYTES, offset - place)
                handle.seek(place)
                # Two bytes more tell whether a CR at the end is half of a CRLF.
                ends = delivered_line_ends(handle.read(size + 2), self.verdict.encoding)
                line += int(np.searchsorted(ends, size, "right"))
                place += size
        self._counted = (offset, line)
        return line


def _open(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def refuse_long_field(file: str, line: int | None = None) -> Refusal:
    """Say that a field is longer than any real one."""
    where = f"{file} の {line}行目" if line else file
    return Refusal(
        "csv.field_too_long",
        f"{LONGEST_FIELD:,}文字以上の項目があります。",
        where,
        '区切りや引用符(")が壊れていないかを確かめ、出力し直してください。',
    )


def _cut(data: bytes, is_wide: bool) -> int:  # noqa: FBT001 - two kinds of line end
    """Find the end of the last whole line; 0 when there is none."""
    if is_wide:
        return _cut_wide(data)
    end = data.rfind(b"\n") + 1
    # A CR as the very last byte may be half of a CRLF.
    return end or data.rfind(b"\r", 0, len(data) - 1) + 1


def _cut_wide(data: bytes) -> int:
    units = np.frombuffer(data[: len(data) // 2 * 2], np.uint16)
    ends = np.flatnonzero(np.isin(units, _WIDE_LF))
    return int(ends[-1] + 1) * 2 if len(ends) else 0
