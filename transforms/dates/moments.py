"""Moments: what a date says, at the precision it says it, with bounds.

Belongs here: `moment`, whose words `machikane normalize date` prints. Must not hold: the grammar
(`phrases`, `parts`), the calendar (`readings`), the typed columns of contracts (`day`, `periods`).
"""

from typing import Literal

import polars as pl

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES as DATE_RULES
from transforms.dates.day import read_fast
from transforms.dates.leftovers import read_left, verdict_of
from transforms.verdict import VERDICT, name_of

RULES = DATE_RULES


def moment(
    column: pl.Expr,
    *,
    era: pl.Expr | None = None,
    previous: pl.Expr | None = None,
    excel: pl.Expr | None = None,
    unit: pl.Expr | None = None,
    policy: Literal["strict", "lenient"] = "strict",
) -> pl.Expr:
    """Return what a date means at any precision, and the first and last day it can be.

    Args:
        column: Raw text.
        era: Era names or letters for texts that give only an era year.
        previous: Raw text of the row above, from which a left-out era, year or month is taken
            where the table runs on in time.
        excel: `1900` or `1904` where a number is a serial of that system.
        unit: `day`, `month`, `year` or `fiscal_year`: what a bare number stands for. A text that
            says another unit is uncertain.
        policy: `strict` refuses days outside their era, `lenient` reckons them on and repairs.

    Returns:
        `Struct{value: String, verdict, rule, earliest: Date, latest: Date}`. Values are
        `2023-02-01`, `2023-02`, `2023`, `FY2023`, or two joined by `/`. `earliest` and `latest`
        bound every value; under `uncertain` they hold what is sure, null where nothing is.
    """
    given = {"previous": previous, "excel": excel, "unit": unit}
    fields = {name: field.cast(pl.String) for name, field in given.items() if field is not None}
    plain = pl.lit(value=True)
    if unit is not None:
        plain &= pl.field("unit").is_null() | (pl.field("unit") == "day")
    if excel is not None:
        plain &= pl.field("excel").is_null()
    read = read_fast(column, era, beside=fields)
    left = ~((pl.field("fast") != "left") & plain)
    texts = {name: pl.field(name) for name in ("text", *fields)}
    texts |= {"era": pl.field("given")} if era is not None else {}
    read = read.struct.with_fields(
        found=read_left(texts, left, Context(lenient=policy == "lenient"))
    )
    found = pl.field("found").struct
    keeps = found.field("rule").is_null()
    rule = pl.when(keeps).then(pl.field("fast").cast(pl.String)).otherwise(found.field("rule"))
    day = pl.when(keeps).then(pl.field("date"))
    judged = pl.struct(
        value=pl.coalesce(found.field("value"), day.dt.to_string("%Y-%m-%d")),
        verdict=verdict_of(rule).cast(VERDICT),
        rule=rule,
        earliest=pl.coalesce(found.field("earliest"), day),
        latest=pl.coalesce(found.field("latest"), day),
    )
    name = name_of(column)
    return read.struct.with_fields(judged=judged).struct.field("judged").alias(name)
