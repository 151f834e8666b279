"""Check digits, each in one place.

Belongs here: formulas on whole numbers, with their sources. Must not hold: the shape of a number,
verdicts. The check digit of the 住民票コード (平成14年総務省告示第436号) and of the 学校コード are not
here: their formulas could not be confirmed, and a wrong one refuses right numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import polars as pl

INT64_DIGITS = 18
_INDIVIDUAL_DIGITS = 11
_CORPORATE_DIGITS = 12
_GOVERNMENT_WEIGHTS = (2, 3, 4, 5, 6)
_CYCLE = (2, 3, 4, 5, 6, 7)


def modulus_11(body: pl.Expr) -> pl.Expr:
    """Return 11 - (Σ Pn·Qn mod 11), and 0 where the remainder is 0 or 1.

    Q = 2 3 4 5 6 7 2 3 …, from the right. The usual rule for a 宛名番号 and the rule of the 個人番号:
    平成26年総務省令第85号 第5条 (Q = n+1 for n ≤ 6, n-5 for n ≥ 7, for eleven digits).

    Args:
        body: The number without its check digit, Int64; leading zeros do not matter.
    """
    remainder = _weighted_sum(body, _repeat(_CYCLE, INT64_DIGITS)) % 11
    return pl.when(remainder <= 1).then(0).otherwise(11 - remainder)


def modulus_11_last_digit(body: pl.Expr) -> pl.Expr:
    """Return the last digit of 11 - (Σ Pn·Qn mod 11): remainder 0 gives 1, 1 gives 0.

    The same weights as `modulus_11`; the treatment of the remainder of the 全国地方公共団体コード, which
    some vendors took over for their own numbers.

    Args:
        body: The number without its check digit, Int64.
    """
    return (11 - _weighted_sum(body, _repeat(_CYCLE, INT64_DIGITS)) % 11) % 10


def individual_number(body: pl.Expr) -> pl.Expr:
    """Return the check digit of a 個人番号 from its first eleven digits (see `modulus_11`)."""
    remainder = _weighted_sum(body, _repeat(_CYCLE, _INDIVIDUAL_DIGITS)) % 11
    return pl.when(remainder <= 1).then(0).otherwise(11 - remainder)


def corporate_number(body: pl.Expr) -> pl.Expr:
    """Return the check digit (in front) of a 法人番号 from its last twelve digits.

    9 - (Σ Pn·Qn mod 9), P the n-th digit from the right, Q = 1 for odd n and 2 for even n
    (平成26年財務省令第70号 第2条).
    """
    return 9 - _weighted_sum(body, _repeat((1, 2), _CORPORATE_DIGITS)) % 9


def government_code(body: pl.Expr) -> pl.Expr:
    """Return the check digit of a 全国地方公共団体コード from its first five digits.

    Weights 6 5 4 3 2, the last digit of 11 - (sum mod 11); 総務省「全国地方公共団体コード」仕様.
    """
    return (11 - _weighted_sum(body, _GOVERNMENT_WEIGHTS) % 11) % 10


DECLARABLE: Mapping[str, Callable[[pl.Expr], pl.Expr]] = MappingProxyType(
    {"modulus_11": modulus_11, "modulus_11_last_digit": modulus_11_last_digit}
)


def _weighted_sum(number: pl.Expr, weights: Sequence[int]) -> pl.Expr:
    """Return Σ digit × weight, from the right."""
    return pl.sum_horizontal(
        number // 10**place % 10 * weight for place, weight in enumerate(weights)
    )


def _repeat(cycle: Sequence[int], count: int) -> list[int]:
    return [cycle[place % len(cycle)] for place in range(count)]
