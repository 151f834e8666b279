"""The published rows: every quasi-identifier replaced by its label, everything else as it was.

Here stands the application of a found recoding to batches of rows; how it was found is `recoding`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pyarrow as pa

from anonymize.hierarchy.hierarchy import SUPPRESSED
from anonymize.records.groups import locate
from warehouse.anonymising.texts import text_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from anonymize.records.groups import Groups
    from warehouse.anonymising.prepared import Prepared


@dataclass(frozen=True)
class Published:
    """What every group of rows is published as.

    Attributes:
        columns: the quasi-identifiers.
        labels: per column the distinct labels; the last one is `*`.
        codes: per column and group its label, Int32; `*` in every column of a suppressed group.
        suppressed: per group whether it is suppressed.
    """

    columns: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    codes: tuple[npt.NDArray[np.int32], ...]
    suppressed: npt.NDArray[np.bool_]

    @property
    def stars(self) -> npt.NDArray[np.bool_]:
        """Which groups show `*` in every column: the suppressed ones, and those at the very top."""
        shown = [
            np.array([name == SUPPRESSED for name in names])[codes]
            for names, codes in zip(self.labels, self.codes, strict=True)
        ]
        return np.logical_and.reduce(shown)


def published_as(
    groups: Groups,
    labels: Sequence[Sequence[str]],
    codes: Sequence[npt.NDArray[np.int32]],
    suppressed: npt.NDArray[np.bool_],
) -> Published:
    """Put `*` into every column of the suppressed groups."""
    starred = tuple((*names, SUPPRESSED) for names in labels)
    hidden = tuple(
        np.where(suppressed, len(names), column).astype(np.int32)
        for names, column in zip(labels, codes, strict=True)
    )
    return Published(groups.columns, starred, hidden, suppressed)


def publish(prepared: Prepared, published: Published) -> Iterator[pa.Table]:
    """Give the rows in their order as they are published; withheld columns are left out."""
    source, withheld = prepared.source, prepared.policy.withheld
    kept = [name for name in source.columns if name not in withheld]
    for batch in source.batches():
        texts = text_frame(batch, published.columns)
        of_rows = locate(texts, prepared.groups, prepared.hierarchies)
        labelled = {
            name: _labels(names, codes[of_rows])
            for name, names, codes in zip(
                published.columns, published.labels, published.codes, strict=True
            )
        }
        yield pa.table({n: labelled.get(n, batch[n]) for n in kept})


def _labels(names: Sequence[str], codes: npt.NDArray[np.int32]) -> pa.Array:
    """Give each row its label; the blank value, an empty text at level 0, stays a blank cell."""
    texts = pl.Series([name or None for name in names], dtype=pl.String)
    return texts.gather(codes).to_arrow().cast(pa.string())
