"""What a published label stands for: the set of values of level 0 it may hide.

Belongs here: the reading of labels that come without their level. Must not hold: losses (`utility`).

A published file holds texts, not levels. Where one text occurs at several levels, or twice under
different branches, a reader cannot tell which was meant, so it covers every value that any of its
occurrences covers: the union, which is the widest of them where they are nested.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.records.keys import as_text

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LabelSets:
    """The texts a column may publish and the values each covers.

    Attributes:
        column: The column.
        texts: The m labels, each once; `*` always among them, covering every value.
        values: How many values level 0 has.
        starts: m Int64: where the values of each label begin in `members`.
        members: Int64: the covered values, label after label, ascending.
        sizes: m Int64: how many values each label covers, at least 1.
    """

    column: str
    texts: tuple[str, ...]
    values: int
    starts: Ints
    members: Ints
    sizes: Ints

    @property
    def penalty(self) -> Floats:
        """Normalised certainty penalty of each label: (values - 1) / (all values - 1), 0 to 1.

        Xu, Wang, Pei, Wang, Shi and Fu, "Utility-based anonymization using local recoding", 2006.
        A column with a single value cannot lose anything: 0.
        """
        return (self.sizes - 1) / max(self.values - 1, 1)

    def add_up(self, per_value: Floats | Ints) -> Floats:
        """Add up numbers of values (first axis) over what each label covers; one result a label."""
        return np.add.reduceat(per_value[self.members], self.starts, axis=0)

    def covers(self, label: Codes, value: Codes) -> npt.NDArray[np.bool_]:
        """Tell for pairs of a label and a value whether the label covers the value."""
        owner = np.repeat(np.arange(len(self.texts)), self.sizes)
        known = owner * self.values + self.members  # ascending by construction
        wanted = label.astype(np.int64) * self.values + value
        place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return known[place] == wanted


def label_sets(hierarchy: Hierarchy) -> LabelSets:
    """Collect the labels of all levels of a hierarchy, and what each may stand for."""
    number = {SUPPRESSED: 0}
    values = len(hierarchy.labels[0])
    pairs = [np.arange(values, dtype=np.int64)]
    for labels, codes in zip(hierarchy.labels, hierarchy.codes, strict=True):
        ids = np.array([number.setdefault(text, len(number)) for text in labels], np.int64)
        pairs.append(ids[codes] * values + np.arange(values))
    label, member = np.divmod(np.unique(np.concatenate(pairs)), values)
    sizes = np.bincount(label, minlength=len(number)).astype(np.int64)
    return LabelSets(
        hierarchy.column, tuple(number), values, np.cumsum(sizes) - sizes, member, sizes
    )


def read_labels(published: pl.DataFrame, sets: Sequence[LabelSets]) -> list[Codes]:
    """Look up the published texts; per column an index into `texts` for each row.

    Raises:
        ValueError: A column is missing, or a text is no label of its hierarchy (not shown: it may
            be a value that should never have been published).
    """
    require_columns(published.columns, [s.column for s in sets], "公開する表")
    return [_read(published, one) for one in sets]


def _read(published: pl.DataFrame, one: LabelSets) -> Codes:
    texts = published.select(as_text(one.column)).to_series()
    found = texts.cast(pl.Enum(one.texts), strict=False)
    if count := found.null_count():
        raise complaint(
            f"公開する表に、階層のどの段にもない値が{count}行あります",
            f"列「{one.column}」",
            "表を一般化したときと同じ階層を渡してください。",
        )
    return found.to_physical().cast(pl.Int32).to_numpy()
