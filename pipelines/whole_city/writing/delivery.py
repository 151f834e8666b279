"""One delivery from clean rows to a file in the inbox, and the truth about it."""

from __future__ import annotations

import hashlib
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.dirt.inject import inject
from pipelines.whole_city.dirt.records import Lines
from pipelines.whole_city.writing.file_names import name_file, takes_label
from pipelines.whole_city.writing.fingerprints import hash_columns
from pipelines.whole_city.writing.fixed_width_file import room_of, write_fixed_width
from pipelines.whole_city.writing.sheet import Sheet, fill_aside, headers_of, make_head, make_tail
from pipelines.whole_city.writing.spelling import spell_rows
from pipelines.whole_city.writing.style import style_of
from pipelines.whole_city.writing.table_file import write_json, write_parquet
from pipelines.whole_city.writing.text_file import write_text
from pipelines.whole_city.writing.workbook_file import write_workbook
from transforms.catalogue import TRANSFORMS
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from pathlib import Path

    from assets.contract import Contract
    from assets.register import Dataset
    from pipelines.whole_city.city import Delivery
    from pipelines.whole_city.dirt.inject import Dirtied
    from pipelines.whole_city.writing.style import Style

_FIRST_RECORD = 2


@dataclass(frozen=True)
class Written:
    """One file of the inbox and what is true of it.

    Attributes:
        path: of the file.
        sha256: of its bytes: a name may come twice.
        rows: data rows in it, those put in as dirt too.
        size: bytes.
        faults: `_row` (as a spreadsheet shows it), `kind`, `column`.
        clean: `_row` and the delivered columns of the rows that must be accepted, typed.
        hashes: column → hash of its accepted values and where they stand.
    """

    dataset: str
    period: str
    path: Path
    sha256: str
    rows: int
    size: int
    faults: pl.DataFrame
    clean: pl.DataFrame
    hashes: dict[str, int]


def write_delivery(
    delivery: Delivery, dataset: Dataset, inbox: Path, *, seed: int, share: float
) -> Written:
    """Write a delivery as its department would.

    Args:
        delivery: clean rows, typed as in the common form.
        dataset: its contract says what the file looks like.
        inbox: folder; the file goes into the folder of its department.
        seed: of the city.
        share: of the rows that get a fault, where the delivery allows any.

    Raises:
        KeyError: a column of the contract is missing in the rows.
        ValueError: the contract does not say how files of the period look.
        UnicodeEncodeError: a value has a letter that the encoding does not know.
    """
    contract = dataset.contract.in_period(delivery.period)
    style = style_of(dataset.name, contract.source.encoding)
    rng = _open_stream(delivery, seed)
    headers = headers_of(contract, delivery.period)
    typed = _typed(delivery.rows, contract, delivery.period)
    text = fill_aside(spell_rows(typed, contract, delivery.period, style, rng), headers)
    last = {name: header.rpartition("/")[2] for name, header in headers.items()}
    dirtied = inject(
        Lines(text, typed, last, contract),
        share if delivery.dirty else 0.0,
        rng,
        codec=style.codec,
        room=_room(contract, delivery.period, headers),
    )
    path = _place(delivery, dataset, inbox)
    first_row = _write(path, contract, delivery.period, style, dirtied.text)
    moment = delivery.delivered_at.timestamp()
    os.utime(path, (moment, moment))
    return _describe(delivery, path, typed, dirtied, first_row)


def _open_stream(delivery: Delivery, seed: int) -> np.random.Generator:
    words = (delivery.dataset, delivery.period, delivery.label)
    return np.random.default_rng([seed, *(zlib.crc32(word.encode()) for word in words)])


def _typed(rows: pl.DataFrame, contract: Contract, period: str) -> pl.DataFrame:
    return rows.select(
        pl.col(name).cast(TRANSFORMS[column.type].dtype)
        for name, column in contract.columns.items()
        if column.headers(period)
    )


def _room(contract: Contract, period: str, headers: dict[str, str]) -> dict[str, int]:
    layout = contract.source.record_layout(period)
    return room_of(layout, headers) if layout else {}


def _place(delivery: Delivery, dataset: Dataset, inbox: Path) -> Path:
    """Find a free place: what a name cannot tell apart stands in a folder of its own."""
    pattern = dataset.contract.source.file
    name = name_file(pattern, delivery.period, delivery.label)
    folder = inbox / dataset.department
    if delivery.label and not takes_label(pattern):
        folder = folder / delivery.label.strip("_")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    if path.exists():
        raise FileExistsError(f"同じ名前のファイルが2つになります: {path}")
    return path


def _write(path: Path, contract: Contract, period: str, style: Style, rows: pl.DataFrame) -> int:
    """Write in the format of the contract; give the row of the first record."""
    source, headers = contract.source, headers_of(contract, period)
    layout = source.record_layout(period)
    if layout is not None:
        write_fixed_width(path, Sheet([], rows, [], headers), contract, layout, style)
        return _FIRST_RECORD if layout.records.kinds and layout.records.kinds.header else 1
    if source.format == "json":
        write_json(path, Sheet([], rows, [], headers), style, source.sheet)
        return _FIRST_RECORD
    if source.format == "parquet":
        write_parquet(path, Sheet([], rows, [], headers))
        return _FIRST_RECORD
    sheet = Sheet(make_head(contract, period, headers), rows, make_tail(contract, headers), headers)
    if source.format == "workbook":
        types = {name: column.type for name, column in contract.columns.items()}
        write_workbook(path, sheet, source.sheet, types)
    elif source.format in {"csv", "tsv"}:
        write_text(path, sheet, style, source.format)
    else:
        raise ValueError(f"まだ書けない形式です({source.format}): {contract.title}")
    return sheet.first_row


def _describe(
    delivery: Delivery, path: Path, typed: pl.DataFrame, dirtied: Dirtied, first_row: int
) -> Written:
    data = path.read_bytes()
    rows = (pl.int_range(dirtied.text.height, eager=True) + first_row).alias(ROW)
    is_clean = dirtied.is_clean
    clean = typed[dirtied.origin.filter(is_clean)].insert_column(0, rows.filter(is_clean))
    return Written(
        dataset=delivery.dataset,
        period=delivery.period,
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        rows=dirtied.text.height,
        size=len(data),
        faults=dirtied.truth.select((pl.col("at") + first_row).alias(ROW), "kind", "column"),
        clean=clean,
        hashes=hash_columns(clean),
    )
