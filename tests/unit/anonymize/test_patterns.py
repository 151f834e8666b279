import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.patterns import (
    find_twelve_digits,
    fold_text,
    has_birth_date,
    has_mobile_phone,
    has_pseudonym,
    has_unofficial_mail,
    is_my_number,
)

# The usual example of a number that passes the check; nobody's.
VALID = "123456789018"


def _test(rule, text):
    return pl.DataFrame({"t": [text]}).select(rule(fold_text(pl.col("t")))).item()


def _found(text):
    return (
        pl.DataFrame({"t": [text]})
        .select(find_twelve_digits(fold_text(pl.col("t"))))
        .item()
        .to_list()
    )


def _check_digit(eleven):
    """Say the ministry's formula as the ordinance says it: P_n counted from the right."""
    total = sum(int(eleven[11 - n]) * (n + 1 if n <= 6 else n - 5) for n in range(1, 12))
    return 0 if total % 11 <= 1 else 11 - total % 11


@given(st.integers(0, 10**11 - 1), st.integers(0, 9))
def test_check_digit_follows_the_ordinance(number, last):
    eleven = f"{number:011d}"
    assert _test(is_my_number, f"{eleven}{last}") == (last == _check_digit(eleven))


def test_the_usual_example_is_valid():
    assert _test(is_my_number, VALID)
    assert not _test(is_my_number, "123456789012")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (VALID, [VALID]),
        ("番号は1234-5678-9018です", [VALID]),
        ("1234 5678 9018", [VALID]),
        ("１２３４５６７８９０１８", [VALID]),
        ("1234‐5678‐9018", [VALID]),
        ("No.123456789018。", [VALID]),
        (f"{VALID} {VALID}", [VALID, VALID]),
        ("1234567890180", []),
        ("34.123456789018", []),
        ("https://www.city.example.lg.jp/123456789018.html", []),
        ("0561-12-3456", []),
        ("1234-5678-9018-1234", []),
    ],
)
def test_twelve_digits_are_found_however_written(text, numbers):
    assert _found(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "090-1234-5678",
        "０８０－１２３４－５６７８",
        "連絡は07012345678まで",
        "(090)1234-5678",
        "+81 90-1234-5678",
        "TEL.090 1234 5678",
        "060-1234-5678",
        "087-123-4567 / 090-1234-5678",
    ],
)
def test_mobile_phones_are_found(text):
    assert _test(has_mobile_phone, text)


@pytest.mark.parametrize(
    "text",
    [
        "087-839-2011",
        "0120-123-456",
        "050-1234-5678",
        "06-6858-2525",
        "060-0001",
        "135.08012345678",
        "2026-08-01",
        "https://www.city.example.lg.jp/08012345678",
        "1090-1234-5678",
    ],
)
def test_other_numbers_are_no_mobile_phones(text):
    assert not _test(has_mobile_phone, text)


@pytest.mark.parametrize(
    ("text", "unofficial"),
    [
        ("yamada@example.com", True),
        ("ｙａｍａｄａ＠ｅｘａｍｐｌｅ．ｃｏｍ", True),
        ("soumu@city.example.lg.jp", False),
        ("SOUMU@LG.JP", False),
        ("soumu@city.example.lg.jp, yamada@example.com", True),
        ("x@lg.jp.example.com", True),
        ("x@notlg.jp", True),
        ("geolonia/japanese-addresses@c3999f70", False),
        ("@city_example", False),
    ],
)
def test_mail_outside_lg_jp(text, unofficial):
    assert _test(has_unofficial_mail, text) == unofficial


@pytest.mark.parametrize(
    ("text", "birth"),
    [
        ("昭和50年4月1日生", True),
        ("S50.4.1生まれ", True),
        ("1975/04/01 生", True),
        ("生年月日:平成元年1月8日", True),
        ("(令和2年12月3日生)", True),
        ("平成10年4月1日生涯学習センター開設", False),
        ("平成10年4月1日開設", False),
        ("生年月日の分かる書類", False),
        ("2026-04-01", False),
    ],
)
def test_birth_dates_are_told_from_other_dates(text, birth):
    assert _test(has_birth_date, text) == birth


def test_pseudonyms_are_found():
    assert _test(has_pseudonym, "p1_" + "ab2" * 8 + "cd")
    assert not _test(has_pseudonym, "p1_" + "ab2" * 8)
    assert not _test(has_pseudonym, "evacuation_space_facility_number")
