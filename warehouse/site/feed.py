"""The Atom feed of what was published, renewed and taken back, newest first.

Source: RFC 4287. Ids are URNs and stay the same wherever the folder is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote
from xml.etree import ElementTree as ET

from warehouse.site.changes import Change, list_changes

if TYPE_CHECKING:
    from warehouse.catalogue.entries import PublicCatalogue
    from warehouse.site.wording import Words

_ATOM = "http://www.w3.org/2005/Atom"
_MOST = 100
_NEVER = "1970-01-01T00:00:00+00:00"


def render_feed(catalogue: PublicCatalogue, words: Words) -> bytes:
    """Write the feed of one language; links are absolute once the city has said its address."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"xml:lang": words.code})
    city = catalogue.city
    folder = words("", "en/")
    _text(feed, "id", f"urn:machikane:{city.local_government_code}:{words.code}")
    _text(feed, "title", words(f"{city.name} オープンデータ", f"Open data of {city.name}"))
    _text(feed, "updated", catalogue.updated_at or _NEVER)
    author = ET.SubElement(feed, f"{{{_ATOM}}}author")
    _text(author, "name", city.publisher)
    _link(feed, (catalogue.site_url or "") + folder + "feed.xml", "self")
    for change in list_changes(catalogue)[:_MOST]:
        _entry(feed, catalogue, change, words)
    ET.indent(feed)
    return ET.tostring(feed, encoding="utf-8", xml_declaration=True) + b"\n"


def _entry(feed: ET.Element, catalogue: PublicCatalogue, change: Change, words: Words) -> None:
    entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
    code = catalogue.city.local_government_code
    _text(entry, "id", f"urn:machikane:{code}:{words.code}:{change.name}:{change.what}")
    _text(
        entry,
        "title",
        words(
            f"{change.title(words)}({change.word(words)})",
            f"{change.title(words)} ({change.word(words)})",
        ),
    )
    _text(entry, "updated", change.at)
    _text(entry, "summary", change.note or change.word(words))
    page = words("", "en/") + f"datasets/{quote(change.name)}/index.html"
    _link(entry, (catalogue.site_url or "") + page, "alternate")


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{tag}").text = text


def _link(parent: ET.Element, href: str, rel: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}link", {"rel": rel, "href": href})
