"""One pass over the XML of a sheet, as bytes: what the library that reads its cells does not tell.

Merges, hidden rows, formulas, and the cells whose exact value is lost on the library's way to text
(booleans, errors, numbers of many digits). One quick search decides which pieces of the XML need
a closer look, because most need none. The memory used does not depend on the size of the sheet.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import Span
from warehouse.readers.safety.zip_check import stream_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST = 64 << 20
# Far cells are looked for in the first pieces and the last: a few bytes do harm, or a slip of a
# hand at an edge. What hides in the midst of a large sheet meets the limits of the parsing child.
_CLOSELY = 8
_WINDOW = 1 << 16
REPAIR_SCHEMA = {
    "letters": pl.String,
    "row": pl.Int64,
    "type": pl.String,
    "value": pl.String,
    "style": pl.Int64,
}

MIDNIGHT = " 00:00:00"

_FORMULA = r"<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)"
_ODD = re.compile(rb"<c>|<c [^r]|='|<!|<c[\t\r\n]")
_FAR = r'r="(?:[A-Z]{2}|[A-Z](?:[2-9][0-9]{5}|[0-9]{7}))'
# Plain words only: the engine looks for all of them at once, several times faster than for a pattern.
_NOTABLE = r't="b"|t="e"|E-|E\+|e-|e\+|<f|<!|=\'|<c>|hidden="|<mergeCell |' + f"{MIDNIGHT}<"
_DECIMALS = r"<v>-?[0-9]*\."
# The library gives nine decimals, too few for some numbers and too many for large ones.
_NUMBER = r"-?\d*\.\d{10,}|-?\d{7,}\.\d+|-?[\d.]+[eE][-+]?\d+|-?\d{16,}"
_REPAIR = (
    r'<c r="[A-Z]+\d+"(?:[^<>]*\st="[be]"[^<>]*>\s*(?:' + _FORMULA + r")?\s*<v>[^<]*</v>"
    r"|[^<>]*>\s*(?:" + _FORMULA + r")?\s*<v>(?:" + _NUMBER + r")</v>)"
)
_STYLED = (
    r'<c r="[A-Z]+\d+"[^<>]*?\ss="(?:IDS)"[^<>]*>\s*(?:' + _FORMULA + r")?\s*<v>-?\d+(?:\.\d+)?</v>"
)
_PARTS = (
    r'^<c r="(?P<letters>[A-Z]+)(?P<row>\d+)"(?:[^<>]*?\st="(?P<type>\w+)")?'
    r"(?s:.*)<v>(?P<value>[^<]*)</v>$"
)
_STYLE = r'^<c [^<>]*?\ss="(\d+)"'
_TEXTS = ["s", "str", "inlineStr", "d"]
_FORMULA_CELL = re.compile(
    rb'<c r="([A-Z]+\d+)"([^<>]*)>\s*' + _FORMULA.encode() + rb"\s*(?:<v>([^<]*)</v>)?"
)
_MIDNIGHT_TEXT = f"{MIDNIGHT}<".encode()
_HIDDEN_ROW = re.compile(rb'<row\s(?=[^<>]*\shidden="(?:1|true)")[^<>]*?\br="(\d+)"')
_MERGE = re.compile(rb'<mergeCell\s[^<>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_PREFIX = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")


@dataclass
class SheetScan:
    """What the bytes of one sheet say.

    Attributes:
        is_plain: whether the cells are written as the usual programs do, each with its address;
            otherwise only the library knows where they stand, and nothing else here is complete.
        may_be_far: whether the extent of the cells must be measured before they are read.
        has_midnight: whether a text in it ends as the library ends a date.
        longest: characters of the longest text between two tags; 0 when none is long.
        repairs: cells the library alters (`REPAIR_SCHEMA`): type, value and style as written;
            numbers among them may be dates.
    """

    is_plain: bool = True
    may_be_far: bool = False
    has_midnight: bool = False
    longest: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    formulas_without_value: list[str] = field(default_factory=list)
    merges: list[Span] = field(default_factory=list)
    repairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=REPAIR_SCHEMA))


def scan_sheet(path: Path, part: str) -> SheetScan:
    """Scan one sheet; the same bytes are not scanned twice in a row.

    Whole numbers of more digits than the library can tell apart are not among the repairs.

    Raises:
        UnfoldsError: the part is longer than the archive says.
        zipfile.BadZipFile, zlib.error, KeyError, EOFError: when the archive is broken.
    """
    stat = path.stat()
    return _scan(path, part, stat.st_size, stat.st_mtime_ns)


def sheet_pieces(path: Path, part: str) -> Iterator[bytes]:
    """Give the XML in pieces that end where a cell or row begins, without a namespace prefix."""
    with zipfile.ZipFile(path) as archive:
        prefix, rest = None, b""
        for more in stream_part(archive, part):
            rest += more
            if prefix is None:
                found = _PREFIX.search(rest)
                prefix = found[1] + b":" if found and found[1] else b""
            cut = rest.rfind(b"<" + prefix + b"c ")
            cut = cut if cut > 0 else rest.rfind(b"<" + prefix + b"row")
            if cut <= 0 and len(rest) > _MOST:
                cut = len(rest)
            if cut > 0:
                yield _without(prefix, rest[:cut])
                rest = rest[cut:]
        yield _without(prefix or b"", rest)


def find_repairs(path: Path, part: str) -> pl.DataFrame:
    """Find, piece by piece, all cells whose value must be taken as written."""
    texts = (_as_text(piece) for piece in sheet_pieces(path, part))
    return pl.concat([_find_repairs(text) for text in texts if text is not None])


def find_styled(path: Path, part: str, styles: set[int], kind: str) -> pl.DataFrame:
    """Find the numbers that are shown in one of these styles, as repairs of that type."""
    ids = "|".join(str(style) for style in sorted(styles))
    pattern = _STYLED.replace("IDS", ids)
    texts = (_as_text(piece) for piece in sheet_pieces(path, part))
    found = [_find_repairs(text, pattern) for text in texts if text is not None]
    return (
        pl.concat(found).filter(pl.col("type").is_null()).with_columns(pl.lit(kind).alias("type"))
    )


def longest_text(piece: bytes) -> int:
    """Count the characters of the longest stretch without a tag; 0 when none is long.

    A stretch of two windows holds a whole one that stands in line.
    """
    starts = range(0, len(piece) - _WINDOW + 1, _WINDOW)
    if all(piece.find(b"<", start, start + _WINDOW) >= 0 for start in starts):
        return 0
    return len(max(piece.split(b"<"), key=len).decode("utf-8", "replace"))


def column_number(letters: str) -> int:
    """Number a spreadsheet's column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(maxsize=256)
def _scan(path: Path, part: str, _size: int, _time: int) -> SheetScan:
    scan, repairs, last = SheetScan(), [], None
    for number, piece in enumerate(sheet_pieces(path, part)):
        scan.longest = max(scan.longest, longest_text(piece))
        last = text = _as_text(piece)
        if text is None:
            scan.is_plain = False
            continue
        if number < _CLOSELY:
            scan.may_be_far = scan.may_be_far or text.str.contains(_FAR).item()
        if _is_notable(piece, text):
            _note(piece, scan)
            repairs.append(_find_repairs(text))
    scan.may_be_far = scan.may_be_far or (last is not None and last.str.contains(_FAR).item())
    if scan.is_plain and (found := [frame for frame in repairs if frame.height]):
        scan.repairs = pl.concat(found)
    return scan


def _is_notable(piece: bytes, text: pl.Series) -> bool:
    """Tell whether a piece needs a closer look; decimals are looked for where there is a point."""
    has_decimals = b"." in piece and text.str.contains(_DECIMALS).item()
    return has_decimals or text.str.contains(_NOTABLE).item()


def _without(prefix: bytes, piece: bytes) -> bytes:
    if not prefix:
        return piece
    return piece.replace(b"<" + prefix, b"<").replace(b"</" + prefix, b"</")


def _as_text(piece: bytes) -> pl.Series | None:
    """Give the piece to the engine; none when it is in another encoding than UTF-8."""
    try:
        return pl.Series([piece], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return None


def _note(piece: bytes, scan: SheetScan) -> None:
    """Note what one piece holds, formulas with a kept result apart from those without."""
    scan.is_plain = scan.is_plain and _ODD.search(piece) is None
    scan.has_midnight = scan.has_midnight or _MIDNIGHT_TEXT in piece
    for address, about, value in _FORMULA_CELL.findall(piece) if b"<f" in piece else ():
        scan.formulas.append(address.decode())
        if not value and b't="str"' not in about:  # an empty text is a result
            scan.formulas_without_value.append(address.decode())
    if b'hidden="' in piece:
        scan.hidden_rows += [int(row) for row in _HIDDEN_ROW.findall(piece)]
    if b"<mergeCell " in piece:
        scan.merges += [_span(found) for found in _MERGE.findall(piece)]


def _find_repairs(text: pl.Series, pattern: str = _REPAIR) -> pl.DataFrame:
    """Find the cells whose value must be taken as written."""
    cells = text.str.extract_all(pattern).explode().drop_nulls()
    parts = cells.str.extract_groups(_PARTS).struct.unnest()
    style = cells.str.extract(_STYLE).cast(pl.Int64).fill_null(0).alias("style")
    return parts.with_columns(pl.col("row").cast(pl.Int64), style).filter(
        ~pl.col("type").fill_null("n").is_in(_TEXTS)
    )


def _span(found: tuple[bytes, bytes, bytes, bytes]) -> Span:
    left, top, right, bottom = (part.decode() for part in found)
    return Span(int(top), int(bottom), column_number(left), column_number(right))
