"""Moments: what a date says, at the precision it says it, with bounds.

Belongs here: `moment`, whose words `machikane normalize date` prints. Must not hold: the grammar
(`phrases`, `parts`), the calendar (`readings`), the typed columns of contracts (`day`, `periods`).
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES as DATE_RULES
from transforms.dates.day import read_fast
from transforms.dates.leftovers import read_left, verdict_of
from transforms.distinct import judge_distinct
from transforms.verdict import VERDICT, name_of

RULES = DATE_RULES
JUDGED_MOMENT = pl.Struct(
    {
        "value": pl.String,
        "verdict": VERDICT,
        "rule": pl.String,
        "earliest": pl.Date,
        "latest": pl.Date,
    }
)


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
    given = {"text": column, "era": era, "previous": previous, "excel": excel, "unit": unit}
    fields = {name: field.cast(pl.String) for name, field in given.items() if field is not None}

    def judge(distinct: pl.DataFrame) -> pl.Series:
        named = {name: pl.col(str(place)) for place, name in enumerate(fields)}
        judged = _moment(named, lenient=policy == "lenient")
        return distinct.select(judged.alias("judged"))["judged"]

    return judge_distinct(list(fields.values()), judge, JUDGED_MOMENT, name_of(column))


def _moment(given: Mapping[str, pl.Expr], *, lenient: bool) -> pl.Expr:
    """Return the judged struct, the usual spellings by expressions and the rest by the grammar."""
    fields = {name: field for name, field in given.items() if name not in {"text", "era"}}
    plain = pl.lit(value=True)
    if "unit" in fields:
        plain &= pl.field("unit").is_null() | (pl.field("unit") == "day")
    if "excel" in fields:
        plain &= pl.field("excel").is_null()
    read = read_fast(given["text"], given.get("era"), beside=fields)
    left = ~((pl.field("fast") != "left") & plain)
    texts = {name: pl.field(name) for name in ("text", *fields)}
    texts |= {"era": pl.field("given")} if "era" in given else {}
    read = read.struct.with_fields(found=read_left(texts, left, Context(lenient=lenient)))
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
    return read.struct.with_fields(judged=judged).struct.field("judged")
