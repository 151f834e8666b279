"""A review as one page of HTML that needs nothing else: Japanese, no script, nothing fetched.

Belongs here: rendering and writing. Must not hold: what is told (`review`). The page shows rows that
are not public yet: it lies among the reports, and goes when the release is withdrawn.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from warehouse.atomic import write_atomically
from warehouse.page_templates import open_templates
from warehouse.release.diff import BLANK_JUMP, ROWS_JUMP, SHOWN
from warehouse.release.outsider import SMALL

if TYPE_CHECKING:
    from warehouse.home import Home
    from warehouse.release.review import Review

_TEMPLATES = Path(__file__).parent / "templates"
_STYLE = Path(__file__).parents[1] / "disclosure" / "templates" / "report.css"


def write_review(home: Home, review: Review) -> Path:
    """Write the page of a candidate over that of the one before; give its path."""
    path = home.reports / "review" / f"{review.name}.html"
    write_atomically(path, render_review(review))
    return path


def render_review(review: Review) -> str:
    """Render the page; every value is escaped."""
    environment = open_templates(_TEMPLATES)
    return environment.get_template("review.html.j2").render(
        review=review,
        style=Markup(_STYLE.read_text("utf-8")),  # noqa: S704 - our own file
        shown=SHOWN,
        small=SMALL,
        rows_jump=ROWS_JUMP,
        blank_jump=BLANK_JUMP,
    )
