"""The written file measured again: classes, risks and losses, without trusting the search.

Here stand the measurements of a file against the table it was made of, row by row in order. A large
table is measured in batches; what needs whole tables is then measured on every n-th row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.records.groups import Groups, group_batches
from warehouse.anonymising.texts import text_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anonymize.records.models import Model
    from assets.anonymisation import Policy
    from warehouse.anonymising.publish import Published
    from warehouse.anonymising.source import Source

WHOLE_ROWS = 500_000


@dataclass(frozen=True)
class Pair:
    """The same rows before and after, as text: quasi-identifiers, sensitive columns, person."""

    before: pl.DataFrame
    after: pl.DataFrame


@dataclass(frozen=True)
class Remeasured:
    """The written file.

    Attributes:
        groups: its classes: the groups of its published labels.
        texts: per quasi-identifier the labels that the codes of `groups` stand for.
        suppressed: which of them is that of the suppressed rows; none where rows that were not
            suppressed show `*` in every column too: then they are one class like any other.
        stars: rows with `*` in every quasi-identifier.
        pair: the rows before and after, all or every `step`-th.
        step: 1 when all rows are in `pair`.
    """

    groups: Groups
    texts: dict[str, tuple[str, ...]]
    suppressed: np.ndarray
    stars: int
    pair: Pair
    step: int

    def labels(self) -> pl.DataFrame:
        """Give the labels of each class."""
        return pl.DataFrame(
            [
                pl.Series(name, names).gather(self.groups.codes[:, at])
                for at, (name, names) in enumerate(self.texts.items())
            ]
        )


def remeasure(
    policy: Policy, source: Source, written: Source, published: Published, models: Sequence[Model]
) -> Remeasured:
    """Read both files side by side and count the classes of the written one.

    Raises:
        ValueError: a label in the file that the recoding does not have.
    """
    rows = sum(batch.num_rows for batch in source.batches())
    step = -(-rows // WHOLE_ROWS) or 1
    known = list(published.columns)
    who = [policy.person] if policy.person else []
    extra = [*policy.sensitive_columns, *who]
    texts = _labels(published)
    plain = [
        Hierarchy(name, (labels,), (np.arange(len(labels), dtype=np.int32),))
        for name, labels in texts.items()
    ]
    before: list[pl.DataFrame] = []
    after: list[pl.DataFrame] = []

    def aligned() -> Iterator[pl.DataFrame]:
        seen = 0
        for original, labelled in _side_by_side(source, written):
            plain_texts = text_frame(original, [*known, *extra])
            coarse = text_frame(labelled, [*known, *policy.sensitive_columns])
            both = coarse.with_columns(plain_texts[name] for name in who)
            offset = -seen % step
            before.append(plain_texts.gather_every(step, offset))
            after.append(both.gather_every(step, offset))
            seen += both.height
            yield both

    groups = group_batches(aligned(), plain, models, policy.person)
    starred = _all_stars(groups, plain)
    is_class = bool((published.stars & ~published.suppressed).any())
    return Remeasured(
        groups,
        texts,
        starred & (not is_class),
        int(groups.rows[starred].sum()),
        Pair(pl.concat(before), pl.concat(after)),
        step,
    )


def _labels(published: Published) -> dict[str, tuple[str, ...]]:
    """Each column's possible labels, each once; two levels may share a text."""
    return {
        name: tuple(dict.fromkeys(labels))
        for name, labels in zip(published.columns, published.labels, strict=True)
    }


def _all_stars(groups: Groups, plain: Sequence[Hierarchy]) -> np.ndarray:
    stars = [h.labels[0].index(SUPPRESSED) for h in plain]
    return (groups.codes == np.array(stars)).all(axis=1)


def _side_by_side(source: Source, written: Source) -> Iterator[tuple]:
    """Cut the batches of both files at the same rows.

    Raises:
        ValueError: the files have different numbers of rows.
    """
    rest = iter(written.batches())
    waiting = next(rest, None)
    for original in source.batches():
        start = 0
        if not original.num_rows and waiting is not None and not waiting.num_rows:
            yield original, waiting
        while start < original.num_rows:
            while waiting is not None and not waiting.num_rows:
                waiting = next(rest, None)
            if waiting is None:
                raise ValueError("書き出したファイルの行数が入力より少なくなっています")
            size = min(original.num_rows - start, waiting.num_rows)
            yield original.slice(start, size), waiting.slice(0, size)
            waiting, start = waiting.slice(size), start + size
    if any(batch.num_rows for batch in [*([waiting] if waiting is not None else []), *rest]):
        raise ValueError("書き出したファイルの行数が入力より多くなっています")
