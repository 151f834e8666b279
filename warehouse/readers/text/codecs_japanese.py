"""Python's codecs, completed by what Windows and old city systems really write.

EUC-JP and ISO-2022-JP files of vendors hold ①, ㈱ and 髙 in the rows of NEC and IBM, which the
codecs of the standards do not know; those letters are looked up in cp932, where the same rows are.
"""

from __future__ import annotations

import codecs

_VENDOR = "vendor-letters"
# What Python's cp932 lets through although no letter stands there: 0x80, 0xA0, 0xFD, 0xFE, 0xFF.
STRAY = ("\x80", "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3")
_FIRST, _LAST, _HIGH = 0x21, 0x7E, 0x80
_SHIFTED = 0x5F
# Rows of JIS X 0208 as lead bytes: NEC special letters, and IBM's as NEC placed them.
_VENDOR_ROWS = frozenset((0x2D, 0x79, 0x7A, 0x7B, 0x7C))


def read_strictly(data: bytes, codec: str) -> tuple[str, int]:
    """Decode without a doubt; also tell how many bytes of a cut letter are left at the end.

    Raises:
        UnicodeDecodeError: at the first byte that is no letter.
    """
    decoder = codecs.getincrementaldecoder(codec)(errors_of(codec))
    text = decoder.decode(data, final=False)
    if codec == "cp932":
        require_no_stray(data, text)
    return text, len(decoder.getstate()[0])


def errors_of(codec: str) -> str:
    """Name the error handler a codec is used with: strict, or strict but for vendors' letters."""
    return _VENDOR if codec in {"euc_jp", "iso2022_jp_ext"} else "strict"


def require_no_stray(data: bytes, text: str) -> None:
    """Refuse the bytes that cp932 does not have, but Python's codec lets through.

    Raises:
        UnicodeDecodeError: at the first of them.
    """
    places = [place for letter in STRAY if (place := text.find(letter)) >= 0]
    if places:
        start = len(text[: min(places)].encode("cp932"))
        raise UnicodeDecodeError("cp932", data, start, start + 1, "no letter of cp932")


def _look_up(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    pair = error.object[error.start : error.start + 2]
    letter = _in_cp932(pair) if len(pair) == 2 else None  # noqa: PLR2004 - lead and trail byte
    if letter is None:
        raise error
    return letter, error.start + 2


def _in_cp932(pair: bytes) -> str | None:
    lead, trail = pair[0] & 0x7F, pair[1] & 0x7F
    if (pair[0] ^ pair[1]) & _HIGH or lead not in _VENDOR_ROWS or not _FIRST <= trail <= _LAST:
        return None
    high = ((lead - _FIRST) >> 1) + (0x81 if lead < _SHIFTED else 0xC1)
    low = trail + 0x7E if lead % 2 == 0 else trail + 0x1F + (trail >= 0x60)  # noqa: PLR2004
    try:
        return bytes((high, low)).decode("cp932")
    except UnicodeDecodeError:
        return None


codecs.register_error(_VENDOR, _look_up)
