"""Hierarchies made by a rule for the values that are present, instead of written into a file.

Belongs here: the frame every rule shares: reading each value, the blank and the unknown values, the
final check. Must not hold: any one rule (`rules_numbers`, `rules_dates`, `rules_places`,
`rules_categories`).

A rule climbs: the key of each level is a function of the key below it, and different keys have
different labels. So it is monotone by construction; what depends on a table given as data is
checked all the same.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from anonymize.hierarchy.arx import Row
from anonymize.hierarchy.checks import BLANK, require_hierarchy
from anonymize.hierarchy.faults import Fault, HierarchyError, name_values
from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy


@dataclass(frozen=True)
class Climb:
    """What a rule makes of one value.

    Attributes:
        order: Where the value stands among the others: numbers, dates or texts of one kind.
        labels: Its label at level 1, 2, … below the top.
    """

    order: tuple[object, ...]
    labels: tuple[str, ...]


def hierarchy_by_rule(
    column: str,
    values: Iterable[str],
    climb: Callable[[str], Climb | None],
    *,
    rule: str,
    expected: str,
    unknown: Sequence[str] = (),
    top: str = SUPPRESSED,
) -> Hierarchy:
    """Build the hierarchy of the values that are present.

    Args:
        column: The column's name.
        values: The distinct values as text, null as the empty text, which gets the label `空欄`.
        climb: The rule; None where it cannot read the value.
        rule: The rule's name, for the errors.
        expected: In Japanese what the rule can read, for the errors.
        unknown: Values that mean "not known" (不詳 …): each is its own label below the top.
        top: The one label of the highest level.

    Raises:
        HierarchyError: Values the rule cannot read, or a table that contradicts itself.
    """
    present = list(dict.fromkeys(values))
    apart = {*unknown, BLANK, SUPPRESSED}
    climbed = {value: climb(value) for value in present if value not in apart}
    if unread := sorted(value for value, found in climbed.items() if found is None):
        what = f"規則 {rule} で読めない値があります: {name_values(unread)}"
        remedy = (
            f"読めるのは{expected}です。データを直すか、"
            f"「不詳」などの値なら unknown: [{unread[0]}] と書き足してください。"
        )
        raise HierarchyError([Fault("unreadable", what, f"規則 {rule}(列「{column}」)", remedy)])
    found = {value: one for value, one in climbed.items() if one is not None}
    height = max((len(one.labels) for one in found.values()), default=1)
    ordered = sorted(found, key=lambda value: (*found[value].order, value))
    rows = [Row(0, (value, *found[value].labels, top)) for value in ordered]
    listed = [value for value in present if value in unknown]
    rows += [Row(0, (value, *[value] * height, top)) for value in listed]
    rows += [Row(0, (BLANK, *_blank_labels(height), top))] if BLANK in present else []
    if not rows:
        rows = [Row(0, (BLANK, *_blank_labels(height), top))]
    return require_hierarchy(rows, present, column=column, file=f"規則 {rule}")


def _blank_labels(height: int) -> list[str]:
    return ["空欄"] * height


def refuse_options(rule: str, option: str, what: str, remedy: str) -> HierarchyError:
    """Word an option that the rule cannot use."""
    return HierarchyError([Fault("options", what, f"規則 {rule} の {option}", remedy)])
