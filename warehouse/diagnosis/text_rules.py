"""Rules about the characters in the cells: spaces for looks, several data in one, gaiji, errors.

A message names places and single characters, never a value.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import list_some
from warehouse.readers.grid import ROW, column_letter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.report import Finding
    from warehouse.diagnosis.scene import Scene

_PADDED = r"^[ \u3000]+\S|\S[ \u3000]+$|\S[ \u3000]{2,}\S"
_SPACED_WORD = r"^\p{Han}[ \u3000]+\p{Han}$"
_SEVERAL = {
    "改行で並べた値": r"\S[\r\n]+\S",
    "かっこの中にもう1つの数がある値": r"^[0-9,.]+ *[(（][0-9,.]+[)）]$",
    "緯度と経度を並べた値": r"^[0-9]{2}\.[0-9]+ *, *[0-9]{3}\.[0-9]+$",
    "区切りで並べた数": r"^[0-9]+(?:[、，・][0-9]+)+$",
    "中に表の形の文字(JSON)がある値": r"^[\[{].*[\]}]$",
}
_GAIJI = r"[\x{E000}-\x{F8FF}]"
_ERROR = r"^#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|ERROR!)$"


def judge_texts(scene: Scene) -> Iterator[Finding]:
    """Find what the spelling of the cells hides from a machine."""
    yield from _judge_headers(scene)
    yield from _judge_characters(scene)
    for column in scene.facts:
        yield from _judge_padding(scene, column)
        yield from _judge_several(scene, column)
        yield from _judge_errors(scene, column)


def _judge_headers(scene: Scene) -> Iterator[Finding]:
    band = scene.table.header_rows
    if band is None:
        return
    cells = scene.grid.cells.filter(pl.col(ROW).is_between(*band))
    columns = [f"c{column.number}" for column in scene.table.columns]
    melted = cells.unpivot(
        columns, index=ROW, variable_name="column", value_name="text"
    ).drop_nulls()
    spaced = melted.filter(pl.col("text").str.contains(rf"[\r\n]|{_PADDED}|{_SPACED_WORD}"))
    if not spaced.is_empty():
        places = [f"{column_letter(int(c[1:]))}{r}" for r, c in spaced.select(ROW, "column").rows()]
        yield find(
            "L1-06",
            scene.at(list_some(places)),
            f"項目名の中に、体裁のための空白や改行が {len(places)} セルあります。",
        )


def _judge_padding(scene: Scene, column: ColumnFacts) -> Iterator[Finding]:
    cells = scene.grid.cells.join(scene.rows.select(ROW), on=ROW, how="semi")
    text = pl.col(f"c{column.number}")
    padded = cells.filter(text.str.contains(_PADDED))
    if not padded.is_empty():
        places = [f"{column.letter}{row}" for row in padded[ROW].head(4)]
        yield find(
            "L1-06",
            scene.at(list_some(places)),
            f"{column.letter}列に、前後や字間の余分な空白のある値が {padded.height} セルあります。",
        )


def _judge_several(scene: Scene, column: ColumnFacts) -> Iterator[Finding]:
    text = pl.col(f"c{column.number}")
    for what, pattern in _SEVERAL.items():
        if column.values.filter(pl.col("value").str.contains(pattern)).is_empty():
            continue
        cells = scene.rows.filter(text.str.contains(pattern))
        if cells.is_empty():
            continue
        places = [f"{column.letter}{row}" for row in cells[ROW].head(4)]
        yield find(
            "L1-07",
            scene.at(list_some(places)),
            f"{column.letter}列に、{what}が {cells.height} セルあります。",
        )


def _judge_characters(scene: Scene) -> Iterator[Finding]:
    held = (
        pl.concat([c.values.select(pl.lit(c.letter).alias("letter"), "value") for c in scene.facts])
        if scene.facts
        else pl.DataFrame({"letter": [], "value": []})
    )
    pattern = f"[{machine_dependent()}]|[｡-ﾟ]"
    found = held.filter(pl.col("value").str.contains(pattern))
    if not found.is_empty():
        letters = found["letter"].unique(maintain_order=True).to_list()
        characters = found["value"].str.extract_all(pattern).explode().unique(maintain_order=True)
        kana = characters.str.contains("[｡-ﾟ]")
        shown = characters.filter(~kana).to_list()
        said = [*shown[:8], *(["半角カナ"] if kana.any() else [])]
        columns = "、".join(f"{letter}列" for letter in letters[:5])
        yield find("L1-08", scene.at(columns), f"機種依存文字({' '.join(said)})があります。")
    gaiji = held.filter(pl.col("value").str.contains(_GAIJI))
    if not gaiji.is_empty():
        columns = "、".join(f"{letter}列" for letter in gaiji["letter"].unique(maintain_order=True))
        yield find(
            "gaiji.kept",
            scene.at(columns),
            f"外字(市区町村などが作った文字)を含む値が {gaiji.height} 種類あります。",
        )


def _judge_errors(scene: Scene, column: ColumnFacts) -> Iterator[Finding]:
    errors = column.values.filter(pl.col("value").str.contains(_ERROR))
    if not errors.is_empty():
        said = "、".join(errors["value"])
        yield find(
            "cell.error",
            scene.column_at(column),
            f"数式のエラー({said})が {errors['count'].sum()} セルあります。",
        )


@cache
def machine_dependent() -> str:
    """List the NEC and IBM extensions of cp932 (①㈱Ⅲ髙﨑…), as they stand in a regex class."""
    rows = (0x87, 0xED, 0xEE, 0xFA, 0xFB, 0xFC)
    pairs = (bytes((lead, trail)) for lead in rows for trail in range(0x40, 0xFD))
    decoded = {pair.decode("cp932", "ignore") for pair in pairs}
    plain = set("≒≡∫√⊥∠∵∩∪¬")
    return "".join(
        sorted(
            c
            for c in decoded - plain
            if len(c) == 1 and not "\0" <= c <= "~" and not "｡" <= c <= "ﾟ"
        )
    )
