"""JSON, Parquet and dBase: formats that name their columns themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from pipelines.whole_city.writing.sheet import Sheet
    from pipelines.whole_city.writing.style import Style


def write_json(path: Path, sheet: Sheet, style: Style, name: int | str) -> None:
    """Write a list of objects; under the name of its list where the contract has one."""
    records = _named(sheet).write_json()
    if isinstance(name, str):
        records = f"{{{json.dumps(name, ensure_ascii=False)}: {records}}}"
    path.write_bytes(style.mark + records.encode(style.codec))


def write_parquet(path: Path, sheet: Sheet) -> None:
    """Write texts as Parquet."""
    _named(sheet).write_parquet(path)


def _named(sheet: Sheet) -> pl.DataFrame:
    return sheet.rows.rename(sheet.headers)
