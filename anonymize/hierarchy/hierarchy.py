"""One column's ladder of generalisations: each value and what it becomes, level by level.

Belongs here: the ladder as integer codes, and its unavoidable properties. Must not hold: reading
of ARX's files (`arx`), ladders made by a rule (`rules`), application to a table (`records`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
SUPPRESSED = "*"


@dataclass(frozen=True)
class Hierarchy:
    """The values of a column and the labels that stand for them at every level.

    Attributes:
        column: The column it generalises.
        labels: Per level the distinct labels; level 0 holds the values themselves, as text, in the
            order of the hierarchy file. The last level need not be one single label.
        codes: Per level an array of `len(labels[0])` Int32: the label of each value at that level,
            as an index into `labels[level]`. Level 0 is 0, 1, 2, …
    """

    column: str
    labels: tuple[tuple[str, ...], ...]
    codes: tuple[Codes, ...]

    @property
    def height(self) -> int:
        """The highest level; 0 when values can only stay as they are."""
        return len(self.labels) - 1

    def leaves(self, level: int) -> npt.NDArray[np.int64]:
        """Count the values of level 0 below each label of `level`."""
        return np.bincount(self.codes[level], minlength=len(self.labels[level]))


def hierarchy_of_rows(column: str, rows: Sequence[Sequence[str]]) -> Hierarchy:
    """Build a hierarchy from one row per value: the value, then its label at each level.

    The rows must be complete and free of contradictions (`checks` says where they are not): equal
    length, every value once, and values that share a label sharing every higher one.
    """
    levels = list(zip(*rows, strict=True))
    labels = tuple(tuple(dict.fromkeys(level)) for level in levels)
    codes = tuple(
        np.fromiter(map({n: i for i, n in enumerate(names)}.__getitem__, level), np.int32)
        for names, level in zip(labels, levels, strict=True)
    )
    return Hierarchy(column, labels, codes)
