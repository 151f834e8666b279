"""Equivalence classes of a published table as integer codes, counted in rows and in persons.

Belongs here: which rows share what is published of them. Must not hold: what follows from it.

`*` is a value of its own, and so is null: a suppressed row is in one class with other suppressed
rows only. (sdcMicro lets `*` match everything and so reports k = 5 for files with classes of 1.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns

SUPPRESSED = "*"
_ROW, _ROWS, _PERSONS, _SIZE = "\0row", "\0rows", "\0persons", "\0size"

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Classes:
    """The rows of a table by what is published of them.

    Attributes:
        labels: One row per class: the values that its rows share.
        of_row: Class of every row, an index into `labels`.
        rows: Rows of every class.
        persons: Distinct persons of every class; the rows where no person column is named.
        suppressed: Whether every column of the class is `*`.
    """

    labels: pl.DataFrame
    of_row: Ints
    rows: Ints
    persons: Ints
    suppressed: npt.NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of classes."""
        return len(self.rows)

    @property
    def person_of_row(self) -> Ints:
        """Persons of every row's class, aligned with the rows."""
        return self.persons[self.of_row]


def classes_of(frame: pl.DataFrame, columns: Sequence[str], person: str | None = None) -> Classes:
    """Group rows by the named columns.

    Args:
        frame: Any table, may be empty.
        columns: At least one column.
        person: Column that says which rows belong to one person; rows without a value count as one
            person together, so that gaps never make a class look larger.

    Raises:
        ValueError: No column, or a missing one.
    """
    names = list(columns)
    if not names or isinstance(columns, str):
        raise complaint("列が指定されていません", "引数 columns", "1列以上の一覧を渡してください。")
    require_columns(frame.columns, names if person is None else [*names, person], "引数 columns")
    persons = pl.len() if person is None else pl.col(person).n_unique()
    keyed = [pl.col(name).alias(f"\1{i}") for i, name in enumerate(names)]
    told = [] if person is None else [pl.col(person)]
    grouped = (
        frame.select(*keyed, *told)
        .with_row_index(_ROW)
        .group_by([f"\1{i}" for i in range(len(names))], maintain_order=True)
        .agg(pl.col(_ROW), pl.len().alias(_ROWS), persons.alias(_PERSONS))
    )
    rows = grouped[_ROWS].to_numpy().astype(np.int64)
    of_row = np.empty(frame.height, np.int64)
    if frame.height:
        of_row[grouped[_ROW].explode().to_numpy()] = np.repeat(np.arange(len(rows)), rows)
    labels = grouped.select(pl.col(f"\1{i}").alias(name) for i, name in enumerate(names))
    return Classes(
        labels, of_row, rows, grouped[_PERSONS].to_numpy().astype(np.int64), _stars(labels)
    )


def sizes_in(classes: Classes, population: Classes) -> Floats:
    """Count the persons of every published class in the population, at least those published.

    Raises:
        ValueError: The two tables do not share their columns.
    """
    names = classes.labels.columns
    if population.labels.columns != names:
        raise complaint(
            "公開する表と母集団の表の列が違います",
            "引数 population",
            "同じ列を、同じ順に、同じ区分で用意してください。",
        )
    sizes = population.labels.select(pl.col(names).cast(pl.String)).with_columns(
        pl.Series(_SIZE, population.persons)
    )
    found = classes.labels.select(pl.col(names).cast(pl.String)).join(
        sizes, on=names, how="left", nulls_equal=True, maintain_order="left"
    )
    return np.maximum(found[_SIZE].fill_null(0).to_numpy(), classes.persons).astype(np.float64)


def _stars(labels: pl.DataFrame) -> npt.NDArray[np.bool_]:
    star = [pl.col(name).cast(pl.String) == SUPPRESSED for name in labels.columns]
    return labels.select(pl.all_horizontal(star).fill_null(value=False)).to_series().to_numpy()
