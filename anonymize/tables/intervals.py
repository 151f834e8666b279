"""The sheet of hidden cells with what an outsider can compute of each (秘匿インターバル).

Belongs here: the sheet, the published frame with its marks, the numbers of the report. Must not
hold: the choice of hidden cells (`suppression`).

The sheet says which cell is secret in itself and which only hides others: it is for those who
answer for the table and never goes out. In the published frame both look alike.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from anonymize.tables.attack import Intervals
from anonymize.tables.primary import Primary
from anonymize.tables.structure import Flags, Table

MARK = "X"
_ROUNDING = 1e-6


@dataclass(frozen=True)
class Account:
    """What was hidden and how well it holds, for a report.

    Attributes:
        cells: All cells of the table.
        primary: Cells secret in themselves.
        secondary: Cells hidden for their sake.
        exact: Hidden cells an outsider can compute exactly.
        narrow: Hidden cells narrower than demanded.
        narrowest: Shortest interval of a hidden cell; None when nothing is hidden.
    """

    cells: int
    primary: int
    secondary: int
    exact: int
    narrow: int
    narrowest: float | None

    def words(self) -> tuple[str, ...]:
        """Say it in sentences."""
        hidden = (
            f"{self.cells}セルのうち{self.primary}セルを規則により秘匿し、そこから計算されないように"
            f"{self.secondary}セルを併せて秘匿しました(公表する表では区別できません)。"
        )
        attacked = (
            "公表する数と合計の関係から、秘匿したセルのすべてを線形計画法で計算させた結果: "
            f"値が分かるセル {self.exact}、必要な幅に満たないセル {self.narrow}。"
        )
        limits = (
            "守れないこと: この表だけを使う計算に対する結果です。ほかの表や前の時点の表と"
            "組み合わせた計算には、別の検査が必要です。"
        )
        return (hidden, attacked, limits)


def sheet(table: Table, primary: Primary, found: Intervals) -> pl.DataFrame:
    """Write one row per hidden cell: why hidden, its interval, the width demanded and given.

    Of whole numbers the ends are rounded inwards. An end that nothing bounds is empty.
    """
    cells, need = found.cells, primary.need
    lower, upper = _ends(found, whole=need.whole)
    width = upper - lower
    demanded = np.maximum(need.width, need.down + need.up)[cells]
    is_primary = primary.flags[cells]
    return table.cells[cells].with_columns(
        pl.Series("秘匿の種類", np.where(is_primary, "一次秘匿", "二次秘匿").tolist()),
        pl.Series("秘匿の規則", [primary.words[c] or "他のセルを守るため" for c in cells]),
        pl.Series("下限", lower),
        pl.Series("上限", np.where(np.isfinite(upper), upper, np.nan)).fill_nan(None),
        pl.Series("必要な幅", demanded),
        pl.Series("実際の幅", np.where(np.isfinite(width), width, np.nan)).fill_nan(None),
        pl.Series("値が分かる", found.exact | (width <= 0)),
        pl.Series("幅が足りる", _wide(table, primary, found)),
    )


def account(table: Table, primary: Primary, found: Intervals) -> Account:
    """Add the sheet up."""
    lower, upper = _ends(found, whole=primary.need.whole)
    first = int(primary.flags.sum())
    return Account(
        cells=len(table.values),
        primary=first,
        secondary=len(found.cells) - first,
        exact=int((found.exact | (upper - lower <= 0)).sum()),
        narrow=int((~_wide(table, primary, found)).sum()),
        narrowest=float((upper - lower).min()) if len(found.cells) else None,
    )


def mark(table: Table, hidden: Flags, value: str, *, whole: bool) -> pl.DataFrame:
    """Write the table out, all cells in order, with the mark in hidden ones.

    Args:
        table: The true table.
        hidden: n flags.
        value: Name of the column of values (String).
        whole: Write values as whole numbers.
    """
    numbers = pl.Series(value, table.values)
    texts = (numbers.round(0).cast(pl.Int64) if whole else numbers).cast(pl.String)
    told = pl.when(pl.Series(hidden)).then(pl.lit(MARK)).otherwise(pl.col(value))
    return table.cells.with_columns(texts).with_columns(told.alias(value))


def _ends(found: Intervals, *, whole: bool) -> tuple[np.ndarray, np.ndarray]:
    if not whole:
        return found.lower, found.upper
    rounded = found.whole()
    return rounded.lower, rounded.upper


def _wide(table: Table, primary: Primary, found: Intervals) -> Flags:
    lower, upper = _ends(found, whole=primary.need.whole)
    true, cells, need = table.values[found.cells], found.cells, primary.need
    allowed = _ROUNDING * np.maximum(1.0, np.abs(true))
    return (
        (upper - lower >= need.width[cells] - allowed)
        & (upper - true >= need.up[cells] - allowed)
        & (true - lower >= need.down[cells] - allowed)
    )
