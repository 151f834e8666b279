"""The texts the fast path leaves over, read by the one grammar, each distinct text once.

Belongs here: running the grammar over rows and giving back one struct. Must not hold: any spelling.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.dates.completion import Context
from transforms.dates.date_rules import RULES
from transforms.dates.eras import LETTERS, NAMES
from transforms.dates.phrases import look_above, read
from transforms.dates.readings import Reading
from transforms.verdict import CONTROLS, WHITESPACE
from transforms.width import fold_word

FOUND = pl.Struct({"value": pl.String, "rule": pl.String, "earliest": pl.Date, "latest": pl.Date})
_UNITS = {"day", "month", "year", "fiscal_year"}
_LETTERS: Mapping[str, str] = MappingProxyType(dict(NAMES) | {letter: letter for letter in LETTERS})


def read_left(fields: Mapping[str, pl.Expr], left: pl.Expr, fixed: Context) -> pl.Expr:
    """Return `Struct{value, rule, earliest, latest}` of the rows that are left, null elsewhere.

    Args:
        fields: `text`, and where given `era`, `previous`, `excel`, `unit`, as String columns.
        left: Which rows to read.
        fixed: What holds for every row.

    Returns:
        Struct expression; distinct rows are read once per batch.
    """

    def judge(rows: pl.Series) -> pl.Series:
        frame = rows.struct.unnest()
        mask = frame["left"]
        wanted = frame.filter(mask).drop("left")
        if wanted.is_empty():
            return pl.Series(rows.name, [None], dtype=FOUND).new_from_index(0, len(rows))
        distinct = wanted.unique(maintain_order=True)
        found = distinct.with_columns(found=_read_rows(distinct, fixed))
        given = wanted.join(
            found, on=wanted.columns, how="left", nulls_equal=True, maintain_order="left"
        )["found"]
        places = frame.select(pl.when(pl.col("left")).then(pl.col("left").cum_sum() - 1))
        return given.gather(places.to_series()).alias(rows.name)

    columns = [column.alias(name) for name, column in fields.items()]
    struct = pl.struct(*columns, left=left.fill_null(value=False))
    return struct.map_batches(judge, return_dtype=FOUND)


def _read_rows(distinct: pl.DataFrame, fixed: Context) -> pl.Series:
    found = [_read_row(row, fixed) for row in distinct.iter_rows(named=True)]
    rows = [(one.value, one.rule, one.earliest, one.latest) for one in found]
    return pl.DataFrame(rows, schema=FOUND.to_schema(), orient="row").to_struct("found")


def _read_row(row: Mapping[str, str | None], fixed: Context) -> Reading:
    unit, excel = _word(row.get("unit")), _word(row.get("excel"))
    context = Context(
        era=_LETTERS.get(_word(row.get("era")) or ""),
        unit=unit if unit in _UNITS else fixed.unit,
        excel=excel or fixed.excel,
        lenient=fixed.lenient,
        era_digits=fixed.era_digits,
    )
    if row.get("previous"):
        context = look_above(row["previous"], context)
    return read(row["text"], context)


def _word(text: str | None) -> str | None:
    """Return a context word in half width, `None` for a blank."""
    return fold_word((text or "").strip(WHITESPACE + CONTROLS)) or None


def verdict_of(rule: pl.Expr) -> pl.Expr:
    """Return the verdict of a rule as text."""
    return rule.replace_strict(
        list(RULES), [one.verdict for one in RULES.values()], default=None, return_dtype=pl.String
    )
