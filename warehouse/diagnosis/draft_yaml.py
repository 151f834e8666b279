"""A draft as the YAML an engineer would have written: short, one line a column."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.draft import Draft

CONFIRM = "  # 要確認"
_PLAIN = re.compile(r"^[\w一-龠ぁ-んァ-ヶ々〆ー][^\n#:{}\[\],&*!|>'\"%@`]*\Z")


def write_yaml(draft: Draft) -> str:
    """Write a draft; every line a person has to confirm says so."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    fields = draft.fields
    yield "# machikane add の下書き。「要確認」の行を確かめ、直したら印を消す。"
    yield f"title: {scalar(fields['title'])}{CONFIRM}"
    yield f"description: {scalar(fields['description'])}{CONFIRM}"
    yield f"owner: {flow(fields['owner'])}{CONFIRM}"
    yield f"legal_basis: {scalar(fields['legal_basis'])}{CONFIRM}"
    yield f"frequency: {scalar(fields['frequency'])}"
    yield f"retention: {flow(fields['retention'])}{CONFIRM}"
    yield "source:"
    yield from _block(fields["source"], "  ")
    yield f"key: {flow(fields['key'])}"
    yield f"history: {scalar(fields['history'])}"
    yield "columns:"
    for column in draft.columns:
        yield f"  {scalar(column.name)}: {flow(column.as_fields())}{CONFIRM}"
    yield "checks:"
    for check in fields["checks"]:
        yield f"  - {flow(check)}"


def _block(source: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in source.items():
        if isinstance(value, list):
            yield f"{indent}{name}:"
            yield from (f"{indent}  - {flow(item)}" for item in value)
        elif isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from (f"{indent}  {scalar(k)}: {scalar(v)}{CONFIRM}" for k, v in value.items())
        else:
            yield f"{indent}{name}: {json.dumps(value, ensure_ascii=False) if name == 'file' else scalar(value)}"


def flow(value: object) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def scalar(value: object) -> str:
    """Write one scalar plain where YAML reads it back as the same text, else quoted."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.match(value) and value == value.strip() and yaml.safe_load(f"[{value}]") == [value]:
        return value
    return json.dumps(value, ensure_ascii=False)
