"""The body of a table: which of its rows are data, and which are totals, groups, notes or headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW, column_letter
from warehouse.readers.headers import band_paths
from warehouse.tables import page as kinds
from warehouse.tables.evidence import profile
from warehouse.tables.groups import group_rows, rows_under
from warehouse.tables.notes import note_rows, notes_of
from warehouse.tables.table import ROLE_SCHEMA, Note, Total
from warehouse.tables.totals import find_totals
from warehouse.tables.vocabulary import SEQUENCE

if TYPE_CHECKING:
    from warehouse.tables.band import Band
    from warehouse.tables.sheet import Outline

_SEQUENCE = re.compile(SEQUENCE)
_SAMPLE = 300
_LABELS = 3


@dataclass(frozen=True)
class Body:
    """What was read of a body.

    Attributes:
        names: 1-based column → header path, or its letter.
        numeric: columns that hold numbers.
        counted: of these, the ones that count or measure something (no running numbers or codes).
        cells: rows with data or totals.
        roles: one row per record from the header to the end (`ROLE_SCHEMA`).
        span: first and last row of the body.
    """

    names: dict[int, str]
    numeric: set[int]
    counted: set[int]
    cells: pl.DataFrame
    roles: pl.DataFrame
    span: tuple[int, int] | None
    totals: tuple[Total, ...]
    notes: list[Note]
    row_groups: dict[int, str]


def read_body(sheet: Outline, band: Band, start: int, tail: int, *, rounded: bool) -> Body:
    """Read the rows from the header to the end of the body (places in the outline)."""
    names = _name_columns(sheet, band, start, tail)
    columns = [ROW, *(f"c{n}" for n in names)]
    top = sheet.place(band.first) if band.first is not None else start
    cells = sheet.grid.cells.slice(start, max(tail - start, 0)).select(columns)
    counts = sheet.counts[start:tail]
    numeric = _numeric(sheet, start, tail) & set(names)
    special = _special(sheet, band, cells)
    usual = float(np.median(counts[counts > 0])) if (counts > 0).any() else 0.0
    remarks = note_rows(cells, counts, usual)
    keep = ~pl.col(ROW).is_in([*special, *remarks])
    kept = cells.with_columns(_n=pl.Series(counts, dtype=pl.Int64)).filter(keep)
    groups = group_rows(kept.drop("_n"), kept["_n"].to_numpy(), sorted(numeric))
    counted = {n for n in numeric if not _is_running(names[n])}
    rows = kept.filter((pl.col("_n") > 0) & ~pl.col(ROW).is_in(list(groups))).drop("_n")
    labels = [n for i, n in enumerate(names) if i < _LABELS or n not in numeric]
    totals = find_totals(
        rows, labels, {n: names[n] for n in names if n in counted}, is_rounded=rounded
    )
    proved = [total.row for total in totals if total.is_proved]
    roles = _roles(
        sheet,
        band,
        top,
        tail,
        special
        | dict.fromkeys(remarks, "note")
        | dict.fromkeys(groups, "group")
        | dict.fromkeys(proved, "total"),
    )
    data = roles.filter(pl.col("role") == "data")[ROW]
    return Body(
        names=names,
        numeric=numeric,
        counted=counted,
        cells=rows,
        roles=roles,
        span=_span(roles, band),
        totals=totals,
        notes=notes_of(
            sheet.open(np.array([sheet.place(r) for r in remarks], dtype=np.int64)), below=True
        )
        if remarks
        else [],
        row_groups=rows_under(groups, data),
    )


def _name_columns(sheet: Outline, band: Band, start: int, tail: int) -> dict[int, str]:
    """Name the columns that have a header or a value; the names are those a contract would see."""
    paths = band_paths(sheet.grid, band.first, band.last) if band.first and band.last else {}
    body = sheet.grid.cells.slice(start, max(tail - start, 0))
    used = body.select((pl.col(f"c{c + 1}").str.strip_chars() != "").any() for c in sheet.columns)
    has_value = dict(zip(sheet.columns, used.row(0), strict=True)) if used.height else {}
    return {
        c + 1: paths.get(c + 1) or column_letter(c + 1)
        for c in sheet.columns
        if paths.get(c + 1) or has_value.get(c)
    }


def _numeric(sheet: Outline, start: int, tail: int) -> set[int]:
    places = start + np.flatnonzero(sheet.counts[start:tail])
    if not len(places):
        return set()
    page = sheet.open(np.unique(np.concatenate([places[:_SAMPLE], places[-50:]])))
    seen = profile(page, np.arange(len(page.rows)))
    return {int(c) + 1 for c in np.flatnonzero((seen.kind == kinds.NUMBER) & (seen.weight > 0))}


def _is_running(name: str) -> bool:
    bare = name.rsplit("/", 1)[-1].lower()
    return _SEQUENCE.match(bare) is not None


def _special(sheet: Outline, band: Band, cells: pl.DataFrame) -> dict[int, str]:
    """Find header and unit rows that come again, and rows of metadata."""
    found: dict[int, str] = {}
    rows = list(range(band.first, (band.last or band.first) + 1)) if band.first is not None else []
    for row, role in [
        *((r, "header") for r in rows),
        *([(band.unit, "unit")] if band.unit else []),
    ]:
        itself = sheet.grid.cells.filter(pl.col(ROW) == row).select(cells.columns[1:])
        said = itself.row(0, named=True) if itself.height else {}
        same = [pl.col(name) == text for name, text in said.items() if (text or "").strip()]
        if len(same) > 1:
            again = cells.filter(pl.all_horizontal(same))
            found |= dict.fromkeys(again[ROW].to_list(), role)
    if band.has_keys and len(cells.columns) > 1:
        marked = cells.filter(pl.col(cells.columns[1]).str.starts_with("#"))
        found |= dict.fromkeys(marked[ROW].to_list(), "metadata")
    return found


def _roles(sheet: Outline, band: Band, top: int, tail: int, known: dict[int, str]) -> pl.DataFrame:
    rows = pl.DataFrame(
        {ROW: sheet.rows[top:tail], "_n": sheet.counts[top:tail]}, schema_overrides={ROW: pl.Int64}
    )
    in_band = (
        pl.col(ROW).is_between(band.first, band.last)
        if band.first is not None
        else pl.lit(value=False)
    )
    role = (
        pl.when(in_band).then(pl.lit("header"))
        .when(pl.col(ROW) == (band.unit or -1)).then(pl.lit("unit"))
        .when(pl.col("_n") == 0).then(pl.lit("blank"))
    )  # fmt: skip
    between = pl.col(ROW) < band.body if band.body is not None else pl.lit(value=False)
    special = pl.DataFrame(
        {ROW: list(known), "known": list(known.values())},
        schema={ROW: pl.Int64, "known": pl.String},
    )
    joined = rows.join(special, on=ROW, how="left", maintain_order="left")
    rest = (
        role.when(pl.col("known").is_not_null())
        .then(pl.col("known"))
        .when(between)
        .then(pl.lit("metadata" if band.has_keys else "note"))
        .otherwise(pl.lit("data"))
    )
    return joined.select(ROW, role=rest).cast(dict(ROLE_SCHEMA))


def _span(roles: pl.DataFrame, band: Band) -> tuple[int, int] | None:
    if band.body is None:
        return None
    body = roles.filter(
        (pl.col(ROW) >= band.body) & pl.col("role").is_in(["data", "total", "group"])
    )[ROW]
    return (int(body[0]), int(body[-1])) if len(body) else None
