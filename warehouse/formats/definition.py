"""What goes out beside the data: a file that defines every column, and one that explains the codes.

Rules L3-02, L3-04 and L3-08 of 行政データにおける機械可読性に関するルール ask for them. Both are CSV
that keeps the same rules: one header row, one thing a cell (lists with `;`), no line breaks.
Must not hold: what is known only at publication, such as the history of versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse.formats.csv_file import write_csv
from warehouse.formats.spreadsheet_safety import describe_changes

if TYPE_CHECKING:
    from pathlib import Path

    from assets.standard import Standard, StandardColumn

DEFINITION, CODES = "_definition", "_codes"
KINDS = {
    "text": "文字列", "kana": "文字列(全角カナ)", "code": "コード(文字列)", "integer": "整数", "number": "数値",
    "date": "日付(YYYY-MM-DD)", "time": "時刻(hh:mm)", "weekdays": "曜日", "latitude": "緯度(十進法の度)",
    "longitude": "経度(十進法の度)", "phone": "電話番号", "postal_code": "郵便番号", "municipality_code": "全国地方公共団体コード(6桁)",
    "corporate_number": "法人番号(13桁)", "flag": "該当するとき1", "url": "URL", "email": "メールアドレス",
}  # fmt: skip
_EVIDENCE = {
    "sheet": "データ項目定義書", "published": "公開されたファイル", "importer": "取り込みの仕様",
    "guidebook": "導入ガイド", "inferred": "推定",
}  # fmt: skip
_DEGREES = {"latitude": "度", "longitude": "度"}
# A comma inside a cell would read as two data in one.
_CLEAN = (("\r", " "), ("\n", " "), (",", "、"))


def is_document(file: str) -> bool:
    """Tell whether a file of a release explains the data instead of holding them."""
    stem, _, suffix = file.rpartition(".")
    return suffix == "csv" and stem.endswith((DEFINITION, CODES))


def write_documents(
    table: pl.DataFrame, standard: Standard, folder: Path, stem: str, *, bom: bool
) -> list[Path]:
    """Write `<stem>_definition.csv`, and `<stem>_codes.csv` when a column has codes or set words.

    Args:
        table: Typed, as it is written beside.
        standard: Its layout.
        folder: Exists already.
        stem: Of the data files.
        bom: As for the data.
    """
    columns = [column for name in table.columns if (column := standard.column(name))]
    codes = list_codes(columns)
    definition, codes_file = folder / f"{stem}{DEFINITION}.csv", folder / f"{stem}{CODES}.csv"
    lines = [_define(c, table[c.name], codes_file.name) for c in columns]
    write_csv(pl.DataFrame(lines, infer_schema_length=None), definition, bom=bom)
    if codes.is_empty():
        return [definition]
    write_csv(codes, codes_file, bom=bom)
    return [definition, codes_file]


def list_codes(columns: list[StandardColumn]) -> pl.DataFrame:
    """List every code and set word of the columns with its meaning: 項目名, コード, 意味."""
    rows = [
        (column.name, code, meaning)
        for column in columns
        for code, meaning in (column.codes or {value: value for value in column.values}).items()
    ]
    return pl.DataFrame(
        rows, schema=dict.fromkeys(["項目名", "コード", "意味"], pl.String), orient="row"
    )


def _define(column: StandardColumn, values: pl.Series, codes_file: str) -> dict[str, str | None]:
    has_codes = bool(column.codes or column.values)
    said = {
        "項目名": column.name,
        "型": KINDS[column.type],
        "必須": _need(column),
        "意味": column.description or column.name,
        "単位": column.unit or _DEGREES.get(column.type, ""),
        "とりうる値": ";".join(column.codes or column.values),
        "コード表": codes_file if has_codes else "",
        "例": column.example,
        "英語名": column.title_en,
        "根拠": _EVIDENCE[column.evidence],
        "CSVを表計算ソフトで開いたとき": describe_changes(values),
    }
    return {name: _clean(text) or None for name, text in said.items()}


def _need(column: StandardColumn) -> str:
    if column.required:
        return "必須"
    if column.recommended:
        return "推奨"
    return "任意" if column.required is False else "確認できず"


def _clean(text: str) -> str:
    for old, new in _CLEAN:
        text = text.replace(old, new)
    return " ".join(text.split())
