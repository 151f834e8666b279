"""A hash of every column of a table that has row numbers: equal when each row holds the same value.

Sums do not depend on the order of the rows, so a table can be asked part by part. The hash of
polars is the same within one version of it, on every machine.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.readers.grid import ROW

_SEED = 20_240_401


def hash_columns(rows: pl.DataFrame) -> dict[str, int]:
    """Hash every column with the numbers of the rows.

    Args:
        rows: `_row` and columns typed as in the common form.

    Returns:
        Column to 64 bits.
    """
    places = rows[ROW].cast(pl.Int64).hash(_SEED).to_numpy()
    return {
        name: int(_mix(rows[name].hash(_SEED + 1).to_numpy(), places).sum(dtype=np.uint64))
        for name in rows.columns
        if name != ROW
    }


def _mix(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Bind a value to its row; a product, so that two values that change places are noticed."""
    return (values | np.uint64(1)) * (places | np.uint64(1)) ^ values
