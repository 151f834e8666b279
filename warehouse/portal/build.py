"""The portal as static files: every page rendered first, then written, the index last.

Only rendering and the care of the output folder stand here. What is shown is `model`, how it
looks is `templates/`, and what is behind it belongs to whoever fills the catalogue.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from warehouse.page_templates import open_templates
from warehouse.portal import wording
from warehouse.portal.faults import verify_catalogue
from warehouse.portal.graph import NODE_HEIGHT, NODE_WIDTH, draw_lineage

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment

    from warehouse.portal.model import Catalogue

TEMPLATES = Path(__file__).parent / "templates"
GENERATOR = "Machikane portal"
_ASSETS = ("style.css", "icon.svg")
_PAGE_FOLDERS = ("releases", "datasets")
_FILTERS = {
    "code": wording.word_code,
    "tone": wording.choose_tone,
    "count": wording.word_count,
    "size": wording.word_size,
    "duration": wording.word_duration,
    "date": wording.word_date,
    "moment": wording.word_moment,
}


def build_portal(catalogue: Catalogue, out: Path) -> list[Path]:
    """Write the portal, so that a reader at any moment finds whole pages and links that lead.

    Nothing is written unless every page renders. Pages that earlier builds left for releases and
    datasets that are gone are removed; files the portal did not make are left alone.

    Args:
        catalogue: everything to show.
        out: the portal's folder, made if missing. One build at a time may write to it.

    Returns:
        The files written, in order; `index.html` is the last.

    Raises:
        PortalError: the catalogue breaks a law of `faults`; the folder is as before.
        OSError: a file could not be written; pages already replaced stay.
    """
    verify_catalogue(catalogue)
    files = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in _ASSETS}
    files |= render_pages(catalogue)
    written = [_write(out / name, text) for name, text in files.items()]
    _remove_stale_pages(out, set(written))
    return written


def render_pages(catalogue: Catalogue) -> dict[str, str]:
    """Render every page; the result maps its path under the portal to its HTML, the index last."""
    environment = _open_environment()
    shared = {
        "catalogue": catalogue,
        "city": catalogue.city,
        "generator": GENERATOR,
        "layers": wording.LAYERS,
        "node_width": NODE_WIDTH,
        "node_height": NODE_HEIGHT,
    }

    def render(name: str, template: str, **facts: object) -> tuple[str, str]:
        url = _relative_to("../" * name.count("/"))
        page = environment.get_template(template)
        return name, page.render(shared, url=url, page=name, **facts)

    drawing = draw_lineage(catalogue.lineage)
    titles = {node.key: node.title for node in catalogue.lineage}
    pages = [
        *(
            render(f"releases/{release.slug}.html", "release.html.j2", release=release)
            for release in catalogue.releases
        ),
        *(
            render(f"datasets/{dataset.name}.html", "dataset.html.j2", dataset=dataset)
            for dataset in catalogue.datasets
        ),
        render("run.html", "run.html.j2", run=catalogue.run),
        render("lineage.html", "lineage.html.j2", drawing=drawing, titles=titles),
        render("index.html", "index.html.j2"),
    ]
    return dict(pages)


def _open_environment() -> Environment:
    environment = open_templates(TEMPLATES)
    environment.filters.update(_FILTERS)
    return environment


def _relative_to(root: str) -> Callable[[str], str]:
    """Make the function by which a page reaches a path of the portal."""
    return lambda href: root + quote(href)


def _write(path: Path, text: str) -> Path:
    """Replace a file in one move."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A fixed name: what a broken build left behind is overwritten by the next.
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    return part.replace(path)


def _remove_stale_pages(out: Path, written: set[Path]) -> None:
    """Remove this portal's pages that no longer exist, known by their generator mark."""
    mark = f'name="generator" content="{GENERATOR}"'
    for folder in _PAGE_FOLDERS:
        for page in sorted((out / folder).glob("*.html")):
            if page not in written and mark in page.read_text("utf-8", errors="replace"):
                page.unlink()
