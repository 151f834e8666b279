"""Comparing the columns of a table with a layout: missing, unknown, renamed, out of order.

Belongs here: differences of headings. Must not hold: values (`values`, `rows`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from warehouse.standards.difference import Difference
from warehouse.standards.rules import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.standard import Standard
    from warehouse.standards.headings import Matches

# What the reader calls a column without a heading.
_LETTER = re.compile(r"^\([A-Z]+列\)")


def compare_columns(matches: Matches, standard: Standard) -> Iterator[Difference]:
    """Tell how the headings differ from the layout, required columns first."""
    yield from _missing(matches, standard)
    for match in matches.found:
        if match.column.type == "point":
            yield tell("point.joined", match.heading)
        elif match.how != "exact":
            yield tell("column.renamed", match.heading, mended=match.column.name)
    for match in matches.twice:
        yield tell("column.twice", match.heading)
    for heading in matches.unknown:
        yield tell("column.nameless" if _LETTER.match(heading) else "column.unknown", heading)
    if standard.column_order == "official":
        yield from _order(matches, standard)


def tell(rule: str, column: str, *, mended: str = "", rows: int = 1) -> Difference:
    """Make a difference about a column as a whole."""
    words = rule_of(rule)
    return Difference(
        rule, words.severity, words.title, words.remedy.format(mended), column, rows=rows
    )


def _missing(matches: Matches, standard: Standard) -> Iterator[Difference]:
    here = set(matches.headings)
    absent = [column for column in standard.columns if column.name not in here]
    for column in absent:
        if column.required:
            yield tell("column.missing", column.name, mended=column.name)
    if rest := [column.name for column in absent if not column.required]:
        yield tell("column.absent", "", mended="」「".join(rest))


def _order(matches: Matches, standard: Standard) -> Iterator[Difference]:
    """Name the first columns that stand before one they should follow."""
    place = {column.name: number for number, column in enumerate(standard.columns)}
    names = [match.column.name for match in matches.found if match.column.name in place]
    wanted = sorted(names, key=place.__getitem__)
    if names != wanted:
        first = next(a for a, b in zip(names, wanted, strict=True) if a != b)
        yield tell("column.order", matches.headings[first], mended="、".join(wanted))
