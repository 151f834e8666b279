"""How pages are rendered from templates: everything escaped, a name that is missing is a fault.

Belongs here: opening a folder of templates. Must not hold: any page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from pathlib import Path


def open_templates(folder: Path) -> Environment:
    """Open the templates of a folder (`*.html.j2`)."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
