"""What is told of a linkage in plain Japanese: counts, the spread of the scores, explained pairs.

Lines only; where they are shown is not said here. Of persons there are no pairs: `pair_lines` is
empty, whoever asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse.lake import Zone, has_table
from warehouse.linkage.decision import LINK, REVIEW
from warehouse.linkage.link import EDGES, SCHEMA, zone_of
from warehouse.linkage.model import label_levels

if TYPE_CHECKING:
    import duckdb

    from assets.linkage import Linkage
    from assets.register import DeclaredLinkage, Register
    from warehouse.linkage.link import Facts

PAIRS_SHOWN = 3
_BAR = 40


def tally_lines(facts: Facts, linkage: Linkage, register: Register) -> list[str]:
    """Say per dataset what became of its records."""
    lines = []
    for linked in linkage.datasets:
        tally = facts.tallies[linked.dataset]
        title = register.datasets[linked.dataset].contract.title
        lines.append(
            f"{title}: {tally.rows:,} 件 = 結んだ {tally.linked:,} + 人の確認を待つ "
            f"{tally.review:,} + 相手なし {tally.unlinked:,}"
        )
    return lines


def histogram_lines(facts: Facts) -> list[str]:
    """Draw the compared pairs by probability, a bar each; the bars are of square roots."""
    bounds = ["0", *(f"{edge:g}" for edge in EDGES), "1"]
    most = max(facts.histogram) or 1
    return [
        f"{low:>5} – {high:<5} {count:>12,} 組 {'█' * round(_BAR * (count / most) ** 0.5)}"
        for low, high, count in zip(bounds, bounds[1:], facts.histogram, strict=False)
    ]


def chance_lines(facts: Facts, linkage: Linkage) -> list[str]:
    """Say per comparison which levels there are, and how often each occurs."""
    lines = []
    for comparison in linkage.comparisons:
        chances = facts.chances[comparison.key]
        levels = zip(label_levels(comparison), chances["m"], chances["u"], strict=True)
        told = "、".join(f"{label} m={m:.3g} u={u:.3g}" for label, m, u in levels)
        lines.append(f"{linkage.keys[comparison.key].title}: {told}")
    return lines


def pair_lines(con: duckdb.DuckDBPyConnection, zone: Zone, declared: DeclaredLinkage) -> list[str]:
    """Show the first links, and the first pairs for a person to decide, of what is no personal data."""
    table = f"{zone}.{SCHEMA}.{declared.name}"
    if zone == "secure" or not has_table(con, zone, SCHEMA, declared.name):
        return []
    lines = []
    for decision, word in ((LINK, "結んだ"), (REVIEW, "人の確認を待つ")):
        rows = con.sql(
            f"SELECT left_key, right_key, reason, explanation FROM {table} "
            f"WHERE decision = '{decision}' ORDER BY ALL LIMIT {PAIRS_SHOWN}"
        ).fetchall()
        lines += [
            f"{word}: {left} と {right} — {explanation}" + (f"({reason})" if reason else "")
            for left, right, reason, explanation in rows
        ]
    return lines


def threshold_line(declared: DeclaredLinkage, register: Register) -> str:
    """Say when a pair is linked, when a person is asked, and where the result stands."""
    limits, zone = declared.spec.thresholds, zone_of(declared.spec, register)
    return (
        f"結ぶ: 確率 {limits.link:g} 以上  人が確かめる: {limits.review:g} 以上  "
        f"ほかの相手との差: 重み {limits.lead:g} 以上  置き場所: {zone}.{SCHEMA}.{declared.name}"
    )
