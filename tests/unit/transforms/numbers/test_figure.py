import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property
from transforms.numbers.figure import figure

DIGITS = "〇一二三四五六七八九"
WIDE = str.maketrans("0123456789,.-", "０１２３４５６７８９，．－")
FORMAL = str.maketrans("一二三十", "壱弐参拾")
# Numerals in kanji that say two things alone: 二三 is twenty-three or "two or three".
PAIRS = {f"{n}{n + 1}" for n in range(1, 9)}


def _figures(texts, units=None):
    frame = pl.DataFrame({"raw": texts, "unit": units or [None] * len(texts)}, schema_overrides={"raw": pl.String, "unit": pl.String})  # fmt: skip
    judged = frame.lazy().select(figure(pl.col("raw"), unit=pl.col("unit")))
    return [tuple(row.values()) for row in judged.collect(engine="streaming")["raw"].to_list()]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1,234.50", "1234.5", None),
        ("9007199254740993.10", "9007199254740993.1", None),
        ("三二〇〇", "3200", None),
        ("三千二百", "3200", None),
        ("一万二千三百四十五", "12345", None),
        ("壱拾弐万", "120000", None),
        ("二億三千万", "230000000", None),
        ("3億2,000万円", "320000000", "円"),
        ("1.5万", "15000", None),
        ("12万3千", "123000", None),
        ("1万500", "10500", None),
        ("1億0,500万", None, None),
        ("１，２３４千円", "1234000", "円"),
        ("△25百万円", "-25000000", "円"),
        ("（1,234円）", "-1234", "円"),
        ("金壱万円也", "10000", "円"),
        ("￥1,234", "1234", "円"),
        ("12千人", "12000", "人"),
        ("12㎡", "12", "m2"),
        ("5.10％", "5.1", "%"),
        ("0.05‰", "0.005", "%"),
        ("1割2分5厘", "12.5", "%"),
        ("①", "1", None),
        ("㊿", "50", None),
        (".5", "0.5", None),
        ("三二○○", "3200", None),
        *[(text, None, None) for text in ("数百", "百余", "100〜", "最大100人", "1.5億2千万", "3億12345万")],
        *[(text, None, None) for text in ("①②", "二十5", "〇六", "五十嵐", "1,234 5", "12.5.6", "3人目")],
        *[(text, None, None) for text in ("9" * 39, "0." + "1" * 40, "一" * 70, "千円", "一", "〇", "二三")],
    ],
)  # fmt: skip
def test_figures(text, value, unit):
    assert _figures([text])[0][::3] == (value, unit)


@pytest.mark.parametrize(
    ("text", "unit", "value", "rule"),
    [
        ("12", "千円", "12000", "number.unit_scaled"),
        ("△1.5", "（単位：千円）", "-1500", "number.unit_scaled"),
        ("12", "人", "12", "number.plain"),
        ("12", "歩", "12", "number.plain"),
        ("12", "", "12", "number.plain"),
        ("5千円", "千円", "5000", "number.mixed"),
        ("5円", "円", "5", "number.unit"),
        ("5円", "千円", None, "number.unit_conflict"),
        ("12万", "千円", None, "number.unit_conflict"),
        ("5人", "円", None, "number.unit_conflict"),
        ("x", "千円", None, "number.secret_mark"),
    ],
)
def test_the_unit_of_the_column(text, unit, value, rule):
    assert _figures([text], [unit])[0][:3:2] == (value, rule)


def test_a_mark_is_never_a_zero():
    marks = ["-", "－", "…", "x", "***", "皆無", "不詳", "秘匿", "〃", "###", "#N/A"]
    read = _figures(marks)
    assert all(value is None and verdict != "ok" for value, verdict, *_ in read)
    assert _figures(["0", "-0", ""])[0][:2] == ("0", "ok")
    assert [row[0] for row in _figures(["0", "-0", "", None])] == ["0", "0", None, None]


def _section(n):
    text = ""
    for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = n // place % 10
        text += "" if not digit else (DIGITS[digit] if digit > 1 or place == 1 else "") + word
    return text


def _spell(n):
    text = ""
    for exponent, word in ((12, "兆"), (8, "億"), (4, "万"), (0, "")):
        section = n // 10**exponent % 10**4
        text += ("一千" + _section(section)[1:] if 1000 <= section < 2000 and word else _section(section)) + word if section else ""  # fmt: skip
    return text


@column_property
@given(st.integers(2, 10**16 - 1))
def test_every_whole_number_reads_back(n):
    kanji = _spell(n)
    lone = {"千", "百"}
    texts = [str(n), f"{n:,}", f"{n:,}".translate(WIDE), f"△{n:,}", f"({n:,})", f"{n}円"]
    expected = [str(n)] * 3 + [f"-{n}"] * 2 + [str(n)]
    if kanji not in lone:
        texts += [kanji, kanji.translate(FORMAL)]
        expected += [str(n)] * 2
    if str(n) not in PAIRS:
        texts.append(str(n).translate(str.maketrans("0123456789", DIGITS)))
        expected.append(str(n))
    assert [row[0] for row in _figures(texts)] == expected


@column_property
@given(
    st.lists(
        st.one_of(
            st.text(),
            st.text(alphabet="0123456789,.-+△()%", min_size=1),
            st.text(alphabet="0129,.一二三〇十百千万億円割分人約～①○", min_size=1),
        ),
        min_size=1,
    )
)
def test_total_and_idempotent(texts):
    first = _figures(texts)
    values = [row[0] for row in first]
    again = _figures(values)
    assert [row[0] for row in again] == values
    assert {row[2] for row in again} <= {"number.plain", "blank"}
    for value, verdict, rule, _ in first:
        assert (value is None) == (verdict in {"uncertain", "refused"} or rule == "blank")
