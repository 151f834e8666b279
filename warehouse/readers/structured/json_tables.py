"""JSON documents as tables of text: lists of objects are found wherever they stand.

A document is read as a whole, so its size has a limit. What stands beside the lists is a table of
its own, so that nothing is lost. The first row of a grid holds the paths, the records follow.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse.readers.grid import ROW, Grid
from warehouse.readers.structured.json_text import (
    LEVEL,
    DuplicateKeyError,
    flatten,
    load_json,
    spell,
    to_text,
)
from warehouse.readers.text.encoding import Decoded, decode
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 64 << 20
BESIDE = "(表の外の項目)"
_KEY, _VALUE = "キー", "値"


@dataclass(frozen=True)
class JsonTable:
    """One table of a document: `name` is the path of its list, empty for the document itself."""

    name: str
    grid: Grid


@dataclass(frozen=True)
class JsonDocument:
    """A document read: its tables and the text it came from."""

    tables: tuple[JsonTable, ...]
    decoded: Decoded


def read_json(path: Path, file: str, *, encoding: str = "auto") -> JsonDocument:
    """Read a document and find its tables.

    Raises:
        Refusal: `encoding.*`, `json.too_big`, `json.too_deep`, `json.broken` with the line,
            `json.duplicate_key`, `json.no_table`.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Refusal(
            "json.too_big",
            f"JSON が大きすぎます({MOST_BYTES >> 20} MB まで)。",
            file,
            "1行に1件の JSON Lines か、CSV・Parquet で出力し直してください。",
        )
    decoded = decode(path.read_bytes(), encoding, file)
    value = load(decoded.text, file)
    try:
        tables = _find_tables(value, decoded.encoding)
    except RecursionError:
        raise refuse_depth(file) from None
    if not tables:
        raise Refusal(
            "json.no_table",
            "JSON の中に、表になる記録の一覧がありません。",
            file,
            '[{"項目": 値, …}, …] の形で出力し直してください。',
        )
    return JsonDocument(tables, decoded)


def pick_table(document: JsonDocument, sheet: int | str, file: str) -> Grid:
    """Choose a table by its number from 1 or by the path of its list.

    Raises:
        Refusal: `json.no_list`.
    """
    for number, table in enumerate(document.tables, start=1):
        if sheet in {number, table.name}:
            others = "、".join(t.name or "(全体)" for t in document.tables if t is not table)
            notes = (f"ほかの一覧は読んでいません: {others}",) if others else ()
            return replace(table.grid, notes=notes)
    known = "、".join(table.name or "(全体)" for table in document.tables)
    raise Refusal(
        "json.no_list",
        f"契約の sheet「{sheet}」に当たる一覧がありません。",
        f"{file}(ある一覧: {known})",
        "契約の sheet を直してください。",
    )


def load(text: str, file: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse a text, its faults worded.

    Raises:
        Refusal: `json.broken`, `json.duplicate_key`, `json.too_deep`.
    """
    try:
        return load_json(text)
    except DuplicateKeyError as error:
        raise refuse_twice(error.key, file) from None
    except RecursionError:
        raise refuse_depth(file) from None
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise Refusal(
            "json.broken",
            "JSON として読めません。途中で切れているか、壊れています。",
            f"{file} の {line}行目",
            "元のシステムから出力し直して、もう一度提出してください。",
        ) from None


def refuse_twice(key: str, where: str) -> Refusal:
    """Word a key that stands twice."""
    return Refusal(
        "json.duplicate_key",
        f"1つの記録に、同じ項目「{key}」が2回あります。どちらが正しいか決められません。",
        where,
        "項目の名前を変えて出力し直してください。",
    )


def refuse_depth(file: str) -> Refusal:
    """Word a nesting that no table has."""
    return Refusal(
        "json.too_deep", "JSON の入れ子が深すぎます。", file, "表の形で出力し直してください。"
    )


def grid_of_records(records: list[Any], encoding: str | None) -> Grid:
    """Lay objects out below the row of their paths; anything else stands in a column of values."""
    flat = [flatten(r) if isinstance(r, dict) else {_VALUE: spell(r)} for r in records]
    names = list(dict.fromkeys(name for record in flat for name in record))
    columns = {f"c{i + 1}": [name, *(r.get(name) for r in flat)] for i, name in enumerate(names)}
    return Grid(_number(columns), encoding=encoding, names=tuple(names))


def grid_of_rows(rows: list[list[Any]], encoding: str | None) -> Grid:
    """Lay lists out as the rows they are."""
    width = max(map(len, rows), default=0)
    columns = {
        f"c{i + 1}": [spell(row[i]) if i < len(row) else None for row in rows] for i in range(width)
    }
    return Grid(_number(columns), encoding=encoding)


def _number(columns: dict[str, list[str | None]]) -> pl.DataFrame:
    cells = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return cells.insert_column(0, pl.int_range(1, cells.height + 1, eager=True).alias(ROW))


def _find_tables(value: Any, encoding: str) -> tuple[JsonTable, ...]:  # noqa: ANN401 - any JSON
    if isinstance(value, list):
        return (JsonTable("", _grid(value, encoding)),) if value else ()
    if not isinstance(value, dict) or not value:
        return ()
    lists: dict[str, list[Any]] = {}
    beside = _collect(value, "", lists)
    if not lists:
        return (JsonTable("", grid_of_records([value], encoding)),)
    if value.get("type") == "FeatureCollection" and "features" in lists:
        lists["features"] = list(map(_feature, lists["features"]))
        del beside["type"]
    tables = [JsonTable(name, _grid(found, encoding)) for name, found in lists.items()]
    if beside:
        pairs = [{_KEY: key, _VALUE: text} for key, text in beside.items()]
        tables.append(JsonTable(BESIDE, grid_of_records(pairs, encoding)))
    return tuple(tables)


def _grid(values: list[Any], encoding: str) -> Grid:
    if all(isinstance(value, list) for value in values):
        return grid_of_rows(values, encoding)
    return grid_of_records(values, encoding)


def _collect(value: dict[str, Any], prefix: str, lists: dict[str, list[Any]]) -> dict[str, Any]:
    """Put the lists of objects below an object into `lists`, and give what is left."""
    left: dict[str, Any] = {}
    for key, item in value.items():
        path = prefix + key
        if isinstance(item, list) and any(isinstance(part, dict) for part in item):
            lists[path] = item
        elif isinstance(item, dict) and item:
            left |= _collect(item, path + LEVEL, lists)
        else:
            left[path] = spell(item)
    if left and not prefix and not lists and _is_keyed(value):
        lists[""] = [{_KEY: key, **item} for key, item in value.items()]
        return {}
    return left


def _is_keyed(value: dict[str, Any]) -> bool:
    """Tell whether an object is a list of records under their keys: all objects, all alike."""
    items = list(value.values())
    return (
        len(items) > 1
        and all(isinstance(item, dict) and _KEY not in item for item in items)
        and all(item.keys() == items[0].keys() for item in items)
    )


def _feature(feature: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Give a GeoJSON feature as a record: its properties, and its geometry as JSON text."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
        return feature
    properties = feature["properties"]
    own = {k: v for k, v in feature.items() if k not in {"type", "properties"}}
    if "geometry" in own:
        own["geometry"] = _as_text(own["geometry"])
    if own.keys() & properties.keys():
        return {"properties": properties, **own}
    return {**properties, **own}


def _as_text(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    return None if value is None else to_text(value)
