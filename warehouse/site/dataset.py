"""What the page of one dataset shows, gathered from its public rows and its versions.

Belongs here: putting together table, map, charts, columns and the steps between versions, once for
both languages; and the scripts that hold the rows. No wording, no markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from warehouse.release.freeze import SIGNATURE, SUMS
from warehouse.site import atlas, charts
from warehouse.site.differences import compare_rows
from warehouse.site.rows import describe_columns, is_small, preview_rows, read_rows, to_script

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from assets.standard import StandardColumn
    from warehouse.catalogue.entries import Entry, PublicVersion
    from warehouse.site.atlas import Ground
    from warehouse.site.differences import Difference

_PLACES = 100
_PLACE_COLUMNS = ("所在地_連結表記", "設置場所", "住所", "所在地", atlas.LATITUDE, atlas.LONGITUDE)


@dataclass(frozen=True)
class ColumnFacts:
    """A column as the layout says it, and the share of its cells that is blank (None: not there)."""

    spec: StandardColumn
    blank: float | None


@dataclass(frozen=True)
class Step:
    """A version and what changed since the one before; None for the first."""

    version: PublicVersion
    difference: Difference | None


def describe_entry(
    public: Path, entry: Entry, ground: Ground, described: Mapping[str, bytes]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Gather the facts of one dataset on offer, and the scripts its page loads.

    Args:
        public: The public folder, with the data files in it.
        entry: With at least one version.
        ground: What lies under every map.
        described: The catalogue files, by path.
    """
    tables = [(version, read_rows(public, version)) for version in entry.versions]
    latest, table = tables[-1]
    folder = f"datasets/{entry.name}"
    scripts: dict[str, bytes] = {}
    if is_small(latest):
        scripts[f"{folder}/rows.js"] = to_script(table, entry.standard)
    place_facts, place_script = _places(table, ground)
    if place_script:
        scripts[f"{folder}/places.js"] = place_script
    numbers = {c.name for c in entry.columns if c.is_number or c.type in {"latitude", "longitude"}}
    version_folder = f"{folder}/{latest.name}"
    facts = {
        "names": table.columns,
        "columns": _columns(entry, table),
        "preview": preview_rows(table),
        "number_names": numbers,
        "rows_script": next((name for name in scripts if name.endswith("rows.js")), None),
        "steps": _steps(tables),
        "pyramid": charts.draw_pyramid(table),
        "series": charts.draw_series(table, entry.standard),
        "over_versions": charts.draw_versions(_labelled(tables), entry.standard, "行数", "行"),
        "described": next((p for p in described if p == f"{version_folder}/datapackage.json"), None),
        "ngsi": [path for path in described if path.startswith(f"ngsi/{entry.name}.")],
        "sums": _existing(public, f"{version_folder}/{SUMS}"),
        "signature": _existing(public, f"{version_folder}/{SIGNATURE}"),
        **place_facts,
    }  # fmt: skip
    return facts, scripts


def _columns(entry: Entry, table: pl.DataFrame) -> list[ColumnFacts]:
    blank = {column.name: column.blank for column in describe_columns(table)}
    listed = [c for c in entry.columns if c.name in blank] or list(entry.columns)
    return [ColumnFacts(column, blank.get(column.name)) for column in listed]


def _places(table: pl.DataFrame, ground: Ground) -> tuple[dict[str, Any], bytes | None]:
    places = atlas.find_places(table)
    if places is None:
        return {"map": None, "place_rows": [], "place_columns": []}, None
    drawn = atlas.draw_map(places, ground, table.height)
    shown = [c for c in _PLACE_COLUMNS if c in places.columns]
    few = places.head(_PLACES).select("name", *shown).fill_null("")
    facts = {"map": drawn, "place_rows": few.rows(), "place_columns": ["名称", *shown]}
    return facts, atlas.places_script(places, drawn.frame)


def _steps(tables: list[tuple[PublicVersion, pl.DataFrame]]) -> list[Step]:
    """Compare each version with the one before, the newest first."""
    found = [Step(tables[0][0], None)]
    for (_, before), (version, after) in pairwise(tables):
        found.append(Step(version, compare_rows(before, after)))
    return found[::-1]


def _labelled(
    tables: list[tuple[PublicVersion, pl.DataFrame]],
) -> list[tuple[str, pl.DataFrame]]:
    """Name versions by the time they speak of; of several for the same time the last counts."""
    named = {version.period or version.name: table for version, table in tables}
    return list(named.items())


def _existing(public: Path, path: str) -> str | None:
    return path if (public / path).is_file() else None
