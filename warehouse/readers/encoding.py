"""Which encoding the bytes of a text file are in, decided by strict trial and never by guess.

Order: BOM, ISO-2022-JP escapes, strict UTF-8 with a character of three bytes (every kana and
kanji: other encodings do not fall into that shape by chance). What is left can be cp932 and EUC-JP
at once (ｽｻﾌｱ in one is 住民 in the other): then the contract decides, and `auto` is refused.
`cp932` is Python's codec of Windows-31J; `shift_jis` fails on ①, ㈱ and 髙.
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
_THREE_BYTES = "\u0800"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_TITLES = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp932": "Shift_JIS(cp932)", "euc_jp": "EUC-JP"}
_TITLES |= {"iso2022_jp": "ISO-2022-JP"}
_CODECS = ("utf-8", "cp932", "euc_jp")


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was in, and the words that prove it."""

    text: str
    encoding: str
    proof: str


def decode(data: bytes, declared: str, file: str) -> Decoded:
    """Decode strictly; the declared encoding must be the one the bytes are in.

    Raises:
        Refusal: `encoding.broken` with the line, `encoding.differs` naming both encodings, or
            `encoding.ambiguous` when `auto` leaves a choice.
    """
    found = detect(data)
    if not found:
        raise _broken(data, declared, file)
    if found[0].proof == "ascii":
        return Decoded(found[0].text, "utf-8" if declared == "auto" else declared, "ascii")
    fitting = [reading for reading in found if declared in {"auto", reading.encoding}]
    if not fitting:
        raise Refusal(
            "encoding.differs",
            f"文字コードが契約({_TITLES[declared]})と違い、{_TITLES[found[0].encoding]} です。",
            file,
            "契約の encoding を直すか、決められた文字コードで出力し直してください。",
        )
    if len(fitting) > 1:
        titles = " とも ".join(_TITLES[reading.encoding] for reading in fitting)
        raise Refusal(
            "encoding.ambiguous",
            f"文字コードが {titles} とも読め、1つに決められません。",
            file,
            "契約の encoding に、auto でなく文字コードの名前を書いてください。",
        )
    return fitting[0]


def detect(data: bytes) -> list[Decoded]:
    """List the readings that fit the whole file, the likeliest first; none when it is broken."""
    for bom, codec, name in _BOMS:
        if data.startswith(bom):
            return _try(data, codec, name, "bom")
    if data.isascii():
        escaped = _JIS_ESCAPE.search(data)
        plain = [Decoded(data.decode("ascii"), "utf-8", "ascii")]
        return _try(data, "iso2022_jp_ext", "iso2022_jp", "escape") if escaped else plain
    utf8 = _try(data, "utf-8", "utf-8", "strict")
    if utf8 and max(utf8[0].text) >= _THREE_BYTES:
        return utf8
    windows, euc = _try(data, "cp932", "cp932", "strict"), _try(data, "euc_jp", "euc_jp", "strict")
    return utf8 + windows + euc


def _try(data: bytes, codec: str, name: str, proof: str) -> list[Decoded]:
    try:
        return [Decoded(data.decode(codec, errors="strict"), name, proof)]
    except UnicodeDecodeError:
        return []


def _broken(data: bytes, declared: str, file: str) -> Refusal:
    """Name the line where the declared encoding breaks; with `auto` the one that gets furthest."""
    codecs_tried = _CODECS if declared == "auto" else (declared,)
    reached = max(_first_fault(data, codec) for codec in codecs_tried)
    line = len(_LINE_END.findall(data, 0, reached)) + 1
    return Refusal(
        "encoding.broken",
        "文字コードが壊れているか、複数の文字コードが混ざっています。",
        f"{file} の {line}行目",
        "元のシステムから出力し直して、もう一度提出してください。",
    )


def _first_fault(data: bytes, codec: str) -> int:
    try:
        data.decode(codec, errors="strict")
    except UnicodeDecodeError as error:
        return error.start
    return 0
