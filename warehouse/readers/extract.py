"""From a grid to the raw rows of one delivery: columns chosen by the contract, the rest explained.

Everything stays text. Every record and every cell of the file is in the account: raw rows, set
aside with the reason, or quarantined.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse.account import BLANK, Account, Cells
from warehouse.readers.grid import ROW, Grid, column_letter
from warehouse.readers.headers import letter_path
from warehouse.readers.plan import Plan, make_plan
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from assets.contract import Contract

QUARANTINE_SCHEMA = {
    ROW: pl.Int64,
    "column": pl.String,
    "cell": pl.String,
    "raw_value": pl.String,
    "rule": pl.String,
    "fields": pl.Int64,
}
UNUSED = "使わない列"

# What a line without content may still hold: separators, quotes, and the end mark of old systems.
_NOTHING = ',\t \u3000"\r\n\x1a'
_REASON, _FILLED = "_reason", "_filled"


@dataclass(frozen=True)
class Extracted:
    """The raw rows of one delivery and the account of its file.

    Attributes:
        rows: `_row` and one String column per contract column.
        quarantine: ragged records (`QUARANTINE_SCHEMA`).
        set_aside: reason → number of records.
        rows_in: records of the file.
        cells: what became of its cells.
        letters: contract column → spreadsheet column letter.
        headers: contract column → header path as delivered.
        encoding: what a text was in.
        proof: why that encoding, in Japanese.
        notes: Japanese sentences about what was met on reading.
    """

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    set_aside: dict[str, int]
    rows_in: int
    cells: Cells
    letters: dict[str, str]
    headers: dict[str, str]
    sheet: str
    encoding: str | None
    proof: str = ""
    notes: tuple[str, ...] = ()

    @property
    def account(self) -> Account:
        """Give the account of the records and cells."""
        return Account(
            rows_in=self.rows_in,
            rows_out=self.rows.height,
            quarantined=self.quarantine.height,
            set_aside=self.set_aside,
            notes=self.notes,
            cells=self.cells,
        )


def extract(grid: Grid, contract: Contract, period: str, file: str) -> Extracted:
    """Choose the contract's columns and explain every record of the grid.

    Raises:
        Refusal: when the layout, a header or a unit is not what the contract says, or a column
            without a header holds something.
    """
    return _extract(grid, contract, make_plan(grid, contract, period, file))


def extract_parts(
    grids: Iterable[Grid], contract: Contract, period: str, file: str
) -> Iterator[Extracted]:
    """Extract a file part by part; the first part holds the header.

    Raises:
        Refusal: as `extract`.
    """
    plan: Plan | None = None
    for grid in grids:
        plan = plan or make_plan(grid, contract, period, file)
        yield _extract(grid, contract, plan)


def _extract(grid: Grid, contract: Contract, plan: Plan) -> Extracted:
    explained = _explain(grid.cells, plan)
    data = explained.filter(pl.col(_REASON).is_null())
    _refuse_nameless(data, plan)
    ragged = _explain_ragged(grid.ragged, plan)
    is_bad = pl.col(_REASON).is_null()
    set_aside = _count(explained, pl.len()) + _count(ragged, pl.len())
    set_aside += _count(grid.set_aside.rename({"reason": _REASON}), pl.len())
    return Extracted(
        rows=_choose(data, contract, plan),
        quarantine=_quarantine(ragged.filter(is_bad)),
        set_aside={reason: count for reason, count in sorted(set_aside.items()) if count},
        rows_in=grid.cells.height + grid.ragged.height + grid.set_aside.height,
        cells=_count_cells(grid, explained, data, ragged, plan),
        letters={name: column_letter(number) for name, number in plan.columns.items()},
        headers={name: plan.paths[number] for name, number in plan.columns.items()},
        sheet=grid.sheet,
        encoding=grid.encoding,
        proof=grid.proof,
        notes=grid.notes,
    )


def _explain(cells: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Add `_reason` (null for a data row, else why the record is not one) and `_filled` cells."""
    reason = pl.coalesce(pl.when(test).then(pl.lit(name)) for name, test in plan.rules)
    filled = pl.sum_horizontal(pl.exclude(ROW).is_not_null())
    return cells.with_columns(reason.alias(_REASON), filled.cast(pl.Int64).alias(_FILLED))


def _explain_ragged(ragged: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Tell ragged titles above the header and blank lines from records that lost their shape."""
    is_title = pl.col(ROW) < plan.layout.header_rows[0]
    is_blank = pl.col("text").str.strip_chars(_NOTHING) == ""
    reason = pl.when(is_title).then(pl.lit("表題")).when(is_blank).then(pl.lit("空行"))
    return ragged.with_columns(
        reason.alias(_REASON), pl.when(is_blank).then(0).otherwise(pl.col("fields")).alias(_FILLED)
    )


def _choose(data: pl.DataFrame, contract: Contract, plan: Plan) -> pl.DataFrame:
    """Take the contract's columns; one that this period does not deliver is blank."""
    absent = pl.lit(None, pl.String)
    numbers = {name: plan.columns.get(name) for name in contract.columns}
    return data.select(
        ROW, *((pl.col(f"c{n}") if n else absent).alias(name) for name, n in numbers.items())
    )


def _refuse_nameless(data: pl.DataFrame, plan: Plan) -> None:
    """A column without a header must hold nothing: nobody has said what it means."""
    held = [n for n in plan.nameless if data[f"c{n}"].null_count() < data.height]
    if not held:
        return
    cells = "、".join(
        f"{column_letter(n)}{data.filter(pl.col(f'c{n}').is_not_null())[ROW][0]}" for n in held
    )
    raise Refusal(
        "header.nameless",
        f"見出しのない列 {len(held)} 列に、値があります。",
        f"{plan.where}: {cells}",
        f"見出しを付けてもらうか、契約の source に「{letter_path(held[0])}」のように書いてください。"
        '使わない値なら、契約の set_aside_columns に "(見出しなし)": 理由 を書いてください。',
    )


def _count(explained: pl.DataFrame, what: pl.Expr) -> Counter[str]:
    counted = explained.drop_nulls(_REASON).group_by(_REASON).agg(what.alias("count"))
    return Counter(dict(counted.select(_REASON, "count").iter_rows()))


def _quarantine(ragged: pl.DataFrame) -> pl.DataFrame:
    return ragged.select(
        ROW,
        pl.lit(None, pl.String).alias("column"),
        pl.format("{}行", ROW).alias("cell"),
        pl.col("text").alias("raw_value"),
        (pl.col("rule") if "rule" in ragged.columns else pl.lit("row.ragged")).alias("rule"),
        "fields",
    )


def _count_cells(
    grid: Grid, explained: pl.DataFrame, data: pl.DataFrame, ragged: pl.DataFrame, plan: Plan
) -> Cells:
    """Account for every cell: blank ones outside the contract's columns are blank, no more."""
    is_bad = pl.col(_REASON).is_null()
    aside, lost = explained.filter(~is_bad), ragged.filter(~is_bad)
    others = [f"c{n}" for n in range(1, grid.width + 1) if n not in plan.columns.values()]
    blank_beside = sum(data[name].null_count() for name in others)
    reasons = _count(explained, pl.sum(_FILLED)) + _count(ragged, pl.sum(_FILLED))
    reasons += _count(grid.set_aside.rename({"reason": _REASON}), pl.sum("fields"))
    reasons[UNUSED] += data.height * len(others) - blank_beside
    reasons[BLANK] += blank_beside
    reasons[BLANK] += aside.height * grid.width - int(aside[_FILLED].sum())
    reasons[BLANK] += int((lost["fields"] - lost[_FILLED]).sum())
    beside = int(grid.ragged["fields"].sum()) + int(grid.set_aside["fields"].sum())
    return Cells(
        cells_in=grid.cells.height * grid.width + beside,
        mapped=data.height * len(plan.columns),
        quarantined=int(ragged.filter(is_bad)["fields"].sum()),
        set_aside={reason: count for reason, count in sorted(reasons.items()) if count},
    )
