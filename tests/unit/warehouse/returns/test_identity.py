"""A workbook and its rows are known by what stands in them; a damaged mark is no mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.returns.identity import (
    CELL_LIMIT,
    TOO_LONG,
    Mark,
    RowIdentity,
    as_shown,
    hash_row,
    hash_text,
    read_mark,
    read_row_identity,
)

identities = st.builds(
    RowIdentity,
    delivery=st.text("0123456789abcdef", min_size=16, max_size=16),
    row=st.integers(0, 10**12),
    delivered=st.text("0123456789abcdef", min_size=16, max_size=16),
    shown=st.text("0123456789abcdef", min_size=16, max_size=16),
)


@given(identities)
def test_a_row_identity_is_read_as_it_was_written(identity):
    assert read_row_identity(f" {identity}\n") == identity


@given(identities, st.integers(0, 40))
def test_a_row_identity_with_a_character_less_is_none(identity, at):
    text = str(identity)
    at %= len(text)
    shorter = text[:at] + text[at + 1 :]
    found = read_row_identity(shorter)
    # A digit less of the row number is another row of the same delivery, told by its hash.
    assert found is None or (found.row != identity.row and found.delivered == identity.delivered)


def test_a_mark_is_read_with_its_version():
    assert read_mark(str(Mark("people", 12))) == (1, Mark("people", 12))
    assert read_mark("machikane_returned;2;people;12") == (2, Mark("people", 12))
    for text in (None, "", "people", "machikane_returned;1;people", "machikane_returned;1;;1"):
        assert read_mark(text) is None


def test_a_row_hash_knows_names_and_blanks():
    assert hash_row({"a": "1", "b": None}) == hash_row({"b": "", "a": "1"})
    assert hash_row({"a": "1", "b": "2"}) != hash_row({"a": "2", "b": "1"})
    assert hash_row({"a": "1,2"}) != hash_text("1,2")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        ("001", "001"),
        (" 甲　", " 甲　"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x0bb_x000B_", "ab"),
        ("x" * CELL_LIMIT, "x" * CELL_LIMIT),
        ("x" * (CELL_LIMIT + 1), TOO_LONG),
    ],
)
def test_a_value_is_shown_as_a_spreadsheet_keeps_it(value, shown):
    assert as_shown(value) == shown
    assert as_shown(as_shown(value)) == shown
