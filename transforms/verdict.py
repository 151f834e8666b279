"""The verdict every column function returns, and how it is put together.

Belongs here: the verdict type, the recognition of blanks, and the one builder of the
`Struct{value, verdict, rule}` column. Must not hold: any knowledge of a format (dates, codes ...).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from transforms.rules import Rule

OK = "ok"
REPAIRED = "repaired"
UNCERTAIN = "uncertain"
REFUSED = "refused"
LEVELS = (OK, REPAIRED, UNCERTAIN, REFUSED)
VERDICT = pl.Enum(LEVELS)

BLANK = "blank"

WHITESPACE = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
# C0 and C1 controls without whitespace, byte order mark, zero-width space, word joiner,
# directional marks. Joiners (U+200C/D) and variation selectors stay: they are part of letters.
CONTROLS = "".join(
    chr(code)
    for code in (
        *range(0x09),
        *range(0x0E, 0x20),
        *range(0x7F, 0xA0),
        *(0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF),
        *range(0x202A, 0x202F),
    )
    if chr(code) not in WHITESPACE
)


def trim(column: pl.Expr) -> pl.Expr:
    """Return the text without outer whitespace and controls; null becomes the empty text."""
    return column.fill_null("").str.strip_chars(WHITESPACE + CONTROLS)


def judged(
    value: pl.Expr, verdict: pl.Expr | str, rule: pl.Expr | str, *, name: str = "value"
) -> pl.Expr:
    """Return `Struct{value, verdict, rule}`; the column is called `name`.

    Args:
        value: The normalised value, any type.
        verdict: One of `LEVELS`, as an expression or a word.
        rule: Short stable id of the rule that decided.
        name: Name of the resulting column.
    """
    verdict = pl.lit(verdict) if isinstance(verdict, str) else verdict
    rule = pl.lit(rule) if isinstance(rule, str) else rule
    verdict = verdict.cast(VERDICT)
    return pl.struct(value=value, verdict=verdict, rule=rule).alias(name)


def decide(
    value: pl.Expr,
    rules: Mapping[str, Rule],
    cases: Sequence[tuple[pl.Expr, str]],
    otherwise: str,
    *,
    name: str = "value",
) -> pl.Expr:
    """Return the judged column in which the first case that holds names the rule.

    A rule has one verdict, always; a value survives only under `ok` and `repaired`, and is
    null where the rule is `blank`.

    Args:
        value: The value that holds when the rule keeps it.
        rules: Rule id to rule. Every id in `cases` must be in it.
        cases: Conditions and rule ids, the first that is true wins; null counts as false.
        otherwise: Rule id when no condition holds.
        name: Name of the resulting column.

    Raises:
        KeyError: If a case names a rule that `rules` does not know (a programming error).
    """
    ids = order_rules(rules, [*(rule for _, rule in cases), otherwise])
    kind = pl.Enum(ids)
    chain = pl.lit(otherwise, dtype=kind)
    for condition, rule in reversed(cases):
        chain = pl.when(condition).then(pl.lit(rule, dtype=kind)).otherwise(chain)
    return judge_by_rule(value, chain, ids, rules).alias(name)


def order_rules(rules: Mapping[str, Rule], used: Iterable[str]) -> list[str]:
    """Return the rule ids as `judge_by_rule` needs them: each once, by severity, blank first."""
    return sorted(
        dict.fromkeys(used), key=lambda rule: (LEVELS.index(rules[rule].verdict), rule != BLANK)
    )


def judge_by_rule(
    value: pl.Expr, rule: pl.Expr, ids: Sequence[str], rules: Mapping[str, Rule]
) -> pl.Expr:
    """Return the judged column where the rule of every row is known.

    Args:
        value: The value that holds when the rule keeps it.
        rule: `pl.Enum(ids)`, never null.
        ids: Rule ids as `order_rules` gives them.
        rules: Rule id to rule.
    """
    # Sorted by severity: verdict and value are comparisons with the position.
    ends = [sum(LEVELS.index(rules[i].verdict) <= level for i in ids) for level in range(3)]
    position = pl.field("verdict").to_physical()
    verdict = pl.sum_horizontal((position >= end).cast(pl.UInt8) for end in ends)
    kept = position.is_between(1 if BLANK in ids else 0, ends[1] - 1)
    return pl.struct(value=value, verdict=rule).struct.with_fields(
        value=pl.when(kept).then(pl.field("value")),
        verdict=verdict.cast(pl.UInt8).cat.to(VERDICT),
        rule=pl.field("verdict").cast(pl.String),
    )


def judge_fields(read: pl.Expr, verdict: pl.Expr, name: str) -> pl.Expr:
    """Return the judged column computed from the fields of the struct `read`.

    Stages kept as fields are computed once; an expression that repeats another one is not.

    Args:
        read: Struct of what was read, stage by stage.
        verdict: Judged expression over `pl.field(...)` of `read`.
        name: Name of the resulting column.
    """
    return read.struct.with_fields(judged=verdict).struct.field("judged").alias(name)


def name_of(column: pl.Expr) -> str:
    """Return the name the column will have, so that results keep it."""
    return column.meta.output_name(raise_if_undetermined=False) or "value"
