"""Local recoding that treats the members of a household alike.

Belongs here: the rules of households. Must not hold: classes and labels in general (`local*`).

The rules. What a policy calls a column of the household (town, size, kind of household) holds one
value for all members; a table where it does not is refused, since no label could be right for all.
Then:

1. All members of a household are published with the same labels in these columns.
2. They are suppressed together or not at all. (A row may still read `*` everywhere because its
   class needs it; it is then in a class that satisfies the models.)
3. Where thresholds shall count households and not persons, the household is the person: pass its
   column as `person` to `groups.group`.

How. First the values of the household's columns alone are put into blocks that satisfy the models,
each with one label in each of these columns. Then the other columns are recoded inside each block.
A block as a whole satisfies the models, so nobody needs to leave it, and a household, whose members
share all values of these columns, is never divided between blocks. The larger the blocks, the less
the other columns lose and the more the household's: of the block sizes k, 4 k, 16 k, … the search
begins at 16 k and goes on while the loss falls.

Not protected: who knows all members of a household may still find its rows by their combination,
if rows of a household can be told to belong together. So the household's number is never published.
"""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.records.demands import make_demands
from anonymize.records.groups import Groups
from anonymize.records.keys import as_text
from anonymize.records.local import find_classes, most_suppressed, require_readable
from anonymize.records.local_ladders import Ladder, make_ladders
from anonymize.records.local_members import Bundles, Members, Membership
from anonymize.records.local_repair import renumber, repair
from anonymize.records.local_solution import (
    LocalSolution,
    label_classes,
    no_solution,
    solution_of,
)
from anonymize.records.models import Model

Codes = npt.NDArray[np.int32]
Ints = npt.NDArray[np.int64]
_GROWTH = 4
_FIRST = 2  # smaller blocks are slower, and were worse on all but small tables


def require_shared(frame: pl.DataFrame, household: str, columns: Sequence[str]) -> None:
    """Refuse a table whose households differ in a column of the household.

    Rows without a household (blank) stand for themselves.

    Raises:
        ValueError: A column is missing, or members of a household differ in it (households are
            counted, not named).
    """
    require_columns(frame.columns, [household, *columns], "世帯の列")
    texts = frame.select(as_text(household).alias("household"), *(as_text(c) for c in columns))
    known = texts.filter(pl.col("household") != "")
    values = known.group_by("household").agg(pl.col(c).n_unique() for c in columns)
    for column in columns:
        if differing := values.filter(pl.col(column) > 1).height:
            raise complaint(
                f"同じ世帯の中で値が違う世帯が{differing}あります",
                f"列「{column}」(household.columns)",
                "世帯で1つの値にそろえるか、この列を household.columns から外してください。",
            )


def recode(  # noqa: PLR0917 - the order of `local.recode`
    groups: Groups,
    hierarchies: Sequence[Hierarchy],
    models: Sequence[Model],
    columns: Sequence[str],
    suppression_limit: float = 0.0,
    weights: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
) -> LocalSolution:
    """Find labels for every group by the rules above.

    Args:
        groups: The table; `require_shared` must have passed.
        hierarchies: One per column of `groups`, in its order.
        models: All must hold in every class that is not suppressed.
        columns: The household's columns among those of `groups`, at least one.
        suppression_limit: Share of the rows that may be suppressed, from 0 to 1.
        weights: Columns' weights in the loss, 1 where not named.
        seed: As `local.recode`.

    Raises:
        ValueError: As `local.recode`; or `columns` is empty or names no quasi-identifier.
    """
    begun = time.monotonic()
    require_readable(models, suppression_limit)
    if not columns:
        raise complaint(
            "世帯の列が1つもありません", "household.columns", "1列以上を書いてください。"
        )
    require_columns(list(groups.columns), list(columns), "household.columns(準識別子の中から)")
    ladders = make_ladders(hierarchies, groups.codes, groups.rows, weights)
    members = Members(groups, make_demands(models, groups))
    shared = [groups.columns.index(column) for column in dict.fromkeys(columns)]
    most = most_suppressed(groups, suppression_limit)
    smallest = max(members.demands.size, 1)

    def attempt(step: int) -> LocalSolution | None:
        found = _labels(
            ladders,
            groups.codes,
            members,
            shared,
            least=smallest * _GROWTH**step,
            most=most,
            seed=seed,
        )
        return found and solution_of(groups, members, ladders, *found, begun=begun)

    return _best(attempt) or no_solution(groups, ladders, begun=begun)


def _best(attempt: Callable[[int], LocalSolution | None]) -> LocalSolution | None:
    """Go up from the first step while the loss falls; if it does not at once, go down."""
    best, moved = attempt(_FIRST), False
    step = _FIRST + 1
    while best is not None and (found := attempt(step)) is not None and found.loss < best.loss:
        best, moved, step = found, True, step + 1
    step = _FIRST - 1
    while not moved and step >= 0:
        found = attempt(step)
        if best is not None and (found is None or found.loss >= best.loss):
            break
        best, step = found, step - 1
    return best


def _labels(
    ladders: Sequence[Ladder],
    codes: Codes,
    members: Members,
    shared: Sequence[int],
    *,
    least: int,
    most: int,
    seed: int,
) -> tuple[Codes, Ints] | None:
    """Recode with blocks of at least `least` members; labels and classes of the groups, or None."""
    cells, cell_of = np.unique(codes[:, shared], axis=0, return_inverse=True)
    cell_of = cell_of.reshape(-1)
    every = np.arange(len(codes))
    bound = Bundles(members.demanding(least), every, cell_of)
    household = [ladders[column] for column in shared]
    blocks = find_classes(household, cells, bound, most, seed=seed)
    if blocks is None:
        return None
    texts = np.zeros(codes.shape, np.int32)
    texts[:, shared] = label_classes(household, cells, blocks)[cell_of]
    kept = np.flatnonzero(blocks[cell_of] >= 0)
    own = [column for column in range(len(ladders)) if column not in shared]
    inside = [_undivided(int(blocks.max(initial=-1)) + 1), *(ladders[column] for column in own)]
    personal = np.column_stack([blocks[cell_of[kept]].astype(np.int32), codes[kept][:, own]])
    found = find_classes(
        inside, personal, Bundles(members, kept, np.arange(len(kept))), 0, seed=seed, mend=_inside
    )
    if found is None:
        return None
    texts[kept[:, None], own] = label_classes(inside, personal, found)[:, 1:]
    class_of = np.full(len(codes), -1, np.int64)
    class_of[kept] = found
    return texts, class_of


def _undivided(blocks: int) -> Ladder:
    """A column that holds the block: it has one level, so no class reaches into two blocks."""
    return Ladder(
        texts=tuple(map(str, range(blocks))),
        labels=np.arange(blocks, dtype=np.int32)[None],
        penalty=np.zeros(blocks),
        penalties=np.zeros((1, blocks)),
        costs=np.zeros(1),
        starred=np.zeros(1, np.bool_),
    )


def _inside(
    ladders: Sequence[Ladder], codes: Codes, members: Membership, class_of: Ints
) -> tuple[Ints, bool]:
    """Repair block by block (`local_repair.repair`); the first column holds the block."""
    class_of = class_of.copy()
    order = np.argsort(codes[:, 0], kind="stable")
    edges = np.flatnonzero(np.diff(codes[order, 0])) + 1
    first_free = int(class_of.max(initial=-1)) + 1
    for block in np.split(order, edges):
        if (class_of[block] >= 0).all():
            continue
        of = renumber(class_of[block])
        alone = Bundles(members, block, np.arange(len(block)))
        placed, found = repair(ladders[1:], codes[block, 1:], alone, of)
        if not found:
            return class_of, False
        class_of[block] = first_free + placed
        first_free += int(placed.max()) + 1
    return renumber(class_of), True
