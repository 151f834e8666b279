"""Which dataset and edition a table is, told from its headings; the file's name is a hint only.

Belongs here: scoring layouts against headings, and how sure the answer is. Must not hold: reading
files (`reading`), differences (`check`).

A heading counts by how few datasets have it: 緯度 says little, 小児対応設備の有無 much. Which dataset it
is and which edition are two questions: editions of one dataset share most columns and differ in how
they name place and id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse.standards.headings import bare_heading, fold_loosely, match_headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from warehouse.standards.headings import Matches
    from warehouse.standards.layouts import Layout, Layouts

# Known headings among all, and the share of what sets the dataset apart, that make a file one.
SURE_KNOWN, SURE_OWN = 0.8, 0.55
LEAST_KNOWN, LEAST_OWN = 0.6, 0.25
_HINTED = 0.15
# With the dataset's name in the file's, columns common to many lists are enough, if they are many.
_HINTED_KNOWN, _HINTED_FOUND = 0.9, 8
_FEWEST = 3
# Layouts known only in part are weighed by all columns they may have.
_FEW_COLUMNS = 5
# A column of at most two datasets sets one apart; without any, a file only looks like a list.
_APART = 0.5
# LinkData's column of row names: it says nothing about the dataset.
_RUNNING_NUMBER = "#property"
_WEIGHT_OF = {"exact": 1.0, "glyph": 0.98, "alias": 0.9}


@dataclass(frozen=True)
class Detection:
    """What a table is.

    Attributes:
        layout: The dataset in its edition and form; None: no standard dataset.
        nearest: The layout that comes nearest, also when the table is none; None: nothing in common.
        certainty: 確か, おそらく, 違う.
        known: Share of the headings the nearest layout knows.
        own: Share of what sets the nearest layout apart that is there.
        reason: Why, in Japanese.
    """

    layout: Layout | None
    nearest: Layout | None
    certainty: str
    known: float
    own: float
    reason: str


@dataclass(frozen=True)
class _Score:
    layout: Layout
    matches: Matches
    known: float
    own: float
    apart: int
    hinted: bool

    @property
    def rank(self) -> float:
        likeness = self.known * (0.3 + 0.7 * self.own) * (1.0 if self.apart else 0.5)
        return likeness + (_HINTED if self.hinted else 0.0)

    @property
    def fits(self) -> bool:
        """Tell whether the table is this dataset: much of it, or little else and some of its own."""
        found = len(self.matches.found)
        if self.hinted and self.known >= _HINTED_KNOWN and found >= _HINTED_FOUND:
            return True
        if found < _FEWEST or not self.apart:
            return False
        ease = _HINTED if self.hinted else 0.0
        much = self.known >= LEAST_KNOWN - ease and self.own >= LEAST_OWN - ease
        return much or (self.known >= SURE_KNOWN and self.apart >= _FEWEST)


def detect(headings: Sequence[str], layouts: Layouts, file: str = "") -> Detection:
    """Tell which dataset and edition a table with these headings is.

    Args:
        headings: As delivered; nameless columns are empty.
        layouts: Those to choose among.
        file: Name of the file, whose slug is a hint.
    """
    named = [heading for heading in headings if heading.strip() and heading != _RUNNING_NUMBER]
    judged = (_score(named, layout, layouts, file) for layout in layouts.all)
    scores = [score for score in judged if score.matches.found]
    if not scores:
        return Detection(None, None, "違う", 0.0, 0.0, "標準データセットの列が1つもありません")
    best = max(scores, key=lambda score: score.rank)
    best = _choose_edition(best, scores)
    sure = best.known >= SURE_KNOWN and best.own >= SURE_OWN
    certainty = ("確か" if sure else "おそらく") if best.fits else "違う"
    layout = best.layout if best.fits else None
    reason = _say(best, len(named))
    return Detection(layout, best.layout, certainty, best.known, best.own, reason)


def _choose_edition(best: _Score, scores: Sequence[_Score]) -> _Score:
    """Among editions and forms of one dataset the one that knows most of the headings."""
    same = [score for score in scores if score.layout.slug == best.layout.slug]
    return max(same, key=lambda score: (round(score.known, 6), score.own, score is best))


def _score(headings: Sequence[str], layout: Layout, layouts: Layouts, file: str) -> _Score:
    matches = match_headings(headings, layout.standard)
    sure = layout.standard.columns
    core = {c.name for c in (sure if len(sure) >= _FEW_COLUMNS else layout.all_columns)}
    whole = sum(layouts.weights[fold_loosely(name)] for name in core)
    met = [
        (match, layouts.weights[fold_loosely(bare_heading(match.heading))])
        for match in matches.found
        if match.column.name in core
    ]
    there = sum(weight * _WEIGHT_OF[match.how] for match, weight in met)
    apart = sum(weight >= _APART for _, weight in met)
    said = sum(_WEIGHT_OF[match.how] for match in matches.found) + len(matches.twice)
    known = said / max(len(headings), 1)
    own = min(there / whole, 1.0) if whole else 0.0
    return _Score(layout, matches, known, own, apart, _is_hinted(file, layout))


def _is_hinted(file: str, layout: Layout) -> bool:
    stem = file.rsplit("/", 1)[-1].casefold()
    return any(
        re.search(rf"(?:^|[^a-z]){re.escape(slug)}(?:[^a-z]|$)", stem)
        for slug in (layout.slug, *layout.standard.slugs)
    )


def _say(score: _Score, headings: int) -> str:
    required = [column.name for column in score.layout.standard.columns if column.required]
    there = [name for name in required if name in score.matches.headings]
    words = [f"見出し{headings}個のうち{len(score.matches.found)}個が「{score.layout.label}」の列"]
    if required:
        words.append(f"必須の列は{len(required)}個のうち{len(there)}個")
    if score.hinted:
        words.append(f"ファイル名に「{score.layout.slug}」がある")
    return "、".join(words)
