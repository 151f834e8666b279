"""What of a table could not be written as entities, counted and told in Japanese.

No value of a row stands in a note: headings and counts only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.exchange import cells

if TYPE_CHECKING:
    import polars as pl

    from assets.exchange import Attribute, EntityMapping, Kind

_KINDS: dict[Kind, str] = {
    "number": "数",
    "date": "日付(YYYY-MM-DD)",
    "moment": "日付(YYYY-MM-DD)と時刻(HH:MM)",
    "day_start": "日付(YYYY-MM-DD)",
    "flag": "1 か空白",
    "url": "http(s) の URL",
    "email": "メールアドレス",
}


def lost_rows(ids: pl.Series, written: int) -> list[str]:
    """Tell how many rows are no entity: `ids` of all rows, `written` the number of entities."""
    blank = ids.null_count()
    doubled = ids.len() - written - blank
    notes = []
    if blank:
        notes.append(f"ID が空の {blank} 行は、エンティティにしていません。")
    if doubled:
        notes.append(f"ID が重なっているか長すぎる {doubled} 行は、エンティティにしていません。")
    return notes


def lost_cells(rows: pl.DataFrame, mapping: EntityMapping, have: set[str]) -> list[str]:
    """Tell which cells, though not blank, could not be written, and which columns are missing."""
    judged = {(a.column or "", a.kind): a for a in mapping.all_attributes if a.kind in _KINDS}
    counts = rows.select(
        _is_lost(attribute, have).sum().alias(str(n)) for n, attribute in enumerate(judged.values())
    )
    notes = (
        [
            f"「{column}」の {count} 件は {_KINDS[kind]} でないので、載せていません。"
            for (column, kind), count in zip(judged, counts.row(0), strict=True)
            if count
        ]
        if judged
        else []
    )
    notes += _lost_places(rows, mapping, have)
    if absent := [name for name in mapping.columns if name not in have]:
        notes.append(f"表にない列です: {'、'.join(absent)}")
    return notes


def _lost_places(rows: pl.DataFrame, mapping: EntityMapping, have: set[str]) -> list[str]:
    place = mapping.position
    if place is None or not {place.latitude, place.longitude} <= have:
        return []
    said = cells.cell(place.latitude).is_not_null() | cells.cell(place.longitude).is_not_null()
    lost = rows.select((said & cells.coordinates(place).is_null()).sum()).item()
    if not lost:
        return []
    return [f"緯度・経度がそろっていないか、度でない {lost} 行には、位置がありません。"]


def _is_lost(attribute: Attribute, have: set[str]) -> pl.Expr:
    return cells.given(attribute, have).is_not_null() & cells.value(attribute, have).is_null()
