"""The inside of an xlsx or xlsm: which part holds which sheet, and what hangs on a part.

Only the small parts that point to others are read here. A document type declaration in any of them
is an error: no office program writes one.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element
    from zipfile import ZipFile

_TRUE = {"1", "true", "on"}


@dataclass(frozen=True)
class SheetPart:
    """One sheet of a package.

    Attributes:
        name: as the tab shows it.
        is_hidden: hidden, or hidden so that the program's menu does not show it.
        kind: `worksheet`, `chartsheet`, `dialogsheet`, `xlMacrosheet`.
        part: name of the part in the archive.
    """

    name: str
    is_hidden: bool
    kind: str
    part: str


@dataclass(frozen=True)
class Package:
    """What the workbook part says of the whole."""

    sheets: tuple[SheetPart, ...]
    workbook: str
    is_1904: bool


@dataclass(frozen=True)
class Link:
    """What one part points to.

    Attributes:
        kind: last word of the relationship's type: `worksheet`, `drawing`, `comments` …
        target: name of a part in the archive; as written, when it lies outside the file.
    """

    key: str
    kind: str
    target: str
    is_external: bool


def read_package(archive: ZipFile) -> Package:
    """Read the list of sheets.

    Raises:
        KeyError: when the workbook's parts are not there.
        xml.etree.ElementTree.ParseError, defusedxml.DefusedXmlException: when one is no clean XML.
    """
    roots = [link.target for link in read_links(archive, "") if link.kind == "officeDocument"]
    workbook = roots[0] if roots else "xl/workbook.xml"
    links = {link.key: link for link in read_links(archive, workbook)}
    root = fromstring(archive.read(workbook), forbid_dtd=True)
    sheets = []
    for element in root.iter():
        if local_name(element.tag) == "sheet" and (link := links.get(_relation(element))):
            is_hidden = element.get("state", "visible") != "visible"
            sheets.append(SheetPart(element.get("name", ""), is_hidden, link.kind, link.target))
    about = next((e for e in root.iter() if local_name(e.tag) == "workbookPr"), None)
    is_1904 = about is not None and about.get("date1904", "0") in _TRUE
    return Package(tuple(sheets), workbook, is_1904)


def read_links(archive: ZipFile, part: str) -> Iterator[Link]:
    """List what a part points to; a part without a list of its own points to nothing."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in archive.namelist():
        return
    for element in fromstring(archive.read(listing), forbid_dtd=True).iter():
        if local_name(element.tag) != "Relationship":
            continue
        target, is_external = element.get("Target", ""), element.get("TargetMode") == "External"
        if not is_external:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = element.get("Type", "").rsplit("/", 1)[-1]
        yield Link(element.get("Id", ""), kind, target, is_external)


def local_name(tag: str) -> str:
    """Give an element's or attribute's name without its namespace."""
    return tag.rsplit("}", 1)[-1]


def is_true(value: str | None) -> bool:
    """Tell whether an attribute of these files says yes."""
    return value in _TRUE


def _relation(element: Element) -> str:
    """Give the relationship's id, whichever namespace (transitional or strict) it is written in."""
    return next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
