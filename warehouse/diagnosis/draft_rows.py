"""The rows of a file that a drafted contract sets aside: proved totals, notes, metadata.

Only what the table's own reading has shown to be no data, and only by a rule that hits no data row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from assets.contract import Layout
from warehouse.readers.grid import ROW
from warehouse.readers.headers import header_paths

if TYPE_CHECKING:
    from warehouse.diagnosis.scene import Scene

_REASONS = {"note": "注記", "metadata": "メタデータ", "group": "注記", "unit": "単位"}
_SUBTOTAL = r"小計|^計$"
_LONGEST = 60
_START = 8


def draft_set_aside(scene: Scene, left_out: dict[str, str]) -> list[dict[str, object]]:
    """Draft the rules that tell a table's other rows from its data."""
    paths = header_paths(scene.grid, Layout(header_rows=scene.table.header_rows or (1, 1)))
    usable = {n: path for n, path in paths.items() if path not in left_out}
    rules: dict[tuple[str, str], list[str]] = {}
    patterns: list[dict[str, object]] = []
    for row, reason, label in _rows_aside(scene):
        cells = _cells(scene, row)
        found = _telling_cell(scene, cells, usable, label)
        if found is None:
            continue
        number, value = found
        if len(value) <= _LONGEST and "\n" not in value:
            values = rules.setdefault((reason, usable[number]), [])
            values += [value] if value not in values else []
        else:
            start = re.escape(value[:_START]).replace("\\ ", " ")
            patterns.append({"reason": reason, "source": usable[number], "pattern": f"^{start}"})
    listed: list[dict[str, object]] = [
        {"reason": r, "source": s, "values": v} for (r, s), v in rules.items()
    ]
    return [*listed, *(p for i, p in enumerate(patterns) if p not in patterns[:i])]


def _rows_aside(scene: Scene) -> list[tuple[int, str, str]]:
    """List the rows below the header that are no data: row, reason, the word that says so."""
    header_end = (scene.table.header_rows or (1, 1))[1]
    proved = {t.row: t.label for t in scene.table.totals if t.is_proved}
    aside = [
        (row, "小計" if re.search(_SUBTOTAL, label) else "合計", label)
        for row, label in proved.items()
    ]
    roles = scene.table.roles.filter(pl.col("role").is_in([*_REASONS]) & (pl.col(ROW) > header_end))
    aside += [(row, _REASONS[role], "") for row, role in roles.select(ROW, "role").rows()]
    after = scene.grid.cells.filter(pl.col(ROW) > scene.table.last_row)
    known = {row for row, *_ in aside} | {scene.table.unit_row}
    filled = after.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))[ROW].to_list()
    aside += [(row, "注記", "") for row in filled if row not in known]
    return sorted(item for item in aside if item[0] != scene.table.unit_row)


def _cells(scene: Scene, row: int) -> dict[int, str]:
    found = scene.grid.cells.filter(pl.col(ROW) == row)
    if found.is_empty():
        return {}
    values = found.row(0)[1:]
    return {i: v.strip() for i, v in enumerate(values, start=1) if v and v.strip()}


def _telling_cell(
    scene: Scene, cells: dict[int, str], usable: dict[int, str], label: str
) -> tuple[int, str] | None:
    """Choose the first cell with words (the label's, if there is one) that no data row has there."""
    for number in sorted(cells):
        if number not in usable or f"c{number}" not in scene.rows.columns:
            continue
        is_word = re.search(r"[^0-9.,%％-]", cells[number]) is not None
        if not is_word or label not in cells[number]:
            continue
        if not (scene.rows[f"c{number}"] == cells[number]).any():
            return number, cells[number]
    return None
