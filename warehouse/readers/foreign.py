"""Files that are no table: told by their first bytes, refused by name with what to send instead."""

from __future__ import annotations

import re

from warehouse.refusal import Refusal

_AS_WORKBOOK = (
    "元の表を Excel で開き、「Excel ブック(.xlsx)」か CSV で保存し直して提出してください。"
)
_AS_TABLE = "表の部分を Excel か CSV にして提出してください。"
_UNPACK = "中身を取り出して、そのまま(または zip にまとめて)提出してください。"
_SEEN = 4096

# rule → (what it is, remedy)
_WORDS = {
    "pdf": ("PDF", "PDF の元になった Excel か CSV を提出してください。"),
    "word": ("Word などの文書", _AS_TABLE),
    "powerpoint": ("PowerPoint などの発表資料", _AS_TABLE),
    "other_office": ("Excel ではない Office・一太郎などの文書", _AS_TABLE),
    "drawing": ("表計算ではない OpenDocument の文書", _AS_TABLE),
    "html": ("Web ページ(HTML)", _AS_WORKBOOK),
    "mhtml": ("Web ページを1つにまとめたもの(MHTML)", _AS_WORKBOOK),
    "xml_workbook": ("Excel 2003 の XML スプレッドシート", _AS_WORKBOOK),
    "xml": ("XML", "CSV か JSON で出力し直してください。"),
    "rtf": ("リッチテキスト(RTF)", _AS_TABLE),
    "image": ("画像", "画像の元になった Excel か CSV を提出してください。"),
    "archive": ("zip でない書庫(gz・7z・rar・lzh など)", _UNPACK),
    "access": ("Access のデータベース", "Access で表ごとに CSV へ書き出して提出してください。"),
    "database": ("SQLite のデータベース", "表ごとに CSV へ書き出して提出してください。"),
    "shape": ("シェープファイルの図形", "同じ名前の .dbf か、GeoJSON を提出してください。"),
    "arrow": ("Arrow・Feather", "Parquet か CSV で出力し直してください。"),
    "old_workbook": ("Excel 4.0 以前のブック", _AS_WORKBOOK),
    "encrypted_parquet": ("暗号化された Parquet", "暗号化を外して出力し直してください。"),
    "program": ("プログラム", "データのファイルを提出してください。"),
    "unknown": ("知らない種類のデータ", "Excel(.xlsx)か CSV で保存し直して提出してください。"),
}
_SIGNATURES = (
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\x89PNG\r\n\x1a\n", "image"),
    (0, b"\xff\xd8\xff", "image"),
    (0, b"GIF87a", "image"),
    (0, b"GIF89a", "image"),
    (0, b"II*\x00", "image"),
    (0, b"MM\x00*", "image"),
    (8, b"WEBP", "image"),
    (4, b"ftyp", "image"),
    (0, b"\x1f\x8b\x08", "archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive"),
    (0, b"Rar!\x1a\x07", "archive"),
    (0, b"BZh91AY&SY", "archive"),
    (0, b"\xfd7zXZ\x00", "archive"),
    (0, b"\x28\xb5\x2f\xfd", "archive"),
    (0, b"MSCF\x00\x00\x00\x00", "archive"),
    (257, b"ustar", "archive"),
    (4, b"Standard Jet DB", "access"),
    (4, b"Standard ACE DB", "access"),
    (0, b"SQLite format 3\x00", "database"),
    (0, b"\x00\x00\x27\x0a\x00\x00\x00\x00", "shape"),
    (0, b"ARROW1\x00\x00", "arrow"),
    (0, b"PARE", "encrypted_parquet"),
    (0, b"\x09\x00\x04\x00", "old_workbook"),
    (0, b"\x09\x02\x06\x00", "old_workbook"),
    (0, b"\x09\x04\x06\x00", "old_workbook"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ\x90\x00", "program"),
)
_LHA = re.compile(rb"..-lh[0-9d]-", re.DOTALL)
_BMP = re.compile(rb"BM.{4}\x00{4}", re.DOTALL)
_HTML = re.compile(rb"<!doctype html|<html[\s>]|<(?:table|body|head|meta)[\s>]", re.IGNORECASE)
_MHTML = re.compile(
    rb"^mime-version:|^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE
)
_XML_WORKBOOK = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|progid=.Excel\.Sheet")


def refuse_foreign(head: bytes, file: str) -> None:
    """Refuse what its first bytes name as no table; everything else passes.

    Raises:
        Refusal: `kind.pdf`, `kind.html`, `kind.image` … with what to send instead.
    """
    if name := _name(head):
        raise foreign(name, file)


def foreign(name: str, file: str) -> Refusal:
    """Word the refusal of one kind that is no table."""
    what, remedy = _WORDS[name]
    return Refusal(f"kind.{name}", f"中身が{what}で、表として読めません。", file, remedy)


def _name(head: bytes) -> str | None:
    for start, magic, name in _SIGNATURES:
        if head.startswith(magic, start):
            return name
    if _LHA.match(head):
        return "archive"
    return "image" if _BMP.match(head) else _markup(head)


def _markup(head: bytes) -> str | None:
    """Tell the languages of angle brackets apart, in whatever encoding (UTF-16 has zeros)."""
    text = head[:_SEEN].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _MHTML.match(text):
        return "mhtml"
    if not text.startswith(b"<"):
        return None
    if _XML_WORKBOOK.search(text):
        return "xml_workbook"
    if _HTML.search(text):
        return "html"
    return "xml" if text.startswith(b"<?xml") else None
