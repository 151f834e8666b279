"""The columns of the result: copied, derived, left blank with the reason, or kept beside.

Belongs here: giving every column of the current layout its values, and every column of the file a
place. Must not hold: expressions (`derive`), forms of values (`mend`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from assets.conversion import Derivation
from warehouse.standards.account import TargetColumn
from warehouse.standards.derive import derive
from warehouse.standards.remarks import Remark, remarks_column
from warehouse.standards.source import POINT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assets.conversion import Conversion
    from assets.standard import Standard
    from warehouse.standards.account import Made
    from warehouse.standards.source import Source

_SPLIT = "1つの列にあった緯度と経度を分けた"


@dataclass(frozen=True, eq=False)
class Filled:
    """One column of the result.

    Attributes:
        values: Named as the column.
        account: Where they came from.
        holds: Headings of the file whose values are whole in it; parts of an address are not.
    """

    values: pl.Series
    account: TargetColumn
    holds: tuple[str, ...] = ()


def fill_columns(source: Source, target: Standard, conversion: Conversion) -> list[Filled]:
    """Fill the columns of the layout in its order, and those it may have besides if the file does."""
    city = source.city()
    there = {*source.cells.columns, *source.own.columns}
    besides = [c.name for c in target.also if c.name in there]
    names = [*(c.name for c in target.columns), *besides]
    return [
        _copy_own(name, source)
        if name in source.own.columns and name not in source.cells.columns
        else _fill(name, source, _derivation(name, source, conversion), city)
        for name in names
    ]


def _copy_own(name: str, source: Source) -> Filled:
    """Copy a column the older sheet does not know but the file has, under the name it has today."""
    account = TargetColumn(name, "写した", (name,), "旧様式にない列だが、ファイルにあった")
    return Filled(source.own[name].alias(name), account, (name,))


def _derivation(name: str, source: Source, conversion: Conversion) -> Derivation:
    """A column of the same name is the same column, unless the conversion says it cannot be."""
    said = conversion.columns.get(name)
    if said is None or (name in source.cells.columns and not said.cannot and said.take != name):
        return Derivation(take=name)
    return said


def _fill(name: str, source: Source, derivation: Derivation, city: str | None) -> Filled:
    if derivation.cannot:
        return _blank(name, source, "作れない", derivation.cannot)
    values = derive(source.cells, derivation, city)
    if values is None:
        missing = "・".join(derivation.sources)
        return _blank(name, source, "元の列がない", f"ファイルに「{missing}」がない")
    used = [one for one in derivation.sources if one in source.cells.columns]
    headings = tuple(dict.fromkeys(source.headings[one] for one in used))
    made, reason = _say(name, derivation, headings, source)
    whole = () if derivation.part else headings
    return Filled(values.alias(name), TargetColumn(name, made, headings, reason), whole)


def _say(
    name: str, derivation: Derivation, headings: tuple[str, ...], source: Source
) -> tuple[Made, str]:
    if name in POINT and source.joined in headings:
        return "変換した", _SPLIT
    if derivation.take is None:
        return "変換した", derivation.note
    renamed = "" if headings == (name,) else "見出しを改めた"
    return "写した", derivation.note or renamed


def _blank(name: str, source: Source, made: Made, reason: str) -> Filled:
    nothing = pl.Series(name, [None] * source.height, dtype=pl.String)
    return Filled(nothing, TargetColumn(name, made, reason=reason))


def place_rest(
    source: Source, filled: Sequence[Filled], target: Standard, conversion: Conversion
) -> tuple[list[Filled], list[Remark]]:
    """Find a place for what no column has taken: remarks where that is said, else its own column."""
    taken = {heading for one in filled for heading in one.holds}
    names = {one.values.name for one in filled}
    into = remarks_column(target)
    kept: list[Filled] = []
    remarks: list[Remark] = []
    for name, heading, values in _left(source, taken):
        reason = conversion.remarks.get(name)
        if values.null_count() == len(values):
            continue
        if reason and into:
            remarks.append(Remark(heading, name, values, reason))
        else:
            kept.append(_keep(heading, values, names))
    if into is None:
        kept += [_keep(r.heading, r.values, names) for r in source.remarks if _speaks(r)]
        return kept, remarks
    return kept, [*remarks, *(r for r in source.remarks if _speaks(r))]


def _left(source: Source, taken: set[str]) -> Iterator[tuple[str, str, pl.Series]]:
    for name, heading in source.headings.items():
        if heading not in taken:
            yield name, heading, source.cells[name]
    for heading in source.own.columns:
        if heading not in taken:
            yield heading, heading, source.own[heading]


def _keep(heading: str, values: pl.Series, names: set[str]) -> Filled:
    name = heading if heading not in names else f"{heading}(元の列)"
    account = TargetColumn(name, "写した", (heading,), "標準にない列をそのまま残した")
    return Filled(values.alias(name), account, (heading,))


def _speaks(remark: Remark) -> bool:
    return remark.values.null_count() < len(remark.values)
