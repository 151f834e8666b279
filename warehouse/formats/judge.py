"""Everything the files of a release are found to be before anybody may approve them.

Belongs here: putting the judgements of the formats into one list of findings. Must not hold: the
judgements, nor what the gate says of persons (`anonymize`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from anonymize.gate import Finding
from warehouse.formats.agreement import find_disagreements
from warehouse.formats.geojson_file import is_placed, places_of
from warehouse.formats.spreadsheet_safety import unsafe_cells

_ZERO = r"^0[0-9]+$"

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from assets.standard import Standard


def judge_formats(table: pl.DataFrame, standard: Standard, files: Iterable[Path]) -> list[Finding]:
    """Judge the data files of a typed table, read back from where they lie.

    Args:
        table: What was written.
        standard: Its layout.
        files: Its data files, in any format.
    """
    listed = list(files)
    return [
        *unsafe_cells(table, standard),
        *_losing_zeros(table, listed),
        *_unplaced(table, standard),
        *_disagreeing(find_disagreements(table, listed, standard)),
    ]


def _losing_zeros(table: pl.DataFrame, files: list[Path]) -> Iterator[Finding]:
    """Codes that lose their zeros when the CSV is opened by a double click, with no workbook beside."""
    if any(file.suffix == ".xlsx" for file in files):
        return
    text = table.select(pl.col(pl.String).str.contains(_ZERO).any())
    columns = [name for name in text.columns if text[name].item()]
    if columns:
        yield Finding(
            "format.leading_zeros",
            "warning",
            f"「{'」「'.join(columns)}」列",
            "CSV を表計算ソフトで開くと、先頭の0が消える値があります(ファイルの値は正しいままです)。",
            "公開の設定を xlsx: true にすると、0の残るブックも公開できます。",
        )


def _disagreeing(names: Iterable[str]) -> Iterator[Finding]:
    for name in names:
        yield Finding(
            "format.disagrees",
            "blocker",
            name,
            "読み返すと、表と同じ内容になっていません。",
            "SQL が特別な文字(制御文字など)を出していないか確かめて、もう一度作ってください。",
        )


def _unplaced(table: pl.DataFrame, standard: Standard) -> Iterator[Finding]:
    """Rows that a map leaves out: blank positions are to be known, unreadable ones to be mended."""
    places = places_of(table, standard)
    if places is None or table.is_empty():
        return
    filled = pl.any_horizontal(pl.col(name).is_not_null() for name in places)
    placed = is_placed(places)
    count = table.select(wrong=(filled & ~placed).sum(), blank=(~filled).sum())
    wrong, blank = count.row(0)
    where = f"「{places.latitude}」「{places.longitude}」列"
    if wrong:
        yield Finding(
            "format.position",
            "blocker",
            where,
            f"緯度・経度として読めない行が {wrong} 件あります(片方だけの行を含みます)。",
            "34.781234 のように十進法の度で両方を書くか、両方を空欄にしてください。",
        )
    if 0 < blank < table.height:
        yield Finding(
            "format.no_position",
            "warning",
            where,
            f"緯度・経度が空欄の行が {blank} 件あります。地図には出ません(GeoJSON では geometry: null)。",
            "位置の分かるものは、元のデータに緯度・経度を足してください。",
        )
