"""Texts that can be decoded and are still damaged: encoded twice, or with letters lost for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_JAPANESE = re.compile("[ぁ-ヿ一-鿿ｦ-ﾟ]")
_WIDE = re.compile("[ぁ-ヿ一-鿿]")
# Kana in UTF-8, read as cp932, begin with these rare kanji; a real text hardly knows them.
_KANA_AS_KANJI = re.compile("[縺繧繝]")
_KANA_SHARE = 0.08
_REMEDY_AGAIN = "元のシステムから、文字コードを変えずに出力し直してください。"
_EDGE = '[,\t;|\r\n"]'
_LOST_CELL = re.compile(
    f"(?:^|{_EDGE})(?:[?]{{2,}}[?\\d\\-() ]*|？{{2,}}|〓{{2,}}|□{{2,}})(?=$|{_EDGE})"
)
_RUNS = ("??", "？？", "〓〓", "□□")
_LONG_RUN = re.compile("[?？〓□]{3,}")
_WORD_CELL = re.compile(
    "(?:^|[,\t;|\r\n])[^,\t;|\r\n]*[^\\s\\d,\t;|\r\n\"'.+\\-:/%()][^,\t;|\r\n]*"
)
_LOST_SHARE = 0.1
# Western letters as Windows shows bytes; where cp1252 has none, the byte stands for itself.
_WINDOWS_1252 = {
    ord(bytes((byte,)).decode("cp1252", "replace")): byte for byte in range(0x80, 0xA0)
}
_WINDOWS_1252.pop(0xFFFD, None)
_WESTERN = re.compile("[\x80-\xff" + "".join(map(chr, _WINDOWS_1252)) + "]")


def refuse_damage(text: str, file: str, first_line: int = 1) -> None:
    """Refuse a text that was encoded twice or whose letters were replaced when it was saved.

    Args:
        text: what was decoded.
        file: the name the sender knows.
        first_line: the number of the text's first line in the file.

    Raises:
        Refusal: `encoding.double` or `encoding.lost`, with the first line it shows in.
    """
    place = find_double(text)
    if place is not None:
        raise Refusal(
            "encoding.double",
            "文字コードの変換が二重にかかり、文字化けしたまま保存されています。",
            _where(text, place, file, first_line),
            _REMEDY_AGAIN,
        )
    place = find_lost(text)
    if place is not None:
        raise Refusal(
            "encoding.lost",
            "文字が「?」「〓」「□」などに置き換わり、元の文字が失われています。",
            _where(text, place, file, first_line),
            "このファイルからは戻せません。" + _REMEDY_AGAIN,
        )


def find_double(text: str) -> int | None:
    """Find the first line that turns into Japanese when its encoding is undone once more."""
    if text.isascii():
        return None
    suspects = _KANA_AS_KANJI.findall(text)
    if suspects and len(suspects) >= _KANA_SHARE * sum(letter > "\x7f" for letter in text):
        return text.index(suspects[0])
    return next((line.start() for line in _unusual_lines(text) if _undone(line.group())), None)


def _unusual_lines(text: str) -> Iterator[re.Match[str]]:
    """Yield the lines that could be such: no kana in them, or one of the tell-tale letters."""
    for line in _LINE.finditer(text):
        words = line.group()
        if words.isascii() or (re.search("[ぁ-ん]", words) and not _KANA_AS_KANJI.search(words)):
            continue
        yield line


def _undone(line: str) -> bool:
    needed = 1 if _KANA_AS_KANJI.search(line) else 2
    for data in (_as_cp932(line), _as_western(line)):
        if data and len(_WIDE.findall(_decode(data, "utf-8"))) >= needed:
            return True
    data = _as_western(line)
    return bool(data) and len(_WIDE.findall(_decode(data, "cp932"))) > 1


def _as_cp932(line: str) -> bytes:
    try:
        return line.encode("cp932")
    except UnicodeEncodeError:
        return b""


def _as_western(line: str) -> bytes:
    if _WIDE.search(line) or not _WESTERN.search(line):
        return b""
    try:
        return line.translate(_WINDOWS_1252).encode("latin-1")
    except UnicodeEncodeError:
        return b""


def _decode(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return ""


def find_lost(text: str) -> int | None:
    """Find the first letter that stands for lost ones.

    U+FFFD is always one. Cells made of nothing but ?, 〓 or □ are, when they are a good part of
    the cells that hold words.
    """
    replaced = text.find("\ufffd")
    if replaced >= 0:
        return replaced
    if not any(run in text for run in _RUNS):
        return None
    cells = list(_LOST_CELL.finditer(text))
    if not cells or len(cells) < _LOST_SHARE * len(_WORD_CELL.findall(text)):
        return None
    # One cell of two marks may be somebody's sign for unknown.
    is_sure = len(cells) > 1 or _LONG_RUN.search(cells[0].group())
    return cells[0].end() - 1 if is_sure else None


def _where(text: str, place: int, file: str, first_line: int) -> str:
    return f"{file} の {first_line + len(_LINE_END.findall(text, 0, place))}行目"
