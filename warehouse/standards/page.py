"""The result of checking files as one page: self-contained HTML in Japanese, no script.

Belongs here: rendering. Must not hold: judging, wording of rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from warehouse.page_templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.standards.difference import Difference
    from warehouse.standards.verdict import FileVerdict

_TEMPLATES = Path(__file__).parent / "templates"
# Of one rule in one column; all are in the JSON.
ROWS_SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """Differences told under one line.

    Attributes:
        column: Heading they all stand under; empty when they are about whole columns.
        count: How many there are in all.
        rows: The first of them.
    """

    column: str
    first: Difference
    count: int
    rows: tuple[Difference, ...]


def render_page(verdicts: Sequence[FileVerdict]) -> str:
    """Render the page.

    Args:
        verdicts: One a file.
    """
    environment = open_templates(_TEMPLATES)
    return environment.get_template("check.html.j2").render(
        verdicts=verdicts,
        groups={number: _gather(verdict) for number, verdict in enumerate(verdicts)},
        style=Markup((_TEMPLATES / "check.css").read_text("utf-8")),  # noqa: S704 - our own file
        shown=ROWS_SHOWN,
    )


def _gather(verdict: FileVerdict) -> list[Shown]:
    """Gather differences of cells by rule and column, those of whole columns by rule; 誤り first."""
    found: dict[tuple[str, str, str], list[Difference]] = {}
    for one in verdict.all_differences:
        column = one.column if one.row is not None else ""
        found.setdefault((one.rule, one.sheet, column), []).append(one)
    shown = [
        Shown(column, many[0], sum(one.rows for one in many), tuple(many[:ROWS_SHOWN]))
        for (_, _, column), many in found.items()
    ]
    return sorted(shown, key=lambda group: not group.first.is_error)
