"""Releases of frequency tables: protected by the method declared, margins added up.

Belongs here: the way from the query's rows to a wide protected table, method by method, and what
the gate is told of it. Must not hold: the methods (`anonymize.cells`, `anonymize.tables`), noise
that is paid for (`shape_noise`), the standard's columns (`shape`).
"""

from __future__ import annotations

import fnmatch
from functools import singledispatch
from typing import TYPE_CHECKING, Any

import polars as pl

from anonymize.cells import OTHER_REGIONS, add_margins, merge_small_regions, round_cells
from anonymize.tables.cell_key import count_persons, perturb
from anonymize.tables.dimensions import Dimension, dimension, flat
from anonymize.tables.merging import MARK, merge_into_neighbours
from anonymize.tables.p_table import p_table
from anonymize.tables.rounding import controlled_rounding
from anonymize.tables.rounding_random import unbiased_rounding
from anonymize.tables.structure import arrange
from assets.release import (
    CellKey,
    ControlledRounding,
    Merging,
    RandomRounding,
    Suppression,
    TableProtection,
)
from warehouse.refusal import Refusal
from warehouse.release.shape_suppression import hide_cells, suppressed_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

Protected = tuple[pl.DataFrame, list[str], tuple[str, ...]]
_CELL, _COUNT = "区分", "人数"
_ALL = "\0all"
_LINES = ("", "  場所: ", "  直し方: ")


def protect_counts(
    table: pl.DataFrame, protection: TableProtection, key: bytes, release: str
) -> Protected:
    """Give the wide protected table, its columns of counts, and what was done in words.

    Raises:
        Refusal: `release.table`: the query's rows do not fit the protection.
    """
    _require_columns(table, protection, release)
    try:
        return _protect(protection, table, key)
    except ValueError as error:
        raise _misfit(str(error), release) from None


def claims_of(protection: TableProtection, columns: list[str]) -> dict[str, Any]:
    """Say what the gate shall find in the table: options of `ReleasePolicy`."""
    cells = expand(protection.counts, columns)
    if isinstance(protection, Suppression):
        sums = {m: tuple(p) for m, p in sums_of(protection, cells).items()}
        return {"sums": sums, "suppressed": suppressed_cells(protection)}
    claims: dict[str, Any] = {
        "total_column": protection.total,
        "minimum_region_total": protection.minimum_region_total,
        "sums": {m: tuple(p) for m, p in sums_of(protection, cells).items()},
    }
    if isinstance(protection, RandomRounding | ControlledRounding):
        claims["rounding_base"] = protection.base
    if isinstance(protection, Merging):
        claims["hiding_note"] = protection.note
    return claims


def expand(patterns: list[str], columns: list[str]) -> list[str]:
    """Match names and patterns with `*` against columns, in the columns' order."""
    hits = [c for c in columns if any(fnmatch.fnmatchcase(c, p) for p in patterns)]
    return list(dict.fromkeys(hits))


def sums_of(protection: TableProtection, cells: list[str]) -> dict[str, list[str]]:
    """Give each margin and its parts, patterns replaced by columns."""
    known = [*cells, *protection.sums]
    return {margin: expand(parts, known) for margin, parts in protection.sums.items()}


@singledispatch
def _protect(protection: TableProtection, table: pl.DataFrame, key: bytes) -> Protected:
    raise NotImplementedError(protection.method)


@_protect.register
def _(protection: RandomRounding, table: pl.DataFrame, key: bytes) -> Protected:
    counts = expand(protection.counts, table.columns)
    merged, first = _merge(table, protection, counts)
    rounded = round_cells(merged, protection.region, counts, base=protection.base, key=key)
    words = (
        f"人数は{protection.base}の倍数へ確率的に丸めました(鍵で決まるので、変わらない人数は毎回同じ値になります)。",
        "合計は丸めた値を足したもので、真の合計は公表していません。",
        f"守れないこと: {protection.base}人以上の増減は、おおよその大きさが分かります。",
    )
    return _finish(rounded, table, protection, counts, words=words, first=first)


@_protect.register
def _(protection: ControlledRounding, table: pl.DataFrame, key: bytes) -> Protected:
    counts = expand(protection.counts, table.columns)
    merged, first = _merge(table, protection, counts)
    regions = flat(protection.region, merged[protection.region].to_list(), _ALL)
    dimensions = [regions, _columns(counts, sums_of(protection, counts))]
    long = merged.unpivot(counts, index=protection.region, variable_name=_CELL, value_name=_COUNT)
    whole = arrange(long, dimensions, _COUNT)
    if protection.draw == "unbiased":
        result = unbiased_rounding(whole, dimensions, base=protection.base, key=key)
        how = "平均が真の値になるように鍵で引き、小計・合計も"
    else:
        result = controlled_rounding(whole, dimensions, base=protection.base)
        how = "変化の合計が最も小さくなるように、小計・合計も合わせて"
    cells = whole.cells.with_columns(pl.Series(_COUNT, result.values))
    rounded = _widen(cells, protection.region, merged, counts)
    words = (
        f"人数は、{how}{protection.base}の倍数に丸めました(真の値との差は最大{result.largest_change}人)。",
        "合計は丸めた値を足したもので、真の合計は公表していません。",
        "守れないこと: くり返し公表すると、変わらない人数も別の値に丸められ、平均から真の値に近づけます。",
    )
    return _finish(rounded, table, protection, counts, words=words, first=first)


@_protect.register
def _(protection: CellKey, table: pl.DataFrame, key: bytes) -> Protected:
    region, counts = protection.region, protection.counts
    sizes = table.group_by(region).len(_COUNT).with_columns(pl.col(_COUNT).cast(pl.Int64))
    merged, first = merge_small_regions(
        sizes, region, counts=[_COUNT], minimum_total=protection.minimum_region_total
    )
    regions = sorted(merged[region].to_list(), key=lambda name: (name == OTHER_REGIONS, name))
    placed = table.with_columns(
        pl.when(pl.col(region).is_in(regions))
        .then(region)
        .otherwise(pl.lit(OTHER_REGIONS))
        .alias(region)
    )
    dimensions = [flat(region, regions, _ALL), flat(protection.cell, counts, _ALL)]
    keyed = count_persons(placed, dimensions, protection.person, key=key)
    chances = p_table(
        deviation=protection.deviation,
        variance=protection.variance,
        suppressed_up_to=protection.suppressed_up_to,
    )
    cells = keyed.table.cells.rename({protection.cell: _CELL})
    cells = cells.with_columns(pl.Series(_COUNT, perturb(keyed, chances)))
    wide = _widen(cells, region, pl.DataFrame({region: regions}), counts)
    least = (
        f"1人から{protection.suppressed_up_to}人は公表しません。"
        if protection.suppressed_up_to
        else ""
    )
    words = (
        f"人数に、平均0・分散{protection.variance:g}・最大{protection.deviation}人の増減を加えました(そこに住む人の組で決まり、同じ人たちの人数はどの表でもいつも同じ値になります)。{least}",
        "0人は0のままです。合計は公表する区分の和で、真の合計は公表していません。",
        "守れないこと: 値が変わらない月は、その区分に出入りがなかったと推測できます。",
    )
    constants = table.drop(protection.person, region, protection.cell)
    return _finish(wide, constants, protection, counts, words=words, first=first)


@_protect.register
def _(protection: Merging, table: pl.DataFrame, key: bytes) -> Protected:
    del key
    counts = expand(protection.counts, table.columns)
    sums = sums_of(protection, counts)
    added = add_margins(table, sums)
    merged = merge_into_neighbours(
        added,
        protection.region,
        counts=[*counts, *sums],
        total=protection.total,
        neighbours=protection.neighbours,
        minimum_total=protection.minimum_region_total,
        always=protection.always,
        within=protection.within,
    )
    note = pl.when(pl.col(MARK) != "").then(MARK).alias(protection.note)
    dropped = [MARK] if protection.within is None else [MARK, protection.within]
    words = (
        f"合計が{protection.minimum_region_total}人に満たない地域は空欄(X)とし、決まった隣の地域に合算しました(秘匿した地域の数: {len(merged.partners)})。",
        f"どの地域と合算したかは「{protection.note}」に書いてあります。",
        "守れないこと: ほかの地域の人数は真の値のままです。ある月だけ秘匿した地域は、前後の月との差から分かることがあります。",
    )
    return merged.table.with_columns(note).drop(dropped), [*counts, *sums], words


@_protect.register
def _(protection: Suppression, table: pl.DataFrame, key: bytes) -> Protected:
    del key
    counts = expand(protection.counts, table.columns)
    sums = sums_of(protection, counts)
    added = add_margins(table, sums)
    hidden, words = hide_cells(added, protection, [*counts, *sums], sums)
    return hidden, [*counts, *sums], words


def _merge(
    table: pl.DataFrame, protection: RandomRounding | ControlledRounding, counts: list[str]
) -> tuple[pl.DataFrame, int]:
    minimum = protection.minimum_region_total
    return merge_small_regions(table, protection.region, counts=counts, minimum_total=minimum)


def _finish(
    cells: pl.DataFrame,
    query: pl.DataFrame,
    protection: RandomRounding | ControlledRounding | CellKey,
    counts: list[str],
    *,
    words: tuple[str, ...],
    first: int,
) -> Protected:
    """Merge again what the protection pushed under the minimum, add margins and constants."""
    again, second = merge_small_regions(
        cells, protection.region, counts=counts, minimum_total=protection.minimum_region_total
    )
    sums = sums_of(protection, counts)
    constants = {
        name: query[name][0]
        for name in query.columns
        if name not in {protection.region, *counts} and query[name].n_unique() == 1
    }
    whole = add_margins(again, sums).with_columns(
        pl.lit(value).alias(name) for name, value in constants.items()
    )
    merged = f"合計が{protection.minimum_region_total}人に満たない地域は「{OTHER_REGIONS}」にまとめました(まとめた地域の数: {first + max(second - 1, 0)})。"
    return whole, [*counts, *sums], (*words[:-1], merged, words[-1])


def _columns(counts: list[str], sums: Mapping[str, list[str]]) -> Dimension:
    """Make the columns of a wide table a dimension; columns in no margin stand under one more sum."""
    parts = {part for below in sums.values() for part in below}
    tops = [name for name in [*sums, *counts] if name not in parts]
    return dimension(_CELL, [*sums.items(), (_ALL, tops)])


def _widen(cells: pl.DataFrame, region: str, rows: pl.DataFrame, counts: list[str]) -> pl.DataFrame:
    """Turn (region, cell, count) into one row a region, beside the other columns of `rows`."""
    wide = cells.filter(pl.col(_CELL).is_in(counts)).pivot(on=_CELL, index=region, values=_COUNT)
    others = rows.drop([name for name in counts if name in rows.columns])
    return others.join(wide, on=region, how="left", maintain_order="left").select(
        *others.columns, *counts
    )


def _require_columns(table: pl.DataFrame, protection: TableProtection, release: str) -> None:
    """Refuse names that match nothing: a count left out by a slip would go out as it is."""
    if isinstance(protection, CellKey):
        columns, asked = protection.counts, []
    else:
        columns, asked = table.columns, protection.counts
    known = [*expand(protection.counts, columns), *protection.sums]
    parts = [part for below in protection.sums.values() for part in below]
    unmatched = [p for p in asked if not expand([p], columns)]
    unmatched += [p for p in parts if not expand([p], known)]
    if unmatched or protection.total not in known:
        named = "、".join(dict.fromkeys(unmatched)) or protection.total
        raise Refusal(
            "release.table",
            f"どの列にも当てはまらない名前があります: {named}",
            f"{release} の protection(counts・sums・total)",
            "SQL の列名に合わせてください。",
        )
    if table.is_empty() and not isinstance(protection, RandomRounding):
        raise Refusal(
            "release.table",
            "公開する行がありません。",
            f"{release}.sql の結果",
            "元データが届いているかを確かめてください。",
        )


def _misfit(text: str, release: str) -> Refusal:
    """Turn a refusal of the method into one of the release; a library's own text is not repeated."""
    parts = text.split("\n")
    known = len(parts) == len(_LINES) and all(
        p.startswith(k) for p, k in zip(parts, _LINES, strict=True)
    )
    what, where, remedy = parts if known else ("表を保護できません", "", "")
    return Refusal(
        "release.table",
        what,
        f"{release}.sql の結果({where.removeprefix(_LINES[1]) or 'protection'})",
        remedy.removeprefix(_LINES[2]) or "SQL か protection を直してください。",
    )
