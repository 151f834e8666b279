import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.codes.code_lists import code
from transforms.codes.digits import digits
from transforms.codes.my_numbers import looks_like_my_number
from transforms.codes.phones import phone
from transforms.codes.postal_codes import postal_code
from transforms.codes.vocabularies import boolean


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("001", "001", "digits.plain"),
        ("００１", "001", "digits.fullwidth"),
        ("01", None, "digits.length"),
        ("1-1", None, "digits.not_digits"),
        ("٣٣٣", None, "digits.not_digits"),
        ("\u3000", None, "blank"),
    ],
)
def test_digits(text, value, rule):
    assert one(digits, text, length=3)[::2] == (value, rule)


def test_digits_of_any_length():
    assert one(digits, "0" * 30)[0] == "0" * 30
    with pytest.raises(ValueError, match="次にすること"):
        digits(pl.col("a"), length=0)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("○", True, "boolean.listed"),
        ("無", False, "boolean.listed"),
        ("ｙｅｓ", True, "boolean.fullwidth"),
        ("yes", True, "boolean.fullwidth"),
        ("不明", None, "boolean.unknown"),
        (None, None, "blank"),
    ],
)
def test_boolean(text, value, rule):
    assert one(boolean, text, true=["○", "YES"], false=["無"])[::2] == (value, rule)


def test_boolean_words_must_differ():
    with pytest.raises(ValueError, match="次にすること"):
        boolean(pl.col("a"), true=["Y"], false=["ｙ"])


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("1", "1", "code.listed"),
        ("１", "1", "code.fullwidth"),
        ("男", "1", "code.label"),
        ("甲", None, "code.ambiguous_label"),
        ("01", None, "code.unknown"),
        ("", None, "blank"),
    ],
)
def test_code(text, value, rule):
    labels = {"1": "男", "2": "女", "A": "甲", "B": "甲"}
    assert one(code, text, labels=labels)[::2] == (value, rule)


@pytest.mark.parametrize("labels", [{}, {"": "x"}])
def test_code_needs_codes(labels):
    with pytest.raises(ValueError, match="次にすること"):
        code(pl.col("a"), labels=labels)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("5600001", "5600001", "postal_code.plain"),
        *[(t, "5600001", "postal_code.written_form") for t in ("560-0001", "〒560-0001", "〒５６０－０００１", "560ー0001")],
        ("600001", None, "postal_code.lost_zero"),
        ("000-0000", None, "postal_code.sentinel"),
        ("56000011", None, "postal_code.not_postal_code"),
        ("560", None, "postal_code.not_postal_code"),
    ],
)  # fmt: skip
def test_postal_code(text, value, rule):
    assert one(postal_code, text)[::2] == (value, rule)


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        ("06-6858-2525", "06-6858-2525", "phone.plain"),
        ("0668582525", "0668582525", "phone.plain"),
        *[(t, t, "phone.plain") for t in ("090-1234-5678", "0120-123-456", "0800-123-4567", "0570-012-345")],
        *[
            (t, "06-6858-2525", "phone.written_form")
            for t in ("０６－６８５８－２５２５", "06(6858)2525", "(06)6858-2525", "06ー6858ー2525", "06 6858 2525")
        ],
        *[
            (t, None, "phone.not_phone")
            for t in ("668582525", "6858-2525", "06-6858-2525 内線3", "000-0000-0000", "06-6858-25255", "090-1234-567", "06-6858-2525、06-1111-1111")
        ],
    ],
)  # fmt: skip
def test_phone(text, value, rule):
    assert one(phone, text)[::2] == (value, rule)


def my_number(eleven):
    """Return the check digit as the ordinance words it, digit by digit from the right."""
    total = sum(
        int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1)
    )
    return "0" if total % 11 <= 1 else str(11 - total % 11)


@column_property
@given(st.text("0123456789", min_size=11, max_size=11), st.integers(1, 9))
def test_looks_like_my_number(eleven, shift):
    check = my_number(eleven)
    right = eleven + check
    wrong = eleven + str((int(check) + shift) % 10)
    wide = "".join(chr(ord(c) + 0xFEE0) for c in right)
    split = f"{right[:4]}-{right[4:8]} {right[8:]}"
    frame = pl.DataFrame({"a": [right, wide, split, wrong, right + "0", None]})
    found = frame.select(looks_like_my_number(pl.col("a")))["a"].to_list()
    assert found == [True, True, True, False, False, False]


@pytest.mark.parametrize("function", [digits, postal_code, phone])
@column_property
@given(texts=st.lists(st.one_of(st.text(), st.text(alphabet="0159-－ー() 〒０")), min_size=1))
def test_total_and_idempotent(function, texts):
    first = run(function, texts)
    again = run(function, [value for value, _, _ in first])
    assert [row[0] for row in again] == [row[0] for row in first]
    assert all(row[1] == "ok" for row in again)
