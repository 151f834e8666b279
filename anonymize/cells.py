"""Protection of a frequency table that is published every month.

Belongs here: merging small regions, keyed random rounding of interior cells, margins as sums of
rounded cells. Must not hold: counting persons, generalisation, the judgement of the result (`gate`).

The order for a release is: `merge_small_regions` on the true counts, `round_cells`,
`merge_small_regions` again (rounding may have pushed a region below the minimum; sums of rounded
cells remain rounded), `add_margins`. Units are persons throughout.

Sources: random rounding as used by Statistics Canada and Stats NZ for census tables (Willenborg and
de Waal, Elements of Statistical Disclosure Control, 2001, ch. 9). The keyed, repeatable draw is the
cell-key idea of the Australian Bureau of Statistics: Fraser and Wooton, A proposed method for
confidentialising tabular output to protect against differencing, UNECE/Eurostat work session on
statistical data confidentiality, Geneva 2005. There the key is made of the persons' record keys;
here of region, column and count, because only a table is at hand.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from anonymize.complaint import complaint, require_columns
from anonymize.keyed_hash import hash_column, require_key, uniform

OTHER_REGIONS = "その他の地域"
_LEAST_BASE = 2


def merge_small_regions(
    table: pl.DataFrame,
    region: str,
    *,
    counts: Sequence[str],
    minimum_total: int,
    label: str = OTHER_REGIONS,
) -> tuple[pl.DataFrame, int]:
    """Add up regions whose total is below the minimum into one row; nothing is lost.

    While that row is itself below the minimum, the next smallest region joins it (ties: by name).
    A row already called `label` is always part of it, so the function can be applied again. If all
    regions together are below the minimum, one row with the whole remains.

    Does not protect: a region that is merged in one month and separate in the next can be estimated
    from the difference of the merged rows; keep the boundaries fixed for a year where possible.

    Args:
        table: One row per region.
        region: Column of region names.
        counts: Count columns; the total of a region is their sum.
        minimum_total: Smallest total (persons) with which a region may stand alone, at least 1.
        label: Name of the merged row.

    Returns:
        The table (counts as Int64; kept rows in their order, merged row last, null in its other
        columns) and the number of rows added up (0: nothing merged).

    Raises:
        ValueError: Missing column, repeated or missing region, a count that is no count, bad
            minimum.
    """
    names = require_region_table(table, region, counts)
    if minimum_total < 1:
        raise complaint("最小人口が小さすぎます", "引数 minimum_total", "1以上にしてください。")
    whole = table.with_columns(pl.col(names).cast(pl.Int64))
    merged = _smallest_regions(whole, region, names, minimum_total, label)
    if merged.is_empty():
        return whole, 0
    member = pl.col(region).is_in(merged.implode())
    other = whole.filter(member).select(pl.col(names).sum(), pl.lit(label).alias(region))
    return pl.concat([whole.filter(~member), other], how="diagonal"), len(merged)


def round_cells(
    table: pl.DataFrame, region: str, counts: Sequence[str], *, base: int, key: bytes
) -> pl.DataFrame:
    """Round interior cells at random, without bias, to multiples of the base.

    A count v goes to the multiple above with probability (v mod base) / base, else to the one
    below, so its expectation is v; a multiple stays. The draw is a keyed hash of (base, region,
    column, v): an unchanged cell is published unchanged, however often, and cannot be averaged out.

    What it hides: whether a published 0, 3, 6 … is exact, and changes of one or two persons between
    months: a published difference is a multiple of the base, and its sign may be wrong.

    What it does not hide:
        * Movements of the base or more show, blurred by less than twice the base.
        * A cell that changes by 1 shows a change with probability 1/base next to a multiple of the
          base, and more often in between, because every level is drawn by itself (base 3: 1/3,
          5/9, 1/3). A published change proves that the true count changed.
        * Whoever knows the true margin of a region from elsewhere and sees one cell move may infer
          that movement: never publish the true margin beside this table, in any release. Where few
          persons move (about 100 in 36 cells) base 3 is weak and base 5 better; the measured
          shares stand in `tests/unit/anonymize/test_cells_differencing.py`.
        * The same counts under another column name, region name or base are drawn anew; several
          such tables together can be averaged or intersected.
        * A cell seen at many levels over years reveals how each level is rounded.
        * Sums of many cells are close to the truth; a group with one attribute in common (all
          persons of a region in one cell) is still visible as such.

    Args:
        table: One row per region, as from `merge_small_regions`.
        region: Column of region names: stable from month to month.
        counts: Interior count columns; margins must not be among them.
        base: At least 2; with 2 a cell is off by at most one person, 3 or 5 is usual.
        key: At least 32 secret random bytes; whoever knows them can undo most of the rounding.

    Returns:
        The table with the counts rounded (Int64), less than `base` away from the truth.

    Raises:
        ValueError: Missing column, repeated or missing region, a count that is no count, bad base,
            short key.
    """
    require_key(key)
    names = require_region_table(table, region, counts)
    if base < _LEAST_BASE:
        raise complaint("丸めの単位が小さすぎます", "引数 base", "3 か 5 にしてください。")
    return table.with_columns(_round_column(table, region, name, base, key) for name in names)


def add_margins(table: pl.DataFrame, groups: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Append margins as sums of the columns named, in order; a margin may use earlier margins.

    Because the margins are sums of what is published, the table adds up, and the true margin is
    never published.

    Args:
        table: Rounded cells.
        groups: Margin to its parts.

    Raises:
        ValueError: A margin exists already, has no parts, or names a missing column.
    """
    for margin, parts in groups.items():
        if margin in table.columns or not parts:
            raise complaint(
                "合計の列がすでにあるか、内訳がありません",
                f"合計「{margin}」",
                "表からその列を除くか、内訳の列名を書いてください。",
            )
        require_columns(table.columns, list(parts), f"合計「{margin}」の内訳")
        total = pl.sum_horizontal(pl.col(list(parts)).cast(pl.Int64), ignore_nulls=False)
        table = table.with_columns(total.alias(margin))
    return table


def _smallest_regions(
    table: pl.DataFrame, region: str, counts: list[str], minimum: int, label: str
) -> pl.Series:
    """Return the names of the regions to be added up: the label's row first, then by size."""
    ranked = table.select(
        pl.col(region), (pl.col(region) == label).alias("old"), pl.sum_horizontal(counts).alias("n")
    ).sort(pl.col("old").not_(), "n", region)
    if ranked.filter(pl.col("n") < minimum).is_empty():
        return ranked[region].clear()
    before = pl.col("n").cum_sum() - pl.col("n")
    return ranked.filter((pl.col("n") < minimum) | pl.col("old") | (before < minimum))[region]


def _round_column(table: pl.DataFrame, region: str, name: str, base: int, key: bytes) -> pl.Series:
    count = table[name].cast(pl.Int64)
    # A count is all digits, so the first separator ends it and the rest is the region.
    cells = pl.select(pl.format("{}|{}", count, table[region])).to_series()
    draws = hash_column(cells, uniform, key=key, purpose=f"round:{base}:{name}").cast(pl.Float64)
    below = count // base * base
    up = draws < (count - below) / base
    return (below + up.cast(pl.Int64) * base).alias(name)


def require_region_table(table: pl.DataFrame, region: str, counts: Sequence[str]) -> list[str]:
    """Return the count columns as a list.

    Raises:
        ValueError: Missing column, repeated or missing region, a count that is no count.
    """
    names = list(counts)
    require_columns(table.columns, [region, *names], "引数 region・counts")
    if table[region].dtype != pl.String or table[region].null_count():
        raise complaint(
            "地域名が文字でないか、空の行があります",
            f"列「{region}」",
            "全行に地域名を入れてください。",
        )
    if table[region].is_duplicated().any():
        raise complaint(
            "同じ地域の行が複数あります", f"列「{region}」", "地域ごとに1行へ集計してください。"
        )
    for name in names:
        _require_counts(table[name])
    return names


def _require_counts(column: pl.Series) -> None:
    if column.dtype.is_integer() and not column.null_count() and not (column < 0).any():
        return
    raise complaint(
        "人数の列に、整数でない値・空の値・負の値があります",
        f"列「{column.name}」",
        "集計をやり直し、該当者のない所は 0 にしてください。",
    )
