import polars as pl
import pytest

from tests.unit.transforms.judging import one
from transforms.codes.numbering_plan import area_length
from transforms.codes.phones import phone

OFFICE = "(06)6858-2525"
SEVERAL = ("06-6858-2525、06-1111-1111", "06-6858-2525/06-6858-2526", "06-6858-2525 06-6858-2526",
           "06-6858-2525~7", "06-6858-2525・2526", "06-6858-2525\n06-6858-2526")  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        *[(t, t, "phone.plain") for t in (OFFICE, "(0178)12-3456", "090-1234-5678", "0120-123-456", "0800-123-4567", "0570-012-345", "050-1234-5678", "020-1234-5678")],
        *[
            (t, OFFICE, "phone.written_form")
            for t in ("06-6858-2525", "0668582525", "０６－６８５８－２５２５", "06(6858)2525", "06ー6858ー2525", "06 6858 2525", "06.6858.2525", "0668-58-2525")
        ],
        ("0126712345", "(01267)1-2345", "phone.written_form"),
        ("04-2922-1111", "(04)2922-1111", "phone.written_form"),
        ("072-333-4444", "(072)333-4444", "phone.written_form"),
        ("(090)1234-5678", "090-1234-5678", "phone.written_form"),
        *[(t, OFFICE, "phone.country_code") for t in ("+81 6 6858 2525", "+81-(0)6-6858-2525", "＋８１６６８５８２５２５")],
        ("+81 90-1234-5678", "090-1234-5678", "phone.country_code"),
        *[(t, t, "phone.short_number") for t in ("110", "119", "188", "#7119")],
        *[(t, OFFICE, "phone.zero_restored") for t in ("668582525", "6-6858-2525")],
        ("9012345678", "090-1234-5678", "phone.zero_restored"),
        ("120123456", "0120-123-456", "phone.zero_restored"),
        *[(t, OFFICE, "phone.annotation") for t in ("06-6858-2525(代)", "（代表）06-6858-2525", "06-6858-2525 直通", "06-6858-2525(FAX兼用)")],
        *[(t, OFFICE, "phone.labelled") for t in ("TEL:06-6858-2525", "℡06-6858-2525", "電話 06-6858-2525", "TEL/FAX 06-6858-2525")],
        *[(t, None, "phone.no_area_code") for t in ("6858-2525", "858-2525", "22-1234")],
        *[(t, None, "phone.several") for t in SEVERAL],
        *[(t, None, "phone.remark") for t in ("06-6858-2525(平日)", "09012345678(父)")],
        *[(t, None, "phone.fax") for t in ("FAX 06-6858-2525", "06-6858-2525(FAX)", "ＦＡＸ：06-6858-2525")],
        *[(t, None, "phone.foreign") for t in ("+1 212-555-0100", "010-1-212-555-0100", "001-1-212-555-0100")],
        *[(t, None, "phone.mail") for t in ("a@example.jp", "06-6858-2525 a@example.jp")],
        *[(t, None, "phone.sentinel") for t in ("000-0000-0000", "06-0000-0000", "090-0000-0000", "9999999999")],
        *[(t, None, "phone.length") for t in ("06-6858-25255", "06-6858-252", "090-123-4567", "12345678901")],
        ("0128-12-3456", None, "phone.unassigned"),
        *[(t, None, "phone.not_phone") for t in ("なし", "06-6858-", "-", "電話")],
        ("", None, "blank"),
    ],
)  # fmt: skip
def test_phone(text, value, rule):
    assert one(phone, text)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("text", "value", "extension"),
    [
        *[(t, OFFICE, "123") for t in ("06-6858-2525 内線123", "06-6858-2525(内線123)", "06-6858-2525（内）123", "06-6858-2525 ext. 123", "06-6858-2525 内線番号:１２３", "06-6858-2525(代) 内線123")],
        ("06-6858-2525 内線2321・2322", OFFICE, "2321・2322"),
        ("内線123", None, "123"),
        ("FAX 06-6858-2525", None, None),
        (OFFICE, OFFICE, None),
    ],
)  # fmt: skip
def test_the_extension_stands_apart(text, value, extension):
    judged = pl.select(phone(pl.lit(text)).alias("phone"))["phone"][0]
    assert (judged["value"], judged["extension"]) == (value, extension)


@pytest.mark.parametrize(
    ("prefix", "length"),
    [("066858", 2), ("072333", 3), ("017812", 4), ("012671", 5), ("042922", 2), ("042300", 3)],
)
def test_where_an_area_code_ends(prefix, length):
    assert area_length(prefix) == length
