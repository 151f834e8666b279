"""How well the quarantine does: what was set aside, held against the truth, kind by kind.

The files go through the very steps of a run (landing, raw, checks, common, internal), without
Dagster around them. What is asked of the rows between staging and commit is not counted as time.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.dirt.inject import TITLES
from pipelines.whole_city.writing.fingerprints import hash_columns
from pipelines.whole_city.writing.inbox import TRUTH
from warehouse.account import Account
from warehouse.lake import loaded
from warehouse.raw import load_raw
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.standardise import commit, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import duckdb

    from assets.register import Dataset
    from warehouse.home import Home
    from warehouse.lake import Loaded
    from warehouse.readers.child import ParsingChild
    from warehouse.standardise import Staged

_PLACE = ["dataset", "sha256", "period", ROW]


@dataclass(frozen=True)
class Truth:
    """What is true of an inbox (see `writing.inbox`)."""

    files: pl.DataFrame
    faults: pl.DataFrame
    hashes: pl.DataFrame


@dataclass
class Findings:
    """What was found on loading.

    Attributes:
        aside: rows set aside: `dataset`, `sha256`, `period`, `_row`, `rule`, `column`.
        states: deliveries: `dataset`, `sha256`, `period`, `file`, `state`, `note`.
        standing: deliveries whose rows count: `dataset`, `sha256`, `period`.
        cells: one line a column of a file: `dataset`, `sha256`, `column`, `rows`, `is_equal`.
        open_accounts: names of files whose account does not close or counts other rows.
        refused: dataset → why it was withheld.
        seconds: CPU seconds of this process spent on measuring, not on loading.
    """

    aside: list[pl.DataFrame] = field(default_factory=list)
    states: list[dict[str, str]] = field(default_factory=list)
    standing: list[dict[str, str]] = field(default_factory=list)
    cells: list[pl.DataFrame] = field(default_factory=list)
    open_accounts: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


@dataclass(frozen=True)
class Score:
    """The quarantine against the truth.

    Attributes:
        kinds: `kind`, `title`, `faults` (rows), `caught`, of the deliveries that were loaded.
        wrong: rows set aside without a fault: `dataset`, `rule`, `column`, `rows`.
        aside_rows: rows set aside, each once.
        cells: accepted cells that were compared, and how many columns of files differ.
        unequal: `dataset`, `column`, `files` in which accepted values are not the clean ones.
    """

    kinds: pl.DataFrame
    wrong: pl.DataFrame
    aside_rows: int
    cells: int
    cells_equal: int
    unequal: pl.DataFrame

    @property
    def recall(self) -> float:
        """Share of the faulty rows that were set aside."""
        return int(self.kinds["caught"].sum()) / max(1, int(self.kinds["faults"].sum()))

    @property
    def precision(self) -> float:
        """Share of the rows set aside that are faulty."""
        return 1 - int(self.wrong["rows"].sum()) / max(1, self.aside_rows)


def read_truth(folder: Path) -> Truth:
    """Read the truth beside an inbox; `folder` holds both."""
    names = ("files", "faults", "hashes")
    return Truth(*(pl.read_parquet(folder / TRUTH / f"{name}.parquet") for name in names))


def load_dataset(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    dataset: Dataset,
    parser: ParsingChild,
    *,
    truth: Truth,
    findings: Findings,
    check: Callable[[Staged], list[str]] = lambda _: [],
) -> Staged | None:
    """Bring one dataset up to the common form and note what was found; None: it was withheld.

    Args:
        con: has `secure` attached for writing.
        home: holds the landed files.
        dataset: which.
        parser: reads files.
        truth: what is true of them.
        findings: are noted here.
        check: names the promises that what is staged does not keep.
    """
    try:
        load_raw(con, home, dataset, parser)
        staged = stage(con, home, dataset)
    except Refusal as refusal:
        findings.refused[dataset.name] = str(refusal)
        return None
    if failed := check(staged):
        findings.refused[dataset.name] = "、".join(failed)
        return None
    started = time.process_time()
    findings.cells += _compare_cells(staged, truth)
    findings.seconds += time.process_time() - started
    commit(con, staged)
    return staged


def look_at(
    con: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset], truth: Truth, findings: Findings
) -> None:
    """Note what stands in the quarantine and on the accounts of all datasets."""
    rows_of = {(s, p): n for s, p, n in truth.files.select("sha256", "period", "rows").iter_rows()}
    for dataset in datasets:
        raw = loaded(con, "secure", f"raw/{dataset.name}").values()
        findings.states += [_state(dataset, entry.account) for entry in raw]
        common = loaded(con, "secure", f"common/{dataset.name}")
        for entry in common.values():
            findings.standing.append(_state(dataset, entry.account))
            account = Account.from_json(entry.account)
            expected = rows_of.get((str(entry.account["sha256"]), str(entry.account["period"])))
            found = account.rows_out + account.quarantined
            if not account.closes or found != expected:
                findings.open_accounts.append(str(entry.account["file"]))
        if common:
            findings.aside.append(_read_aside(con, dataset, common))


def merge(found: Sequence[Findings]) -> Findings:
    """Put the findings of several loads of one home together: each has read what it has loaded."""
    last = found[-1]
    return Findings(
        aside=last.aside,
        states=last.states,
        standing=last.standing,
        cells=[cells for findings in found for cells in findings.cells],
        open_accounts=last.open_accounts,
        refused=last.refused,
    )


def score(truth: Truth, findings: Findings) -> Score:
    """Hold the findings against the truth, for all deliveries that were loaded."""
    aside = pl.concat(findings.aside)
    rows = aside.select(_PLACE).unique()
    cells = pl.concat(findings.cells).unique(["dataset", "sha256", "period", "column"])
    # What a newer delivery has replaced is not asked for: its quarantine went with it.
    standing = pl.DataFrame(findings.standing).select(_PLACE[:-1])
    faults = truth.faults.join(standing, on=_PLACE[:-1], how="semi")
    caught = faults.join(rows.with_columns(is_caught=True), on=_PLACE, how="left")
    kinds = caught.group_by("kind").agg(
        faults=pl.len(), caught=pl.col("is_caught").fill_null(value=False).sum()
    )
    titles = pl.DataFrame({"kind": list(TITLES), "title": list(TITLES.values())})
    wrong = aside.join(truth.faults, on=_PLACE, how="anti")
    wrong = wrong.unique(_PLACE, keep="first", maintain_order=True)
    return Score(
        kinds=titles.join(kinds, on="kind", how="left", maintain_order="left").fill_null(0),
        wrong=wrong.group_by("dataset", "rule", "column").agg(rows=pl.len()).sort(
            "rows", descending=True
        ),
        aside_rows=rows.height,
        cells=int(cells["rows"].sum()),
        cells_equal=int(cells.filter("is_equal")["rows"].sum()),
        unequal=cells.filter(~pl.col("is_equal"))
        .group_by("dataset", "column")
        .agg(files=pl.len())
        .sort("dataset", "column"),
    )  # fmt: skip


def _state(dataset: Dataset, account: dict[str, object]) -> dict[str, str]:
    notes = account.get("notes")
    note = str(notes[0]) if isinstance(notes, list) and notes else ""
    told = {key: str(account.get(key, "")) for key in ("sha256", "period", "file", "state")}
    return {"dataset": dataset.name, **told, "note": note}


def _compare_cells(staged: Staged, truth: Truth) -> list[pl.DataFrame]:
    """Hash the accepted columns of every delivery and ask whether they are the clean ones."""
    compared = []
    for entry in staged.entries:
        file = {"sha256": str(entry.account["sha256"]), "period": str(entry.account["period"])}
        wanted = truth.hashes.filter(**file)
        faulty = truth.faults.filter(**file)[ROW].unique()
        rows = (
            staged.rows.filter(
                pl.col("_delivery") == entry.delivery, ~pl.col(ROW).is_in(faulty.implode())
            )
            .select(ROW, *wanted["column"])
            .collect()
        )
        found = hash_columns(rows)
        made = {"column": list(found), "found": list(found.values())}
        schema = {"column": pl.String, "found": pl.UInt64}
        compared.append(
            wanted.join(pl.DataFrame(made, schema=schema), on="column").select(
                pl.lit(staged.dataset.name).alias("dataset"),
                "sha256",
                "period",
                "column",
                pl.lit(rows.height).alias("rows"),
                (pl.col("hash") == pl.col("found")).alias("is_equal"),
            )
        )
    return compared


def _read_aside(
    con: duckdb.DuckDBPyConnection, dataset: Dataset, entries: dict[str, Loaded]
) -> pl.DataFrame:
    told = [{"_delivery": d, "sha256": str(e.account["sha256"])} for d, e in entries.items()]
    query = f'SELECT _delivery, _period AS period, _row, rule, "column" FROM secure.quarantine."{dataset.name}"'
    return (
        con.sql(query)
        .pl()
        .join(pl.DataFrame(told), on="_delivery")
        .select(pl.lit(dataset.name).alias("dataset"), "sha256", "period", ROW, "rule", "column")
    )
