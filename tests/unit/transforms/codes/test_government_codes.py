import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.judging import column_property, one, run
from transforms.codes.government_codes import local_government_code


@pytest.mark.parametrize(
    ("text", "value", "rule"),
    [
        *[(t, t, "government_code.plain") for t in ("272035", "011002", "131016", "010006", "130001", "472018")],
        ("27203", "272035", "government_code.check_added"),
        ("01100", "011002", "government_code.check_added"),
        ("27203-5", "272035", "government_code.written_form"),
        ("２７２０３５", "272035", "government_code.written_form"),
        ("11002", "011002", "government_code.zero_restored"),
        ("1100", "011002", "government_code.zero_restored"),
        ("27", "270008", "government_code.prefecture"),
        ("01", "010006", "government_code.prefecture"),
        ("27000", "270008", "government_code.check_added"),
        ("271021", "271021", "government_code.plain"),
        ("11100", None, "government_code.five_digits"),
        ("48", None, "government_code.not_code"),
        ("1", None, "government_code.not_code"),
        ("272036", None, "government_code.check_digit"),
        ("480002", None, "government_code.not_code"),
        ("00000", None, "government_code.not_code"),
        ("270012", None, "government_code.not_code"),
        ("99999", None, "government_code.not_code"),
        ("豊中市", None, "government_code.not_code"),
        ("", None, "blank"),
    ],
)  # fmt: skip
def test_local_government_code(text, value, rule):
    assert one(local_government_code, text)[::2] == (value, rule)


def check(five):
    total = sum(int(d) * w for d, w in zip(five, (6, 5, 4, 3, 2), strict=True))
    return str(11 - total % 11)[-1]


@column_property
@given(st.integers(1, 47), st.integers(100, 999))
def test_six_digits_read_back_and_five_are_never_wrong(prefecture, place):
    five = f"{prefecture:02}{place}"
    six = five + check(five)
    plain, added, stripped = run(local_government_code, [six, five, six.lstrip("0")])
    assert plain[0] == six
    assert added[0] in (six, None)
    # A stripped zero is restored, or the other reading holds too and nothing is said.
    assert stripped[0] in (six, None)


def test_two_readings_that_differ_are_uncertain():
    fives = [f"{p:02}{n}" for p in range(10, 48) for n in range(100, 800)]
    both = [x for x in fives if check("0" + x[:4]) == x[4] and (x[1:4] == "000" or x[1] != "0")]
    assert both
    rules = {(row[0], row[2]) for row in run(local_government_code, both)}
    assert rules == {(None, "government_code.five_digits")}


@column_property
@given(st.lists(st.one_of(st.text(), st.text(alphabet="0127-")), min_size=1))
def test_total_and_idempotent(texts):
    first = run(local_government_code, texts)
    again = run(local_government_code, [row[0] for row in first])
    assert [row[0] for row in again] == [row[0] for row in first]
