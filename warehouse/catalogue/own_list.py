"""The open data list as a dataset of its own, so that catalogues list the list too.

Belongs here: what the list says of itself. Must not hold: its rows (`open_data_list`).

Nobody approves the list: it follows from what was approved, and is made anew with each publication and
withdrawal, which its version counts. Its page is the first page of the site. Its licence is the one most
datasets have.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.release import Release
from warehouse.catalogue.entries import FORMATS, LIST_LAYOUT, Entry, PublicFile, PublicVersion

if TYPE_CHECKING:
    from assets.standard import Standard
    from warehouse.catalogue.entries import PublicCatalogue


@dataclass(frozen=True, kw_only=True)
class OwnList(Entry):
    """The list, described like any dataset."""

    @property
    def page(self) -> str:
        """Give the first page of the site."""
        return ""


def describe_list(
    catalogue: PublicCatalogue, layout: Standard, files: dict[str, bytes], rows: int
) -> OwnList:
    """Describe the list.

    Args:
        catalogue: What it lists; something must have been public.
        layout: Of the list.
        files: Its files by path.
        rows: How many it has.
    """
    events = sum(len(e.versions) + 2 * len(e.withdrawn_versions) for e in catalogue.entries)
    version = PublicVersion(
        name="",
        number=max(events, 1),
        published_at=catalogue.updated_at,
        note="",
        period="",
        rows=rows,
        protection=(),
        files=tuple(_file(path, content) for path, content in files.items()),
    )
    return OwnList(name=LIST_LAYOUT, spec=_spec(catalogue), standard=layout, versions=(version,))


def _spec(catalogue: PublicCatalogue) -> Release:
    """Say what a release would; what only approval and protection need is not there."""
    licences = Counter(entry.spec.licence for entry in catalogue.entries)
    return Release.model_construct(
        title="オープンデータ一覧",
        title_en="List of open data",
        description=f"{catalogue.city.name}が公開しているすべてのデータとファイルの一覧。",
        description_en="All open datasets of the city and their files.",
        licence=licences.most_common(1)[0][0],
        contact=catalogue.city.contact,
        frequency="irregular",
        theme="GOVE",
        keywords=["オープンデータ", "一覧", "目録"],
        caveats=[],
    )


def _file(path: str, content: bytes) -> PublicFile:
    form, media_type = FORMATS[path.rsplit(".", 1)[-1]]
    return PublicFile(
        name=path,
        format=form,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        path=path,
    )
