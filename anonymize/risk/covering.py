"""Which published label can stand for which true value.

Belongs here: the reading of labels by whoever knows the ladders (they are public: the labels name
themselves). Must not hold: the search for a person (`linkage`).
"""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy

Bits = npt.NDArray[np.uint8]


def bits_of(
    labels: pl.DataFrame,
    targets: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
) -> list[tuple[Bits, npt.NDArray[np.int64]]]:
    """Tell for every column which published classes each target value may be in.

    Args:
        labels: c classes, the published labels of the known columns.
        targets: t rows, the true values of the same columns.
        hierarchies: By column; without one a label stands for itself alone, and `*` for all.

    Returns:
        Per column the packed bits (distinct values × ⌈c / 8⌉ bytes, as `numpy.packbits`) and the
        index of each target's value (t).
    """
    found = []
    for name in labels.columns:
        shown = _texts(labels[name])
        values, of_target = _coded(_texts(targets[name]))
        texts, of_class = _coded(shown)
        covers = _covers(values, texts, hierarchies.get(name))
        found.append((np.packbits(covers[:, of_class], axis=1), of_target))
    return found


def _covers(
    values: Sequence[str], labels: Sequence[str], hierarchy: Hierarchy | None
) -> npt.NDArray[np.bool_]:
    """Give a matrix values × labels: whether the label can stand for the value."""
    value_at, label_at = ({text: i for i, text in enumerate(t)} for t in (values, labels))
    covers = np.zeros((len(values), len(labels)), np.bool_)
    if (star := label_at.get(SUPPRESSED)) is not None:
        covers[:, star] = True
    for text, place in value_at.items():
        if text in label_at:
            covers[place, label_at[text]] = True
    if hierarchy is None:
        return covers
    rows = np.array([value_at.get(v, -1) for v in hierarchy.labels[0]])
    for names, codes in zip(hierarchy.labels, hierarchy.codes, strict=True):
        columns = np.array([label_at.get(name, -1) for name in names])[codes]
        there = (rows >= 0) & (columns >= 0)
        covers[rows[there], columns[there]] = True
    return covers


def _texts(column: pl.Series) -> pl.Series:
    # Null and the empty text cannot be told apart in a CSV file.
    return column.cast(pl.String).fill_null("")


def _coded(texts: pl.Series) -> tuple[list[str], npt.NDArray[np.int64]]:
    if texts.is_empty():
        return [], np.empty(0, np.int64)
    values = texts.unique().sort()
    order = pl.DataFrame({"text": values, "place": pl.int_range(len(values), eager=True)})
    places = pl.DataFrame({"text": texts}).join(order, on="text", maintain_order="left", how="left")
    return values.to_list(), places["place"].to_numpy()
