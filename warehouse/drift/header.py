"""Where the header stands, when it is not where the contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from warehouse.drift.folding import fold_sound
from warehouse.drift.likeness import compare_names
from warehouse.readers.headers import band_paths, find_column
from warehouse.tables.find import find_tables

if TYPE_CHECKING:
    from assets.contract import Contract
    from warehouse.readers.grid import Grid

_SEARCHED, _TALLEST = 40, 5
_ENOUGH = 0.5


def share_found(paths: dict[int, str], contract: Contract, period: str) -> float:
    """Give the share of the expected columns that a band of headers names, in any spelling."""
    expected = contract.expected(period)
    folded = {fold_sound(path) for path in paths.values()}
    found = sum(
        any(find_column(paths, header) or fold_sound(header) in folded for header in headers)
        for headers in expected.values()
    )
    return found / len(expected) if expected else 0.0


def share_alike(paths: dict[int, str], contract: Contract, period: str) -> float:
    """Give the share of the expected columns that some header resembles, renamed or not."""
    expected = [headers for headers in contract.expected(period).values() if headers]
    every = tuple(paths.values())
    alike = sum(
        any(find_column(paths, h) or _resembles(h, every) for h in headers) for headers in expected
    )
    return alike / len(expected) if expected else 0.0


def find_header(
    grid: Grid, contract: Contract, period: str, declared: tuple[int, int]
) -> tuple[int, int] | None:
    """Find the rows that name at least half of the expected columns, if others than declared do.

    The sheet's own look is asked first; then bands of the declared height and others, of equally
    good ones the topmost.
    """
    stands = band_paths(grid, *declared)
    if share_found(stands, contract, period) >= _ENOUGH:
        return None
    by_look = _ask_tables(grid, contract, period)
    if by_look is not None:
        return None if by_look == declared else by_look
    if share_alike(stands, contract, period) >= _ENOUGH:
        return None
    return _search(grid, contract, period, declared[1] - declared[0] + 1)


def _search(grid: Grid, contract: Contract, period: str, height: int) -> tuple[int, int] | None:
    heights = [height, *(h for h in range(1, _TALLEST) if h != height)]
    last = min(_SEARCHED, grid.cells.height)
    best, best_share = None, _ENOUGH - 1e-9
    for tall in heights:
        for first in range(1, last - tall + 2):
            share = share_found(band_paths(grid, first, first + tall - 1), contract, period)
            if share > best_share:
                best, best_share = (first, first + tall - 1), share
        if best_share >= 1.0:
            break
    return best


def _ask_tables(grid: Grid, contract: Contract, period: str) -> tuple[int, int] | None:
    """Take the header of a table whose columns at least resemble the expected ones."""
    top = replace(grid, cells=grid.cells.head(_SEARCHED))
    for table in find_tables(top):
        rows = table.header_rows
        if rows and share_alike(band_paths(top, *rows), contract, period) >= _ENOUGH:
            return rows
    return None


def _resembles(header: str, paths: tuple[str, ...]) -> bool:
    return any(compare_names(header, path, paths).score >= _ENOUGH for path in paths)
