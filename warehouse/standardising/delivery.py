"""One delivery from raw rows to the common form on disk, with its account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import polars as pl

from warehouse.account import Account, Cells
from warehouse.correct import DROPPED, scale_values
from warehouse.lake import Loaded
from warehouse.normalising.delivery import normalise_delivery
from warehouse.readers.grid import ROW
from warehouse.returns.merge import EXCLUDED_REASON, count_returned, word_returned
from warehouse.standardising.delivered import read_delivered, read_ragged
from warehouse.standardising.explanation import explain_faults
from warehouse.standardising.preparation import Preparation, RowCount

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from assets.register import Dataset
    from warehouse.normalising.delivery import NormalisedDelivery
    from warehouse.normalising.table_parts import TableParts

_ABOUT = ("file", "period", "modified_at", "sha256", "sheet", "letters", "headers")


@dataclass(frozen=True)
class StandardDelivery:
    """One delivery in the common form, not yet committed.

    Attributes:
        entry: its entry with the account.
        tables: schema in the lake → its rows as files, without `_delivery` and `_period`.
    """

    entry: Loaded
    tables: dict[str, TableParts]


def standardise_delivery(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    raw: Loaded,
    statements: pl.DataFrame,
    *,
    new_print: str,
    folder: Path,
) -> StandardDelivery:
    """Bring one delivery into the common form.

    Args:
        con: has `secure` attached.
        dataset: of the delivery.
        raw: entry of its raw rows.
        statements: what departments have said of its rows (`STATEMENT_SCHEMA`).
        new_print: fingerprint of what is made.
        folder: an empty folder for the files.

    Raises:
        Refusal: when a correction no longer holds or `tidy` loses rows.
    """
    about, period = raw.account, str(raw.account["period"])
    contract = dataset.contract.in_period(period)
    ragged = read_ragged(con, dataset, raw.delivery)
    preparation = Preparation(dataset, contract, period, ragged)
    parts = preparation.prepare(read_delivered(con, dataset, raw.delivery), statements)
    done = normalise_delivery(
        parts,
        contract,
        folder,
        finish=lambda typed, text: scale_values(typed, text, preparation.correcting.scales),
        explain=lambda faults: explain_faults(faults, dataset, about),
    )
    lost = preparation.merged.ragged.select(ROW, "column", "raw_value", "rule")
    done.quarantine.add(explain_faults(lost, dataset, about))
    account, returned = _account(about, ragged, preparation, done)
    entry = Loaded(
        f"common/{dataset.name}",
        raw.delivery,
        new_print,
        {
            **{key: about[key] for key in _ABOUT},
            **account.as_json(),
            "returned": returned,
            "rules": _rules(done.counts),
        },
    )
    tables = {"common": done.rows, "quarantine": done.quarantine, "verdict": done.verdicts}
    return StandardDelivery(entry, tables)


def _account(
    about: dict[str, object],
    ragged: pl.DataFrame,
    preparation: Preparation,
    done: NormalisedDelivery,
) -> tuple[Account, dict[str, int]]:
    merged, correcting = preparation.merged, preparation.correcting
    filled = preparation.carrying.filled
    returned = {}
    if merged.has_returned:
        corrected = pl.Series(merged.corrected, dtype=pl.Int64)
        returned = count_returned(merged, done.rows.choose(corrected)[ROW], done.bad)
    out = {DROPPED: correcting.dropped, EXCLUDED_REASON: len(merged.excluded)}
    account = Account(
        rows_in=preparation.delivered + ragged.height,
        rows_out=done.rows_out,
        quarantined=done.bad.len() + merged.ragged.height,
        set_aside={reason: count for reason, count in out.items() if count},
        notes=(
            *([f"空いた {filled} 欄に、上の行の値を補いました"] if filled else []),
            *([f"訂正を {correcting.applied} 件適用しました"] if correcting.applied else []),
            *(word_returned(returned) if returned else []),
        ),
        cells=_cells(about, ragged, preparation, done),
    )
    return account, returned


def _cells(
    about: dict[str, object],
    ragged: pl.DataFrame,
    preparation: Preparation,
    done: NormalisedDelivery,
) -> Cells:
    """Carry on the account of the cells that reached `raw`, as delivered.

    A row is its mapped columns, one that came with another number of fields these fields.
    """
    raw, merged = Account.from_json(about).cells, preparation.merged
    width = len(cast("dict[str, str]", about["letters"]))
    excluded, waiting, out = (RowCount(ragged) for _ in range(3))
    excluded.add(pl.Series(merged.excluded, dtype=pl.Int64))
    waiting.add(merged.ragged[ROW])
    if ragged.height:
        out.add(done.rows.choose(ragged[ROW])[ROW])
    out.rows = done.rows_out
    kept = preparation.after.cells(width)
    aside = {
        DROPPED: preparation.before.cells(width) - kept,
        EXCLUDED_REASON: excluded.cells(width),
    }
    return Cells(
        cells_in=raw.mapped + raw.quarantined,
        mapped=out.cells(width),
        quarantined=kept - out.cells(width) + waiting.cells(width),
        set_aside={reason: count for reason, count in aside.items() if count},
    )


def _rules(counts: pl.DataFrame) -> dict[str, dict[str, int]]:
    """Say how many values of each column every rule has read."""
    said: dict[str, dict[str, int]] = {}
    for column, rule, count in counts.select("column", "rule", "count").iter_rows():
        said.setdefault(column, {})[rule] = count
    return said
