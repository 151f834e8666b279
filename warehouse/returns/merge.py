"""Rows that came back, put in place of the rows as delivered: every row is used, out, or said not to be.

Pure: frames in, frames out. What has come back is `standing`; which rules a row then has to pass
is the common stage's own business and the same for all rows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.readers.grid import ROW
from warehouse.returns.identity import CORRECTED, EXCLUDED, as_shown, hash_row, hash_text

if TYPE_CHECKING:
    from collections.abc import Mapping

EXCLUDED_REASON = "所管課が除外"
STATEMENT_SCHEMA = {
    "of_row": pl.Int64,
    "action": pl.String,
    "delivered": pl.String,
    "cells": pl.String,
}


@dataclass(frozen=True)
class Merged:
    """The rows of one delivery with what came back in place.

    Attributes:
        rows: raw rows, in the order of the file.
        ragged: ragged records that still wait.
        corrected: numbers of the rows that a department has corrected.
        excluded: numbers of the rows that a department has taken out.
        unused: numbers of returned rows that no longer fit what was delivered.
    """

    rows: pl.DataFrame
    ragged: pl.DataFrame
    corrected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    unused: tuple[int, ...] = ()

    @property
    def has_returned(self) -> bool:
        """Tell whether anything came back for this delivery."""
        return bool(self.corrected or self.excluded or self.unused)


def count_returned(merged: Merged, loaded: pl.Series, faulty: pl.Series) -> dict[str, int]:
    """Count what became of the rows that came back.

    Args:
        merged: the delivery they came back to.
        loaded: numbers of its rows that went on.
        faulty: numbers of its rows in quarantine, each once or more.
    """
    corrected = pl.Series(merged.corrected, dtype=pl.Int64)
    return {
        "used": len(merged.corrected) + len(merged.excluded),
        "taken": int(corrected.is_in(loaded.implode()).sum()),
        "faulty": int(corrected.is_in(faulty.implode()).sum()),
        "excluded": len(merged.excluded),
        "unused": len(merged.unused),
    }


def word_returned(counts: Mapping[str, int]) -> list[str]:
    """Say what became of the rows that came back to one delivery."""
    said = [
        (
            f"隔離から戻した行 {counts['used']:,}(うち取り込み {counts['taken']:,}、"
            f"まだ誤り {counts['faulty']:,}、除外 {counts['excluded']:,})"
        )
    ]
    if counts["unused"]:
        said.append(
            f"隔離から戻した行のうち {counts['unused']:,} 行は、届いた行や契約の列が書き出したときと違うため使いません。\n"
            "  直し方: machikane quarantine で書き出し直してください。"
        )
    return said


def merge_returned(raw: pl.DataFrame, ragged: pl.DataFrame, statements: pl.DataFrame) -> Merged:
    """Put the corrected rows in place and take the excluded ones out.

    Args:
        raw: `_row` and one String column per contract column.
        ragged: `_row` and `raw_value` at least: records whose fields do not fit the header.
        statements: at most one per row (`STATEMENT_SCHEMA`); `delivered` is the hash of the row
            as it was when the statement was made, `cells` a JSON object column → text.
    """
    if statements.is_empty():
        return Merged(raw, ragged)
    delivered = _delivered_rows(raw, ragged, statements["of_row"])
    used: dict[str, dict[int, dict[str, str | None]]] = {CORRECTED: {}, EXCLUDED: {}}
    unused: list[int] = []
    # A loop over the few rows that clerks have worked on, not over the delivery.
    for row, action, print_, cells in statements.select(*STATEMENT_SCHEMA).iter_rows():
        returned = json.loads(cells)
        if set(returned) <= set(raw.columns) and _fits(delivered.get(row), print_, returned):
            used[action][row] = _take(delivered[row], returned)
        else:
            unused.append(row)
    corrected, excluded = used[CORRECTED], used[EXCLUDED]
    touched = [*corrected, *excluded]
    return Merged(
        rows=_replace(raw, corrected, touched),
        ragged=ragged.filter(~pl.col(ROW).is_in(touched)),
        corrected=tuple(sorted(corrected)),
        excluded=tuple(sorted(excluded)),
        unused=tuple(sorted(unused)),
    )


def _delivered_rows(
    raw: pl.DataFrame, ragged: pl.DataFrame, wanted: pl.Series
) -> dict[int, dict[str, str | None]]:
    """Give the rows spoken of as delivered; a ragged one has its text under no name."""
    chosen = pl.col(ROW).is_in(wanted.implode())
    whole = {row.pop(ROW): row for row in raw.filter(chosen).to_dicts()}
    parts = ragged.filter(chosen).select(ROW, "raw_value").iter_rows()
    return {**whole, **{row: {"": text} for row, text in parts}}


def _fits(
    delivered: Mapping[str, str | None] | None, print_: str, returned: Mapping[str, str | None]
) -> bool:
    """Tell whether the row is still the one that was written out."""
    if delivered is None:
        return False
    if "" in delivered:
        return print_ == hash_text(delivered[""] or "")
    return print_ == hash_row({name: delivered[name] for name in returned})


def _take(
    delivered: Mapping[str, str | None], returned: Mapping[str, str | None]
) -> dict[str, str | None]:
    """Use what came back; a cell nobody touched keeps what a spreadsheet cannot hold."""
    edited = {
        name: (delivered[name] if as_shown(value) == as_shown(delivered[name]) else value)
        if name in delivered
        else value
        for name, value in returned.items()
    }
    return {**{name: value for name, value in delivered.items() if name}, **edited}


def _replace(
    raw: pl.DataFrame, corrected: dict[int, dict[str, str | None]], touched: list[int]
) -> pl.DataFrame:
    rows = [{ROW: row, **cells} for row, cells in corrected.items()]
    fixed = pl.DataFrame(rows, schema=raw.schema)
    return pl.concat([raw.filter(~pl.col(ROW).is_in(touched)), fixed]).sort(ROW)
