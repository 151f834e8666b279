"""A proposed policy as YAML that somebody will read and change, with its hierarchy files.

Here stand the words around the proposal; the proposal itself is `proposal`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from anonymize.hierarchy.arx import write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.anonymising.proposal import Part, Proposed

HIERARCHIES = "hierarchies"
FULL_DOMAIN = "recoding: full_domain"
LOCAL = "recoding: local  # 段の組み合わせが多く、列ごとの段の最適は探しきれないため"
_PARTS: dict[Part, str] = {
    "sensitive": "知られたくない値の列。models の l や t で守れます",
    "identifiers": "人を名指しする列。出力には出ません",
    "insensitive": "人の手がかりにならないと確かめた列。そのまま出力します",
}


def hierarchy_files(proposed: Sequence[Proposed]) -> dict[str, str]:
    """Give the drafted files: their path beside the policy, and their text."""
    return {
        f"{HIERARCHIES}/{file_name(one.profile.column, at)}": write_rows(one.rows)
        for at, one in enumerate(proposed, start=1)
        if one.rows
    }


def file_name(column: str, number: int) -> str:
    """Name a column's file; letters that a file system may refuse become `_`."""
    safe = "".join(c if c.isalnum() or c in "-_" else "_" for c in column)[:60]
    return f"{number:02}_{safe}.csv"


def policy_text(
    proposed: Sequence[Proposed], contributions: Mapping[str, float], *, table: str, k: int
) -> str:
    """Write the policy.

    Args:
        proposed: the part of every column.
        contributions: by how much each quasi-identifier raises the share of unique rows.
        table: where the columns come from.
        k: of the model.
    """
    lines = [
        f"# {table} の匿名加工ポリシーの案。列の役割と段を、データの所管課と確かめて直してください。",
        "# 使う: machikane anonymize 入力 --policy policy.yaml --out 出力.csv --report report.json",
        "quasi_identifiers:",
    ]
    for at, one in enumerate(proposed, start=1):
        if one.part == "quasi_identifiers":
            lines += _quasi_identifier(one, at, contributions.get(one.profile.column, 0.0))
    for part, meaning in _PARTS.items():
        named = [one for one in proposed if one.part == part]
        if named:
            lines.append(f"{part}:  # {meaning}")
            lines += [f"  - {_word(one.profile.column)}  # {one.reason}" for one in named]
    first = next((one.profile for one in proposed if one.part == "sensitive"), None)
    lines.append("models:")
    lines.append(f"  - {{k: {k}}}")
    if first is not None:
        lines.append(
            f"  # - {{l_distinct: 2, on: {_word(first.column)}}}  # 値を言い当てられないように"
        )
    lines += ["suppression_limit: 0.02", FULL_DOMAIN, "metric: loss", ""]
    return "\n".join(lines)


def _quasi_identifier(one: Proposed, at: int, contribution: float) -> list[str]:
    told = one.profile
    spec: dict[str, Any] = dict(one.spec or {})
    if one.rows:
        spec = {"hierarchy": f"{HIERARCHIES}/{file_name(told.column, at)}", **spec}
    inside = ", ".join(f"{key}: {_value(value)}" for key, value in spec.items())
    note = f"。{one.note}" if one.note else ""
    return [
        (
            f"  # {one.reason}。{told.distinct:,} 種類、{told.entropy:.2f} ビット、"
            f"この列で 1 行に決まる行が {contribution:.1%} 増える{note}"
        ),
        f"  {_word(told.column)}: {{{inside}}}",
    ]


def _word(text: str) -> str:
    """Quote a name as YAML reads JSON."""
    return json.dumps(text, ensure_ascii=False)


def _value(value: object) -> str:
    plain = isinstance(value, str) and value.isascii() and value.replace("_", "").isalpha()
    return str(value) if plain else json.dumps(value, ensure_ascii=False)
