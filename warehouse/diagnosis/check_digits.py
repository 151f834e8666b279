"""Check digits of numbers that name a body, so that they are not taken for a person's.

The 個人番号 has its own in `transforms.codes`.
"""

from __future__ import annotations

import polars as pl

_DIGITS = 13


def is_corporate_number(digits: pl.Expr) -> pl.Expr:
    """Tell whether 13 digits carry the check digit of a 法人番号.

    9 - (Σ Pn·Qn mod 9), P the n-th digit from the right of the last twelve, Q = 1 for odd n and
    2 for even n (平成26年財務省令第70号 第2条).
    """
    shaped = digits.str.contains(f"^[1-9][0-9]{{{_DIGITS - 1}}}$")
    number = pl.when(shaped).then(digits).cast(pl.Int64, strict=False)
    total = pl.sum_horizontal(
        number // 10**place % 10 * (1 + place % 2) for place in range(_DIGITS - 1)
    )
    check = 9 - total % 9
    return (check == number // 10 ** (_DIGITS - 1)).fill_null(value=False)
