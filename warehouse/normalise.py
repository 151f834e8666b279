"""Raw text rows into the common form: every value with a verdict, every row loaded or explained.

The meaning of a value is `transforms`; what a column must satisfy is the contract. Columnar
throughout: one expression a column, then one filter a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import RULES, TRANSFORMS
from transforms.codes.my_numbers import looks_like_my_number
from warehouse.readers.grid import ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.contract import Column, Contract

_JUDGED = "__judged"
_SCANNED_FOR_MY_NUMBER = {"text", "name"}
ROW_RULES = {
    "required.blank": ("必須項目が空欄", "必ず要る項目です。原本を確認して値を入れてください。"),
    "range.outside": (
        "範囲外の値",
        "契約の minimum・maximum の外の値です。原本を確認して直してください。",
    ),
    "pattern.mismatch": (
        "決まった形でない値",
        "契約の pattern に合いません。原本を確認して直してください。",
    ),
    "key.duplicate": (
        "キーの重複",
        "同じキーの行が2つ以上あり、どれが正しいか決められません。1行にしてください。",
    ),
    "key.identical": (
        "まったく同じ行",
        "同じ行がもう1つあるので片方だけ取り込みました。出力条件を確かめてください。",
    ),
    "my_number.found": (
        "個人番号らしい値",
        "個人番号(マイナンバー)らしい番号があります。列から除いて提出し直してください。",
    ),
    "row.ragged": (
        "列の数が違う行",
        "列の数が見出しと違います。値の中の区切り文字や改行を確かめてください。",
    ),
    "row.length": (
        "長さの違う記録",
        "記録の長さが契約と違います。元のシステムから出力し直してください。",
    ),
    "row.kind": (
        "種別の分からない記録",
        "先頭の区分が、契約にあるどの種別でもありません。区分を確かめてください。",
    ),
    "row.broken": (
        "文字の壊れた記録",
        "文字が途中で切れているか、別の文字コードです。元のシステムから出力し直してください。",
    ),
}
VERDICT_COLUMNS = [ROW, "column", "raw_value", "verdict", "rule"]


@dataclass(frozen=True)
class Normalised:
    """The rows of one delivery in the common form.

    Attributes:
        rows: `_row` and the typed columns; only rows without a refused value.
        quarantine: one line a fault: `_row, column, raw_value, rule`; a row may have several.
        verdicts: one line a value that is not simply ok: `_row, column, raw_value, verdict, rule`.
        quarantined_rows: number of distinct rows set aside.
    """

    rows: pl.DataFrame
    quarantine: pl.DataFrame
    verdicts: pl.DataFrame
    quarantined_rows: int


def normalise(raw: pl.DataFrame, contract: Contract) -> Normalised:
    """Normalise the raw rows (`_row` and one String column per contract column)."""
    judged = raw.with_columns(
        judge(name, column, contract).alias(name + _JUDGED)
        for name, column in contract.columns.items()
    )
    typed = judged.select(
        ROW, *(pl.col(n + _JUDGED).struct.field("value").alias(n) for n in contract.columns)
    )
    value_faults = pl.concat(_value_faults(judged.lazy(), contract)).collect()
    faults = pl.concat([value_faults, *_key_faults(typed, contract)])
    bad = faults[ROW].unique()
    return Normalised(
        rows=typed.filter(~pl.col(ROW).is_in(bad.implode())),
        quarantine=faults.sort(ROW, "column"),
        verdicts=pl.concat(_verdicts(judged.lazy(), contract)).collect().sort(ROW, "column"),
        quarantined_rows=bad.len(),
    )


def rule_title(rule: str) -> str:
    """Name a rule in Japanese."""
    if rule in ROW_RULES:
        return ROW_RULES[rule][0]
    return RULES[rule].title if rule in RULES else rule


def rule_remedy(rule: str) -> str:
    """Say in Japanese what the clerk does about a rule."""
    if rule in ROW_RULES:
        return ROW_RULES[rule][1]
    return RULES[rule].remedy if rule in RULES else ""


def judge(name: str, column: Column, contract: Contract) -> pl.Expr:
    """Judge the raw text of one column; the column of its era must stand beside it."""
    transform = TRANSFORMS[column.type]
    marks = list(column.marks)
    text = pl.col(name)
    unmarked = (
        pl.when(text.str.strip_chars().is_in(marks)).then(None).otherwise(text) if marks else text
    )
    return transform.function(unmarked, **_parameters(column, transform.parameters, contract))


def _parameters(column: Column, accepted: frozenset[str], contract: Contract) -> dict[str, object]:
    given: dict[str, object] = {}
    for parameter in accepted & set(type(column).model_fields):
        value = getattr(column, parameter)
        if value is not None and parameter != "era":
            given[parameter] = value
    if column.era is not None and "era" in accepted:
        is_column = column.era in contract.columns
        given["era"] = pl.col(column.era) if is_column else pl.lit(column.era)
    if column.unit and "units" in accepted:
        given["units"] = (column.unit,)
    return given


def _value_faults(judged: pl.LazyFrame, contract: Contract) -> Iterator[pl.LazyFrame]:
    for name, column in contract.columns.items():
        verdict = pl.col(name + _JUDGED).struct.field("verdict")
        value = pl.col(name + _JUDGED).struct.field("value")
        # A required value that stays unclear is missing: the row waits for the clerk.
        unfit = ["refused", "uncertain"] if column.required else ["refused"]
        refused = verdict.cast(pl.String).is_in(unfit)
        rule = pl.col(name + _JUDGED).struct.field("rule")
        yield _faults(judged, name, refused, rule)
        yield from (
            _faults(judged, name, test, pl.lit(r))
            for r, test in _rules(name, column, value, verdict)
        )


def _rules(
    name: str, column: Column, value: pl.Expr, verdict: pl.Expr
) -> Iterator[tuple[str, pl.Expr]]:
    if column.required:
        blank = value.is_null() & (verdict.cast(pl.String) == "ok")
        marked = pl.col(name).str.strip_chars().is_in(list(column.marks)).fill_null(value=False)
        yield "required.blank", blank & ~marked
    if column.pattern is not None:
        yield "pattern.mismatch", ~value.cast(pl.String).str.contains(f"^(?:{column.pattern})$")
    if column.minimum is not None:
        yield "range.outside", value < column.minimum
    if column.maximum is not None:
        yield "range.outside", value > column.maximum
    if column.type in _SCANNED_FOR_MY_NUMBER and column.classification != "特定個人":
        yield "my_number.found", looks_like_my_number(pl.col(name))


def _faults(judged: pl.LazyFrame, name: str, test: pl.Expr, rule: pl.Expr) -> pl.LazyFrame:
    return judged.filter(test.fill_null(value=False)).select(
        ROW,
        pl.lit(name).alias("column"),
        pl.col(name).alias("raw_value"),
        rule.cast(pl.String).alias("rule"),
    )


def _key_faults(typed: pl.DataFrame, contract: Contract) -> Iterator[pl.DataFrame]:
    """Of identical rows the first stays; rows that share a key and differ are all set aside."""
    keyed = typed.with_columns(
        pl.any_horizontal(pl.col(contract.key).is_null()).alias("_no_key"),
        pl.struct(pl.exclude(ROW)).is_first_distinct().alias("_first"),
    )
    repeated = keyed.filter(~pl.col("_first") & ~pl.col("_no_key"))
    distinct = keyed.filter(pl.col("_first") & ~pl.col("_no_key"))
    differing = distinct.filter(pl.struct(contract.key).is_duplicated())
    for rows, rule in ((repeated, "key.identical"), (differing, "key.duplicate")):
        yield rows.select(
            ROW,
            pl.lit("、".join(contract.key)).alias("column"),
            pl.lit(None, pl.String).alias("raw_value"),
            pl.lit(rule).alias("rule"),
        )


def _verdicts(judged: pl.LazyFrame, contract: Contract) -> Iterator[pl.LazyFrame]:
    yield pl.LazyFrame(schema=dict(zip(VERDICT_COLUMNS, [pl.Int64, *[pl.String] * 4], strict=True)))
    for name, column in contract.columns.items():
        verdict = pl.col(name + _JUDGED).struct.field("verdict").cast(pl.String)
        rule = pl.col(name + _JUDGED).struct.field("rule").cast(pl.String)
        mark = pl.col(name).str.strip_chars()
        is_mark = mark.is_in(list(column.marks)).fill_null(value=False)
        yield judged.filter((verdict != "ok") | is_mark).select(
            ROW,
            pl.lit(name).alias("column"),
            pl.col(name).alias("raw_value"),
            verdict.alias("verdict"),
            pl.when(is_mark).then(pl.format("mark:{}", mark)).otherwise(rule).alias("rule"),
        )
