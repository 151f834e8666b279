"""A delivery that no longer fits its contract: what has changed, found in the parsing child.

Only the answer crosses back: headers, counts and shares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from assets.contract import Contract, Layout
from warehouse.drift.assign import Pair, assign_columns, combine
from warehouse.drift.columns import added, doubtful, dropped, is_needed, moved, renamed
from warehouse.drift.edits import apply_edits, edits_of
from warehouse.drift.head import read_head, seen_part
from warehouse.drift.header import find_header, share_alike
from warehouse.drift.likeness import Likeness, compare_names
from warehouse.drift.profile import (
    KEY,
    Profile,
    compare_aligned,
    compare_values,
    hash_rows,
    profile_column,
)
from warehouse.drift.units import find_unit_changes
from warehouse.drift.values import find_value_changes
from warehouse.readers.extract import extract
from warehouse.readers.grid import ROW, Grid
from warehouse.readers.headers import find_column, named_paths
from warehouse.readers.parse import read_grid
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from warehouse.drift.change import Change, Validity
    from warehouse.drift.known import Known

_IS_HEADER = 0.5


@dataclass(frozen=True)
class _Sheet:
    """The file as it is now: its cells, where its header stands, and what it is called.

    Attributes:
        found: contract column → file column, for the headers the contract knows.
        missing: columns the contract expects and does not find; those it can do without, too.
        unknown: file columns nobody has claimed.
    """

    grid: Grid
    layout: Layout
    paths: dict[int, str]
    found: dict[str, int]
    missing: tuple[str, ...]
    unknown: tuple[int, ...]


def compare_delivery(
    path: Path, contract: Contract, file: str, validity: Validity, known: Known | None
) -> tuple[Change, ...]:
    """Say what of a delivery differs from the contract and from the last delivery.

    Returns:
        The changes; none when no change of the contract could make the file readable: it is too
        different, or a column without which no row stands is gone.

    Raises:
        Refusal: when the bytes cannot be read at all.
    """
    period = validity.period
    with seen_part(path, contract) as part:
        declared = _declared(contract, period)
        head = read_head(part, contract, period, file)
        band = None if head.names else find_header(head, contract, period, declared.header_rows)
        layout = _shift(declared, band) if band else declared
        laid_out = _with_layout(contract, layout)
        grid = read_grid(part, laid_out, period, file)
    sheet = _look(grid, contract, period, layout)
    if sheet is None or share_alike(sheet.paths, contract, period) < _IS_HEADER:
        return ()
    is_new = band is not None or contract.source.layout(period) is None
    changes = [moved(declared, layout, validity)] if is_new else []
    changes += _match(sheet, contract, validity, known)
    if any(c.kind == "dropped" and is_needed(c.column, contract) for c in changes):
        return ()
    changes += find_unit_changes(sheet.grid, contract, validity, sheet.layout, sheet.found)
    return (*changes, *_values(sheet, laid_out, file, validity, known=known, changes=changes))


def _declared(contract: Contract, period: str) -> Layout:
    layouts = contract.source.layouts
    return contract.source.layout(period) or layouts[-1]


def _shift(declared: Layout, band: tuple[int, int]) -> Layout:
    by = band[1] - declared.header_rows[1]
    unit_row = declared.unit_row + by if declared.unit_row else None
    return Layout(header_rows=band, unit_row=unit_row)


def _with_layout(contract: Contract, layout: Layout) -> Contract:
    source = contract.source.model_copy(update={"layouts": [layout]})
    return contract.model_copy(update={"source": source})


def _look(grid: Grid, contract: Contract, period: str, layout: Layout) -> _Sheet | None:
    """Find what is known; None when a header the contract knows stands twice."""
    paths = named_paths(grid, layout, contract, period)
    expected = contract.expected(period)
    hits = {
        name: [n for n in paths if any(find_column({n: paths[n]}, h) for h in headers)]
        for name, headers in expected.items()
    }
    if any(len(columns) > 1 for columns in hits.values()):
        return None
    found = {name: columns[0] for name, columns in hits.items() if columns}
    unused = contract.source.unused
    unknown = tuple(
        n
        for n, p in paths.items()
        if n not in found.values() and not any(find_column({n: p}, h) for h in unused)
    )
    missing = tuple(name for name in contract.columns if name not in found)
    return _Sheet(grid, layout, paths, found, missing, unknown)


def _match(
    sheet: _Sheet, contract: Contract, validity: Validity, known: Known | None
) -> list[Change]:
    """Tell renamed columns from dropped and added ones."""
    evidence = {
        (name, number): _compare(name, number, sheet, contract, known)
        for name in sheet.missing
        for number in sheet.unknown
    } if sheet.missing and sheet.unknown else {}  # fmt: skip
    evidence |= _compare_rows(sheet, contract, known, evidence)
    scores = {pair: combine(*(e.score for e in found)) for pair, found in evidence.items()}
    chosen = assign_columns(scores)
    expected = contract.expected(validity.period)

    def explain(pair: Pair) -> tuple[str, ...]:
        found = evidence[pair.missing, pair.unknown]
        return tuple(e.words for e in found if e.words and e.score >= 0.3)  # noqa: PLR2004

    in_doubt = {p.missing for p in chosen.doubtful}, {p.unknown for p in chosen.doubtful}
    taken = {p.missing for p in chosen.sure} | in_doubt[0]
    gone = [n for n in sheet.missing if n not in taken and n in expected]
    new = [n for n in sheet.unknown if n not in {p.unknown for p in chosen.sure} | in_doubt[1]]
    order = [*contract.columns]
    sure = sorted(chosen.sure, key=lambda p: order.index(p.missing))
    return [
        *(renamed(p, sheet.paths[p.unknown], contract, validity, explain(p)) for p in sure),
        *(doubtful(p, sheet.paths[p.unknown], contract, validity, explain(p)) for p in chosen.doubtful),
        *(dropped(name, contract, validity) for name in gone),
        *(added(n, sheet.paths, _column(sheet, n), contract) for n in new),
    ]  # fmt: skip


def _compare(
    name: str, number: int, sheet: _Sheet, contract: Contract, known: Known | None
) -> list[Likeness]:
    column, path = contract.columns[name], sheet.paths[number]
    every = tuple(sheet.paths[n] for n in sheet.unknown)
    olds = {source.name for source in column.source}
    olds |= {known.headers[name]} if known and name in known.headers else set()
    best = max((compare_names(old, path, every) for old in sorted(olds)), key=lambda e: e.score)
    if known is None or name not in known.profiles:
        return [best]
    return [best, compare_values(known.profiles[name], _profile(sheet, number), column.title)]


def _compare_rows(
    sheet: _Sheet,
    contract: Contract,
    known: Known | None,
    evidence: dict[tuple[str, int], list[Likeness]],
) -> dict[tuple[str, int], list[Likeness]]:
    """Add what rows of the same key say; they say more than the columns as a whole."""
    if known is None or known.aligned.is_empty() or not set(contract.key) <= set(sheet.found):
        return {}
    numbers = {f"c{number}" for _, number in evidence}
    keys = {name: pl.col(f"c{sheet.found[name]}") for name in contract.key}
    body = _body(sheet).select(**keys, **{c: pl.col(c) for c in sorted(numbers - {*keys})})
    rows = hash_rows(body, contract.key).filter(pl.col(KEY).is_in(known.aligned[KEY].implode()))
    pairs = known.aligned.join(rows.unique(KEY, keep="none"), on=KEY, suffix="_new")
    better = {}
    for (name, number), found in evidence.items():
        if name in pairs.columns and f"c{number}" in pairs.columns:
            seen = compare_aligned(pairs, name, f"c{number}", contract.columns[name].title)
            if len(found) > 1 and seen.score > found[1].score:
                better[name, number] = [found[0], seen]
    return better


def _body(sheet: _Sheet) -> pl.DataFrame:
    return sheet.grid.cells.filter(pl.col(ROW) > sheet.layout.header_rows[1])


def _column(sheet: _Sheet, number: int) -> pl.Series:
    return _body(sheet)[f"c{number}"]


def _profile(sheet: _Sheet, number: int) -> Profile:
    return profile_column(_column(sheet, number))


def _values(
    sheet: _Sheet,
    contract: Contract,
    file: str,
    validity: Validity,
    *,
    known: Known | None,
    changes: list[Change],
) -> list[Change]:
    """Read the file as if the settled changes were accepted, and look at its values."""
    if known is None:
        return []
    document: dict[str, Any] = contract.model_dump(by_alias=True, exclude_unset=True, mode="json")
    for change in changes:
        if change.is_settled and change.kind != "header_moved":
            document = apply_edits(document, edits_of(change, validity, document))
    provisional = Contract.model_validate(document).in_period(validity.period)
    try:
        extracted = extract(sheet.grid, provisional, validity.period, file)
    except Refusal:
        return []
    names = [name for name in extracted.headers if name in known.habits]
    return find_value_changes(extracted.rows, provisional, names, known.habits.get)
