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
Ints = npt.NDArray[np.int64]
_BLOCK = 512


def bits_of(
    labels: pl.DataFrame,
    targets: pl.DataFrame,
    hierarchies: Mapping[str, Hierarchy],
) -> list[tuple[Bits, Ints]]:
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
        value_of, label_of = _covering(values, texts, hierarchies.get(name))
        found.append((_pack(len(values), value_of, label_of, len(texts), of_class), of_target))
    return found


def _pack(values: int, value_of: Ints, label_of: Ints, labels: int, of_class: Ints) -> Bits:
    """Spread pairs of value and label over the classes, block by block of values."""
    blocks = [np.empty((0, -(-len(of_class) // 8)), np.uint8)]
    for start in range(0, values, _BLOCK):
        covers = np.zeros((min(_BLOCK, values - start), labels), np.bool_)
        here = (value_of >= start) & (value_of < start + _BLOCK)
        covers[value_of[here] - start, label_of[here]] = True
        blocks.append(np.packbits(covers[:, of_class], axis=1))
    return np.concatenate(blocks)


def _covering(
    values: Sequence[str], labels: Sequence[str], hierarchy: Hierarchy | None
) -> tuple[Ints, Ints]:
    """Pair every value with the labels that can stand for it."""
    value_at, label_at = ({text: i for i, text in enumerate(t)} for t in (values, labels))
    same = [(at, label_at[text]) for text, at in value_at.items() if text in label_at]
    pairs = [np.array(same, np.int64).reshape(-1, 2)]
    if (star := label_at.get(SUPPRESSED)) is not None:
        pairs.append(np.stack([np.arange(len(values)), np.full(len(values), star)], axis=1))
    if hierarchy is not None:
        rows = np.array([value_at.get(v, -1) for v in hierarchy.labels[0]], np.int64)
        for names, codes in zip(hierarchy.labels, hierarchy.codes, strict=True):
            columns = np.array([label_at.get(name, -1) for name in names], np.int64)[codes]
            there = (rows >= 0) & (columns >= 0)
            pairs.append(np.stack([rows[there], columns[there]], axis=1))
    together = np.concatenate(pairs)
    return together[:, 0], together[:, 1]


def _texts(column: pl.Series) -> pl.Series:
    # Null and the empty text cannot be told apart in a CSV file.
    return column.cast(pl.String).fill_null("")


def _coded(texts: pl.Series) -> tuple[list[str], Ints]:
    if texts.is_empty():
        return [], np.empty(0, np.int64)
    values = texts.unique().sort()
    order = pl.DataFrame({"text": values, "place": pl.int_range(len(values), eager=True)})
    places = pl.DataFrame({"text": texts}).join(order, on="text", maintain_order="left", how="left")
    return values.to_list(), places["place"].to_numpy()
