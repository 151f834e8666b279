import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.transforms.codes.test_my_numbers import check
from tests.unit.transforms.judging import column_property
from transforms.codes.my_number_search import contains_my_number, is_my_number_column


def found(texts):
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    return (
        frame.lazy()
        .select(contains_my_number(pl.col("a")))
        .collect(engine="streaming")["a"]
        .to_list()
    )


@pytest.mark.parametrize(
    "text",
    [
        "123456789018",
        "個人番号は123456789018です",
        "備考 １２３４－５６７８－９０１８",
        "1234 5678 9018",
        "番号:12 1234-5678-9018 済",
        "06-6858-2525/123456789018",
        "1111 2222 3333、123456789018",
        "123-456-789-018",
        "（No.123456789018）",
    ],
)
def test_found(text):
    assert found([text]) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "123456789012",
        "1234567890189",
        "支払 1234 5678 9018 1111",
        "0.123456789018",
        "06-6858-2525 090-1234-5678",
        "",
        None,
    ],
)
def test_not_found(text):
    assert found([text]) == [False]


@column_property
@given(st.text("0123456789", min_size=11, max_size=11), st.text("あア番 号:、。", max_size=5))
def test_every_number_is_found_in_words(eleven, words):
    number = eleven + check(eleven)
    grouped = f"{number[:4]} {number[4:8]} {number[8:]}"
    assert found([f"{words}番{number}号{words}", f"{words}番{grouped}号{words}"]) == [True, True]


def decided(texts):
    frame = pl.DataFrame({"a": texts}, schema={"a": pl.String})
    return frame.select(is_my_number_column(pl.col("a"))).item()


def test_a_column_is_decided_by_its_share():
    numbers = [f"{n * 7919 + 10**10}" for n in range(200)]
    assert decided([n + check(n) for n in numbers])
    # Every tenth number holds by chance, whatever its last digit.
    assert not decided([n + str(position % 10) for position, n in enumerate(numbers)])
    assert decided(["123456789018", "222222222222"])
    assert not decided(["", None, "1234567890189"])
    assert not decided([])
