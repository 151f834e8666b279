"""Why no encoding fits the bytes of a text: mixed, cut at the end, or broken, and in which line."""

from __future__ import annotations

import re
from typing import NoReturn

import numpy as np

from warehouse.readers.text.codecs_japanese import read_strictly
from warehouse.refusal import Refusal

_LINE = re.compile(rb"[^\r\n]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")
# UTF-8: the first bytes of kana and kanji, and of half and full width forms; all later bytes.
_FIRST_LEAD, _LAST_LEAD, _WIDE_LEAD = np.uint8(0xE3), np.uint8(0xE9), np.uint8(0xEF)
_TOP_BITS, _TRAIL = np.uint8(0xC0), np.uint8(0x80)
_CODECS = ("utf-8", "cp932", "euc_jp")
_AGAIN = "元のシステムから出力し直して、もう一度提出してください。"


def refuse_unreadable(data: bytes, declared: str, file: str, first_line: int = 1) -> NoReturn:
    """Say why the bytes cannot be read.

    Args:
        data: the bytes, from the beginning of a line.
        declared: the encoding they were expected in, or `auto`.
        file: the name the sender knows.
        first_line: the number of the first line in the file.

    Raises:
        Refusal: `encoding.mixed` or `encoding.broken`, with the line.
    """
    foreign = find_foreign_line(data)
    if foreign is not None:
        raise Refusal(
            "encoding.mixed",
            "UTF-8 の行と、ほかの文字コードの行が混ざっています。",
            f"{file} の {first_line + foreign - 1}行目",
            "全部の行を同じ文字コードで出力し直して、もう一度提出してください。",
        )
    tried = _CODECS if declared not in _CODECS else (declared,)
    reached = max(_first_fault(data, codec) for codec in tried)
    raise Refusal(
        "encoding.broken",
        "文字コードが壊れています(文字でないバイトがあります)。",
        f"{file} の {first_line + len(_LINE_END.findall(data, 0, reached))}行目",
        _AGAIN,
    )


def refuse_cut(text: str, file: str, first_line: int = 1) -> NoReturn:
    """Refuse a file that ends within a letter.

    Args:
        text: what could be read before the end.
        file: the name the sender knows.
        first_line: the number of the text's first line in the file.

    Raises:
        Refusal: `encoding.truncated`, with the last line.
    """
    last = first_line + len(re.findall(r"\r\n|\r|\n", text))
    raise Refusal(
        "encoding.truncated",
        "ファイルが文字の途中で終わっています(送信や保存が途中で切れています)。",
        f"{file} の {last}行目",
        _AGAIN,
    )


def find_foreign_line(data: bytes) -> int | None:
    """Find the first line of the rarer kind, when some lines are UTF-8 and others are not."""
    if not _has_utf8_word(data):
        return None
    kinds: dict[bool, list[int]] = {True: [], False: []}
    start, number = 0, 1
    for line in _LINE.finditer(data):
        number += len(_LINE_END.findall(data, start, line.start()))
        start = line.start()
        words = line.group()
        if words.isascii():
            continue
        is_utf8 = _reads(words, "utf-8")
        if is_utf8 or _reads(words, "cp932") or _reads(words, "euc_jp"):
            kinds[is_utf8].append(number)
    if not kinds[True] or not kinds[False]:
        return None
    return min(kinds.values(), key=len)[0]


def _has_utf8_word(data: bytes) -> bool:
    """Tell whether two letters of three bytes stand in a row: kana or kanji in UTF-8.

    Other encodings nearly never hold such a row, so this rules a mixture out at little cost.
    """
    letters = np.frombuffer(data, np.uint8)
    leads = np.flatnonzero(letters[:-5] - _FIRST_LEAD <= _LAST_LEAD - _FIRST_LEAD)
    for distance in (1, 2, 4, 5):
        leads = leads[letters[leads + distance] & _TOP_BITS == _TRAIL]
    behind = letters[leads + 3]
    return bool(((behind >= _FIRST_LEAD) & (behind <= _WIDE_LEAD)).any())


def _reads(line: bytes, codec: str) -> bool:
    try:
        return read_strictly(line, codec)[1] == 0
    except UnicodeDecodeError:
        return False


def _first_fault(data: bytes, codec: str) -> int:
    try:
        _, cut = read_strictly(data, codec)
    except UnicodeDecodeError as error:
        return error.start
    return len(data) - cut
