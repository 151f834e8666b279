"""What a published table has lost, in three numbers that are always given together.

Belongs here: the losses and the before/after shares of values. Must not hold: the models
(`judging`), the reading of labels (`label_sets`), pictures.

Any single number can be gamed: the certainty penalty favours labels with few values however common,
the entropy favours rare values however many, and the query error sees whole tables only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.records.keys import encode, pack, unpack
from anonymize.records.label_sets import LabelSets, label_sets, read_labels
from anonymize.records.query_error import mean_error

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]
QUERIES = 1000
_ROWS = "rows"


@dataclass(frozen=True)
class Utility:
    """The loss of a published table; every number 0 when nothing was changed.

    Attributes:
        ncp: Normalised certainty penalty, mean over cells by weight, 0 to 1 (Xu et al., 2006).
        entropy: Non-uniform entropy loss, mean over columns by weight, 0 to 1.
        query_error: Mean relative error of random counts; may exceed 1.
        rows: The rows of the table.
        suppressed_rows: Rows with `*` in every quasi-identifier.
        columns: Per column (ncp, entropy), unweighted.
    """

    ncp: float
    entropy: float
    query_error: float
    rows: int
    suppressed_rows: int
    columns: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Marginal:
    """How often each value occurs before and after, for a picture.

    Attributes:
        column: The column.
        values: The values of level 0, in the order of the hierarchy.
        before: Rows with the value.
        after: Rows expected from the published labels, spread evenly over the values they cover.
        labels: Published labels and their rows, most frequent first.
    """

    column: str
    values: tuple[str, ...]
    before: Ints
    after: npt.NDArray[np.float64]
    labels: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Compared:
    """Both tables as counts of distinct combinations of values and labels."""

    sets: list[LabelSets]
    values: list[Codes]
    labels: list[Codes]
    counts: Ints


def measure(
    original: pl.DataFrame,
    published: pl.DataFrame,
    hierarchies: Sequence[Hierarchy],
    *,
    weights: Mapping[str, float] | None = None,
    queries: int = QUERIES,
    seed: int = 0,
) -> Utility:
    """Measure what was lost between a table and its published form.

    The entropy loss of a column is Σ -log₂(rows with the value / rows with any value the label
    covers) over its cells (de Waal and Willenborg, "Information loss through global recoding and
    local suppression", 1999; Gionis and Tassa, "k-Anonymization with minimal loss of information",
    2009), divided by the same sum for a column of `*`, so that every column counts alike; a column
    of one value loses nothing.

    Args:
        original: The table.
        published: The same rows in the same order, quasi-identifiers replaced by labels.
        hierarchies: One per quasi-identifier.
        weights: Importance by column, default 1; the first two numbers are weighted.
        queries: Random counts to ask.
        seed: Of the random counts.

    Raises:
        ValueError: The row counts differ, a text is no label, or a label does not cover the value
            it replaced.
    """
    compared = _compare(original, published, hierarchies)
    named = [h.column for h in hierarchies]
    weight = np.array([(weights or {}).get(name, 1.0) for name in named])
    penalty = np.array([_penalty(compared, c) for c in range(len(named))])
    entropy = np.array([_entropy(compared, c) for c in range(len(named))])
    share = weight / weight.sum() if weight.sum() else weight
    return Utility(
        ncp=float(share @ penalty),
        entropy=float(share @ entropy),
        query_error=mean_error(
            compared.values,
            compared.labels,
            compared.counts,
            compared.sets,
            queries=queries,
            seed=seed,
        ),
        rows=original.height,
        suppressed_rows=_suppressed(compared),
        columns={n: (float(p), float(e)) for n, p, e in zip(named, penalty, entropy, strict=True)},
    )


def marginals(
    original: pl.DataFrame, published: pl.DataFrame, hierarchies: Sequence[Hierarchy]
) -> list[Marginal]:
    """Count each value before and after, per quasi-identifier.

    Raises:
        ValueError: As `measure`.
    """
    compared = _compare(original, published, hierarchies)
    return [_marginal(compared, c, h) for c, h in enumerate(hierarchies)]


def _compare(
    original: pl.DataFrame, published: pl.DataFrame, hierarchies: Sequence[Hierarchy]
) -> _Compared:
    if original.height != published.height:
        raise complaint(
            f"行数が違います: 元の表{original.height}行、公開する表{published.height}行",
            "有用性の測定",
            "秘匿した行も消さずに「*」で残し、同じ順で渡してください。",
        )
    sets = [label_sets(h) for h in hierarchies]
    values = [len(h.labels[0]) for h in hierarchies]
    radices = [*values, *(len(s.texts) for s in sets)]
    before = unpack(encode(original, hierarchies), values)
    after = read_labels(published, sets)
    words = pack([*before.T, *after], radices)
    counted = words.group_by(words.columns).len(_ROWS).sort(words.columns)
    codes = unpack(counted.select(words.columns), radices).T
    known = len(sets)
    compared = _Compared(
        sets, list(codes[:known]), list(codes[known:]), counted[_ROWS].cast(pl.Int64).to_numpy()
    )
    _require_covered(compared)
    return compared


def _require_covered(compared: _Compared) -> None:
    for one, value, label in zip(compared.sets, compared.values, compared.labels, strict=True):
        if wrong := int(compared.counts[~one.covers(label, value)].sum()):
            raise complaint(
                f"公開する値が元の値を含まない行が{wrong}行あります",
                f"列「{one.column}」",
                "行の順が元の表と同じか、一般化に同じ階層を使ったかを確かめてください。",
            )


def _penalty(compared: _Compared, column: int) -> float:
    rows = compared.counts.sum()
    cells = compared.sets[column].penalty[compared.labels[column]]
    return float(cells @ compared.counts / rows) if rows else 0.0


def _entropy(compared: _Compared, column: int) -> float:
    """Bits lost in a column, as a share of those lost if all of it were suppressed."""
    one, rows = compared.sets[column], compared.counts
    value, label = compared.values[column], compared.labels[column]
    occurring = np.bincount(value, weights=rows, minlength=one.values)
    covered = one.add_up(occurring)
    kept = np.log2(np.maximum(occurring, 1))
    lost = (np.log2(np.maximum(covered, 1))[label] - kept[value]) @ rows
    most = occurring @ (np.log2(max(rows.sum(), 1)) - kept)
    return float(lost / most) if most > 0 else 0.0


def _suppressed(compared: _Compared) -> int:
    stars = [
        label == one.texts.index(SUPPRESSED)
        for one, label in zip(compared.sets, compared.labels, strict=True)
    ]
    return int(compared.counts[np.logical_and.reduce(stars)].sum())


def _marginal(compared: _Compared, column: int, hierarchy: Hierarchy) -> Marginal:
    one, rows = compared.sets[column], compared.counts
    published = np.bincount(compared.labels[column], weights=rows, minlength=len(one.texts))
    owner = np.repeat(np.arange(len(one.texts)), one.sizes)
    spread = (published / one.sizes)[owner]
    most = np.argsort(-published, kind="stable")
    return Marginal(
        one.column,
        hierarchy.labels[0],
        np.bincount(compared.values[column], weights=rows, minlength=one.values).astype(np.int64),
        np.bincount(one.members, weights=spread, minlength=one.values).astype(np.float64),
        tuple((one.texts[i], int(published[i])) for i in most if published[i]),
    )
