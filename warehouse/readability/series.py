"""Rule L3-07 over several files of one dataset: whether the layout stays the same over the years.

Belongs here: which files are of one dataset (by name without its year or day) and the comparison of their
headings. Must not hold: the other rules.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING

from warehouse.readability.score import FAILED, PASSED, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from warehouse.readability.score import Judgement, Scorecard

RULE = "L3-07"
# Share of all headings that two years have in common.
ENOUGH = 0.8
_TIME = (
    r"(?:19|20)[0-9]{2}(?:[-_]?[0-9]{2}){0,2}(?:[-_]?[0-9]{4})?"
    r"|(?:令和|平成|昭和)(?:元|[0-9]{1,2})|(?<![A-Za-z])[RHSrhs][0-9]{1,2}(?![0-9])"
)
_SHOWN = 5


def compare_years(cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Judge files of one dataset, in the order given, against the one before; others stay as are."""
    listed = list(cards)
    before: dict[str, Scorecard] = {}
    judged = []
    for card in listed:
        earlier = before.get(_dataset(card.file))
        before[_dataset(card.file)] = card
        known = earlier is not None and earlier.headings and card.headings
        judged.append(_compare(card, earlier) if known and earlier else card)
    return judged


def _dataset(file: str) -> str:
    return re.sub(_TIME, "", PurePath(file).name)


def _compare(card: Scorecard, earlier: Scorecard) -> Scorecard:
    whys = [*_changes(earlier.headings, card.headings)]
    places = tuple(Place(f"{card.file}({earlier.file} と比べて)", why) for why in whys)
    return replace(card, judgements=tuple(_answer(j, places) for j in card.judgements))


def _answer(judgement: Judgement, places: tuple[Place, ...]) -> Judgement:
    if judgement.rule.id != RULE:
        return judgement
    verdict = FAILED if places else PASSED
    remedy = judgement.rule.remedy if places else ""
    return replace(
        judgement, verdict=verdict, tables=int(bool(places)), places=places, remedy=remedy
    )


def _changes(earlier: tuple[str, ...], now: tuple[str, ...]) -> list[str]:
    ours, theirs = set(now), set(earlier)
    whys = []
    if len(ours & theirs) < ENOUGH * len(ours | theirs):
        gone, new = (_name(x) for x in ([*theirs - ours], [*ours - theirs]))
        whys.append(f"項目名が大きく変わっています(なくなった: {gone}、増えた: {new})。")
    common = [[name for name in names if name in ours & theirs] for names in (earlier, now)]
    if common[0] != common[1]:
        whys.append("同じ項目の並びが変わっています。")
    return whys


def _name(headings: list[str]) -> str:
    return "・".join(sorted(headings)[:_SHOWN]) or "なし"
