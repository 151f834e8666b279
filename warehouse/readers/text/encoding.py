"""Which encoding the bytes of a text file are in: strict trial, and plausibility where two fit.

Order: BOM, UTF-16 by its NUL bytes, ISO-2022-JP escapes, strict UTF-8 with a kana or kanji (three
bytes: other encodings do not fall into that shape by chance), then strict cp932 and EUC-JP. Short
texts can be both (ｽｻﾌｱ in one is 住民 in the other): then the contract decides, and without one
the reading that is clearly the likelier Japanese; otherwise the file is refused as ambiguous.
`cp932` is Python's codec of Windows-31J; `shift_jis` fails on ①, ㈱ and 髙.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.readers.text.codecs_japanese import read_strictly
from warehouse.readers.text.damage import refuse_damage
from warehouse.readers.text.plausibility import weigh
from warehouse.readers.text.unreadable import find_foreign_line, refuse_cut, refuse_unreadable
from warehouse.refusal import Refusal

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "utf-8"),
    (b"\xff\xfe", "utf-16-le", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be", "utf-16-be"),
)
_JIS_ESCAPE = re.compile(rb"\x1b[$(][@-Z]|\x1b\$\([D-Q]")
_JIS_CODECS = ("iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3")
_JAPANESE = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff01-\uff9f]")
_GAIJI = re.compile("[\ue000-\uf8ef\uf8f4-\uf8ff]")
_WIDE = ("utf-16-le", "utf-16-be")
_CLEAR = 0.01
_CUT = 0.2
_IMPLAUSIBLE = 0.5
_ENOUGH = 40
TITLES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8(BOM付き)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp932": "Shift_JIS(cp932)",
    "euc_jp": "EUC-JP",
    "iso2022_jp": "ISO-2022-JP",
    "ascii": "ASCII",
}
_DECLARED_AS = {"utf-8-sig": "utf-8", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}


@dataclass(frozen=True)
class Verdict:
    """What the bytes are, and how to read them.

    Attributes:
        encoding: one of `utf-8 utf-8-sig utf-16-le utf-16-be cp932 euc_jp iso2022_jp ascii`.
        codec: the Python codec that reads it.
        proof: why, in Japanese.
        skip: bytes of the mark in front of the text.
    """

    encoding: str
    codec: str
    proof: str
    skip: int = 0


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding it was in, why, and how many user-defined letters it holds."""

    text: str
    encoding: str
    proof: str
    gaiji: int = 0


@dataclass(frozen=True)
class _Reading:
    text: str
    verdict: Verdict
    cut: int = 0

    @property
    def declared_as(self) -> str:
        return _DECLARED_AS.get(self.verdict.encoding, self.verdict.encoding)

    @property
    def weight(self) -> float:
        weight = weigh(self.text, self.verdict.codec)
        letters = sum(letter > "\x7f" for letter in self.text)
        return weight + (_CUT + 1 / (1 + letters) if self.cut else 0.0)


def decode(data: bytes, declared: str, file: str) -> Decoded:
    """Decode a whole file strictly; a declared encoding must be the one the bytes are in.

    Args:
        data: all bytes of the file.
        declared: `auto`, or an encoding as a contract names it.
        file: the name the sender knows.

    Raises:
        Refusal: `encoding.broken`, `.mixed`, `.truncated`, `.double`, `.lost` with the line,
            `encoding.differs` naming both encodings, or `encoding.ambiguous` when `auto` leaves a
            choice.
    """
    reading = _read(data, declared, file)
    verdict = reading.verdict
    return Decoded(reading.text, verdict.encoding, verdict.proof, count_gaiji(reading.text))


def judge(data: bytes, declared: str, file: str) -> Verdict:
    """Tell the encoding of a whole file, or of a part that begins and ends with a line.

    Raises:
        Refusal: as `decode`.
    """
    return _read(data, declared, file).verdict


def count_gaiji(text: str) -> int:
    """Count the user-defined letters: U+E000 to U+F8FF, F040 to F9FC in cp932."""
    return len(_GAIJI.findall(text))


def _read(data: bytes, declared: str, file: str) -> _Reading:
    readings = _list_readings(data)
    for reading in readings:
        if reading.verdict.codec == "utf-8":
            refuse_damage(reading.text, file)
    if not readings:
        refuse_unreadable(data, declared, file)
    reading = _choose(readings, declared, file)
    if reading.cut:
        refuse_cut(reading.text, file)
    if reading.verdict.encoding in {"cp932", "euc_jp"}:
        _refuse_mixture(data, file)
    refuse_damage(reading.text, file)
    return reading


def _refuse_mixture(data: bytes, file: str) -> None:
    """A line of UTF-8 can pass as cp932 by chance; among other lines it shows."""
    line = find_foreign_line(data)
    if line is not None:
        refuse_unreadable(data, "auto", file)


def _list_readings(data: bytes) -> list[_Reading]:
    """List the readings that fit, the likeliest first; none when the file is broken."""
    for bom, encoding, codec in _BOMS:
        if data.startswith(bom):
            verdict = Verdict(encoding, codec, "先頭に BOM があります。", len(bom))
            return _try(data[len(bom) :], verdict)
    wide = _read_wide(data)
    if wide:
        return wide
    if data.isascii():
        return _read_seven_bits(data)
    utf8 = _try(data, Verdict("utf-8", "utf-8", "UTF-8 として1字も欠けずに読めました。"))
    if utf8 and _JAPANESE.search(utf8[0].text):
        return utf8
    windows = Verdict("cp932", "cp932", "UTF-8 ではなく、cp932 として1字も欠けずに読めました。")
    euc = Verdict("euc_jp", "euc_jp", "UTF-8 ではなく、EUC-JP として1字も欠けずに読めました。")
    return utf8 + _try(data, windows) + _try(data, euc)


def _read_wide(data: bytes) -> list[_Reading]:
    """UTF-16 without a mark: ASCII letters have a NUL at every other byte."""
    if b"\x00" not in data:
        return []
    proof = "BOM はありませんが、NUL バイトの並びが UTF-16 のものです。"
    found = [r for e in _WIDE for r in _try(data, Verdict(e, e, proof))]
    believable = [r for r in found if r.weight < _IMPLAUSIBLE and "\x00" not in r.text]
    return sorted(believable, key=lambda reading: reading.weight)[:1]


def _read_seven_bits(data: bytes) -> list[_Reading]:
    if not _JIS_ESCAPE.search(data):
        verdict = Verdict("ascii", "ascii", "ASCII の文字だけです。")
        return [_Reading(data.decode("ascii"), verdict)]
    proof = "ISO-2022-JP の切替え符号(ESC)があり、1字も欠けずに読めました。"
    for codec in _JIS_CODECS:
        found = _try(data, Verdict("iso2022_jp", codec, proof))
        if found:
            is_open = data.rfind(b"\x1b$") > data.rfind(b"\x1b(")
            return [_Reading(r.text, r.verdict, cut=r.cut or int(is_open)) for r in found]
    return []


def _try(data: bytes, verdict: Verdict) -> list[_Reading]:
    try:
        text, cut = read_strictly(data, verdict.codec)
    except UnicodeDecodeError:
        return []
    return [_Reading(text, verdict, cut)]


def _choose(readings: list[_Reading], declared: str, file: str) -> _Reading:
    if readings[0].verdict.encoding == "ascii":
        return readings[0]
    if declared == "auto":
        return _likeliest(readings, file)
    fitting = [reading for reading in readings if reading.declared_as == declared]
    best = min(readings, key=lambda reading: reading.weight)
    if fitting and (fitting[0] is best or not _is_nonsense(fitting[0], best)):
        return (
            fitting[0]
            if len(readings) == 1
            else _with_proof(fitting[0], "契約の encoding に従いました。")
        )
    raise Refusal(
        "encoding.differs",
        f"文字コードが契約({TITLES[declared]})と違い、{TITLES[best.verdict.encoding]} です。",
        file,
        "契約の encoding を直すか、決められた文字コードで出力し直してください。",
    )


def _is_nonsense(declared: _Reading, best: _Reading) -> bool:
    """Tell whether a text long enough to judge is no Japanese as declared, but is otherwise."""
    letters = sum(letter > "\x7f" for letter in best.text)
    return letters > _ENOUGH and declared.weight > _IMPLAUSIBLE and best.weight < _IMPLAUSIBLE / 2


def _likeliest(readings: list[_Reading], file: str) -> _Reading:
    if len(readings) == 1:
        return readings[0]
    first, *others = sorted(readings, key=lambda reading: reading.weight)
    titles = " とも ".join(TITLES[reading.verdict.encoding] for reading in readings)
    if others[0].weight - first.weight < _CLEAR:
        raise Refusal(
            "encoding.ambiguous",
            f"文字コードが {titles} とも読め、1つに決められません。",
            file,
            "契約の encoding に、auto でなく文字コードの名前を書いてください。",
        )
    title = TITLES[first.verdict.encoding]
    return _with_proof(first, f"{titles} とも読めますが、日本語として自然なのは {title} です。")


def _with_proof(reading: _Reading, proof: str) -> _Reading:
    verdict = reading.verdict
    return _Reading(
        reading.text,
        Verdict(verdict.encoding, verdict.codec, proof, verdict.skip),
        reading.cut,
    )
