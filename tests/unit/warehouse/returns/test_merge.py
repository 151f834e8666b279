"""Every row is as delivered, as it came back, or out: none is lost, none is doubled."""

import json

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from warehouse.readers.grid import ROW
from warehouse.returns.identity import CORRECTED, EXCLUDED, TOO_LONG, hash_row, hash_text
from warehouse.returns.merge import (
    STATEMENT_SCHEMA,
    count_returned,
    merge_returned,
    word_returned,
)

RAW_SCHEMA = {ROW: pl.Int64, "a": pl.String, "b": pl.String}
RAGGED_SCHEMA = {ROW: pl.Int64, "raw_value": pl.String}


def _raw(*rows):
    return pl.DataFrame(rows, schema=RAW_SCHEMA, orient="row")


def _ragged(*rows):
    return pl.DataFrame(rows, schema=RAGGED_SCHEMA, orient="row")


def _said(*statements):
    """Each is row, action, hash of the row as delivered, cells."""
    made = [(row, action, print_, json.dumps(cells)) for row, action, print_, cells in statements]
    return pl.DataFrame(made, schema=STATEMENT_SCHEMA, orient="row")


def test_a_corrected_row_stands_in_the_place_of_the_delivered_one():
    raw = _raw((2, "01", "x"), (3, "02", None), (4, "03", "z"))
    said = _said((3, CORRECTED, hash_row({"a": "02", "b": None}), {"a": "02", "b": "y"}))
    merged = merge_returned(raw, _ragged(), said)
    assert merged.rows.rows() == [(2, "01", "x"), (3, "02", "y"), (4, "03", "z")]
    assert (merged.corrected, merged.excluded, merged.unused) == ((3,), (), ())


def test_an_excluded_row_is_out_and_counted():
    raw, ragged = _raw((2, "01", "x"), (3, "02", "y")), _ragged((4, "03,z,?"))
    said = _said(
        (2, EXCLUDED, hash_row({"a": "01", "b": "x"}), {"a": "01", "b": "x"}),
        (4, EXCLUDED, hash_text("03,z,?"), {"a": None, "b": None}),
    )
    merged = merge_returned(raw, ragged, said)
    assert merged.rows.rows() == [(3, "02", "y")]
    assert merged.ragged.is_empty()
    assert merged.excluded == (2, 4)


def test_a_ragged_record_becomes_a_row():
    said = _said((3, CORRECTED, hash_text("02,y,?"), {"a": "02", "b": "y"}))
    merged = merge_returned(_raw((2, "01", "x")), _ragged((3, "02,y,?"), (4, "03")), said)
    assert merged.rows.rows() == [(2, "01", "x"), (3, "02", "y")]
    assert merged.ragged[ROW].to_list() == [4]


def test_a_row_that_is_not_the_one_written_out_stays_as_delivered():
    raw = _raw((2, "01", "x"))
    for print_, cells in (
        (hash_row({"a": "01", "b": "old"}), {"a": "09", "b": "x"}),
        (hash_row({"a": "01", "b": "x"}), {"a": "09", "gone": "x"}),
        (hash_text("01,x"), {"a": "09", "b": "x"}),
    ):
        merged = merge_returned(raw, _ragged(), _said((2, CORRECTED, print_, cells)))
        assert merged.rows.rows() == raw.rows()
        assert merged.unused == (2,)
    absent = merge_returned(raw, _ragged(), _said((9, EXCLUDED, hash_row({"a": "1"}), {"a": "1"})))
    assert (absent.rows.rows(), absent.unused) == (raw.rows(), (9,))


def test_a_column_the_contract_has_gained_keeps_what_was_delivered():
    raw = _raw((2, "01", "new"))
    merged = merge_returned(
        raw, _ragged(), _said((2, CORRECTED, hash_row({"a": "01"}), {"a": "09"}))
    )
    assert merged.rows.rows() == [(2, "09", "new")]


def test_what_a_spreadsheet_cannot_hold_comes_through_untouched_cells():
    long, lines = "長" * 40_000, "1行\r\n2行\x0b"
    raw = _raw((2, long, lines))
    said = _said(
        (2, CORRECTED, hash_row({"a": long, "b": lines}), {"a": TOO_LONG, "b": "1行\n2行"})
    )
    assert merge_returned(raw, _ragged(), said).rows.rows() == [(2, long, lines)]


def test_what_became_of_them_is_counted_and_worded():
    raw = _raw((2, "01", "x"), (3, "02", "y"), (4, "03", "z"), (5, "04", "w"))
    prints = {row: hash_row({"a": a, "b": b}) for row, a, b in raw.iter_rows()}
    said = _said(
        (2, CORRECTED, prints[2], {"a": "01", "b": "q"}),
        (3, CORRECTED, prints[3], {"a": "02", "b": "q"}),
        (4, EXCLUDED, prints[4], {"a": "03", "b": "z"}),
        (5, CORRECTED, "0" * 16, {"a": "04", "b": "q"}),
    )
    merged = merge_returned(raw, _ragged(), said)
    counts = count_returned(merged, pl.Series([2, 5]), pl.Series([3, 3]))
    assert counts == {"used": 3, "taken": 1, "faulty": 1, "excluded": 1, "unused": 1}
    first, second = word_returned(counts)
    assert first == "隔離から戻した行 3(うち取り込み 1、まだ誤り 1、除外 1)"
    assert "1 行は、届いた行や契約の列が書き出したときと違うため使いません" in second


cells = st.one_of(st.none(), st.text(alphabet="0１a,\n\r 髙", max_size=4))


@given(
    delivered=st.lists(st.tuples(cells, cells, st.booleans()), max_size=8),
    said=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([CORRECTED, EXCLUDED]), st.booleans(), cells),
        max_size=8,
        unique_by=lambda item: item[0],
    ),
)
def test_rows_in_are_rows_out_ragged_and_excluded(delivered, said):
    raw = _raw(*((n, a, b) for n, (a, b, is_odd) in enumerate(delivered) if not is_odd))
    ragged = _ragged(*((n, f"{a},{b},") for n, (a, b, is_odd) in enumerate(delivered) if is_odd))
    prints = {n: hash_row({"a": a, "b": b}) for n, a, b in raw.iter_rows()}
    prints |= {n: hash_text(text) for n, text in ragged.iter_rows()}
    statements = _said(
        *(
            (n, action, prints.get(n, "") if is_true else "f" * 16, {"a": value, "b": value})
            for n, action, is_true, value in said
        )
    )
    merged = merge_returned(raw, ragged, statements)
    before = sorted([*raw[ROW], *ragged[ROW]])
    assert sorted([*merged.rows[ROW], *merged.ragged[ROW], *merged.excluded]) == before
    assert merged.rows[ROW].is_sorted()
    assert merged.rows.schema == raw.schema
    assert set(merged.corrected) <= set(merged.rows[ROW])
    assert len(merged.corrected) + len(merged.excluded) + len(merged.unused) == len(said)
    untouched = set(before) - {n for n, *_ in said}
    assert set(raw.filter(pl.col(ROW).is_in(untouched)).rows()) <= set(merged.rows.rows())
