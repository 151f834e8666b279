"""個人番号 (My Number): found, never kept.

Belongs here: the twelve digits and their check digit. Must not hold: who may use them.
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.verdict import name_of, trim
from transforms.width import ASCII, DASHES, replace_table

_MY_NUMBER: Mapping[str, str] = MappingProxyType(
    {**ASCII, **dict.fromkeys([*DASHES, "-", " ", "\u3000", "\t", "\u00a0"], "")}
)


def looks_like_my_number(column: pl.Expr) -> pl.Expr:
    """Return whether the whole text is twelve digits with the check digit of an individual number.

    Args:
        column: Raw text; widths, hyphens and spaces do not matter.

    Returns:
        Boolean, never null. Check digit by 番号法の省令 (平成26年総務省令第85号) 第5条:
        11 - (Σ Pn·Qn mod 11), P the n-th digit from the right of the first eleven,
        Q = n+1 for n ≤ 6 and n-5 for n ≥ 7; 0 if the remainder is 0 or 1.
    """
    x, twelve = replace_table(trim(column), _MY_NUMBER), pl.field("twelve")
    weights = [n + 1 if n <= 6 else n - 5 for n in range(1, 12)]
    products = (twelve // 10**n % 10 * weight for n, weight in enumerate(weights, start=1))
    remainder = pl.field("total") % 11
    check = pl.when(remainder <= 1).then(0).otherwise(11 - remainder)
    read = (
        pl.struct(x=x)
        .struct.with_fields(
            x=pl.when(pl.field("x").str.contains("^[0-9]{12}$")).then(pl.field("x"))
        )
        .struct.with_fields(twelve=pl.field("x").cast(pl.Int64, strict=False))
        .struct.with_fields(total=pl.sum_horizontal(products))
        .struct.with_fields(valid=(check == twelve % 10).fill_null(value=False))
    )
    return read.struct.field("valid").alias(name_of(column))
