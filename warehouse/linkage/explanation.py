"""Why a pair scored as it did: one plain sentence, without any value of the records.

Belongs here: the wording, as an expression of SQL over splink's columns. Must not hold: deciding.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from warehouse.linkage.model import label_levels

if TYPE_CHECKING:
    from assets.linkage import Comparison, Linkage

_MISSING = "欠損"
_MOST_SHOWN = 0.9999


def explain(linkage: Linkage) -> str:
    """Write the SQL of the sentence.

    It reads 「氏名カナ: 一致(+6.2)、生年月日: 一致(+8.1)、住所: 近い(+1.3) 計 +15.6、はじめの見込み
    -11.2 → 確率 0.9542」; weights are log2 of m/u, and the probability that of the whole sum.
    """
    parts = [_part(c, linkage.keys[c.key].title) for c in linkage.comparisons]
    total = " + ".join(_weight(c) for c in linkage.comparisons)
    prior = math.log2(linkage.prior / (1 - linkage.prior))
    return (
        f"concat_ws('、', {', '.join(parts)}) || printf(' 計 %+.1f、はじめの見込み {prior:+.1f} → 確率 ', {total})"
        f" || CASE WHEN match_probability > {_MOST_SHOWN} THEN '{_MOST_SHOWN}以上' "
        "ELSE printf('%.4f', match_probability) END"
    )


def _part(comparison: Comparison, title: str) -> str:
    labels = label_levels(comparison)
    cases = " ".join(
        f"WHEN {len(labels) - 1 - place} THEN '{label}'" for place, label in enumerate(labels)
    )
    gamma = f'"gamma_{comparison.key}"'
    return (
        f"'{_quote(title)}: ' || CASE {gamma} {cases} ELSE '{_MISSING}' END"
        f" || printf('(%+.1f)', {_weight(comparison)})"
    )


def _weight(comparison: Comparison) -> str:
    """Add what a rare or common value weighs to what the level weighs."""
    weight = f'"mw_{comparison.key}"'
    if comparison.by_frequency:
        weight += f' + coalesce("mw_tf_adj_{comparison.key}", 0)'
    return f"({weight})"


def _quote(text: str) -> str:
    return text.replace("'", "''")
