"""A catalogue of two releases and the files behind it, as the site lays them out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.unit.warehouse.exchange.declared import STANDARDS
from tests.unit.warehouse.publishing import CITY, NONE, release
from warehouse.catalogue.entries import (
    FORMATS,
    Entry,
    PublicCatalogue,
    PublicFile,
    PublicVersion,
    Tombstone,
)

if TYPE_CHECKING:
    from pathlib import Path

SITE = "https://opendata.example.jp/"
CSV = "ID,名称,緯度,経度,備考\r\n001,本館(中央),34.780000,135.470000,\r\n002,別館,,,改装中\r\n"


def put_entry(
    public: Path, name: str = "public_facility", csv: str = CSV, *, version: int = 1
) -> Entry:
    """Write the files of a version and tell of them as the catalogue does."""
    standard = STANDARDS[name]
    folder = f"datasets/{name}/v{version}"
    made = []
    texts = {".csv": "\ufeff" + csv, ".json": "[]\n", "_definition.csv": "項目名\r\nID\r\n"}
    for ending, content in texts.items():
        data, suffix = content.encode(), ending.rpartition(".")[2]
        path = f"{folder}/272999_{name}{ending}"
        (public / path).parent.mkdir(parents=True, exist_ok=True)
        (public / path).write_bytes(data)
        form, media = FORMATS[suffix]
        made.append(
            PublicFile(
                name=path.rpartition("/")[2], format=form, media_type=media, size=len(data),
                sha256=hashlib.sha256(data).hexdigest(), path=path,
            )
        )  # fmt: skip
    found = PublicVersion(
        name=f"v{version}", number=version, published_at="2026-04-01T00:00:00+00:00", note="はじめ",
        period="2026", rows=csv.count("\r\n") - 1, protection=(), files=tuple(made),
    )  # fmt: skip
    spec = release(
        name, "", standard, ["common.places"], protection=NONE, title=standard.title,
        description="施設の一覧。", title_en="Facilities", contact="施設課", keywords=["施設", "公共施設"],
    ).spec  # fmt: skip
    return Entry(name=name, spec=spec, standard=standard, versions=(found,))


def withdrawn(entry: Entry) -> Entry:
    """Tell of the release as withdrawn."""
    digests = tuple((file.name, file.sha256) for file in entry.versions[-1].files)
    stone = Tombstone(
        withdrawn_at="2026-05-01T00:00:00+00:00", reason="誤りがあったため", contact="施設課",
        digests=digests,
    )  # fmt: skip
    return replace(entry, versions=(), withdrawn=stone)


def catalogue(*entries: Entry, site: str | None = SITE) -> PublicCatalogue:
    """Make the catalogue of these releases."""
    return PublicCatalogue(city=CITY, site_url=site, entries=entries)
