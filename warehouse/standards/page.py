"""The result of checking files as one page: self-contained HTML in Japanese, no script.

Belongs here: rendering. Must not hold: judging, wording of rules.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from warehouse.standards.verdict import group_differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.standards.verdict import FileVerdict

_TEMPLATES = Path(__file__).parent / "templates"
# Of one rule in one column; all are in the JSON.
ROWS_SHOWN = 50


def render_page(verdicts: Sequence[FileVerdict]) -> str:
    """Render the page.

    Args:
        verdicts: One a file.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("check.html.j2").render(
        verdicts=verdicts,
        groups={number: _rows(verdict) for number, verdict in enumerate(verdicts)},
        style=Markup((_TEMPLATES / "check.css").read_text("utf-8")),  # noqa: S704 - our own file
        shown=ROWS_SHOWN,
    )


def _rows(verdict: FileVerdict) -> list[tuple[object, list[object]]]:
    """Give each group with its first differences."""
    rows: list[tuple[object, list[object]]] = []
    for group in group_differences(verdict.all_differences):
        first = group.first
        key = (first.rule, first.sheet, first.column)
        same = [d for d in verdict.all_differences if (d.rule, d.sheet, d.column) == key]
        rows.append((group, list(same[:ROWS_SHOWN])))
    return rows
