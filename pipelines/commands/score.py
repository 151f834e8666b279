"""`machikane score`: files against the 30 rules of machine readability, for people and machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from warehouse.atomic import write_atomically
from warehouse.readability.page import SEVERITIES, as_json, render_page
from warehouse.readability.score import FAILED, PERSON, score_file
from warehouse.readability.series import compare_years
from warehouse.readers.child import ParsingChild

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rich.console import Console

    from warehouse.readability.score import Judgement, Scorecard

_PLACES = 3
_COLOURS = {FAILED: "red", PERSON: "yellow"}


def score_files(
    console: Console, files: Sequence[Path], *, as_data: bool, report: Path | None
) -> None:
    """Score files in their order and print verdicts, as JSON when asked; `report` gets a page."""
    with ParsingChild() as child:
        cards = compare_years([score_file(file, child) for file in files])
    if report is not None:
        write_atomically(report, render_page(cards))
    if as_data:
        print(json.dumps([as_json(card) for card in cards], ensure_ascii=False, indent=2))
        return
    for card in cards:
        _print_card(console, card)
    if report is not None:
        console.print(f"報告書: {report}", soft_wrap=True, highlight=False)


def _print_card(console: Console, card: Scorecard) -> None:
    console.print(f"[bold]{escape(card.file)}[/]", soft_wrap=True)
    said = [
        f"L{level} {'―' if score is None else f'{score} 点'}"
        for level, score in card.scores.items()
    ]
    console.print("  ".join(said), highlight=False)
    if card.beside:
        console.print(f"説明のファイル: {escape('、'.join(card.beside))}", soft_wrap=True)
    shown = [j for j in card.judgements if j.verdict in _COLOURS]
    table = Table(show_lines=True)
    for heading in ("番号", "判定", "ルール", "どこが・なぜ", "直し方"):
        table.add_column(heading, overflow="fold")
    for judgement in shown:
        table.add_row(*_row(judgement))
    if shown:
        console.print(table)
    count = {v: sum(j.verdict == v for j in card.judgements) for v in ("合格", "対象外")}
    console.print(f"ほかに合格 {count['合格']}、対象外 {count['対象外']}", highlight=False)


def _row(judgement: Judgement) -> tuple[str, ...]:
    colour = _COLOURS[judgement.verdict]
    points = (
        f"\n−{judgement.points} 点({SEVERITIES[judgement.severity]})" if judgement.points else ""
    )
    places = [f"{place.where}: {place.why}" for place in judgement.places[:_PLACES]]
    if more := len(judgement.places) - _PLACES:
        places += [f"ほか {more} か所"] if more > 0 else []
    return (
        judgement.rule.id,
        f"[{colour}]{judgement.verdict}{points}[/]",
        judgement.rule.name,
        escape("\n".join(places)),
        judgement.remedy,
    )
