import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.dates.day import date
from transforms.dates.eras import ERAS
from transforms.dates.spellings import FOLDED

FEB1 = "2023-02-01"
WIDE = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")
READ = [
    *[(t, FEB1, "date.wareki") for t in (
        "令和5年2月1日", "令和５年２月１日", "R5.2.1", "r5.2.1", "Ｒ５．２．１", "R05/02/01", "R5-2-1",
        "Ｒ０５．０２．０１", "㋿5年2月1日", "令5.2.1", "令和05年02月01日", "令和 5年 2月 1日",
        "令和５年　２月　１日", "令和五年二月一日", "R050201", "ｒ０５０２０１", "R.5.2.1", "R 5.2.1",
        "R5・2・1", " 令和5年2月1日\u3000", "令和5.2.1", "令和5/2/1", "令和5年2月1日(水)",
    )],
    *[(t, FEB1, "date.western") for t in (
        "2023/2/1", "2023.2.1", "2023年2月1日", "20230201", "２０２３／０２／０１", "2023-2-1",
        "２０２３－０２－０１", "二〇二三年二月一日", "西暦2023年2月1日", "2023 / 2 / 1", "20230201.0",
        "2023年2月1日（水曜日）", "2023‐02‐01",
    )],
    *[(t, FEB1, "date.time_dropped") for t in (
        "2023-02-01 00:00:00", "2023/2/1 0:00", "2023/2/1 23:59", "2023-02-01T00:00:00",
        "2023-02-01 00:00:00.000", "2023-02-01T10:00:00+09:00", "2023年2月1日 10時30分",
        "R5.2.1 9:05", "20230201 00:00:00",
    )],
    (FEB1, FEB1, "date.iso"),
    ("令和元年5月1日", "2019-05-01", "date.wareki"),
    ("令和1年5月1日", "2019-05-01", "date.wareki"),
    ("R元.5.1", "2019-05-01", "date.wareki"),
    ("平成31年4月30日", "2019-04-30", "date.wareki"),
    ("平成元年1月8日", "1989-01-08", "date.wareki"),
    ("㍻元年1月8日", "1989-01-08", "date.wareki"),
    ("昭和64年1月7日", "1989-01-07", "date.wareki"),
    ("S64.1.7", "1989-01-07", "date.wareki"),
    ("昭和元年12月25日", "1926-12-25", "date.wareki"),
    ("大正15年12月25日", "1926-12-25", "date.wareki"),
    ("大正元年7月30日", "1912-07-30", "date.wareki"),
    ("明治45年7月30日", "1912-07-30", "date.wareki"),
    ("明治6年1月1日", "1873-01-01", "date.wareki"),
    ("M060101", "1873-01-01", "date.wareki"),
    ("1873-01-01", "1873-01-01", "date.iso"),
    ("昭和六十三年十二月二十一日", "1988-12-21", "date.wareki"),
    ("昭和三十年十月十日", "1955-10-10", "date.wareki"),
    ("平成弐拾壱年参月壱日", "2009-03-01", "date.wareki"),
    ("平成二〇年二月二九日", "2008-02-29", "date.wareki"),
    ("一九五五年十月三十一日", "1955-10-31", "date.western"),
    ("2024-02-29", "2024-02-29", "date.iso"),
    ("2000-02-29", "2000-02-29", "date.iso"),
    ("令和6年2月29日", "2024-02-29", "date.wareki"),
    ("2199-12-31", "2199-12-31", "date.iso"),
]  # fmt: skip
LEFT = [
    ("昭和64年1月8日", "date.outside_era"),
    ("平成31年5月1日", "date.outside_era"),
    ("平成元年1月7日", "date.outside_era"),
    ("令和元年4月30日", "date.outside_era"),
    ("昭和元年12月24日", "date.outside_era"),
    ("大正15年12月26日", "date.outside_era"),
    ("大正元年7月29日", "date.outside_era"),
    ("明治45年7月31日", "date.outside_era"),
    ("令和0年1月1日", "date.outside_era"),
    ("S70.1.1", "date.outside_era"),
    ("明治5年12月2日", "date.lunar_calendar"),
    ("明治5年2月30日", "date.lunar_calendar"),
    ("明治元年10月23日", "date.lunar_calendar"),
    ("1872-12-31", "date.lunar_calendar"),
    ("1599-12-31", "date.implausible_year"),
    ("2203-01-01", "date.implausible_year"),
    ("0023-02-01", "date.implausible_year"),
    ("2023-02-29", "date.leap_day"),
    ("1900-02-29", "date.leap_day"),
    ("令和5年2月29日", "date.leap_day"),
    ("R050231", "date.impossible"),
    ("20230431", "date.impossible"),
    ("2023-13-01", "date.impossible"),
    ("2023-00-01", "date.impossible"),
    ("2023-01-00", "date.impossible"),
    ("2023年2月32日", "date.impossible"),
    ("5.2.1", "date.era_missing"),
    ("05/02/01", "date.era_missing"),
    ("23-02-01", "date.era_missing"),
    ("5年2月1日", "date.era_missing"),
    ("元年5月1日", "date.era_missing"),
    ("050201", "date.era_missing"),
    ("5050201", "date.era_digit"),
    ("4010108", "date.era_digit"),
    ("44958", "date.serial_unlabelled"),
    ("44958.5", "date.serial_unlabelled"),
    ("4495", "date.serial_unlabelled"),
    ("2023", "date.incomplete"),
    ("2023年", "date.incomplete"),
    ("令和5年2月", "date.incomplete"),
    ("R5.2", "date.incomplete"),
    ("2023-02", "date.incomplete"),
    ("R0502", "date.incomplete"),
    ("1/2/2023", "date.day_month_order"),
    ("01-02-2023 00:00", "date.day_month_order"),
    ("2023年2月1日(木)", "date.weekday_mismatch"),
    ("2023-02-01T15:00:00Z", "date.time_zone"),
    ("2023-02-01T15:00:00+00:00", "date.time_zone"),
    ("不詳", "date.unknown"),
    ("不明", "date.unknown"),
    ("年月日不詳", "date.unknown"),
    ("昭和10年以下不詳", "date.unknown"),
    ("昭和10年3月日不詳", "date.unknown"),
    ("令和5年2月1日頃", "date.approximate"),
    ("令和5年2月1日ごろ", "date.approximate"),
    ("推定昭和10年1月1日", "date.approximate"),
    ("令和5年2月上旬", "date.approximate"),
    ("99999999", "date.sentinel"),
    ("9999999", "date.sentinel"),
    ("999999", "date.sentinel"),
    ("9999/12/31", "date.sentinel"),
    ("9999-12-31 00:00:00", "date.sentinel"),
    ("９９９９１２３１", "date.sentinel"),
    ("00000000", "date.sentinel"),
    ("0000-00-00", "date.sentinel"),
    ("0", "date.sentinel"),
    ("R99.99.99", "date.sentinel"),
    ("令和99年12月31日", "date.sentinel"),
    ("2023-02/01", "date.not_a_date"),
    ("2023年2/1", "date.not_a_date"),
    ("令和5年2月1", "date.not_a_date"),
    ("2023/2/1日", "date.not_a_date"),
    ("R5.2.1T", "date.not_a_date"),
    ("R005.2.1", "date.not_a_date"),
    ("202.2.1", "date.not_a_date"),
    ("R2023.2.1", "date.not_a_date"),
    ("2023-02-01 25:00", "date.after_midnight"),
    ("2023-02-011:00", "date.not_a_date"),
    ("2023-02-01 2023-02-02", "date.not_a_date"),
    ("二十十年二月一日", "date.not_a_date"),
    ("令和{5}年2月1日", "date.not_a_date"),
    ("２０２３年２月３０１日", "date.not_a_date"),
    ("X5.2.1", "date.not_a_date"),
    ("123", "date.not_a_date"),
    ("202302011", "date.not_a_date"),
    ("٢٠٢٣-٠٢-٠١", "date.not_a_date"),
    ("abc", "date.not_a_date"),
    ("-", "date.not_a_date"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "day", "rule"), READ)
def test_reads(text, day, rule):
    assert one(date, text)[::2] == (dt.date.fromisoformat(day), rule)


@pytest.mark.parametrize(("text", "rule"), LEFT)
def test_never_guesses(text, rule):
    value, verdict, found = one(date, text)
    assert (value, found) == (None, rule)
    assert verdict in {"uncertain", "refused"}


@pytest.mark.parametrize("blank", [None, "", " ", "\u3000"])
def test_blank_is_null_and_ok(blank):
    assert one(date, blank) == (None, "ok", "blank")


@pytest.mark.parametrize("text", ["99999999", "9999-12-31", "9999/12/31", "00000000"])
def test_open_end_is_null_and_ok_when_declared(text):
    assert one(date, text, open_end=True) == (None, "ok", "date.open_end")


@pytest.mark.parametrize(
    ("text", "era", "day", "rule"),
    [
        ("5.2.1", "令和", FEB1, "date.era_column"),
        ("5.2.1", "Ｒ", FEB1, "date.era_column"),
        ("050201", "㋿", FEB1, "date.era_column"),
        ("50201", "令", FEB1, "date.era_column"),
        ("元年5月1日", "R", "2019-05-01", "date.era_column"),
        ("R5.2.1", "令和", FEB1, "date.wareki"),
        ("2023-02-01", "昭和", FEB1, "date.iso"),
        ("H5.2.1", "令和", None, "date.era_conflict"),
        ("64.1.8", "昭和", None, "date.outside_era"),
        ("5.2.1", "西暦", None, "date.era_missing"),
        ("5.2.1", "5", None, "date.era_missing"),
        ("5.2.1", "", None, "date.era_missing"),
        ("5050201", "令和", None, "date.era_digit"),
    ],
)
def test_era_column_decides_only_what_the_text_leaves_open(text, era, day, rule):
    value, _, found = one(date, text, era=pl.lit(era))
    assert (value and value.isoformat(), found) == (day, rule)


@pytest.mark.parametrize(
    ("text", "day", "rule"),
    [
        ("44958", FEB1, "date.serial"),
        ("44958.75", FEB1, "date.time_dropped"),
        ("9999", "1927-05-17", "date.serial"),
        ("2023", None, "date.serial_or_year"),
        ("59", "1900-02-28", "date.serial"),
        ("60", None, "date.serial_impossible"),
        ("050201", None, "date.era_missing"),
        (FEB1, FEB1, "date.iso"),
    ],
)
def test_serials_when_declared(text, day, rule):
    value, _, found = one(date, text, excel_serials=True)
    assert (value and value.isoformat(), found) == (day, rule)


def kanji(n):
    tens, ones = divmod(n, 10)
    digits = "〇一二三四五六七八九"
    return (
        (digits[tens] if tens > 1 else "")
        + ("十" if tens else "")
        + (digits[ones] if ones or not tens else "")
    )


def spellings(day):
    era = [e for e in ERAS if e.first <= day][-1]
    y, m, d = day.year - era.base, day.month, day.day
    yy = "元" if y == 1 else y
    western = [
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{day.year}/{m}/{d}",
        f"{day.year}年{m}月{d}日",
        f"{day.year}.{m}.{d} 12:34",
        f"{day.year}年{m}月{d}日({'月火水木金土日'[day.weekday()]})",
    ]
    wareki = [
        f"{era.name}{yy}年{m}月{d}日",
        f"{era.letter}{y}.{m}.{d}",
        f"{era.name[0]}{y:02}/{m:02}/{d:02}",
        f"{era.letter.lower()}{y:02}{m:02}{d:02}",
        f"{era.name}{y:2}年{m:2}月{d:2}日",
        f"{era.name}{kanji(y)}年{kanji(m)}月{kanji(d)}日",
    ]
    return [s for text in western + wareki for s in (text, text.translate(WIDE))]  # fmt: skip


@column_property
@given(st.dates(dt.date(1873, 1, 1), dt.date(2099, 12, 31)))
def test_every_spelling_of_a_day_is_that_day(day):
    texts = spellings(day)
    assert [value for value, _, _ in run(date, texts)] == [day] * len(texts)


@column_property
@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_a_day_is_read_only_if_the_calendar_has_it(year, month, day):
    value = one(date, f"{year:04}-{month:02}-{day:02}")[0]
    try:
        real = dt.date(year, month, day)
    except ValueError:
        assert value is None
    else:
        assert value == (real if 1873 <= year <= 2199 else None)


ALPHABET = sorted({c for key in FOLDED for c in key} | set("0123456789TZ:()日月?不詳"))


@column_property
@given(st.lists(st.one_of(st.text(), st.text(alphabet=ALPHABET)), min_size=1, max_size=30))
def test_total(texts):
    for value, verdict, rule in run(date, texts, era=pl.lit("令和"), excel_serials=True):
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")


@pytest.mark.parametrize(
    ("text", "day", "rule"),
    [
        ("昭和64年1月8日", "1989-01-08", "date.outside_era_repaired"),
        ("平成35.3.31", "2023-03-31", "date.outside_era_repaired"),
        ("H310501", "2019-05-01", "date.outside_era_repaired"),
        ("令和5年2月30日", None, "date.impossible"),
        ("令和0年1月1日", None, "date.impossible"),
    ],
)
def test_lenient_repairs_days_outside_their_era(text, day, rule):
    value, _, found = one(date, text, policy="lenient")
    assert (value and value.isoformat(), found) == (day, rule)


@pytest.mark.parametrize(
    ("text", "day"),
    [("5050201", FEB1), ("4310430", "2019-04-30"), ("3640108", None), ("6050201", None)],
)
def test_era_digits_when_declared(text, day):
    value = one(date, text, era_digits=True)[0]
    assert (value and value.isoformat()) == day


def test_bounds_stand_beside_the_value():
    frame = pl.DataFrame({"raw": ["R5.2.1", "令和5年2月29日", "昭和64年月日不詳", "R5.2.30"]})
    bounds = frame.select(date(pl.col("raw"))).unnest("raw").select("earliest", "latest").rows()
    assert bounds == [
        (dt.date(2023, 2, 1), dt.date(2023, 2, 1)),
        (dt.date(2023, 2, 28), dt.date(2023, 3, 1)),
        (dt.date(1989, 1, 1), dt.date(1989, 1, 7)),
        (None, None),
    ]
