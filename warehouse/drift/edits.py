"""From a change to edits of the contract: a path into the document and the value to stand there.

Edits only set a key, an item, or append an item; that is all a drift needs, and all that
`yaml_text` has to know how to write without touching the rest.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assets.column import SourceName
from warehouse.inbox import NO_PERIOD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from warehouse.drift.change import Change, Validity

BLOCKED = "分類を決めるまで取り込まない(分類は所管課と決める)"
UNNAMED = "(要確認)"
_MONTH = 7


@dataclass(frozen=True)
class Edit:
    """Set `value` at `path`; a number one past the end of a list appends to it."""

    path: tuple[str | int, ...]
    value: Any


def edits_of(change: Change, validity: Validity, document: Mapping[str, Any]) -> list[Edit]:
    """List the edits of a contract's document that a change asks for; none for a mere consent."""
    details, column = change.details, change.column
    edits: list[Edit] = []
    if change.kind in {"renamed", "unit_changed"}:
        extra = {k: details[k] for k in ("source_unit", "multiplier") if k in details}
        edits = _edit_names(column, {"name": change.new, **extra}, validity, document)
    elif change.kind == "dropped":
        edits = _edit_names(column, None, validity, document)
    elif change.kind == "added":
        edits = [Edit(("source", "set_aside_columns", change.new), details.get("reason", BLOCKED))]
    elif change.kind == "codes_grown":
        labels = ("columns", column, "labels")
        edits = [Edit((*labels, code), f"{code}{UNNAMED}") for code in details["codes"]]
    elif change.kind == "header_moved":
        new = {k: details[k] for k in ("header_rows", "unit_row") if details.get(k)}
        edits = _edit_layouts(new, validity, document)
    elif change.kind == "retyped" and "type" in details:
        edits = [Edit(("columns", column, "type"), details["type"])]
    return edits


def apply_edits(document: Mapping[str, Any], edits: Iterable[Edit]) -> dict[str, Any]:
    """Give a copy of the document with every edit made."""
    edited = _rebuild(dict(document))
    for edit in edits:
        *parents, last = edit.path
        target: Any = edited
        for part in parents:
            target = target.setdefault(part, {}) if isinstance(target, dict) else target[part]
        if isinstance(target, list) and last == len(target):
            target.append(edit.value)
        else:
            target[last] = edit.value
    return edited


def _rebuild(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Copy a document; two places that share one value (an anchor) part their ways."""
    if isinstance(value, dict):
        return {key: _rebuild(item) for key, item in value.items()}
    return [_rebuild(item) for item in value] if isinstance(value, list) else value


def render_draft(name: str, header: str, kind: str) -> str:
    """Give a line for `columns` that an engineer completes with the classification."""
    source = json.dumps(header, ensure_ascii=False)
    return (
        f"{name}: {{source: {source}, title: {source}, type: {kind}, "
        "classification: <公開・庁内・個人・特定個人のどれか>}"
    )


def can_be_dated(validity: Validity) -> bool:
    """Tell whether what was valid before and what is valid now can be told apart by period."""
    has_periods = validity.period != NO_PERIOD and validity.before is not None
    return has_periods and not is_same_period(validity)


def is_same_period(validity: Validity) -> bool:
    """Tell whether the last delivery was for the same period, as contracts can name it."""
    return (validity.before or "")[:_MONTH] == validity.period[:_MONTH]


def _edit_names(
    column: str, new: dict[str, Any] | None, validity: Validity, document: Mapping[str, Any]
) -> list[Edit]:
    """End the headers valid until now and put the new one beside them."""
    path = ("columns", column, "source")
    stands = document["columns"][column]["source"]
    names = [{"name": stands}] if isinstance(stands, str) else stands
    added = [] if new is None else [{**new, **_dates_of_new(validity)}]
    ends = _end(names, validity)
    if isinstance(stands, str):
        return [Edit(path, [*apply_edits({"l": names}, _under(("l",), ends))["l"], *added])]
    return [*_under(path, ends), *(Edit((*path, len(names)), item) for item in added)]


def _edit_layouts(
    new: dict[str, Any], validity: Validity, document: Mapping[str, Any]
) -> list[Edit]:
    path = ("source", "layouts")
    stands = document["source"].get("layouts")
    layouts = stands or [{"header_rows": [1, 1]}]
    added = {**new, **_dates_of_new(validity)}
    ends = _end(layouts, validity)
    if stands is None:
        return [Edit(path, [*apply_edits({"l": layouts}, _under(("l",), ends))["l"], added])]
    return [*_under(path, ends), Edit((*path, len(layouts)), added)]


def _under(path: tuple[str | int, ...], edits: Iterable[Edit]) -> list[Edit]:
    return [Edit((*path, *edit.path), edit.value) for edit in edits]


def _dates_of_new(validity: Validity) -> dict[str, str]:
    if validity.period == NO_PERIOD:
        return {}
    period = validity.period[:_MONTH]
    if validity.after is None:
        return {"from": period}
    return {"until": period} if validity.before is None else {"from": period, "until": period}


def _end(items: list[dict[str, Any]], validity: Validity) -> list[Edit]:
    """Date what was valid until now: it ends before the delivery, or begins after it."""
    period = validity.period
    before, after = (p[:_MONTH] if p else None for p in (validity.before, validity.after))
    if period == NO_PERIOD or (before and after) or before == period[:_MONTH]:
        return []
    field, value = ("until", before) if before else ("from", after)
    if value is None or value == period[:_MONTH]:
        return []
    return [
        Edit((number, field), value)
        for number, item in enumerate(items)
        if _valid(item, period) and _valid(item, value)
    ]


def _valid(item: dict[str, Any], period: str) -> bool:
    dates = {k: str(item[k]) for k in ("from", "until") if item.get(k) is not None}
    return SourceName.model_validate({"name": "-", **dates}).covers(period)
