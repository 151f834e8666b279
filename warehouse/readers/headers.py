"""The header band of a grid: several rows of merged cells become one path per file column."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from transforms.texts.headers import header_key
from warehouse.readers.grid import ROW, column_letter
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.contract import Contract, Layout
    from warehouse.readers.grid import Grid

_LEVEL = "/"


def header_paths(grid: Grid, layout: Layout) -> dict[int, str]:
    """Read the header path of every file column that has one: 1-based column → `a/b/c`."""
    return band_paths(grid, *layout.header_rows)


def band_paths(grid: Grid, first: int, last: int) -> dict[int, str]:
    """Join the rows `first` to `last` of a grid to one path per file column that has words."""
    if grid.names:
        return {i + 1: _name_key(name) for i, name in enumerate(grid.names)}
    band = grid.cells.filter(pl.col(ROW).is_between(first, last)).sort(ROW)
    rows = {row[0]: list(row[1:]) for row in band.iter_rows()}
    levels = [rows.get(number, [None] * grid.width) for number in range(first, last + 1)]
    filled = _fill_right(_spread_merges(levels, grid, first))
    paths = {i + 1: _join(column) for i, column in enumerate(zip(*filled, strict=True))}
    return {number: path for number, path in paths.items() if path}


def named_paths(grid: Grid, layout: Layout, contract: Contract, period: str) -> dict[int, str]:
    """Read the header paths, and name the columns without one that the contract calls by letter."""
    paths = header_paths(grid, layout)
    called = {header for headers in contract.expected(period).values() for header in headers}
    called.update(contract.source.unused)
    letters = {n: letter_path(n) for n in range(1, grid.width + 1) if n not in paths}
    return paths | {n: path for n, path in letters.items() if path in called}


def letter_path(number: int) -> str:
    """Give the path by which a contract calls a column without a header."""
    return f"列{column_letter(number)}"


def match_columns(
    contract: Contract, period: str, paths: dict[int, str], where: str
) -> dict[str, int]:
    """Find the file column of every contract column that this period delivers.

    Raises:
        Refusal: `header.missing`, `header.twice` or `header.unknown`, with the nearest header.
    """
    wanted = contract.expected(period)
    hits = {n: [i for i, p in paths.items() if _fits_any(p, wanted[n])] for n in wanted}
    # A file without headers has a person's row here: its words must not be repeated.
    is_header = 2 * sum(bool(columns) for columns in hits.values()) >= len(hits)
    shown = paths if is_header else {}
    for name, columns in hits.items():
        if len(columns) != 1:
            title = contract.columns[name].title
            raise _missing_or_twice(title, wanted[name], columns, shown, where)
    found = {name: columns[0] for name, columns in hits.items()}
    known = contract.source.unused
    unknown = [n for n, p in paths.items() if n not in found.values() and not _fits_any(p, known)]
    if unknown:
        raise _unknown(unknown, paths, where)
    return found


def find_column(paths: dict[int, str], header: str) -> int | None:
    """Find the file column of one header, if it is there."""
    return next((n for n, path in paths.items() if _fits_any(path, [header])), None)


def _spread_merges(
    levels: list[list[str | None]], grid: Grid, first: int
) -> list[list[str | None]]:
    spread = [list(level) for level in levels]
    for span in grid.merges:
        top = span.first_row - first
        if not 0 <= top < len(levels) or span.first_column > grid.width:
            continue
        value = levels[top][span.first_column - 1]
        for level in range(top, min(span.last_row - first + 1, len(levels))):
            for column in range(span.first_column - 1, min(span.last_column, grid.width)):
                spread[level][column] = value
    return spread


def _fill_right(levels: list[list[str | None]]) -> list[list[str | None]]:
    """Carry a group's title over its columns, also where the sheet centres without merging."""
    filled = [list(level) for level in levels]
    for depth, level in enumerate(filled[:-1]):
        for column in range(1, len(level)):
            below = any(lower[column] for lower in levels[depth + 1 :])
            same_group = all(upper[column] == upper[column - 1] for upper in filled[:depth])
            if level[column] is None and below and same_group:
                level[column] = level[column - 1]
    return filled


def _join(cells: tuple[str | None, ...]) -> str:
    keys = [_cell_key(cell) for cell in cells if cell and cell.strip()]
    distinct = [key for i, key in enumerate(keys) if i == 0 or key != keys[i - 1]]
    return _LEVEL.join(distinct)


def _name_key(name: str) -> str:
    return _LEVEL.join(header_key(level) for level in name.split(_LEVEL))


def _cell_key(cell: str) -> str:
    return header_key(cell).replace(_LEVEL, "∕")


def _fits_any(path: str, headers: list[str]) -> bool:
    return any(_header_regex(header).fullmatch(path) for header in headers)


@lru_cache(4096)
def _header_regex(header: str) -> re.Pattern[str]:
    """`*` stands for any text within one level, `**` for any text of any number of levels."""
    tokens = re.split(r"(\*\*|\*|/)", header)
    known = {"**": ".*", "*": "[^/]*", _LEVEL: _LEVEL}
    return re.compile("".join(known.get(token) or re.escape(_cell_key(token)) for token in tokens))


def _missing_or_twice(
    title: str, wanted: list[str], hits: list[int], paths: dict[int, str], where: str
) -> Refusal:
    if hits:
        cells = "、".join(f"{column_letter(n)}列" for n in hits)
        remedy = "見出しが1つに決まるように、契約の source をくわしく書いてください。"
        return Refusal(
            "header.twice", f"「{title}」に当たる列が2つ以上あります。", f"{where}: {cells}", remedy
        )
    near = difflib.get_close_matches(
        wanted[0] if wanted else title, paths.values(), n=1, cutoff=0.4
    )
    hint = f"「{near[0]}」が近い見出しです。" if near else ""
    hint = hint if paths else "見出しの行がないか、別の種類のファイルかもしれません。"
    named = "」か「".join(wanted) or "(この期間の見出しが契約にありません)"
    return Refusal(
        "header.missing",
        f"「{title}」の列がありません(見出し「{named}」)。{hint}",
        where,
        "見出しが変わったのなら、契約の source に期間(from / until)を付けて書き足してください。",
    )


def _unknown(unknown: list[int], paths: dict[int, str], where: str) -> Refusal:
    listed = "、".join(f"{column_letter(n)}列「{paths[n]}」" for n in unknown)
    return Refusal(
        "header.unknown",
        f"契約にない列が {len(unknown)} 列あります。",
        f"{where}: {listed}",
        "契約の columns に足すか、使わないなら set_aside_columns に理由を書いてください。",
    )
