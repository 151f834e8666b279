"""The attacker who has nothing but the published table.

Belongs here: from a table with blanks to the intervals of the blanks. Must not hold: the attack
itself (`attack`), rules about its result (`gate_suppression`).
"""

from collections.abc import Sequence

import highspy
import numpy as np
import polars as pl
from scipy import sparse

from anonymize.complaint import complaint, require_columns
from anonymize.tables.attack import Intervals, attack
from anonymize.tables.dimensions import Dimension
from anonymize.tables.solver import SilentHighs
from anonymize.tables.structure import Flags, Table, blank


def attack_published(frame: pl.DataFrame, dimensions: Sequence[Dimension], value: str) -> Intervals:
    """Compute the interval of every blank cell; the true table is not needed.

    Any table that agrees with what is shown spans the same intervals as the true one, so the first
    one found takes its place.

    Args:
        frame: One row per published cell, null where hidden. A cell without a row is not published
            and as unknown as a hidden one, but not reported.
        dimensions: The variables.
        value: Column of numbers.

    Returns:
        Intervals of the null cells, in the order of `structure.blank`.

    Raises:
        ValueError: Missing column, or no table without negative values agrees with what is shown.
    """
    keys = [one.column for one in dimensions]
    require_columns(frame.columns, [*keys, value], "公表する表の列")
    table = blank(dimensions)
    told = table.aligned(frame.with_columns(pl.lit(value=True).alias("_told")), [value, "_told"])
    shown = told[value].is_not_null().to_numpy()
    asked = (told["_told"].fill_null(value=False) & told[value].is_null()).to_numpy()
    numbers = told[value].cast(pl.Float64).fill_null(0.0).to_numpy()
    possible = _agreeing(Table(table.cells, numbers, table.equations, table.totals), ~shown)
    found = attack(possible, ~shown)
    kept = asked[found.cells]
    return Intervals(found.cells[kept], found.lower[kept], found.upper[kept])


def _agreeing(table: Table, hidden: Flags) -> Table:
    """Fill hidden cells so that everything adds up."""
    cells = np.flatnonzero(hidden)
    right = -(table.equations @ table.values)
    part = sparse.csc_array(sparse.csc_array(table.equations)[:, cells])
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cells), part.shape[0]
    program.col_cost_ = np.zeros(len(cells))
    program.col_lower_ = np.zeros(len(cells))
    program.col_upper_ = np.full(len(cells), np.inf)
    program.row_lower_ = program.row_upper_ = right
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = part.indptr
    program.a_matrix_.index_ = part.indices
    program.a_matrix_.value_ = part.data
    model = SilentHighs()
    model.passModel(program)
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise complaint(
            "公表する数の合計と内訳が合わず、どんな値を当てはめても表になりません",
            "公表する表",
            "合計を内訳から計算し直してください。",
        )
    values = table.values.copy()
    values[cells] = np.maximum(np.array(model.getSolution().col_value), 0.0)
    return Table(table.cells, values, table.equations, table.totals)
