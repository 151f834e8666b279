"""Small areas shown together with a fixed neighbour, as the Japanese census does (秘匿・合算).

Belongs here: who is hidden, with whom it is added up, and the marks that say so. Must not hold: one
row for all small areas (`cells`), rounding, files.

The hidden area's figures are X and are contained in those of its partner, so that sums over areas
stay right; what is published about the pair is its sum and nothing else. Source: Statistics Bureau
of Japan, 2020 Population Census, small-area tabulation, notes on 秘匿 (秘匿地域・合算地域).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.cells import require_region_table
from anonymize.complaint import complaint, require_columns

HIDDEN = "X"
MARK = "秘匿処理"
_NAMED = 5


@dataclass(frozen=True)
class Merged:
    """A table in which small areas are shown with a neighbour.

    Attributes:
        table: The rows in their order; counts as Int64, null where hidden, and a last column 秘匿処理
            that says X and the partner of a hidden row, and names the hidden rows in a combined one.
        partners: Hidden area to the area that contains its figures.
    """

    table: pl.DataFrame
    partners: Mapping[str, str]


def merge_into_neighbours(
    table: pl.DataFrame,
    region: str,
    *,
    counts: Sequence[str],
    total: str,
    neighbours: Mapping[str, str],
    minimum_total: int,
    always: Sequence[str] = (),
    within: str | None = None,
) -> Merged:
    """Hide areas below the minimum and add their figures to a neighbour's.

    The smallest group below the minimum goes first (ties: by name). It joins the group of the first
    area outside itself that the chain area → neighbour → neighbour … reaches; the area so reached
    leads, unless it is hidden itself: then the one that contains it. An area without anybody is no
    secret: it keeps its 0, and a chain passes through it, because adding 0 hides nothing.

    Does not hide: an area that is hidden in one month and stands alone in another can be computed
    from the difference where its partner hardly changes; name it in `always`.

    Args:
        table: One row per area, without a row of totals.
        region: Column of the areas.
        counts: Columns of persons, margins included.
        total: The one of them that counts all persons of an area.
        neighbours: Of each area that may be hidden, the fixed neighbour to join.
        minimum_total: Fewest persons with which an area or a group may be shown, at least 2.
        always: Areas to hide whatever their number.
        within: Column of the larger area for which totals are published as well; partners lie in
            the same, or the hidden one could be computed from its total.

    Raises:
        ValueError: Missing column, repeated or missing area, a count that is no count, a bad
            minimum, a neighbour that is not in the table, or no partner that reaches the minimum
            (the areas are named).
    """
    require_region_table(table, region, counts)
    require_columns([*counts], [total], "引数 total")
    names = table[region].to_list()
    _require(table, names, minimum_total, within, {*neighbours, *neighbours.values(), *always})
    totals = dict(zip(names, table[total].to_list(), strict=True))
    larger = dict(zip(names, table[within].to_list(), strict=True)) if within else {}
    leads = _join(totals, neighbours, minimum_total, [n for n in always if totals[n]], larger)
    partners = {name: lead for name, lead in leads.items() if lead != name}
    return Merged(_add_up(table, region, counts, partners), partners)


def show_hidden(merged: Merged, counts: Sequence[str]) -> pl.DataFrame:
    """Return the table for readers: counts as text, X in hidden rows."""
    shown = (pl.col(n).cast(pl.String).fill_null(HIDDEN) for n in counts)
    return merged.table.with_columns(shown)


def _join(
    totals: Mapping[str, int],
    neighbours: Mapping[str, str],
    minimum: int,
    always: Sequence[str],
    larger: Mapping[str, str],
) -> dict[str, str]:
    """Return the lead of every area."""
    leads = {name: name for name in totals}
    groups = {name: [name] for name in totals}
    waiting = set(always)
    while True:
        sums = {lead: sum(totals[n] for n in group) for lead, group in groups.items()}
        small = [lead for lead, n in sums.items() if 0 < n < minimum or lead in waiting]
        if not small:
            return leads
        first = min(small, key=lambda lead: (sums[lead], lead))
        waiting.discard(first)
        lead = leads[_outside(first, leads, totals, neighbours, larger)]
        for name in groups.pop(first):
            leads[name] = lead
            groups[lead].append(name)


def _outside(
    start: str,
    leads: Mapping[str, str],
    totals: Mapping[str, int],
    neighbours: Mapping[str, str],
    larger: Mapping[str, str],
) -> str:
    """Follow the chain to the first inhabited area of another group."""
    seen, name = {start}, start
    while name in neighbours:
        name = neighbours[name]
        if name in seen:
            break
        seen.add(name)
        if larger and larger[name] != larger[start]:
            break
        if leads[name] != start and totals[name]:
            return name
    raise complaint(
        "合算する相手がなく、最小人口に届かない地域があります",
        f"地域「{start}」",
        "合算先の表に、同じ大きな区域の中で人口のある隣の地域を書いてください。",
    )


def _add_up(
    table: pl.DataFrame, region: str, counts: Sequence[str], partners: Mapping[str, str]
) -> pl.DataFrame:
    held: dict[str, list[str]] = {}
    for name, lead in partners.items():
        held.setdefault(lead, []).append(name)
    notes = {name: f"{HIDDEN}:「{lead}」に合算" for name, lead in partners.items()}
    notes |= {lead: f"{'・'.join(f'「{n}」' for n in names)}を含む" for lead, names in held.items()}
    columns = [pl.col(name).cast(pl.Int64) for name in counts]
    lead = pl.col(region).replace(partners)
    whole = table.with_columns(columns).with_columns(pl.col(list(counts)).sum().over(lead))
    hidden = pl.col(region).is_in([*partners])
    return whole.with_columns(
        *(pl.when(hidden).then(None).otherwise(pl.col(n)).alias(n) for n in counts),
        pl.col(region).replace_strict(notes, default="", return_dtype=pl.String).alias(MARK),
    )


def _require(
    table: pl.DataFrame, names: list[str], minimum: int, within: str | None, asked: set[str]
) -> None:
    if minimum < 2:  # noqa: PLR2004 - one person alone is what must not be shown
        raise complaint("最小人口が小さすぎます", "引数 minimum_total", "2以上にしてください。")
    if MARK in table.columns:
        raise complaint(
            f"「{MARK}」という列がすでにあります", f"列「{MARK}」", "その列を除いてください。"
        )
    if within is not None:
        require_columns(table.columns, [within], "引数 within")
    if unknown := sorted(asked - {*names}):
        raise complaint(
            f"表にない地域が合算先の表にあります: {'、'.join(unknown[:_NAMED])}",
            "合算先の表(地域 → 隣の地域)",
            "地域名の書き間違いか、町名の変更を確かめてください。",
        )
