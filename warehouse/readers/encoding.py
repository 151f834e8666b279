"""Which encoding the bytes of a text file are in, decided by strict trial and never by guess.

Order: BOM, ISO-2022-JP escapes, strict UTF-8, strict cp932, EUC-JP. `cp932` is Python's codec of
Windows-31J; `shift_jis` fails on ①, ㈱ and 髙.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from warehouse.refusal import Refusal

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
)
_JIS_ESCAPE = re.compile(rb"\x1b[$(]")
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_TITLES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp932": "Shift_JIS(cp932)", "euc_jp": "EUC-JP"}
_TITLES |= {"iso2022_jp": "ISO-2022-JP"}


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was in, and the words that prove it."""

    text: str
    encoding: str
    proof: str


def decode(data: bytes, declared: str, file: str) -> Decoded:
    """Decode strictly; the declared encoding must be the one the bytes are in.

    Raises:
        Refusal: `encoding.broken` with the line, or `encoding.differs` naming both encodings.
    """
    found = detect(data)
    if declared in {"auto", found.encoding if found else None} and found:
        return found
    if found is None:
        raise _broken(data, "utf-8" if declared == "auto" else declared, file)
    if found.proof == "ascii":
        return Decoded(found.text, declared, "ascii")
    raise Refusal(
        "encoding.differs",
        f"文字コードが契約({_TITLES[declared]})と違い、{_TITLES[found.encoding]} です。",
        file,
        "契約の encoding を直すか、決められた文字コードで出力し直してください。",
    )


def detect(data: bytes) -> Decoded | None:
    """Try the encodings in their order; None when none fits the whole file."""
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return _try(data, codec, name, "bom")
    if data.isascii() and not _JIS_ESCAPE.search(data):
        return Decoded(data.decode("ascii"), "utf-8", "ascii")
    if data.isascii():
        return _try(data, "iso2022_jp_ext", "iso2022_jp", "escape")
    if utf8 := _try(data, "utf-8", "utf-8", "strict"):
        return utf8
    windows, euc = _try(data, "cp932", "cp932", "strict"), _try(data, "euc_jp", "euc_jp", "strict")
    return euc if euc and _is_mojibake(windows) else windows


def _try(data: bytes, codec: str, name: str, proof: str) -> Decoded | None:
    try:
        return Decoded(data.decode(codec, errors="strict"), name, proof)
    except UnicodeDecodeError:
        return None


def _is_mojibake(windows: Decoded | None) -> bool:
    """EUC-JP read as cp932 turns into runs of half-width kana next to rare kanji."""
    if windows is None:
        return True
    other = [c for c in windows.text if ord(c) > 127]  # noqa: PLR2004 - beyond ASCII
    kana = sum(1 for c in other if _HALF_KANA.match(c))
    voiced_alone = len(re.findall(r"(?:^|[^ｳｶ-ﾄﾊ-ﾎ])[ﾞﾟ]", windows.text))
    return bool(other) and kana / len(other) > 0.3 and voiced_alone > 0  # noqa: PLR2004


def _broken(data: bytes, codec: str, file: str) -> Refusal:
    try:
        data.decode(codec, errors="strict")
        line = 1
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    return Refusal(
        "encoding.broken",
        "文字コードが壊れているか、複数の文字コードが混ざっています。",
        f"{file} の {line}行目",
        "元のシステムから出力し直して、もう一度提出してください。",
    )
