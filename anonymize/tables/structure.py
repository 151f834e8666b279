"""A table with margins as arrays: cells, values, and the equations they satisfy.

Belongs here: the order of cells, completion of margins, additivity as a sparse matrix, tables that
share cells, contradictions among given margins. Must not hold: codes and their sums
(`dimensions`), what is secret (`primary`), protection (`suppression`, `rounding`).

A table of any number of dimensions with nested or alternative sums is a vector x of n cells with
A x = 0, one row of A per sum: parent − Σ parts (Hundepool et al., Statistical Disclosure Control,
2012, section 4.1: hierarchical and linked tables).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import sparse

from anonymize.complaint import complaint, require_columns
from anonymize.tables.dimensions import Dimension

Values = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
CELL = "_cell"
_RELATIVE = 1e-9
_ABSOLUTE = 1e-6
_NAMED = 5


@dataclass(frozen=True)
class Table:
    """Cells in their order, with values and equations.

    Attributes:
        cells: n rows; the code columns (String), every combination once.
        values: n numbers, in the order of `cells`.
        equations: m × n; +1 at a sum, −1 at its parts; `equations @ values` is zero.
        totals: Of each column with one top code, that code.
    """

    cells: pl.DataFrame
    values: Values
    equations: sparse.csr_array
    totals: Mapping[str, str]

    @cached_property
    def interior(self) -> Flags:
        """Flags of n cells: the cell is no sum of others."""
        positive = sparse.csr_array(self.equations > 0)
        return np.asarray(positive.sum(axis=0)).ravel() == 0

    def aligned(self, frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
        """Give further columns of the frame in the order of the cells; null where it has no row."""
        keys = self.cells.columns
        plain = frame.select(*(pl.col(k).cast(pl.String) for k in keys), *columns)
        return self.cells.join(plain, on=keys, how="left", maintain_order="left").select(columns)

    def name(self, cell: int) -> str:
        """Name a cell by its codes."""
        return " × ".join(self.cells.row(cell))


def arrange(frame: pl.DataFrame, dimensions: Sequence[Dimension], value: str) -> Table:
    """Lay a tidy frame out as a table of all combinations of codes.

    Interior combinations without a row are 0. A margin without a row is added up; a margin with a
    row keeps its number and must agree.

    Args:
        frame: One row per cell, code columns and the value; with all, some or no margins.
        dimensions: The variables, in the order of the cells.
        value: Column of numbers.

    Raises:
        ValueError: Missing column, unknown or missing code, a cell twice, a value that is no
            number, or margins that contradict each other (cells named).
    """
    table = _lay_out(frame, dimensions, value)
    if found := contradictions(table):
        raise complaint(
            f"合計と内訳の和が一致しないセルが{len(found)}あります: {'、'.join(found[:_NAMED])}",
            f"列「{value}」",
            "合計を内訳から計算し直すか、合計の行を除いてください。",
        )
    return table


def blank(dimensions: Sequence[Dimension]) -> Table:
    """Give the table of all combinations of codes with nothing but zeros in it."""
    shape = tuple(len(one.codes) for one in dimensions)
    size = int(np.prod(shape))
    codes = np.unravel_index(np.arange(size), shape)
    cells = pl.DataFrame(
        {
            one.column: pl.Series(one.codes, dtype=pl.String).gather(code)
            for one, code in zip(dimensions, codes, strict=True)
        }
    )
    totals = {one.column: one.total for one in dimensions if one.total is not None}
    return Table(cells, np.zeros(size), _equations(dimensions), totals)


def contradictions(table: Table) -> list[str]:
    """Name the sums whose parts do not add up to them; empty when the table is consistent.

    Differences up to 1e-6 and up to 1e-9 of the numbers involved are taken as rounding.
    """
    off = np.abs(table.equations @ table.values)
    size = abs(table.equations) @ np.abs(table.values)
    wrong = np.flatnonzero(~(off <= _ABSOLUTE + _RELATIVE * size))
    parents = sparse.csr_array(table.equations[wrong] > 0).indices
    return [table.name(int(cell)) for cell in dict.fromkeys(parents.tolist())]


def link(tables: Sequence[Table]) -> Table:
    """Join tables that share cells into one system of cells and equations.

    A cell is shared when it has the same codes; a table without some column stands at that
    column's total. Example: town × age and town × sex share the totals of towns.

    Args:
        tables: At least one; the tables of one release, or of several over the same persons.

    Returns:
        A table over all columns, the cells of the first table first, with every equation of all.

    Raises:
        ValueError: No total is known for a column that a table lacks, totals with different names,
            or a shared cell with two values (cells named).
    """
    totals = _common_totals(tables)
    columns = list(dict.fromkeys(name for table in tables for name in table.cells.columns))
    frames = [_widen(table, columns, totals) for table in tables]
    rows = pl.concat(
        f.with_columns(pl.Series("_value", t.values)) for f, t in zip(frames, tables, strict=True)
    )
    cells = rows.unique(columns, keep="first", maintain_order=True)
    place = cells.select(columns).with_row_index(CELL)
    matrices = [_carry_over(f, t, place) for f, t in zip(frames, tables, strict=True)]
    linked = Table(
        cells.select(columns),
        cells["_value"].to_numpy().copy(),
        sparse.csr_array(sparse.vstack(matrices)),
        totals,
    )
    _require_one_value(rows, columns)
    return linked


def _lay_out(frame: pl.DataFrame, dimensions: Sequence[Dimension], value: str) -> Table:
    keys = [one.column for one in dimensions]
    if not keys or len({*keys}) != len(keys):
        raise complaint(
            "区分の列がないか、同じ列が2回あります",
            "引数 dimensions",
            "列を1回ずつ書いてください。",
        )
    require_columns(frame.columns, [*keys, value], "表の区分と値の列")
    shape = tuple(len(one.codes) for one in dimensions)
    places = _places(frame, dimensions)
    numbers = _numbers(frame, value)
    if len(np.unique(places)) != len(places):
        raise complaint(
            "同じ区分の組の行が複数あります",
            "、".join(keys),
            "区分の組ごとに1行へ集計してください。",
        )
    grid = np.full(int(np.prod(shape)), np.nan)
    grid[places] = numbers
    filled = _fill(grid.reshape(shape), dimensions).ravel()
    return replace(blank(dimensions), values=filled)


def _places(frame: pl.DataFrame, dimensions: Sequence[Dimension]) -> npt.NDArray[np.int64]:
    shape = tuple(len(one.codes) for one in dimensions)
    codes = [_codes_of(frame[one.column], one) for one in dimensions]
    return np.ravel_multi_index(codes, shape)


def _codes_of(column: pl.Series, one: Dimension) -> npt.NDArray[np.int64]:
    known = pl.Series(one.codes, dtype=pl.String)
    texts = column.cast(pl.String)
    places = texts.replace_strict(
        known, pl.Series(range(len(known)), dtype=pl.Int64), default=None, return_dtype=pl.Int64
    )
    if places.null_count():
        unknown = texts.filter(places.is_null()).unique(maintain_order=True).drop_nulls()
        words = "、".join(unknown.head(_NAMED)) or "(空)"
        raise complaint(
            f"区分の定義にない区分があります: {words}",
            f"区分の列「{one.column}」",
            "区分の定義に加えるか、行を除いてください。",
        )
    return places.to_numpy()


def _numbers(frame: pl.DataFrame, value: str) -> Values:
    column = frame[value]
    numbers = column.cast(pl.Float64).to_numpy() if column.dtype.is_numeric() else None
    if numbers is None or column.null_count() or not np.isfinite(numbers).all():
        raise complaint(
            "値の列に、数でない値か空の値があります",
            f"列「{value}」",
            "数の列にして、該当のない所は 0 にしてください。",
        )
    return numbers


def _fill(grid: Values, dimensions: Sequence[Dimension]) -> Values:
    """Set interior combinations without a number to 0, then add up the margins without one."""
    leaves = [np.flatnonzero(np.isin(one.codes, one.leaves)) for one in dimensions]
    inner = np.ix_(*leaves)
    grid[inner] = np.nan_to_num(grid[inner])
    for axis, one in enumerate(dimensions):
        by_code = np.moveaxis(grid, axis, 0)
        place = {code: i for i, code in enumerate(one.codes)}
        for parent, parts in reversed(one.sums):
            added = by_code[[place[part] for part in parts]].sum(axis=0)
            given = by_code[place[parent]]
            by_code[place[parent]] = np.where(np.isnan(given), added, given)
    return grid


def _equations(dimensions: Sequence[Dimension]) -> sparse.csr_array:
    """Cross every sum of every dimension with all codes of the others."""
    blocks = []
    for axis in range(len(dimensions)):
        factors = [
            one.matrix() if place == axis else sparse.eye_array(len(one.codes), format="csr")
            for place, one in enumerate(dimensions)
        ]
        blocks.append(reduce(lambda a, b: sparse.kron(a, b, format="csr"), factors))
    return sparse.csr_array(sparse.vstack(blocks, format="csr"))


def _common_totals(tables: Sequence[Table]) -> dict[str, str]:
    if not tables:
        raise complaint("表がありません", "引数 tables", "1つ以上の表を渡してください。")
    totals: dict[str, str] = {}
    for table in tables:
        for column, code in table.totals.items():
            if totals.setdefault(column, code) != code:
                raise complaint(
                    "表によって合計の名前が違います",
                    f"区分の列「{column}」",
                    "同じ合計には同じ名前を使ってください。",
                )
    return totals


def _widen(table: Table, columns: list[str], totals: Mapping[str, str]) -> pl.DataFrame:
    missing = [name for name in columns if name not in table.cells.columns]
    if unknown := [name for name in missing if name not in totals]:
        raise complaint(
            f"合計のない区分の列があり、表をつなげません: {'、'.join(unknown)}",
            "引数 tables",
            "その区分に総数を加えてください。",
        )
    return table.cells.with_columns(pl.lit(totals[n]).alias(n) for n in missing).select(columns)


def _carry_over(frame: pl.DataFrame, table: Table, place: pl.DataFrame) -> sparse.csr_array:
    to = frame.join(place, on=frame.columns, how="left", maintain_order="left")[CELL].to_numpy()
    matrix = sparse.coo_array(table.equations)
    row, column = matrix.coords
    return sparse.csr_array(
        (matrix.data, (row, to[column])), shape=(table.equations.shape[0], place.height)
    )


def _require_one_value(rows: pl.DataFrame, columns: list[str]) -> None:
    spread = rows.group_by(columns).agg(
        (pl.col("_value").max() - pl.col("_value").min()).alias("spread"),
        pl.col("_value").abs().max().alias("size"),
    )
    off = spread.filter(pl.col("spread") > _ABSOLUTE + _RELATIVE * pl.col("size"))
    if off.height:
        named = [" × ".join(row) for row in off.select(columns).sort(columns).head(_NAMED).rows()]
        raise complaint(
            f"表によって値の違うセルが{off.height}あります: {'、'.join(named)}",
            "引数 tables",
            "同じ時点の同じ集計から表を作り直してください。",
        )
