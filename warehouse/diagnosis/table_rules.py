"""Rules about the shape of a table: header, unrelated rows, gaps, repeated names, wide format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from transforms.texts.headers import header_key
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.facts import share_of
from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import list_some
from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.report import Finding
    from warehouse.diagnosis.scene import Scene

_WIDE = 3
_FORMAL_REGION = r"(?:都|道|府|県|市|区|町|村|丁目)$"
_MOST = 0.9


def judge_table(scene: Scene) -> Iterator[Finding]:
    """Find what keeps a table from being read as rows under names."""
    yield from _judge_header(scene)
    yield from _judge_names(scene)
    yield from _judge_unrelated(scene)
    yield from _judge_gaps(scene)
    yield from _judge_omissions(scene)
    yield from _judge_records(scene)
    yield from _judge_wide(scene)
    yield from _judge_regions(scene)
    yield from _judge_totals(scene)


def _judge_header(scene: Scene) -> Iterator[Finding]:
    band, data = scene.table.header_rows, scene.table.data_rows
    if band is None:
        yield find("L1-05", scene.at(scene.range), "項目名の行がありません。")
        return
    if band[0] != 1 or band[1] != band[0] or (data and data[0] != band[1] + 1):
        said = f"{band[0]}行目" if band[0] == band[1] else f"{band[0]}〜{band[1]}行目"
        after = f"、データは {data[0]}行目から" if data else ""
        yield find("L3-01", scene.at(f"{band[0]}行"), f"項目名が {said}{after}です。")


def _judge_names(scene: Scene) -> Iterator[Finding]:
    if scene.table.header_rows is None:
        return
    nameless = [f"{c.letter}列" for c in scene.facts if c.is_nameless and c.distinct]
    if nameless:
        yield find(
            "L1-05", scene.at(list_some(nameless)), f"項目名のない列が {len(nameless)} 列あります。"
        )
    by_name: dict[str, list[str]] = {}
    for column in scene.facts:
        if column.path:
            by_name.setdefault(column.path, []).append(f"{column.letter}列")
    twice = [letters for letters in by_name.values() if len(letters) > 1]
    for letters in twice:
        yield find(
            "L2-03",
            scene.at(list_some(letters, 5)),
            f"同じ項目名の列が {len(letters)} 列あります。",
        )


def _judge_unrelated(scene: Scene) -> Iterator[Finding]:
    notes = scene.table.notes
    if notes:
        cells = list_some(list(dict.fromkeys(note.cell for note in notes)))
        kinds = {"title": "表題", "note": "注記", "unit": "単位", "metadata": "メタデータ"}
        said = "・".join(dict.fromkeys(kinds[note.kind] for note in notes))
        yield find("L1-04", scene.at(cells), f"表の外に{said}が {len(notes)} 件あります。")


def _judge_gaps(scene: Scene) -> Iterator[Finding]:
    data = scene.table.data_rows
    if data is None:
        return
    inside = scene.table.roles.filter(pl.col(ROW).is_between(*data))
    blank = inside.filter(pl.col("role") == "blank")[ROW].to_list()
    if blank:
        yield find(
            "L1-03",
            scene.at(list_some([f"{row}行" for row in blank])),
            f"表の途中に空白の行が {len(blank)} 行あります。",
        )
    known = {column.number for column in scene.table.columns}
    span = range(scene.table.first_column, scene.table.last_column + 1)
    empty = {c.number for c in scene.facts if c.is_nameless and not c.distinct}
    gaps = [f"{column_letter(n)}列" for n in span if n not in known or n in empty]
    if gaps:
        yield find(
            "L1-03", scene.at(list_some(gaps)), f"表の途中に空白の列が {len(gaps)} 列あります。"
        )


def _judge_omissions(scene: Scene) -> Iterator[Finding]:
    carried = [c for c in scene.facts if c.column.is_carried and c.blanks]
    for column in carried:
        yield find(
            "L2-02", scene.column_at(column), f"上と同じ値を省いたセルが {column.blanks} あります。"
        )
    for column in scene.facts:
        ditto = column.values.filter(pl.col("value").str.contains(r"^(?:同上|〃|々|\"|”|“)$"))
        if not ditto.is_empty():
            yield find(
                "L2-02",
                scene.column_at(column),
                f"「同上」「〃」などと書いたセルが {ditto['count'].sum()} あります。",
            )
    groups = sorted(set(scene.table.roles.filter(pl.col("role") == "group")[ROW].to_list()))
    if groups:
        yield find(
            "L2-02",
            scene.at(list_some([f"{row}行" for row in groups])),
            f"まとまりの名前だけの行が {len(groups)} 行あり、各行には書かれていません。",
        )


def _judge_records(scene: Scene) -> Iterator[Finding]:
    """Text files: one record a line, every record of the same number of fields."""
    ragged = (
        scene.grid.ragged.filter(
            ~pl.col(ROW).is_in(scene.table.roles[ROW].implode())
            & (pl.col(ROW) > scene.table.first_row)
        )
        if scene.kind in {"csv", "tsv"}
        else scene.grid.ragged.clear()
    )
    ragged = ragged.filter(pl.col("text").str.strip_chars(',\t \u3000"\r\n\x1a') != "")
    if not ragged.is_empty():
        lines = list_some(
            [f"{line}行" for line in ragged.select(pl.coalesce("line", ROW)).to_series()]
        )
        yield find("row.ragged", lines, f"列の数が見出しと違う行が {ragged.height} 行あります。")
        longer = ragged.filter(pl.col("fields") > scene.grid.width)
        if not longer.is_empty():
            lines = list_some(
                [f"{line}行" for line in longer.select(pl.coalesce("line", ROW)).to_series()]
            )
            yield find(
                "L1-15",
                lines,
                f"列が多すぎる行が {longer.height} 行あります。囲みのないカンマがあるようです。",
            )
    if scene.kind in {"csv", "tsv"}:
        broken = scene.rows.filter(pl.any_horizontal(pl.exclude(ROW).str.contains(r"[\r\n]")))
        if not broken.is_empty():
            said = list_some([f"{row}件目" for row in broken[ROW]])
            yield find(
                "L1-14", scene.at(said), f"値の中に改行がある行が {broken.height} 行あります。"
            )


def _judge_wide(scene: Scene) -> Iterator[Finding]:
    by_depth: dict[int, dict[str, str]] = {}
    for column in scene.facts:
        for depth, level in enumerate(column.path.split("/")):
            if words.names_a_time(level):
                by_depth.setdefault(depth, {}).setdefault(level, f"{column.letter}列")
    levels = max(by_depth.values(), key=len, default={})
    if len(levels) >= _WIDE:
        letters = [*levels.values()]
        yield find(
            "L3-09", scene.at(list_some(letters)), f"年や月が列に並んでいます({len(levels)} 通り)。"
        )


def _judge_regions(scene: Scene) -> Iterator[Finding]:
    regions = [c for c in scene.facts if words.names_a_region(c.header) and c.distinct]
    has_code = any(words.names_a_region_code(column.header) for column in scene.facts)
    for column in regions if not has_code else ():
        text = scene.types[column.number].name in {"text", "town"}
        formal = share_of(column.values, pl.col("value").str.contains(_FORMAL_REGION))
        if text and formal < _MOST:
            yield find(
                "L3-06",
                scene.column_at(column),
                "地域のコードがなく、正式な名称(○○市など)でない地域があります。",
            )


def _judge_totals(scene: Scene) -> Iterator[Finding]:
    for total in scene.table.totals:
        if total.is_proved is False:
            said = f"「{header_key(total.label)}」の行が内訳の合計と合いません。{total.detail}"
            yield find("total.differs", scene.at(f"{total.row}行"), said)
