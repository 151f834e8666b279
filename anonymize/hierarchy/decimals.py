"""Numbers as city files write them, exactly, and back into the words of a label.

Belongs here: text to Decimal and Decimal to text. Must not hold: intervals (`rules_numbers`).
"""

import unicodedata
from decimal import Decimal, InvalidOperation
from math import isfinite


def read_decimal(value: str, unit: str) -> Decimal | None:
    """Read a number in half or full width, with thousands separators and the unit behind."""
    text = unicodedata.normalize("NFKC", value).strip().replace(",", "")
    text = text.removesuffix(unicodedata.normalize("NFKC", unit)).strip() if unit else text
    text = text.replace("−", "-").replace("▲", "-").replace("△", "-")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def to_decimal(number: float | None) -> Decimal | None:
    """Take over a number of a policy as it was written; None stays None."""
    return None if number is None or not isfinite(number) else Decimal(str(number))


def say_decimal(number: Decimal) -> str:
    """Write a number without exponent and without zeros behind the point."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text
