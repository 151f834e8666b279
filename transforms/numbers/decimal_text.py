"""Decimal numbers as text, where no digit is lost.

Belongs here: exact arithmetic on plain decimal digits. Must not hold: the reading of numbers.
"""


def move_point(digits: str, exponent: int) -> str:
    """Multiply plain decimal digits by a power of ten, exactly, and write them canonically."""
    whole, _, fraction = digits.partition(".")
    if exponent < 0:
        whole = whole.rjust(1 - exponent, "0")
        whole, fraction = whole[:exponent], whole[exponent:] + fraction
    fraction = fraction.ljust(exponent, "0")
    whole, fraction = whole + fraction[: max(exponent, 0)], fraction[max(exponent, 0) :]
    return f"{whole.lstrip('0') or '0'}.{fraction.rstrip('0')}".rstrip(".")
