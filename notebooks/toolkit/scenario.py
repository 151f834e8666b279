"""What-if arithmetic on tables of "so many online, of so many in all".

Here belong pure functions, polars frames in and out, that say how many
applications would move online if a rate rose. Here do not belong queries,
charts, wording, or any claim about why a rate is what it is.

Counts are applications in the period the table covers. A rate is a percentage
from 0 to 100, always worked out again from the counts, so that a published
rate rounded to one decimal never decides a result.
"""

from collections.abc import Mapping, Sequence

import polars as pl

FULL_PCT = 100.0
# Keeps 0.29 * 100 from losing a whole application to binary fractions.
ROUNDING_SLACK = 1e-9


def add_rate(frame: pl.DataFrame, *, count: str, total: str, output: str) -> pl.DataFrame:
    """Add the unrounded rate of ``count`` in ``total``.

    Args:
        frame: One row per procedure.
        count: Column of the counts already online.
        total: Column of all counts.
        output: Name of the new column, percent; null where ``total`` is 0.

    Returns:
        The frame with one more column.
    """
    rate = pl.when(pl.col(total) > 0).then(pl.col(count) * FULL_PCT / pl.col(total))
    return frame.with_columns(rate.alias(output))


def add_peer_median_rate(
    frame: pl.DataFrame, *, name: str, rate: str, output: str = "peer_median_pct"
) -> pl.DataFrame:
    """Add, for every row, the median rate of all the *other* rows.

    A procedure is left out of its own yardstick; each of the others counts
    once, however many applications it has.

    Args:
        frame: One row per procedure, ``name`` unique.
        name: Column that tells the rows apart.
        rate: Column of rates, percent.
        output: Name of the new column, percent; null when there is no other row.

    Returns:
        The frame, rows in the same order, with one more column.
    """
    peers = frame.select(pl.col(name).alias("_peer"), pl.col(rate).alias("_peer_rate"))
    medians = (
        frame.select(name)
        .join(peers, how="cross")
        .filter(pl.col(name) != pl.col("_peer"))
        .group_by(name)
        .agg(pl.col("_peer_rate").median().alias(output))
    )
    return frame.join(medians, on=name, how="left", maintain_order="left")


def add_moved_count(
    frame: pl.DataFrame,
    *,
    count: str,
    total: str,
    target_pct: float | str,
    output: str = "moved_count",
    visit_share_pct: float = FULL_PCT,
) -> pl.DataFrame:
    """Add how many visits move online when the rate reaches a target.

    ``floor((total * target - count) * visit share)``, never below 0 (a rate
    above the target is not lowered) and never above what is not yet online.

    Args:
        frame: One row per procedure.
        count: Column of the counts already online.
        total: Column of all counts.
        target_pct: One target for all rows, or the column holding each row's.
        output: Name of the new Int64 column; null where an input is null.
        visit_share_pct: Of the applications not made online, the share made in
            person (the rest being telephone or post). 100 gives the upper bound.

    Returns:
        The frame with one more column.

    Raises:
        ValueError: A percentage is outside 0 to 100.
    """
    shares = [visit_share_pct, *([] if isinstance(target_pct, str) else [target_pct])]
    _require_percentages(shares)
    target = pl.col(target_pct) if isinstance(target_pct, str) else pl.lit(target_pct)
    gap = (pl.col(total) * target / FULL_PCT - pl.col(count)).clip(lower_bound=0)
    visits = (gap * visit_share_pct / FULL_PCT + ROUNDING_SLACK).floor().cast(pl.Int64)
    return frame.with_columns(visits.alias(output))


def rank_by(frame: pl.DataFrame, *, value: str) -> pl.DataFrame:
    """Sort by ``value``, largest first, and say how much each row contributes.

    Args:
        frame: One row per procedure.
        value: Column of counts.

    Returns:
        The sorted frame with ``rank`` (1 is largest, ties share a rank) and
        ``share_pct`` (percent of the sum; 0 when the sum is 0).
    """
    total = pl.col(value).sum()
    share = pl.when(total > 0).then(pl.col(value) * FULL_PCT / total).otherwise(0.0)
    return frame.sort(value, descending=True, nulls_last=True, maintain_order=True).with_columns(
        pl.col(value).rank("min", descending=True).cast(pl.Int64).alias("rank"),
        share.alias("share_pct"),
    )


def build_sensitivity(
    frame: pl.DataFrame,
    *,
    name: str,
    count: str,
    total: str,
    target_pcts: Mapping[str, float],
    visit_share_pct: float = FULL_PCT,
) -> pl.DataFrame:
    """Set the result side by side for several targets.

    Args:
        frame: One row per procedure.
        name: Column that tells the rows apart.
        count: Column of the counts already online.
        total: Column of all counts.
        target_pcts: Title of each new column, and its target in percent.
        visit_share_pct: As in :func:`add_moved_count`.

    Returns:
        ``name`` and one Int64 column per target, in the order of the targets.

    Raises:
        ValueError: A percentage is outside 0 to 100.
    """
    for title, target in target_pcts.items():
        frame = add_moved_count(
            frame,
            count=count,
            total=total,
            target_pct=target,
            output=title,
            visit_share_pct=visit_share_pct,
        )
    return frame.select(name, *target_pcts)


def find_leaders(sensitivity: pl.DataFrame, *, name: str) -> pl.DataFrame:
    """Find which row comes first under each target.

    Args:
        sensitivity: The answer of :func:`build_sensitivity`.
        name: Column that tells the rows apart.

    Returns:
        One row per target, in their order: ``target`` (its title), ``name`` and
        ``moved_count``. Of equal rows the upper one leads.
    """
    return (
        sensitivity.unpivot(index=name, variable_name="target", value_name="moved_count")
        .sort("moved_count", descending=True, nulls_last=True, maintain_order=True)
        .unique("target", keep="first", maintain_order=True)
        .select("target", name, "moved_count")
        .sort(pl.col("target").cast(pl.Enum(sensitivity.drop(name).columns)))
    )


def find_upper_quartile_rate(frame: pl.DataFrame, *, rate: str) -> float:
    """Find a rate that a quarter of the procedures already reach.

    The lower neighbour is taken, so the answer is a rate really observed.

    Args:
        frame: One row per procedure.
        rate: Column of rates, percent.

    Returns:
        The third quartile, percent.

    Raises:
        ValueError: There is no rate at all.
    """
    quartile = frame.get_column(rate).quantile(0.75, interpolation="lower")
    if quartile is None:
        raise ValueError(
            "比べる率が1件もありません。\n"
            f"場所: 列 {rate}\n"
            "次に: 元の表に行があるか、件数が空でないかを確かめてください。"
        )
    return float(quartile)


def find_break_even_share(ranked: pl.DataFrame, *, value: str) -> float | None:
    """Find the visit share below which first place would be lost to second.

    If only this share of the leader's applications were visits, while all of
    the runner-up's were, both would save the same number of visits.

    Args:
        ranked: The answer of :func:`rank_by`.
        value: The column it was ranked by.

    Returns:
        Percent; None when fewer than two rows have a value above 0.
    """
    gains = ranked.get_column(value).drop_nulls().head(2)
    match gains.filter(gains > 0).to_list():
        case [leader, runner_up]:
            return runner_up * FULL_PCT / leader
        case _:
            return None


def _require_percentages(values: Sequence[float]) -> None:
    """Refuse a percentage outside 0 to 100."""
    if not all(0 <= value <= FULL_PCT for value in values):
        raise ValueError(
            "割合が0から100の範囲にありません。\n"
            "場所: 目標の率、または来庁の割合の指定\n"
            "次に: パーセントの数字(例: 50)で指定してください。"
        )
