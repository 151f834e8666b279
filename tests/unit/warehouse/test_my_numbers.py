"""個人番号 go no further than quarantine, in whatever column they stand."""

import polars as pl
import pytest

from tests.unit.warehouse.small_city import make_contract
from transforms.codes.check_digits import individual_number
from warehouse.normalise import normalise
from warehouse.normalising.delivery import normalise_delivery
from warehouse.readers.grid import ROW

PLAIN = {"source": "値", "title": "値", "classification": "公開", "type": "text"}
NUMBERS = [
    f"{body}{digit}"
    for body, digit in pl.DataFrame({"body": range(12_345_678_901, 12_345_678_941)})
    .with_columns(digit=individual_number(pl.col("body")))
    .rows()
]
# One in ten carries the check digit of a 個人番号, as among any numbers.
OTHERS = [f"{body}7" for body in range(12_345_678_901, 12_345_678_941)]


def contract(**column):
    return make_contract(columns={"id": PLAIN, "value": {**PLAIN, **column}}, key=["id"])


def frame(texts, first=2):
    rows = range(first, first + len(texts))
    columns = {ROW: rows, "id": [str(row) for row in rows], "value": texts}
    return pl.DataFrame(columns, schema={ROW: pl.Int64, "id": pl.String, "value": pl.String})


def found(result):
    return result.quarantine.filter(pl.col("rule") == "my_number.found")["raw_value"].to_list()


@pytest.mark.parametrize("length", [None, 12])
def test_a_column_of_them_is_set_aside_whole(length):
    result = normalise(frame([*NUMBERS, "1"]), contract(type="digits", length=length))
    assert found(result) == NUMBERS
    assert result.rows.height == (length is None)


def test_other_numbers_of_twelve_digits_are_not_taken_for_them():
    result = normalise(frame(OTHERS), contract(type="digits", length=12))
    assert found(result) == []
    assert result.rows.height == len(OTHERS)


def test_a_column_is_judged_by_all_its_parts(tmp_path):
    parts = [frame(OTHERS[n : n + 4], first=2 + n) for n in range(0, len(OTHERS), 4)]
    done = normalise_delivery(parts, contract(type="digits"), tmp_path)
    assert done.bad.to_list() == []
    few = [frame(NUMBERS[:1]), frame(["3"], first=3)]
    (tmp_path / "few").mkdir()
    done = normalise_delivery(few, contract(type="digits"), tmp_path / "few")
    assert (done.bad.to_list(), done.rows_out, done.rows.count()) == ([2], 1, 1)


@pytest.mark.parametrize("kind", ["text", "name", "address", "phone"])
@pytest.mark.parametrize("spell", ["{}", "{} です", "番号{}"])
def test_one_within_a_text_is_enough(kind, spell):
    one = NUMBERS[0]
    grouped = f"{one[:4]}-{one[4:8]}-{one[8:]}"
    column = {"type": kind} | ({"city": "272035"} if kind == "address" else {})
    for number in (one, grouped):
        assert found(normalise(frame([spell.format(number)]), contract(**column)))


def test_a_contract_may_say_why_they_are_none_or_whose_they_are():
    cleared = contract(type="digits", not_my_number="水道の使用者番号。検査数字の式がたまたま同じ")
    assert found(normalise(frame(NUMBERS), cleared)) == []
    people = contract(type="my_number", classification="特定個人", role="direct_identifier")
    result = normalise(frame(NUMBERS), people)
    assert (found(result), result.rows.height) == ([], len(NUMBERS))
