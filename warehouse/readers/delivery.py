"""A delivery read by its contract, its raw rows put down as Parquet: memory does not grow with it."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from pyarrow import parquet

from warehouse.account import add_up
from warehouse.readers.extract import extract_parts
from warehouse.readers.parse import read_parts

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from assets.contract import Contract
    from warehouse.account import Account

# Least and greatest values would stand in the footer; the file lives for minutes, so that what
# packs tightest (zstd, a third smaller) costs more time than it saves.
_WRITING: dict[str, Any] = {"compression": "lz4", "write_statistics": False}


@dataclass(frozen=True)
class Delivery:
    """What stands in one delivery.

    Attributes:
        rows: Parquet file of `_row` and one text column per contract column.
        quarantine: records that lost their shape (`extract.QUARANTINE_SCHEMA`).
        account: of all its records and cells.
        letters: contract column → spreadsheet column letter.
        headers: contract column → header path as delivered.
        encoding: what a text was in.
        proof: why that encoding, in Japanese.
    """

    rows: Path
    quarantine: pl.DataFrame
    account: Account
    letters: dict[str, str]
    headers: dict[str, str]
    sheet: str
    encoding: str | None
    proof: str


def store_delivery(path: Path, contract: Contract, period: str, file: str, into: Path) -> Delivery:
    """Read the bytes at `path`, delivered as `file` for `period`, and write its rows to `into`.

    Raises:
        Refusal: with the reason, when the file is not what the contract says.
    """
    accounts: list[Account] = []
    quarantine: list[pl.DataFrame] = []
    parts = extract_parts(read_parts(path, contract, period, file), contract, period, file)
    with _unfolding_beside(into):
        last = next(parts)
        with parquet.ParquetWriter(into, last.rows.to_arrow().schema, **_WRITING) as writer:
            for part in itertools.chain([last], parts):
                writer.write_table(part.rows.to_arrow())
                accounts.append(part.account)
                quarantine.append(part.quarantine)
                last = part
    return Delivery(
        rows=into,
        quarantine=pl.concat(quarantine),
        account=add_up(accounts),
        letters=last.letters,
        headers=last.headers,
        sheet=last.sheet,
        encoding=last.encoding,
        proof=last.proof,
    )


@contextlib.contextmanager
def _unfolding_beside(into: Path) -> Generator[None]:
    """What an archive holds is unfolded where the run sweeps, also when this process is killed."""
    usual, tempfile.tempdir = tempfile.tempdir, str(into.parent)
    try:
        yield
    finally:
        tempfile.tempdir = usual
