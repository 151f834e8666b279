"""A published table laid out anew: an older sheet as the current layout, or the current one put right.

Belongs here: the order of work and its account. Must not hold: where columns come from
(`assets/standards/conversions`), filling them (`fill`), repairs (`mend`), reading.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from assets.conversion import Conversion, load_conversion
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal
from warehouse.standards.account import Converted, SourceColumn
from warehouse.standards.check import check_table
from warehouse.standards.detect import detect
from warehouse.standards.fill import Filled, fill_columns, place_rest
from warehouse.standards.mend import mend_column
from warehouse.standards.remarks import Remark, remarks_column, write_remarks
from warehouse.standards.source import prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.standard import Standard
    from warehouse.standards.detect import Detection
    from warehouse.standards.layouts import Layout, Layouts
    from warehouse.standards.reading import FoundTable


def convert_table(
    table: FoundTable, layouts: Layouts, file: str, wanted: Layout | None = None
) -> Converted:
    """Lay a table out by the current edition of its dataset.

    Args:
        table: As read.
        layouts: Those to choose among.
        file: Name of the file.
        wanted: Its layout, when it need not be found out.

    Raises:
        Refusal: `standard.unknown` when it is no standard dataset, `standard.no_current`.
    """
    detection = detect(table.headings, layouts, file)
    from_, to = _choose(detection, layouts, file, wanted)
    source = prepare(table, from_)
    conversion = load_conversion(from_.slug) if from_.standard.is_older else Conversion()
    filled = fill_columns(source, to.standard, conversion)
    kept, placed = place_rest(source, filled, to.standard, conversion)
    mended, moved = _mend(filled, to.standard)
    columns = _write(mended, [*placed, *moved], to.standard) + kept
    result = pl.DataFrame([one.values for one in columns])
    return Converted(
        file=file,
        sheet=table.sheet,
        detection=replace(detection, layout=from_),
        layout=to,
        table=result,
        targets=tuple(
            replace(one.account, filled=len(one.values) - one.values.null_count())
            for one in columns
        ),
        sources=_trace(table, columns, placed, to.standard),
        left=tuple(check_table(result, to.standard)),
        dropped_rows=table.rows.height - source.height,
    )


def _choose(
    detection: Detection, layouts: Layouts, file: str, wanted: Layout | None
) -> tuple[Layout, Layout]:
    """Choose the layout the table has and the one it gets."""
    source = wanted or detection.layout
    if source is None:
        nearest = detection.nearest.label if detection.nearest else "なし"
        raise Refusal(
            "standard.unknown",
            f"標準データセットの表ではありません(最も近いのは {nearest}。{detection.reason})。",
            file,
            "見出しを確かめるか、--as に様式の名前を書いてください。",
        )
    target = layouts.find(source.slug) if source.standard.is_older else source
    if target is None:
        raise Refusal(
            "standard.no_current",
            f"「{source.standard.title}」の今の標準データセットがありません。",
            file,
            "machikane standard list で様式を確かめてください。",
        )
    return source, target


def _mend(filled: Sequence[Filled], standard: Standard) -> tuple[list[Filled], list[Remark]]:
    """Bring the values into the form of the layout; what has none is moved to the remarks."""
    may_move = remarks_column(standard) is not None
    done: list[Filled] = []
    remarks: list[Remark] = []
    for one in filled:
        column = standard.column(one.account.name)
        if column is None:
            done.append(one)
            continue
        mended = mend_column(one.values, column, may_move=may_move)
        moved = len(mended.aside) - mended.aside.null_count()
        if moved:
            remarks.append(Remark("", one.account.name, mended.aside))
        changed = one.account.made == "写した" and bool(mended.rewritten or moved)
        account = replace(
            one.account,
            made="変換した" if changed else one.account.made,
            rewritten=mended.rewritten,
            moved=moved,
        )
        done.append(replace(one, values=mended.values.alias(account.name), account=account))
    return done, remarks


def _write(filled: list[Filled], remarks: list[Remark], standard: Standard) -> list[Filled]:
    """Write the remarks into their column."""
    into = remarks_column(standard)
    if into is None or not remarks:
        return filled
    return [
        replace(
            one,
            values=write_remarks(one.values, remarks),
            account=replace(one.account, made="変換した", reason="ほかの列から移した語句を加えた"),
        )
        if one.account.name == into
        else one
        for one in filled
    ]


def _trace(
    table: FoundTable, columns: Sequence[Filled], placed: Sequence[Remark], standard: Standard
) -> tuple[SourceColumn, ...]:
    """Say of every column of the file where its values are now."""
    into = remarks_column(standard) or ""
    reasons = {remark.heading: remark.reason for remark in placed if remark.reason}
    traced = []
    for heading in table.rows.columns:
        if heading == ROW:
            continue
        holders = [one.account for one in columns if heading in one.holds]
        if holders:
            how = holders[0].reason or holders[0].made
            traced.append(SourceColumn(heading, tuple(one.name for one in holders), how))
        elif heading in reasons:
            traced.append(SourceColumn(heading, (into,), f"備考へ({reasons[heading]})"))
        elif heading in table.asides:
            traced.append(SourceColumn(heading, (), "様式の説明なので移さない"))
        else:
            traced.append(SourceColumn(heading, (), "値がないので移すものがない"))
    return tuple(traced)
