import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.codes.postal_codes import postal_code
from transforms.codes.postal_registry import is_listed_postal_code

WRITTEN = ("560-0001", "〒560-0001", "〒５６０－０００１", "560ー0001", "560-00 01", "〒 560 0001",
           "五六〇-〇〇〇一", "郵便番号:560-0001", "(〒)560-0001", "560 - 0001")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("5600001", "5600001", "postal_code.plain"),
        *[(text, "5600001", "postal_code.written_form") for text in WRITTEN],
        ("600001", None, "postal_code.lost_zero"),
        ("560", None, "postal_code.old"),
        ("560-01", None, "postal_code.old"),
        ("56001", None, "postal_code.old"),
        ("000-0000", None, "postal_code.sentinel"),
        ("56000011", None, "postal_code.not_postal_code"),
        ("56-00001", None, "postal_code.not_postal_code"),
        ("5600", None, "postal_code.not_postal_code"),
    ],
)
def test_postal_code(text, value, rule):
    assert one(postal_code, text)[::2] == (value, rule)


def test_codes_of_towns_and_offices_are_listed():
    codes = pl.DataFrame({"a": ["5600001", "5618501", "5609999", None]})
    assert codes.select(is_listed_postal_code(pl.col("a")))["a"].to_list() == [
        True,
        True,
        False,
        None,
    ]
