"""Every page of the public site as bytes: both languages, from the catalogue and the public rows.

Belongs here: which pages there are, and handing facts to templates. What the facts are is said by
`dataset` and its neighbours; how they look, by `templates/` and `static/`. Nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from warehouse.page_templates import open_templates
from warehouse.portal.wording import word_size
from warehouse.release.freeze import PUBLIC_KEY
from warehouse.site.atlas import ground_script
from warehouse.site.changes import list_changes
from warehouse.site.dataset import describe_entry
from warehouse.site.examples import NO_ADDRESS, list_examples
from warehouse.site.feed import render_feed
from warehouse.site.listing import describe_files, list_cards
from warehouse.site.placing import latest_path
from warehouse.site.wording import LICENCES, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from warehouse.catalogue.entries import Entry, PublicCatalogue, PublicFile
    from warehouse.site.atlas import Ground

HERE = Path(__file__).parent
LANGUAGES = (Words("ja"), Words("en"))
_CHANGES = 10


@dataclass(frozen=True)
class Sources:
    """What pages are made of.

    Attributes:
        catalogue: What is public.
        public: The public folder, in which the data files are already.
        ground: What lies under every map.
        described: The catalogue files, by path; pages link to those that are there.
        notice: Shown above every page, such as that this is a demonstration.
        public_key: minisign's, for who checks signatures; blank where nothing is signed.
    """

    catalogue: PublicCatalogue
    public: Path
    ground: Ground
    described: Mapping[str, bytes]
    notice: str = ""
    public_key: str = ""


def render_pages(sources: Sources) -> dict[str, bytes]:
    """Render everything the site itself makes: path under the public folder to content."""
    catalogue = sources.catalogue
    files = {
        f"assets/{path.name}": path.read_bytes() for path in sorted((HERE / "static").iterdir())
    }
    files["assets/ground.js"] = ground_script(sources.ground)
    shared = {
        "catalogue": catalogue, "city": catalogue.city, "notice": sources.notice,
        "ground": sources.ground, "updated_at": catalogue.updated_at,
        "key_file": PUBLIC_KEY,
        "public_key": sources.public_key, "latest_path": latest_path,
        "licence_url": lambda name: LICENCES[name][2], "has_address": catalogue.site_url is not None,
    }  # fmt: skip
    painters = [_Painter(words, shared) for words in LANGUAGES]
    for entry in catalogue.entries:
        files |= _entry_pages(sources, entry, painters)
    for painter in painters:
        files |= _general_pages(catalogue, sources.described, painter)
    return files


@cache
def _environment() -> Environment:
    """Compile templates once for all pages of both languages."""
    environment = open_templates(HERE / "templates")
    environment.filters["size"] = word_size
    return environment


class _Painter:
    """Templates in one language."""

    def __init__(self, words: Words, shared: Mapping[str, Any]) -> None:
        self.words, self.shared = words, shared

    def paint(self, name: str, template: str, **facts: object) -> dict[str, bytes]:
        """Render one page of this language at its path."""
        folder, other = ("", "en/") if self.words.code == "ja" else ("en/", "")
        root = "../" * (folder + name).count("/")
        page = _environment().get_template(template).render(
            self.shared, t=self.words, here=name,
            file=lambda path: root + quote(path), page=lambda path: root + folder + quote(path),
            other=root + other + quote(name), **facts,
        )  # fmt: skip
        return {folder + name: page.encode()}


def _entry_pages(sources: Sources, entry: Entry, painters: list[_Painter]) -> dict[str, bytes]:
    name, catalogue = f"datasets/{entry.name}/index.html", sources.catalogue
    if entry.latest is None:
        gone = {"entry": entry, "gone": entry.withdrawn}
        pages = [painter.paint(name, "tombstone.html.j2", **gone) for painter in painters]
        return {path: content for page in pages for path, content in page.items()}
    facts, files = describe_entry(sources.public, entry, sources.ground, sources.described)
    for painter in painters:
        examples = list_examples(entry, facts["names"], catalogue.site_url, painter.words)
        files |= painter.paint(
            name, "dataset.html.j2", entry=entry, examples=examples,
            address=lambda entry, file: _address(catalogue, entry, file), **facts,
        )  # fmt: skip
    return files


def _general_pages(
    catalogue: PublicCatalogue, described: Mapping[str, bytes], painter: _Painter
) -> dict[str, bytes]:
    words = painter.words
    cards = list_cards(catalogue)
    specs = [card.entry.spec for card in cards]
    layouts = {card.entry.standard.slug: card.entry.standard.label for card in cards}
    themes = [spec.theme for spec in specs]
    feed = {words("", "en/") + "feed.xml": render_feed(catalogue, words)}
    whole, single = describe_files(catalogue, described)
    return feed | painter.paint(
        "catalogue.html", "catalogue.html.j2", whole=whole, single=single
    ) | painter.paint(
        "about.html", "about.html.j2", licences=list(dict.fromkeys(spec.licence for spec in specs))
    ) | painter.paint(
        "index.html", "index.html.j2", cards=cards, rows=sum(c.latest.rows for c in cards),
        standards=sorted(layouts.items(), key=lambda pair: pair[1]),
        national=sum(card.entry.standard.number is not None for card in cards),
        themes=sorted((theme, themes.count(theme)) for theme in set(themes)),
        formats=list(dict.fromkeys(f for card in cards for f in card.formats)),
        changes=list_changes(catalogue)[:_CHANGES],
        gone=[entry for entry in catalogue.entries if entry.withdrawn],
    )  # fmt: skip


def _address(catalogue: PublicCatalogue, entry: Entry, file: PublicFile) -> str:
    return (catalogue.site_url or NO_ADDRESS) + quote(latest_path(entry, file))
