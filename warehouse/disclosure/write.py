"""The risk and utility report as files: one self-contained HTML page, and JSON.

Belongs here: rendering and writing. Must not hold: what is measured, wording of findings.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from warehouse.atomic import write_atomically
from warehouse.disclosure.charts import draw_marginal, draw_pairs
from warehouse.disclosure.json_form import NOT_RUN, to_json
from warehouse.disclosure.unprotected import say_unprotected
from warehouse.page_templates import open_templates

if TYPE_CHECKING:
    from warehouse.disclosure.report import Report

_TEMPLATES = Path(__file__).parent / "templates"
_METHODS = {
    "population": "母集団の表で数えた",
    "whole": "この表が母集団の全員",
    "pitman": "推定(Pitman の標本公式)",
    "zayatz": "推定(Zayatz)",
}
_SOURCES = {"table": "公開する表", "population": "母集団の表", "estimate": "推定"}


def write_report(report: Report, html: Path, json: Path | None = None) -> list[Path]:
    """Write the report; each file appears whole or not at all.

    Args:
        report: What is told.
        html: The page.
        json: The same for machines; None: not written.

    Returns:
        The files written.
    """
    write_atomically(html, render(report))
    if json is None:
        return [html]
    write_atomically(json, to_json(report))
    return [html, json]


def render(report: Report) -> str:
    """Render the page: Japanese, no script, nothing fetched."""
    environment = open_templates(_TEMPLATES)
    environment.filters["zip"] = zip
    return environment.get_template("report.html.j2").render(
        report=report,
        style=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - our own file
        not_run=NOT_RUN,
        unprotected=say_unprotected(report),
        risk_chart=Markup(_draw_risks(report)),  # noqa: S704 - escaped where it is drawn
        marginal_charts=[Markup(chart) for chart in _draw_marginals(report)],  # noqa: S704
        methods=_METHODS,
        sources=_SOURCES,
    )


def _draw_risks(report: Report) -> str:
    if report.risks is None:
        return ""
    before, after = report.risks.before, report.risks.after
    rows = [
        ("最も危ない行", before.prosecutor.highest, after.prosecutor.highest),
        ("平均", before.prosecutor.mean, after.prosecutor.mean),
        ("しきい値を超える行", before.prosecutor.share_above, after.prosecutor.share_above),
        ("1人だけの行", before.uniqueness.table_share, after.uniqueness.table_share),
    ]
    return draw_pairs("見つけられる危険: 加工の前と公開する表", rows, percent=True)


def _draw_marginals(report: Report) -> list[str]:
    if report.losses is None:
        return []
    return [
        draw_marginal(
            f"列「{m.column}」の値ごとの行数", m.values, m.before.tolist(), m.after.tolist()
        )
        for m in report.losses.marginals
    ]
