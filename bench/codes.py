"""Time phone numbers and other codes with verdicts against the library called for every row.

    python bench/codes.py [ROWS] [LIBRARY_ROWS]

Makes phone numbers in the usual spellings (fixed seed, all but all distinct) and prints CPU seconds
for each million of rows: `phone` of this project, and `phonenumbers` parsing, testing and formatting
one row after the other, on fewer rows because it is slow; then the other codes.
"""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING

import numpy as np
import phonenumbers
import polars as pl

from transforms.codes.corporate_numbers import corporate_number
from transforms.codes.government_codes import local_government_code
from transforms.codes.my_number_search import contains_my_number
from transforms.codes.phones import phone
from transforms.codes.postal_codes import postal_code
from transforms.codes.resident_ids import resident_id

if TYPE_CHECKING:
    from collections.abc import Callable

SPELLINGS = (
    "{a}-{b}-{c}",
    "({a}){b}-{c}",
    "{a}{b}{c}",
    "{a}({b}){c}",
    "TEL {a}-{b}-{c}",
    "{a}-{b}-{c} 内線12",
)
SHARES = (0.6, 0.1, 0.2, 0.06, 0.02, 0.02)
AREAS = (("06", 4), ("072", 3), ("03", 4), ("0178", 2), ("090", 4), ("080", 4))


def make_phones(rows: int) -> list[str]:
    """Write numbers of places and mobiles as registers have them."""
    draw = np.random.default_rng(20260401)
    spellings = draw.choice(SPELLINGS, rows, p=SHARES)
    areas = draw.integers(0, len(AREAS), rows)
    numbers = draw.integers(0, 10**8, rows)
    made = []
    for spelling, which, number in zip(spellings, areas, numbers, strict=True):
        area, width = AREAS[which]
        middle = 2 * 10 ** (width - 1) + int(number) // 10**4 % (7 * 10 ** (width - 1))
        made.append(spelling.format(a=area, b=middle, c=f"{int(number) % 10**4:04}"))
    return made


def ask_library(texts: list[str]) -> None:
    """Parse, test and format one number after the other."""
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    for text in texts:
        try:
            number = phonenumbers.parse(text, "JP")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            phonenumbers.format_number(number, national)


def take_time(work: Callable[[], object], rows: int) -> float:
    """Return CPU seconds for a million rows."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return spent * 1_000_000 / rows


def main() -> None:
    """Make the columns, time every function, print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    sample = int(sys.argv[2]) if len(sys.argv) > 2 else 50_000  # noqa: PLR2004 - the second argument
    phones = make_phones(rows)
    digits = pl.Series(np.random.default_rng(1).integers(0, 10**13, rows)).cast(pl.String)
    frame = pl.DataFrame({"phone": phones, "digits": digits.str.zfill(13)}).with_columns(
        postal=pl.col("digits").str.head(3) + "-" + pl.col("digits").str.tail(4),
        lg=pl.col("digits").str.head(6),
        text="備考 受付番号は" + pl.col("digits").str.head(8) + "です",
    )
    cases = {
        "phone": phone(pl.col("phone")),
        "postal_code": postal_code(pl.col("postal")),
        "local_government_code": local_government_code(pl.col("lg")),
        "corporate_number": corporate_number(pl.col("digits")),
        "resident_id": resident_id(pl.col("digits"), length=13, check_digit="modulus_11"),
        "contains_my_number, text": contains_my_number(pl.col("text")),
    }
    library = take_time(lambda: ask_library(phones[:sample]), min(sample, rows))
    print(f"{'CPU s for 1,000,000':28} {'seconds':>8} {'library / ours':>15}")
    print(f"{'phonenumbers, row by row':28} {library:8.2f}")
    for name, expression in cases.items():
        spent = take_time(lambda e=expression: frame.lazy().select(e).collect(), rows)
        ratio = f"{library / spent:15.0f}" if name == "phone" else ""
        print(f"{name:28} {spent:8.2f} {ratio}")


if __name__ == "__main__":
    main()
