"""The inbox of the whole city: every delivery written, by several processes, and the truth beside it.

The truth stands in a folder of its own that is never collected: `files.parquet` (a line a file),
`faults.parquet` (a line a faulty row), `hashes.parquet` (a line a column of a file).
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.register import load_register
from pipelines.whole_city.dirt.inject import TITLES
from pipelines.whole_city.writing.delivery import Written, write_delivery
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from assets.register import Dataset
    from pipelines.whole_city.city import Delivery

INBOX, TRUTH = "受付箱", "真値"
_FILES = {
    "file": pl.String,
    "sha256": pl.String,
    "dataset": pl.String,
    "period": pl.String,
    "rows": pl.Int64,
    "bytes": pl.Int64,
    "faulty_rows": pl.Int64,
}
_HASHES = {"sha256": pl.String, "period": pl.String, "column": pl.String, "hash": pl.UInt64}
_WAITING = 2


@dataclass(frozen=True)
class CityFiles:
    """What was written.

    Attributes:
        files: one line a file (`_FILES`).
        faults: one line a faulty row: `sha256`, `dataset`, `_row`, `kind`, `column`.
    """

    files: pl.DataFrame
    faults: pl.DataFrame


@dataclass(frozen=True)
class _Order:
    """What every writing process has to know."""

    register_root: Path
    inbox: Path
    seed: int
    share: float


@dataclass(frozen=True)
class _Told:
    """What crosses back from a writing process: the rows themselves do not."""

    file: dict[str, object]
    faults: pl.DataFrame
    hashes: pl.DataFrame


def write_inbox(
    deliveries: Iterable[Delivery],
    register_root: Path,
    folder: Path,
    *,
    seed: int,
    share: float,
    processes: int | None = None,
    tell: Callable[[str, str], None] = lambda _dataset, _period: None,
) -> CityFiles:
    """Write all deliveries into `folder/受付箱` and the truth into `folder/真値`.

    Args:
        deliveries: what the departments deliver, in any order.
        register_root: folder of the register that holds their contracts.
        folder: empty, or to be made.
        seed: of the city.
        share: of the rows of deliveries that may be dirty, 0 to 1.
        processes: that write at once; by default as many as there are cores.
        tell: hears of every delivery that has been written.
    """
    inbox, truth = folder / INBOX, folder / TRUTH
    inbox.mkdir(parents=True)
    truth.mkdir()
    order = _Order(register_root, inbox, seed, share)
    told = list(_write_all(deliveries, order, processes, tell))
    files = pl.DataFrame([one.file for one in told], schema=_FILES)
    faults = pl.concat([one.faults for one in told]) if told else pl.DataFrame()
    files.write_parquet(truth / "files.parquet")
    faults.write_parquet(truth / "faults.parquet")
    hashes = pl.concat([pl.DataFrame(schema=_HASHES), *(one.hashes for one in told)])
    hashes.write_parquet(truth / "hashes.parquet")
    return CityFiles(files, faults)


def _write_all(
    deliveries: Iterable[Delivery],
    order: _Order,
    processes: int | None,
    tell: Callable[[str, str], None],
) -> Iterator[_Told]:
    """Write as deliveries come; few wait at a time, so that few are held in memory."""
    count = processes or os.cpu_count() or 1
    if count == 1:
        _start(order)
        for delivery in deliveries:
            yield _work(delivery)
            tell(delivery.dataset, delivery.period)
        return
    waiting: deque[tuple[Delivery, Future[_Told]]] = deque()
    # Spawned, not forked: polars has threads of its own.
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, spawned, _start, (order,)) as pool:
        for delivery in deliveries:
            waiting.append((delivery, pool.submit(_work, delivery)))
            while len(waiting) >= count + _WAITING:
                yield _end(waiting, tell)
        while waiting:
            yield _end(waiting, tell)


def _end(waiting: deque[tuple[Delivery, Future[_Told]]], tell: Callable[[str, str], None]) -> _Told:
    delivery, future = waiting.popleft()
    told = future.result()
    tell(delivery.dataset, delivery.period)
    return told


_here: dict[str, Any] = {}


def _start(order: _Order) -> None:
    """Prepare a writing process: the register is read once."""
    register = load_register(order.register_root)
    _here.update(datasets=register.datasets, order=order)


def _work(delivery: Delivery) -> _Told:
    order: _Order = _here["order"]
    dataset: Dataset = _here["datasets"][delivery.dataset]
    written = write_delivery(delivery, dataset, order.inbox, seed=order.seed, share=order.share)
    return _tell(written, order.inbox)


def _tell(written: Written, inbox: Path) -> _Told:
    titles = pl.col("kind").replace_strict(TITLES, return_dtype=pl.String)
    name = written.path.relative_to(inbox).as_posix()
    return _Told(
        file={
            "file": name,
            "sha256": written.sha256,
            "dataset": written.dataset,
            "period": written.period,
            "rows": written.rows,
            "bytes": written.size,
            "faulty_rows": written.faults[ROW].n_unique(),
        },
        faults=written.faults.select(
            pl.lit(name).alias("file"),
            pl.lit(written.sha256).alias("sha256"),
            pl.lit(written.dataset).alias("dataset"),
            pl.lit(written.period).alias("period"),
            ROW,
            "kind",
            titles.alias("kind_title"),
            "column",
        ),
        hashes=pl.DataFrame(
            {
                "sha256": [written.sha256] * len(written.hashes),
                "period": [written.period] * len(written.hashes),
                "column": list(written.hashes),
                "hash": list(written.hashes.values()),
            },
            schema=_HASHES,
        ),
    )
