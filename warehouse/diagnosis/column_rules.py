"""Rules about the values of one column: numbers as numbers, choices, marks, units, eras, persons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from transforms.catalogue import RULES
from transforms.width import fold_width
from warehouse.diagnosis import vocabulary as words
from warehouse.diagnosis.rules import find
from warehouse.diagnosis.scene import list_some
from warehouse.readers.grid import ROW
from warehouse.tables.vocabulary import MARK_MEANINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts
    from warehouse.diagnosis.report import Finding
    from warehouse.diagnosis.scene import Scene

_NUMBERS = {"integer", "decimal", "percent"}
_TIMES = {"date", "month", "year", "fiscal_year"}
_WRITTEN = {
    "number.fullwidth": "全角の数字", "number.negative_mark": "△などの負の記号", "number.grouped": "桁区切りのカンマ",
    "number.unit": "単位付き", "number.percent_sign": "％付き", "number.symbol": "記号",
    "number.parentheses": "括弧の負数", "number.unit_scaled": "単位付き", "number.mixed": "万・億を含む数",
    "number.kanji": "漢数字", "number.approximate": "およその数", "number.bound": "範囲や以上・以下",
    "number.nil_mark": "皆無の記号", "number.unknown_mark": "不詳の記号", "number.secret_mark": "秘匿の記号",
    "number.other_unit": "知らない単位", "number.bad_grouping": "桁区切りの誤り", "number.not_a_number": "数字でない値", "number.scientific": "指数表記",
}  # fmt: skip
_SAME = (
    {"有", "有り", "あり", "有る"}, {"無", "無し", "なし", "無い"}, {"○", "〇", "◯", "●"},
    {"×", "✕", "x", "X"}, {"男", "男性"}, {"女", "女性"},
)  # fmt: skip
_CHOICES = 50


def judge_columns(scene: Scene) -> Iterator[Finding]:
    """Find what is wrong with the values of each column, and whose they may be."""
    for column in scene.facts:
        kind = scene.types[column.number]
        if kind.name in _NUMBERS:
            yield from _judge_numbers(scene, column, kind)
        if kind.name in _TIMES:
            yield from _judge_times(scene, column, kind)
        yield from _judge_choices(scene, column, kind)
        yield from _judge_fit(scene, column, kind)
    yield from _judge_units(scene)
    yield from _judge_code_lists(scene)
    yield from _judge_persons(scene)


def _judge_numbers(scene: Scene, column: ColumnFacts, kind: ColumnType) -> Iterator[Finding]:
    written = {rule: count for rule, count in kind.rules.items() if rule in _WRITTEN}
    stored = _numbers_as_text(scene, column)
    if written or stored:
        reasons = [f"{_WRITTEN[rule]} {count}" for rule, count in written.items()]
        reasons += [f"文字列として保存された数値 {stored}"] if stored else []
        yield find(
            "L2-01",
            scene.column_at(column),
            f"数値の列に、数字だけでないセルがあります({'、'.join(reasons)})。",
        )
    if kind.marks:
        unknown = [mark for mark in kind.marks if not _is_explained(scene, column, mark)]
        said = "」「".join(unknown[:5])
        if unknown:
            yield find(
                "L3-03",
                scene.column_at(column),
                f"数値の列に記号「{said}」があり、意味が書かれていません。",
            )
    zeros = column.values.filter(pl.col("value").str.contains(r"^[0０]$"))
    if column.blanks and zeros.is_empty() and words.is_quantity(column.header):
        yield find(
            "L1-09",
            scene.column_at(column),
            f"空白が {column.blanks} セルあり、0 が1つもありません。",
        )


def _is_explained(scene: Scene, column: ColumnFacts, mark: str) -> bool:
    """Tell whether the file itself says what a mark means; the usual meaning is only a guess."""
    meaning = column.column.marks.get(mark)
    in_notes = any(mark in note.text for note in scene.table.notes)
    return in_notes or (meaning is not None and meaning != MARK_MEANINGS.get(mark))


def _numbers_as_text(scene: Scene, column: ColumnFacts) -> int:
    """Count the numbers that a workbook keeps as text."""
    styles = scene.grid.look.styles
    if styles.is_empty():
        return 0
    text = styles.filter((pl.col("column") == column.number) & (pl.col("stored") == "text"))
    number = pl.col(f"c{column.number}").str.contains(r"^[-+]?[0-9][0-9.]*$")
    return scene.rows.filter(number).join(text, on=ROW, how="semi").height


def _judge_times(scene: Scene, column: ColumnFacts, kind: ColumnType) -> Iterator[Finding]:
    eras = sum(count for rule, count in kind.rules.items() if rule.endswith(".wareki"))
    others = any(re.search("西暦", c.header) for c in scene.facts if c.number != column.number)
    if eras and not others:
        yield find(
            "L3-05", scene.column_at(column), f"和暦だけで書かれた値が {eras} セルあります。"
        )


def _judge_choices(scene: Scene, column: ColumnFacts, kind: ColumnType) -> Iterator[Finding]:
    if kind.name not in {"text", "code", "boolean"} or column.distinct > _CHOICES:
        return
    if column.rows - column.blanks < 2 * column.distinct:
        return
    folded = column.values.select(fold_width(pl.col("value")).str.replace_all(r"\s", "").alias("v"))
    present = set(column.values["value"])
    mixed = any(len(present & same) > 1 for same in _SAME)
    if folded["v"].n_unique() < column.distinct or mixed:
        yield find(
            "L2-04",
            scene.column_at(column),
            "同じ意味の値が、違う書き方(全角と半角、空白、言い方)で混じっています。",
        )
    other = column.values.filter(pl.col("value").str.contains(r"^その他 *[(（:：]"))
    if not other.is_empty():
        yield find(
            "L2-05",
            scene.column_at(column),
            f"「その他」に内容を書き添えたセルが {other['count'].sum()} あります。",
        )


def _judge_fit(scene: Scene, column: ColumnFacts, kind: ColumnType) -> Iterator[Finding]:
    if kind.fits or kind.name in _NUMBERS:
        return
    reasons = [f"{RULES[r].title} {n}" for r, n in kind.rules.items() if RULES[r].remedy]
    if reasons:
        yield find(
            "value.unfit",
            scene.column_at(column),
            f"ほかと違う書き方の値があります({'、'.join(reasons)})。",
        )


def _judge_units(scene: Scene) -> Iterator[Finding]:
    lacking = [
        f"{c.letter}列"
        for c in scene.facts
        if scene.types[c.number].name in {"integer", "decimal"}
        and not (c.column.unit or scene.types[c.number].unit)
        and not words.is_identifier(c.header)
    ]
    if lacking:
        yield find(
            "L3-04",
            scene.at(list_some(lacking, 5)),
            f"単位の分からない数値の列が {len(lacking)} 列あります。",
        )


def _judge_code_lists(scene: Scene) -> Iterator[Finding]:
    """Bare numbers as codes, with no column beside them that says what they mean."""
    headers = {column.header for column in scene.facts}
    for column in scene.facts:
        kind = scene.types[column.number]
        bare = kind.name == "code" and all(re.fullmatch(r"[0-9A-Za-z]+", v) for v in kind.labels)
        stem = re.sub(r"コード$|_?code$", "", column.header)
        explained = (
            any(h != column.header and h.startswith(stem) for h in headers) if stem else False
        )
        if bare and not explained:
            yield find(
                "L3-02",
                scene.column_at(column),
                f"コード({len(kind.labels)} 種類)の意味がファイルの中にありません。",
            )


def _judge_persons(scene: Scene) -> Iterator[Finding]:
    for column in scene.facts:
        kind = scene.suspicion.kinds.get(column.number)
        if kind:
            yield find(
                "personal.suspected", scene.at(f"{column.letter}列"), f"{kind}らしい列です。"
            )
