"""The public folder brought up to what is public: data files, catalogue files, pages.

Belongs here: the order of the steps. What was withdrawn leaves first; data come before what describes
them; the index comes last. A second build changes no byte, and a build that was cut off is mended by
the next one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assets.boundary import read_boundary
from warehouse.catalogue.entries import read_public
from warehouse.catalogue.render import render_catalogue
from warehouse.exchange.ngsi import render_ngsi
from warehouse.release.freeze import PUBLIC_KEY
from warehouse.signing import public_key
from warehouse.site.atlas import read_ground
from warehouse.site.in_house import in_house_words, refuse_in_house, without_in_house
from warehouse.site.pages import Sources, render_pages
from warehouse.site.placing import list_data, place, remove_withdrawn
from warehouse.site.written import (
    keep_record,
    read_record,
    remove_files,
    remove_unfinished,
    write_files,
)

if TYPE_CHECKING:
    from pathlib import Path

    from assets.register import Register
    from warehouse.catalogue.entries import PublicCatalogue
    from warehouse.home import Home

MOST_ENTITIES = 50_000
_INDEX = ("en/index.html", "index.html")


def build_site(home: Home, register: Register) -> list[Path]:
    """Bring `home/public/` up to the ledger: one build at a time.

    Args:
        home: Of the city.
        register: What the city has declared.

    Returns:
        Every file of the site; `index.html` is the last.

    Raises:
        Refusal: `ledger.broken`; `site.changed` when frozen bytes are not those that were approved;
            `site.in_house` when a page would tell what is not public. Pages stay as they were.
        RegisterError: the outline of the city cannot be read.
    """
    catalogue = without_in_house(read_public(home, register))
    public, data, known = home.public, list_data(home, catalogue), read_record(home)
    remove_withdrawn(public, catalogue)
    remove_unfinished(public)
    keep_record(home, known | set(data))
    place(public, data)
    files = _render(home, register, catalogue)
    refuse_in_house(files, in_house_words(home, register), catalogue, _rows(public, catalogue))
    ours = set(files) | set(data)
    keep_record(home, known | ours)
    write_files(public, files)
    remove_files(public, known - ours)
    keep_record(home, ours)
    return [public / name for name in (*data, *files)]


def _render(home: Home, register: Register, catalogue: PublicCatalogue) -> dict[str, bytes]:
    """Render what is not data, in the order in which it is written."""
    public = home.public
    described = render_catalogue(catalogue, public)
    described |= render_ngsi(_for_brokers(catalogue), register.mappings, public)
    key = _public_key(home, catalogue)
    ground = read_ground(register, read_boundary(register.root))
    pages = render_pages(Sources(catalogue, public, ground, described, _notice(home), key))
    files = described | pages | ({PUBLIC_KEY: key.encode()} if key else {})
    return {n: c for n, c in files.items() if n not in _INDEX} | {n: files[n] for n in _INDEX}


def _for_brokers(catalogue: PublicCatalogue) -> PublicCatalogue:
    """Leave out tables too long for a file of entities; a broker gets those by `machikane push`."""
    entries = (e for e in catalogue.entries if not e.latest or e.latest.rows <= MOST_ENTITIES)
    return replace(catalogue, entries=tuple(entries))


def _notice(home: Home) -> str:
    """Say that this home holds invented data, if it was marked so."""
    mark = home.sample_mark
    return mark.read_text("utf-8").strip() if mark.is_file() else ""


def _public_key(home: Home, catalogue: PublicCatalogue) -> str:
    """Give the key by which signatures are checked, also those of what was withdrawn since."""
    # Asking for a key makes one: not before anything is public.
    return public_key(home) if catalogue.entries else ""


def _rows(public: Path, catalogue: PublicCatalogue) -> bytes:
    """Join the public rows of the newest versions."""
    found = [entry.latest.file("CSV") for entry in catalogue.open_entries if entry.latest]
    return b"\n".join((public / file.path).read_bytes() for file in found if file)
