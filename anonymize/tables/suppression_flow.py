"""From a tidy frame and a rule to the published frame, the sheet of intervals and an account.

Belongs here: the one call for those who have a table to publish. Must not hold: the steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.complaint import complaint
from anonymize.tables.attack import attack
from anonymize.tables.dimensions import Dimension
from anonymize.tables.intervals import Account, account, mark, sheet
from anonymize.tables.primary import (
    Contributions,
    Primary,
    Rule,
    Threshold,
    judge_amounts,
    judge_counts,
)
from anonymize.tables.structure import Flags, Table, arrange
from anonymize.tables.suppression import suppress


@dataclass(frozen=True)
class Protected:
    """A protected table.

    Attributes:
        published: Every cell in order; the value as text, `X` where hidden.
        sheet: One row per hidden cell with its interval; never to be published.
        account: The numbers.
        hidden: n flags in the order of `published`.
    """

    published: pl.DataFrame
    sheet: pl.DataFrame
    account: Account
    hidden: Flags


def protect_table(
    frame: pl.DataFrame, dimensions: Sequence[Dimension], counts: str, rule: Threshold
) -> Protected:
    """Protect a table of numbers of persons.

    Args:
        frame: One row per cell, as for `structure.arrange`.
        dimensions: The variables.
        counts: Column of whole numbers.
        rule: The threshold.

    Raises:
        ValueError: As `arrange` and `suppress`; or counts that are no whole numbers.
    """
    table = arrange(frame, dimensions, counts)
    if (table.values % 1 != 0).any() or (table.values < 0).any():
        raise complaint(
            "人数に、整数でない値か負の値があります",
            f"列「{counts}」",
            "人数の列を確かめてください。金額の表は protect_amounts を使ってください。",
        )
    return protect(table, judge_counts(table.values, rule), counts)


def protect_amounts(
    table: Table, behind: Contributions, rules: Sequence[Rule], value: str
) -> Protected:
    """Protect a table of amounts; lone contributors are reckoned with.

    Args:
        table: The true table, as from `contributions.count_contributions` or `structure.arrange`.
        behind: Who stands behind its cells.
        rules: The rules.
        value: Name of the column of values.

    Raises:
        ValueError: As `judge_amounts` and `suppress`.
    """
    return protect(table, judge_amounts(table.values, behind, rules), value)


def protect(table: Table, primary: Primary, value: str, *, never: Flags | None = None) -> Protected:
    """Hide what is secret and what would give it away, then attack the result.

    Args:
        table: The true table.
        primary: What is secret in itself.
        value: Name of the column of values.
        never: n flags: published in any case; the zeros that are not primary when None.

    Raises:
        ValueError: As `suppress`.
    """
    hidden = suppress(table, primary.flags, primary.need, never=never, lone=primary.lone)
    found = attack(table, hidden)
    return Protected(
        published=mark(table, hidden, value, whole=primary.need.whole),
        sheet=sheet(table, primary, found),
        account=account(table, primary, found),
        hidden=hidden,
    )
