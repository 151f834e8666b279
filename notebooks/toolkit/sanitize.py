"""Let nothing into a page that acts or reaches out.

Here belong the cleaning of HTML and Markdown that came out of a notebook, and
the final inspection of a whole page. Here does not belong the page's layout.
"""

import html
import re
from html.parser import HTMLParser

import mistune
from bleach.css_sanitizer import CSSSanitizer
from bleach.sanitizer import Cleaner


def _list_words(words: str) -> list[str]:
    """Split a list that reads better as running text."""
    return words.split()


TAGS = frozenset(
    _list_words(
        "abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption"
        " figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre rp rt ruby s small span strong"
        " sub summary sup table tbody td tfoot th thead tr u ul"
    )
)
ATTRIBUTES = {
    "*": ["aria-label", "class", "id", "lang", "role", "style", "tabindex", "title"],
    "col": ["span"],
    "ol": ["start"],
    "td": ["colspan", "rowspan", "headers"],
    "th": ["colspan", "rowspan", "headers", "scope"],
}
STYLES = _list_words(
    "background-color border border-bottom border-collapse border-top color font-size font-style"
    " font-weight max-width min-width overflow-x padding text-align vertical-align white-space width"
)
# Attributes from which a browser fetches, or to which it sends.
FETCHING = frozenset(
    _list_words(
        "action archive background cite classid codebase data formaction href icon longdesc"
        " manifest poster profile src srcset usemap xlink:href"
    )
)
FORBIDDEN_TAGS = frozenset(_list_words("script iframe object embed link base frame form applet"))
_WITH_CONTENT = re.compile(
    r"<(script|style|template|noscript)\b.*?(</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_CSS_FETCH = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)|expression\s*\(", re.IGNORECASE)
_CLEANER = Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    protocols=[],
    strip=True,
    css_sanitizer=CSSSanitizer(allowed_css_properties=STYLES),
)


class _TextLinks(mistune.HTMLRenderer):
    """Write links and pictures as text: there is nothing to fetch them from."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Write ``text(address)``, or the text alone for a place in the page."""
        del title
        address = html.escape(url)
        return text if url.startswith("#") or address == text else f"{text}({address})"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Write the picture's text."""
        del url, title
        return f"[図: {text}]"


def clean_html(markup: str) -> str:
    """Keep the text, tables and emphasis of an HTML fragment, and no more.

    Args:
        markup: Any HTML.

    Returns:
        HTML without scripts, style sheets, links, pictures or event handlers.
    """
    return str(_CLEANER.clean(_WITH_CONTENT.sub("", markup)))


def convert_markdown(text: str) -> str:
    """Turn Markdown into clean HTML; raw HTML in it stays visible as text.

    Args:
        text: Markdown with tables.

    Returns:
        HTML in which links are written out.
    """
    convert = mistune.create_markdown(
        escape=True, renderer=_TextLinks(escape=True), plugins=["table", "strikethrough"]
    )
    return clean_html(str(convert(text)))


def list_outside_references(page: str) -> list[str]:
    """Inspect a whole page for anything that acts or reaches out.

    Args:
        page: A complete HTML document.

    Returns:
        What was found, by tag and attribute (no contents); empty when clean.
    """
    inspector = _Inspector()
    inspector.feed(page)
    inspector.close()
    return inspector.found


class _Inspector(HTMLParser):
    """Collect everything that a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in FORBIDDEN_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = (value or "").strip().lower()
            fetches = name in FETCHING and not text.startswith(("#", "data:image/"))
            if fetches or name.startswith("on") or (name == "style" and _CSS_FETCH.search(text)):
                self.found.append(f"<{tag} {name}>")
            if name == "http-equiv" and text != "content-security-policy":
                self.found.append(f"<{tag} {name}>")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._in_style and _CSS_FETCH.search(data):
            self.found.append("<style>")
