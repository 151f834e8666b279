"""Changes of columns, put into words and edits: renamed, doubtful, dropped, added, moved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import TRANSFORMS
from warehouse.drift.change import Change
from warehouse.drift.edits import BLOCKED, can_be_dated, is_same_period, render_draft
from warehouse.drift.likeness import compare_names, generalise
from warehouse.drift.units import factor_between
from warehouse.inbox import NO_PERIOD
from warehouse.readers.grid import column_letter
from warehouse.readers.headers import find_column

if TYPE_CHECKING:
    from assets.contract import Contract, Layout
    from warehouse.drift.assign import Pair
    from warehouse.drift.change import Validity

_SAME = 0.9
_GUESSES = ("date", "month", "integer", "decimal", "digits", "postal_code", "phone")
_SAMPLE = 2000
_UNDATED = "期間のないデータなので、新しい見出しは日付なしで並べて書きます。"


def renamed(
    pair: Pair, header: str, contract: Contract, validity: Validity, evidence: tuple[str, ...]
) -> Change:
    """A column under a new header, and in another unit when the header says so."""
    column = contract.columns[pair.missing]
    headers = column.headers(validity.period) or [name.name for name in column.source]
    change = Change(
        "renamed", pair.missing, column.title, "、".join(headers), generalise(header, headers), evidence,
        round(pair.score, 3), hint=_UNDATED if validity.period == NO_PERIOD else "",
    )  # fmt: skip
    return factor_between(change, column.in_period(validity.period), headers[0], validity)


def doubtful(
    pair: Pair, header: str, contract: Contract, validity: Validity, evidence: tuple[str, ...]
) -> Change:
    """One of several possibilities: a person chooses."""
    sure = renamed(pair, header, contract, validity, evidence)
    hint = "候補が一つに決まらないため、自動では決めません。正しいものを --only の番号で選んでください。"
    return replace(sure, is_settled=False, hint=hint)


def dropped(name: str, contract: Contract, validity: Validity) -> Change:
    """A column that is not delivered any more, if the rows can do without it."""
    column = contract.columns[name]
    old = "、".join(column.headers(validity.period))
    hint = _why_needed(name, contract, validity)
    return Change(
        "dropped", name, column.title, old, "", ("似た列も、同じ値の列もない",), 0.8,
        is_settled=not hint, hint=hint or "この期間から届かない列とします(前の期間の値は残ります)。",
        details={"by_hand": True} if hint else {},
    )  # fmt: skip


def added(number: int, paths: dict[int, str], values: pl.Series, contract: Contract) -> Change:
    """A column nobody knows: blocked until somebody has classified it."""
    header, letter = paths[number], column_letter(number)
    filled = values.drop_nulls()
    evidence = [f"{letter}列、値のある行 {len(filled):,} / {len(values):,}"]
    reason = BLOCKED
    for known, why in contract.source.set_aside_columns.items():
        gone = find_column(paths, known) is None
        if gone and compare_names(known, header).score >= _SAME:
            evidence.append(f"使わない列「{known}」の見出しが変わったもの")
            reason = why
    kind = _guess_type(filled)
    return Change(
        "added", "", "", "", header, tuple(evidence),
        hint="使わない列に足します。使うなら、所管課と分類を決めて columns に書いてください。",
        details={"reason": reason, "draft": render_draft(f"column_{letter.lower()}", header, kind)},
    )  # fmt: skip


def moved(declared: Layout, now: Layout, validity: Validity) -> Change:
    """The header stands in other rows."""
    is_dated = validity.period != NO_PERIOD and not is_same_period(validity)
    return Change(
        "header_moved", "", "", _rows(declared), _rows(now),
        ("契約の見出しが並ぶ行をさがした",), 0.9, is_settled=is_dated,
        hint="" if is_dated else "同じ期間の見出しの行は一つしか書けません。契約の layouts を手で直してください。",
        details={
            "header_rows": list(now.header_rows),
            "unit_row": now.unit_row,
            **({} if is_dated else {"by_hand": True}),
        },
    )  # fmt: skip


def is_needed(name: str, contract: Contract) -> bool:
    """Tell whether no row stands without a column."""
    return contract.columns[name].required or name in contract.key


def _why_needed(name: str, contract: Contract, validity: Validity) -> str:
    """Say why a contract cannot do without a column; nothing when it can."""
    if is_needed(name, contract):
        return "必須の列・キーの列なので、届かないままでは取り込めません。"
    checks = [check.model_dump() for check in contract.checks]
    named = {v for c in checks for f in ("columns", "parts") for v in c.get(f, ())}
    named |= {c["column"] for c in checks if "column" in c}
    named |= {c.era for c in contract.columns.values() if c.era}
    if name in named:
        return "検査(checks)や元号(era)で使われている列です。契約を手で直してください。"
    if not can_be_dated(validity):
        return "前に届いたファイルと期間で分けられないため、自動では書けません。契約を手で直してください。"
    return ""


def _rows(layout: Layout) -> str:
    first, last = layout.header_rows
    return f"{first}行目" if first == last else f"{first}〜{last}行目"


def _guess_type(values: pl.Series) -> str:
    """Guess the type of a new column from some of its values; leading zeros make a number."""
    sample = values.head(_SAMPLE).alias("v").to_frame()
    if sample.is_empty():
        return "text"
    if sample["v"].str.contains(r"^0\d").any():
        return "digits" if sample["v"].str.contains(r"^\d+$").all() else "text"
    for kind in _GUESSES:
        judged = sample.select(TRANSFORMS[kind].function(pl.col("v")).alias("j")).unnest("j")
        if judged["verdict"].cast(pl.String).is_in(["ok", "repaired"]).all():
            return kind
    return "text"
