"""Scorecards as an HTML page and as plain data for machines. Must not hold: judging."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.page_templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.readability.score import Scorecard

_TEMPLATES = Path(__file__).parent / "templates"
SEVERITIES = {
    "fatal": "致命的", "critical": "重い", "major": "中くらい", "minor": "軽い", "info": "お知らせ",
}  # fmt: skip


def render_page(cards: Sequence[Scorecard]) -> str:
    """Render the page: Japanese, no script, nothing fetched."""
    environment = open_templates(_TEMPLATES)
    return environment.get_template("score.html.j2").render(cards=cards, severities=SEVERITIES)


def as_json(card: Scorecard) -> dict[str, Any]:
    """Give the public form: `file`, `scores`, `rules`."""
    return {
        "file": card.file,
        "scores": {f"L{level}": score for level, score in card.scores.items()},
        "beside": list(card.beside),
        "rules": [
            {
                "id": j.rule.id,
                "name": j.rule.name,
                "verdict": j.verdict,
                "severity": j.severity,
                "points": j.points,
                "places": [{"where": p.where, "why": p.why} for p in j.places],
                "remedy": j.remedy,
            }
            for j in card.judgements
        ],
    }
