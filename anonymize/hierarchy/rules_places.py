"""Ladders of places: towns by the city's own table, postal codes and other codes from the right.

Belongs here: what is known of a place by a table or by its code. Must not hold: the table itself.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from anonymize.hierarchy.hierarchy import SUPPRESSED, Hierarchy
from anonymize.hierarchy.rules import Climb, hierarchy_by_rule, refuse_options

_POSTAL_DIGITS = 7
_POSTAL_HEAD = 3


def towns(
    column: str,
    values: Iterable[str],
    table: Mapping[str, Sequence[str]],
    *,
    city: str = SUPPRESSED,
    unknown: Sequence[str] = (),
) -> Hierarchy:
    """Make the ladder 町丁 → 校区 → 地域 → 市 from the city's table.

    Args:
        column: The column's name.
        values: Towns as they are written in the data.
        table: Town to its school district, area, … from the nearest to the widest, all of one
            length. A label that stands in two wider ones is refused.
        city: The label of the whole: the city's name, or `*`.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A town that is not in the table, or a table that contradicts itself.
    """
    order = {town: at for at, town in enumerate(table)}

    def climb(value: str) -> Climb | None:
        labels = table.get(value)
        return None if labels is None else Climb((order[value],), tuple(labels))

    expected = "対応表にある町丁"
    return hierarchy_by_rule(
        column, values, climb, rule="towns", expected=expected, unknown=unknown, top=city
    )


def postal_codes(
    column: str, values: Iterable[str], *, keep: Sequence[int] = (5, 3), unknown: Sequence[str] = ()
) -> Hierarchy:
    """Make the ladder 560-0001 → 560-00** → 560-**** → `*`.

    Args:
        column: The column's name.
        values: Seven digits, with or without the hyphen, in half or full width.
        keep: How many digits stay at level 1, 2, …, each fewer than the one before.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A value that is no postal code, or lengths that do not fall.
    """
    lengths = _require_falling("postal_code", keep)

    def climb(value: str) -> Climb | None:
        digits = unicodedata.normalize("NFKC", value).strip()
        digits = digits.removeprefix("〒").strip().replace("-", "").replace("‐", "")
        if len(digits) != _POSTAL_DIGITS or not (digits.isascii() and digits.isdigit()):
            return None
        masked = [mask(digits, length) for length in lengths]
        return Climb((digits,), tuple(f"{m[:_POSTAL_HEAD]}-{m[_POSTAL_HEAD:]}" for m in masked))

    expected = "7桁の郵便番号(例 560-0001)"
    return hierarchy_by_rule(
        column, values, climb, rule="postal_code", expected=expected, unknown=unknown
    )


def prefixes(
    column: str, values: Iterable[str], *, keep: Sequence[int], unknown: Sequence[str] = ()
) -> Hierarchy:
    """Make the ladder of a code whose digits run from wide to narrow: 27203 → 272** → 27*** → `*`.

    Args:
        column: The column's name.
        values: Any texts; one that is not longer than `keep` stays as it is.
        keep: How many characters stay at level 1, 2, …, each fewer than the one before.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: Lengths that do not fall.
    """
    lengths = _require_falling("prefix", keep)

    def climb(value: str) -> Climb:
        return Climb((value,), tuple(mask(value, length) for length in lengths))

    return hierarchy_by_rule(column, values, climb, rule="prefix", expected="文字", unknown=unknown)


def mask(text: str, length: int) -> str:
    """Put `*` for every character behind the first `length`.

    Two texts with one mask agree in those characters and in their number, so they also have one
    mask at every smaller length.
    """
    return text[:length] + SUPPRESSED * (len(text) - length)


def _require_falling(rule: str, keep: Sequence[int]) -> list[int]:
    lengths = list(keep)
    if not lengths or lengths != sorted(set(lengths), reverse=True) or lengths[-1] < 1:
        raise refuse_options(
            rule,
            "keep",
            f"残す文字数が、1以上で減っていく並びではありません: {lengths}",
            "例えば keep: [5, 3] のように、大きい順に書いてください。",
        )
    return lengths
