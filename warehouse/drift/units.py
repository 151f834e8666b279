"""Units that change between deliveries, in a header or in the row of units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import TRANSFORMS
from warehouse.drift.change import Change
from warehouse.drift.edits import can_be_dated
from warehouse.drift.likeness import read_unit, split_unit
from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from assets.column import Column
    from assets.contract import Contract, Layout
    from warehouse.drift.change import Validity
    from warehouse.drift.likeness import Unit
    from warehouse.readers.grid import Grid

_UNDATED = "期間で区切れないため、契約の source に multiplier を手で書いてください。"
_UNRELATED = "換算できない単位です。契約を手で直すか、元の単位で出し直してもらってください。"


def factor_between(change: Change, column: Column, old: str, validity: Validity) -> Change:
    """Turn a renaming into a change of unit when the two headers name units of different size."""
    before, after = split_unit(old)[1], split_unit(change.new)[1]
    if after is None or "multiplier" not in TRANSFORMS[column.type].parameters:
        return change
    named = read_unit(column.unit) if column.unit else None
    base = named or before
    old_text = before.text if before else column.unit or "(単位なし)"
    return _convert(change, column, old_text, after, base=base, before=before, validity=validity)


def find_unit_changes(
    grid: Grid, contract: Contract, validity: Validity, layout: Layout, found: dict[str, int]
) -> list[Change]:
    """Compare the row of units with the units the contract counts in."""
    cells = grid.cells.filter(pl.col(ROW) == (layout.unit_row or -1))
    if cells.is_empty():
        return []
    changes = []
    for name, number in found.items():
        column = contract.columns[name].in_period(validity.period)
        cell = (cells[f"c{number}"][0] or "").strip("()（）[] 　単位:：")
        if column.source_unit is None or cell == column.source_unit:
            continue
        header = "、".join(contract.columns[name].headers(validity.period))
        where = f"{column_letter(number)}{layout.unit_row} の単位が「{cell}」"
        change = Change(
            "unit_changed", name, column.title, column.source_unit, header, (where,), 0.9,
            details={"source_unit": cell},
        )  # fmt: skip
        changes.append(_from_cell(change, column, cell, validity))
    return changes


def _from_cell(change: Change, column: Column, cell: str, validity: Validity) -> Change:
    old, new = read_unit(column.source_unit or ""), read_unit(cell)
    if old is None or new is None:
        return replace(change, is_settled=False, hint=_UNRELATED)
    named = read_unit(column.unit) if column.unit else old
    return _convert(change, column, old.text, new, base=named, before=old, validity=validity)


def _convert(
    change: Change,
    column: Column,
    old_text: str,
    new: Unit,
    *,
    base: Unit | None,
    before: Unit | None,
    validity: Validity,
) -> Change:
    """Work out by how much the values are now multiplied to count in the contract's unit."""
    if base is None or base.base != new.base:
        unrelated = before is not None and before.base != new.base
        return replace(change, is_settled=False, hint=_UNRELATED) if unrelated else change
    ratio = new.scale / (before.scale / column.multiplier if before else base.scale)
    if ratio == column.multiplier:
        return change
    words = (*change.evidence, f"単位が {old_text} から {new.text} に変わった(×{ratio:g})")
    changed = replace(change, kind="unit_changed", evidence=words)
    if ratio != int(ratio) or ratio < 1:
        return replace(changed, is_settled=False, hint=_UNRELATED)
    if not can_be_dated(validity):
        details = {**change.details, "by_hand": True}
        return replace(changed, is_settled=False, hint=_UNDATED, details=details)
    hint = f"この期間から値に {ratio:g} を掛けます。"
    return replace(changed, hint=hint, details={**change.details, "multiplier": int(ratio)})
