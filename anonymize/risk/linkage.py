"""What an attacker with a file of his own finds in the published table.

Belongs here: the attack itself, for a stated file and stated columns: every target is compared with
every published class, whatever the level of its labels (full domain, local, suppressed). Must not
hold: chances by class sizes alone (`reidentification`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.risk.classes import Classes, Floats, Ints, classes_of
from anonymize.risk.covering import bits_of

_CHUNK = 512
# Every target is compared with every class: so many comparisons take a second or two.
_MOST_TARGETS, _LEAST_TARGETS, _COMPARISONS = 20_000, 500, 200_000_000


@dataclass(frozen=True)
class Linked:
    """The outcome of one attack; shares are of the rows attacked.

    Attributes:
        known: The columns the attacker knows.
        attacked: Rows of his file that were tried: all, or a fixed sample of at most 20,000, fewer
            (at least 500) where the published table has very many classes.
        one_row: Rows that fit exactly one published row.
        one_person: Rows that fit rows of exactly one person.
        correct: Of `one_person`, those where it is the right person; None: the truth is not known.
        expected: Share found by one who draws among the fitting rows; None: as above.
        unmatched: Rows that fit nothing.
    """

    known: tuple[str, ...]
    attacked: int
    one_row: int
    one_person: int
    correct: int | None
    expected: float | None
    unmatched: int

    @property
    def found_share(self) -> float:
        """Share of targets with one person left: those whom the attacker names."""
        return self.one_person / self.attacked if self.attacked else 0.0

    @property
    def correct_rate(self) -> float | None:
        """Share of the named who are the right ones; None: nobody is named, or truth unknown."""
        if self.correct is None or not self.one_person:
            return None
        return self.correct / self.one_person


def link(
    attacker: pl.DataFrame,
    published: pl.DataFrame,
    known: Sequence[str],
    hierarchies: Mapping[str, Hierarchy],
    *,
    truth: Ints | None = None,
    person: pl.Series | None = None,
    seed: int = 0,
) -> Linked:
    """Look for every row of the attacker's file in the published table.

    Args:
        attacker: True values of the known columns, one row per target.
        published: The table as published.
        known: The columns the attacker knows; in both tables.
        hierarchies: By column.
        truth: Per row of the attacker's file its row in `published`, -1 for one who is not there.
        person: Who each published row is (not published itself); None: every row is a person.
        seed: Of the sample, if the file has more rows than are attacked.

    Raises:
        ValueError: No known column, one is missing, or `truth` or `person` of another length.
    """
    require_columns(attacker.columns, list(known), "攻撃者のファイル")
    _require_lengths(attacker, published, truth, person)
    classes = classes_of(published, known)
    picked = _pick(attacker.height, classes.count, seed)
    targets = attacker.select(pl.col(list(known)).cast(pl.String).fill_null(""))[picked]
    alike = classes_of(targets, known)
    alone = _persons_alone(classes, person)
    rows, best = _attack(classes, alike.labels, hierarchies, alone)
    rows, best = rows[alike.of_row], best[alike.of_row]
    named = best >= 0
    correct = expected = None
    if truth is not None:
        correct, expected = _compare(truth[picked], classes, alone, rows, best)
    return Linked(
        tuple(known),
        len(picked),
        int((rows == 1).sum()),
        int(named.sum()),
        correct,
        expected,
        int((rows == 0).sum()),
    )


def _attack(
    classes: Classes, targets: pl.DataFrame, hierarchies: Mapping[str, Hierarchy], alone: Ints
) -> tuple[Floats, Ints]:
    """Give per target the fitting rows, and the one person they belong to (-1: several or none)."""
    columns = bits_of(classes.labels, targets, hierarchies)
    rows = np.zeros(targets.height)
    best = np.full(targets.height, -1, np.int64)
    for part in _parts(targets.height):
        bits = np.bitwise_and.reduce([packed[value[part]] for packed, value in columns])
        fits = np.unpackbits(bits, axis=1, count=classes.count).view(np.bool_)
        # Sorted by target; few fit, so that everything after this is cheap.
        target, found = np.nonzero(fits)
        rows[part] = np.bincount(target, classes.rows[found], minlength=len(fits))
        starts = np.flatnonzero(np.r_[True, target[1:] != target[:-1]]) if len(target) else target
        who = alone[found]
        lowest, highest = (f.reduceat(who, starts) for f in (np.minimum, np.maximum))
        best[part][target[starts]] = np.where(lowest == highest, lowest, -1)
    return rows, best


def _persons_alone(classes: Classes, person: pl.Series | None) -> Ints:
    """Give per class its person if it is the only one, else -1."""
    height = len(classes.of_row)
    codes = np.arange(height) if person is None else person.rank("dense").fill_null(0).to_numpy()
    lowest = np.full(classes.count, np.iinfo(np.int64).max)
    highest = np.full(classes.count, -1, np.int64)
    np.minimum.at(lowest, classes.of_row, codes.astype(np.int64))
    np.maximum.at(highest, classes.of_row, codes.astype(np.int64))
    return np.where(lowest == highest, lowest, -1)


def _compare(
    truth: Ints, classes: Classes, alone: Ints, rows: Floats, best: Ints
) -> tuple[int, float]:
    there = truth >= 0
    own = np.where(there, classes.of_row[np.where(there, truth, 0)], -1)
    # The person of a class with one person is the person of each of its rows.
    right = there & (best >= 0) & (alone[own] == best)
    chance = np.where(there & (rows > 0), 1 / np.maximum(rows, 1), 0.0)
    return int(right.sum()), float(chance.mean()) if len(chance) else 0.0


def _pick(height: int, classes: int, seed: int) -> Ints:
    most = min(_MOST_TARGETS, max(_LEAST_TARGETS, _COMPARISONS // max(classes, 1)))
    if height <= most:
        return np.arange(height)
    return np.sort(np.random.default_rng(seed).choice(height, most, replace=False))


def _parts(height: int) -> Iterator[slice]:
    return (slice(start, start + _CHUNK) for start in range(0, height, _CHUNK))


def _require_lengths(
    attacker: pl.DataFrame,
    published: pl.DataFrame,
    truth: npt.NDArray[np.int64] | None,
    person: pl.Series | None,
) -> None:
    if (truth is not None and len(truth) != attacker.height) or (
        person is not None and len(person) != published.height
    ):
        raise complaint(
            "対応表の行数が、表の行数と合いません",
            "引数 truth・person",
            "同じ表から、行を除かずに作ってください。",
        )
