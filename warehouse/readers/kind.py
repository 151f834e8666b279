"""The real type of a delivery, told from its bytes and never from its name.

Only the beginning, the end and the directory of a file are read, whatever its size.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
from typing import TYPE_CHECKING

from warehouse.readers.fixed.dbase_header import is_dbase
from warehouse.readers.foreign import foreign, refuse_foreign
from warehouse.readers.safety import compound
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.readers.book import Kind

_HEAD_BYTES = 1 << 18
_TAIL_BYTES = 1 << 16
_DIRECTORY_BYTES = 16 << 20
_PART_BYTES = 1 << 20
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_END_OF_ZIP = b"PK\x05\x06"
_OPEN_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_ESCAPED = re.compile(rb"\x1b\$[@B(].*?(?:\x1b\([BJI]|\Z)", re.DOTALL)
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_JSON_OBJECT = re.compile(rb'\{\s*["}]')
_JSON_LIST = re.compile(rb'\[\s*(?:\{\s*["}]|\[|["\]\d-]|true|false|null)')
_JSON_RECORDS = re.compile(rb"\[\s*\{")
_MOST_CONTROLS = 0.02
_MOST_ZEROS = 0.3
_WIDE_ZEROS = 0.05
_MOSTLY = 0.9
# What Japanese tables are written with; 8-bit text taken for UTF-16 is full of other signs.
_USUAL = re.compile(r"[\t\r\n -~\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")
_FEWEST_LINES = 1 / 3


def detect_kind(path: Path, file: str = "") -> Kind:
    """Tell what the bytes at `path`, delivered as `file`, really are.

    Raises:
        Refusal: `kind.empty`, `kind.pdf`, `kind.html` …: the file is no table.
    """
    file = file or path.name
    size = path.stat().st_size
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
        handle.seek(max(0, size - _TAIL_BYTES))
        tail = handle.read(_TAIL_BYTES)
    if not head or head in _BOMS:
        raise Refusal("kind.empty", "ファイルが空です。", file, "出力し直して提出してください。")
    if head.startswith(compound.MAGIC):
        return _compound_kind(path, file)
    if head.startswith(_ZIP):
        return _zip_kind(path, tail, file)
    if head.startswith(b"PAR1"):
        return "parquet"
    refuse_foreign(head, file)
    if is_dbase(head, size):
        return "dbf"
    return _text_kind(head, tail, file)


def _compound_kind(path: Path, file: str) -> Kind:
    names = compound.stream_names(path)
    if "EncryptedPackage" in names:
        raise Refusal(
            "workbook.encrypted",
            "パスワードで暗号化された Office のファイルです。",
            file,
            "パスワードを外して保存し直し、提出してください。",
        )
    if {"Workbook", "Book"} & names:
        return "xls"
    kinds = {"WordDocument": "word", "PowerPoint Document": "powerpoint"}
    raise foreign(next((k for n, k in kinds.items() if n in names), "other_office"), file)


def _zip_kind(path: Path, tail: bytes, file: str) -> Kind:
    """Look into the directory of a zip: an office document says so by its parts."""
    _check_directory(tail, file)
    try:
        with zipfile.ZipFile(path) as archive:
            names = {name.replace("\\", "/").lower() for name in archive.namelist()}
            mimetype = _read_part(archive, "mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError) as error:
        raise _broken_zip(file) from error
    if mimetype.strip() == _OPEN_SHEET:
        return "ods"
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        raise foreign("drawing", file)
    if "[content_types].xml" in names:
        return _office_kind(names, file)
    return "zip"


def _office_kind(names: set[str], file: str) -> Kind:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsm" if "xl/vbaproject.bin" in names else "xlsx"
    for folder, kind in (("word/", "word"), ("ppt/", "powerpoint")):
        if any(name.startswith(folder) for name in names):
            raise foreign(kind, file)
    return "zip"


def _check_directory(tail: bytes, file: str) -> None:
    """The directory is read whole, so its own size is asked first."""
    end = tail.rfind(_END_OF_ZIP)
    if end < 0 or len(tail) < end + 22:
        raise _broken_zip(file)
    size = struct.unpack_from("<I", tail, end + 12)[0]
    if size > _DIRECTORY_BYTES:
        raise Refusal(
            "zip.too_many",
            "zip の中のファイルの数が多すぎます。",
            file,
            "必要なファイルだけを zip にまとめ直してください。",
        )


def _read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_BYTES)


def _broken_zip(file: str) -> Refusal:
    return Refusal(
        "zip.broken",
        "zip(または Excel)のファイルが途中で切れているか、壊れています。",
        file,
        "元のファイルを開けるかを確かめ、保存し直して提出してください。",
    )


def _text_kind(head: bytes, tail: bytes, file: str) -> Kind:
    text = _plain(head)
    if text is None:
        raise foreign("unknown", file)
    if kind := _json_kind(text, _plain(tail) or tail):
        return kind
    lines = [line for line in text.splitlines()[:1000] if line.strip()]
    tabs = sum(b"\t" in line for line in lines)
    commas = sum(b"," in line for line in lines)
    enough = max(1, len(lines) * _FEWEST_LINES)
    if tabs >= enough and tabs >= commas:
        return "tsv"
    return "csv" if commas >= enough else "text"


def _plain(data: bytes) -> bytes | None:
    """Give the text with its ASCII signs where they are, whatever its encoding; None if no text."""
    for bom, codec in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return data[2:].decode(codec, "replace").encode()
    if data.count(0) > _WIDE_ZEROS * len(data):
        for codec in ("utf-16-le", "utf-16-be"):
            text = data.decode(codec, "replace")
            if len(_USUAL.findall(text)) > _MOSTLY * len(text):
                return text.encode()
    data = _ESCAPED.sub(b"", data.removeprefix(_BOMS[0]))
    zeros, controls = data.count(0), len(_CONTROLS.findall(data))
    is_text = zeros <= _MOST_ZEROS * len(data) and controls <= _MOST_CONTROLS * len(data)
    return data if is_text else None


def _json_kind(text: bytes, tail: bytes) -> Kind | None:
    start, end = text.lstrip(), tail.rstrip(b"\r\n\t \x00\x1a")
    if _JSON_OBJECT.match(start):
        return "jsonl" if _is_json_lines(start) else "json"
    if _JSON_RECORDS.match(start) and _JSON_LIST.match(start):
        return "json"
    if _JSON_LIST.match(start) and end.endswith(b"]"):
        return "jsonl" if _is_json_lines(start) else "json"
    return None


def _is_json_lines(start: bytes) -> bool:
    """The first line is a value by itself and something follows it."""
    first, _, rest = start.partition(b"\n")
    try:
        json.loads(first)
    except ValueError:
        return False
    return bool(rest.strip())
