"""Raw → common: corrections, the common form, quarantine; staged first, committed after checks.

`stage` touches nothing; `commit` writes rows, verdicts, quarantine and the account in one
transaction. Between the two stand the quality checks: a dataset that fails is withheld, and what
was there yesterday stays.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import polars as pl

from assets.register import fingerprint
from transforms.catalogue import TRANSFORMS
from warehouse.account import Account, Cells, Outcome, add_up, version_of
from warehouse.carry import carry_down
from warehouse.correct import DROPPED, apply_corrections, scale_values
from warehouse.lake import (
    Loaded,
    Zone,
    comment,
    forget,
    has_table,
    loaded,
    record,
    remove_rows,
    replace_rows,
    transaction,
)
from warehouse.normalise import normalise
from warehouse.normalising.row_rules import rule_remedy, rule_title
from warehouse.raw import REFUSED, current_deliveries
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.returns.merge import (
    EXCLUDED_REASON,
    count_returned,
    merge_returned,
    word_returned,
)
from warehouse.returns.standing import read_standing, word_left_over

if TYPE_CHECKING:
    import duckdb

    from assets.register import Dataset
    from warehouse.returns.merge import Merged
    from warehouse.returns.standing import Standing

ZONE: Zone = "secure"
SIDE_TABLES = ("quarantine", "verdict")


@dataclass(frozen=True)
class Staged:
    """What would be committed.

    Attributes:
        rows: rows of the deliveries to be loaded, typed, with `_delivery`, `_period`, `_row`.
        entries: their accounts.
        removed: deliveries whose rows go (superseded, or loaded by an older contract).
        everything: whether no row of an earlier load stays.
        is_first: whether the table has to be made; an empty one stands before any delivery.
        data_version: of the table after the commit.
        left_over: entry that keeps which returned rows have lost their delivery, when that is new.
        notes: sentences on them.
    """

    dataset: Dataset
    rows: pl.DataFrame
    quarantine: pl.DataFrame
    verdicts: pl.DataFrame
    entries: list[Loaded]
    removed: list[str]
    everything: bool
    is_first: bool
    data_version: str
    left_over: Loaded | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not (self.entries or self.removed or self.is_first or self.left_over)


def stage(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> Staged:
    """Normalise the current deliveries that are not loaded yet.

    Raises:
        Refusal: when a correction no longer holds, `tidy` loses rows, or a delivery that was
            loaded can no longer be read.
    """
    asset = f"common/{dataset.name}"
    raw = loaded(con, ZONE, f"raw/{dataset.name}")
    known = loaded(con, ZONE, asset)
    _require_readable(known, raw)
    current = current_deliveries(dataset, raw.values())
    standing = read_standing(con, dataset.name)
    prints = {
        e.delivery: fingerprint(
            e.fingerprint.encode(), b"common", standing.mark(e.delivery).encode()
        )
        for e in current
    }
    done_already = {d for d, entry in known.items() if prints.get(d) == entry.fingerprint}
    stale = [e for e in current if e.delivery not in done_already]
    done = [_normalise_delivery(con, dataset, e, prints[e.delivery], standing) for e in stale]
    left_over, notes = word_left_over(con, dataset.name, standing.left_over(prints))
    gone = [d for d in known if d not in done_already]
    return Staged(
        dataset=dataset,
        rows=pl.concat([item[0] for item in done]) if done else _no_rows(dataset),
        quarantine=pl.concat([item[1] for item in done]) if done else pl.DataFrame(),
        verdicts=pl.concat([item[2] for item in done]) if done else pl.DataFrame(),
        entries=[item[3] for item in done],
        removed=gone,
        everything=len(stale) == len(current),
        is_first=not has_table(con, ZONE, "common", dataset.name),
        data_version=version_of(prints.values()),
        left_over=left_over,
        notes=notes,
    )


def commit(con: duckdb.DuckDBPyConnection, staged: Staged) -> Outcome:
    """Write what was staged as one snapshot and give the account of the whole table."""
    asset = f"common/{staged.dataset.name}"
    if not staged.is_empty:
        with transaction(con, ZONE, asset):
            _write(con, staged)
            forget(con, ZONE, asset, staged.removed)
            record(con, ZONE, [*staged.entries, *filter(None, [staged.left_over])])
    known = loaded(con, ZONE, asset)
    account = add_up(Account.from_json(entry.account) for entry in known.values())
    account = replace(account, notes=(*account.notes, *staged.notes))
    return Outcome(asset, account, staged.data_version, changed=not staged.is_empty)


def _require_readable(known: dict[str, Loaded], raw: dict[str, Loaded]) -> None:
    """A slip in the contract must not empty a table: what was loaded once must stay readable."""
    lost = [
        raw[d].account["file"] for d in known if d in raw and raw[d].account["state"] == REFUSED
    ]
    if lost:
        raise Refusal(
            "common.unreadable",
            f"前に取り込んだファイル {len(lost)} 件が読めなくなりました。前回までのデータはそのままです。",
            "、".join(map(str, lost)),
            "契約を変えたのなら、前の期間の見出しや配置を from / until を付けて残してください。",
        )


def _normalise_delivery(
    con: duckdb.DuckDBPyConnection,
    dataset: Dataset,
    entry: Loaded,
    new_print: str,
    standing: Standing,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, Loaded]:
    about = entry.account
    delivered = _rows_of(con, "raw", dataset, entry.delivery).drop("_delivery", "_period")
    odd = _rows_of(con, "ragged", dataset, entry.delivery)
    merged = merge_returned(delivered, odd, standing.of(entry.delivery))
    contract = dataset.contract.in_period(str(about["period"]))
    carried, filled = carry_down(merged.rows, contract)
    raw, ragged = _tidy(dataset, carried), merged.ragged
    corrected = apply_corrections(raw, dataset, str(about["period"]))
    result = normalise(corrected.rows, contract)
    if corrected.scales:
        kept = corrected.rows.join(result.rows.select(ROW), on=ROW, how="semi")
        rows = scale_values(result.rows, kept, corrected.scales)
    else:
        rows = result.rows
    out = {DROPPED: corrected.dropped, EXCLUDED_REASON: len(merged.excluded)}
    returned = (
        count_returned(merged, rows[ROW], result.quarantine[ROW]) if merged.has_returned else {}
    )
    account = Account(
        rows_in=delivered.height + odd.height,
        rows_out=rows.height,
        quarantined=result.quarantined_rows + ragged.height,
        set_aside={reason: count for reason, count in out.items() if count},
        notes=(
            *([f"空いた {filled} 欄に、上の行の値を補いました"] if filled else []),
            *([f"訂正を {corrected.applied} 件適用しました"] if corrected.applied else []),
            *(word_returned(returned) if returned else []),
        ),
        cells=_cells(about, odd, merged, corrected.rows[ROW], rows[ROW]),
    )
    quarantine = _explain(
        pl.concat([ragged.select(ROW, "column", "raw_value", "rule"), result.quarantine]),
        dataset,
        entry,
    )
    new = Loaded(
        f"common/{dataset.name}",
        entry.delivery,
        new_print,
        {**_about(about), **account.as_json(), "returned": returned},
    )
    return (
        _label(entry, rows),
        _label(entry, quarantine),
        _label(entry, result.verdicts),
        new,
    )


def _cells(
    about: dict[str, object],
    odd: pl.DataFrame,
    merged: Merged,
    kept: pl.Series,
    out: pl.Series,
) -> Cells:
    """Carry on the account of the cells that reached `raw`, as delivered.

    A row is its mapped columns, one that came with another number of fields these fields.
    """
    raw = Account.from_json(about).cells
    width = len(cast("dict[str, str]", about["letters"]))

    def size(rows: pl.Series) -> int:
        extra = odd.filter(pl.col(ROW).is_in(rows.implode()))["fields"] - width
        return rows.len() * width + int(extra.sum())

    excluded = pl.Series(merged.excluded, dtype=pl.Int64)
    aside = {
        DROPPED: size(merged.rows[ROW]) - size(kept),
        EXCLUDED_REASON: size(excluded),
    }
    return Cells(
        cells_in=raw.mapped + raw.quarantined,
        mapped=size(out),
        quarantined=size(kept) - size(out) + size(merged.ragged[ROW]),
        set_aside={reason: count for reason, count in aside.items() if count},
    )


def _rows_of(
    con: duckdb.DuckDBPyConnection, schema: str, dataset: Dataset, delivery: str
) -> pl.DataFrame:
    query = f"FROM {ZONE}.{schema}.{dataset.name} WHERE _delivery = '{delivery}' ORDER BY {ROW}"
    return con.sql(query).pl()


def _tidy(dataset: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """Run the dataset's own pure `tidy(frame)`, when a file of its name stands beside it."""
    if dataset.tidy is None:
        return rows
    spec = importlib.util.spec_from_file_location(f"tidy_{dataset.name}", dataset.tidy)
    if spec is None or spec.loader is None:
        raise ImportError(dataset.tidy)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    tidied = module.tidy(rows)
    if tidied.height != rows.height or tidied.columns != rows.columns:
        raise Refusal(
            "tidy.lost_rows",
            "tidy が行か列を増減させました。",
            str(dataset.tidy),
            "tidy では値だけを直し、行の除外は set_aside_rows に書いてください。",
        )
    return tidied


def _label(entry: Loaded, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.lit(entry.delivery).alias("_delivery"),
        pl.lit(str(entry.account["period"])).alias("_period"),
        pl.all(),
    )


def _explain(faults: pl.DataFrame, dataset: Dataset, entry: Loaded) -> pl.DataFrame:
    """Give every fault its file, sheet, cell, Japanese name and remedy."""
    about = entry.account
    letters = cast("dict[str, str]", about["letters"])
    rules = faults["rule"].unique().to_list()
    titles = {name: column.title for name, column in dataset.contract.columns.items()}
    letter = pl.col("column").replace_strict(letters, default="")
    return faults.select(
        pl.lit(str(about["file"])).alias("file"),
        pl.lit(str(about["sheet"])).alias("sheet"),
        pl.col(ROW),
        "column",
        pl.col("column").replace(titles).alias("column_title"),
        pl.when(letter != "")
        .then(letter + pl.col(ROW).cast(pl.String))
        .otherwise(pl.format("{}行", ROW))
        .alias("cell"),
        "raw_value",
        "rule",
        pl.col("rule")
        .replace_strict({r: rule_title(r) for r in rules}, return_dtype=pl.String)
        .alias("rule_title"),
        pl.col("rule")
        .replace_strict({r: rule_remedy(r) for r in rules}, return_dtype=pl.String)
        .alias("remedy"),
    )


def _about(about: dict[str, object]) -> dict[str, object]:
    kept = ("file", "period", "modified_at", "sha256", "sheet", "letters", "headers")
    return {key: about[key] for key in kept}


def _write(con: duckdb.DuckDBPyConnection, staged: Staged) -> None:
    dataset = staged.dataset
    remove = None if staged.everything else staged.removed
    replace_rows(con, (ZONE, "common", dataset.name), staged.rows, remove=remove)
    for table, frame in zip(SIDE_TABLES, (staged.quarantine, staged.verdicts), strict=True):
        if staged.entries:
            replace_rows(con, (ZONE, table, dataset.name), frame, remove=remove)
        else:
            remove_rows(con, (ZONE, table, dataset.name), staged.removed)
    titles = {name: column.title for name, column in dataset.contract.columns.items()}
    comment(con, f"{ZONE}.common.{dataset.name}", dataset.contract.title, titles)


def _no_rows(dataset: Dataset) -> pl.DataFrame:
    columns = {n: TRANSFORMS[c.type].dtype for n, c in dataset.contract.columns.items()}
    return pl.DataFrame(
        schema={"_delivery": pl.String, "_period": pl.String, ROW: pl.Int64, **columns}
    )
