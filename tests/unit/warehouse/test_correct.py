"""A declared fault is mended once, counted, and refused as soon as the source is right."""

import polars as pl
import pytest

from tests.unit.warehouse.small_city import make_dataset
from warehouse.correct import apply_corrections, scale_values
from warehouse.readers.grid import ROW
from warehouse.refusal import Refusal

RAW = pl.DataFrame(
    {
        ROW: [2, 3, 4],
        "person_id": ["001", "002 ", "003"],
        "full_name": ["甲", "乙", None],
        "town": ["本町", "本町", "南町"],
        "visit_count": ["600", "6", None],
    }
)


def _fix(action, **fields):
    return {
        "action": action, "match": {"person_id": "001"}, "expect": {"visit_count": "600"},
        "reason": "打ち間違い", "reported_to": "市民係", "reported_on": "2026-04-16", **fields,
    }  # fmt: skip


def _apply(*fixes, rows=RAW, period="2026-04"):
    return apply_corrections(rows, make_dataset(fixes=list(fixes)), period)


def test_an_override_replaces_one_value_in_the_rows_meant():
    done = _apply(_fix("override", column="visit_count", value="60"))
    assert done.rows["visit_count"].to_list() == ["60", "6", None]
    assert (done.applied, done.dropped) == (1, 0)
    assert done.rows.drop("visit_count").equals(RAW.drop("visit_count"))


def test_a_drop_leaves_the_rows_out_and_counts_them():
    done = _apply(_fix("drop", match={"town": "本町"}, expect={"town": "本町"}))
    assert done.rows[ROW].to_list() == [4]
    assert (done.applied, done.dropped) == (1, 2)


def test_a_flag_changes_nothing_but_is_counted():
    done = _apply(_fix("flag", column="visit_count"))
    assert done.rows.equals(RAW)
    assert done.applied == 1


def test_a_scale_multiplies_the_typed_value_of_the_rows_meant():
    done = _apply(_fix("scale", column="visit_count", factor=1000))
    typed = pl.DataFrame({ROW: [2, 3, 4], "visit_count": [600, 6, None]})
    assert scale_values(typed, done.rows, done.scales)["visit_count"].to_list() == [
        600_000,
        6,
        None,
    ]
    assert done.rows.equals(RAW)


def test_corrections_follow_one_another():
    done = _apply(
        _fix("override", column="visit_count", value="60"),
        _fix("drop", expect={"visit_count": "60"}),
    )
    assert done.rows[ROW].to_list() == [3, 4]


def test_outer_spaces_of_the_delivered_text_do_not_matter():
    done = _apply(_fix("drop", match={"person_id": "002"}, expect={"visit_count": "6"}))
    assert done.dropped == 1


@pytest.mark.parametrize(
    ("fix", "rows"),
    [
        (_fix("drop"), RAW.with_columns(visit_count=pl.lit("60"))),
        (_fix("drop"), RAW.filter(pl.col("person_id") != "001")),
        (_fix("drop", expect={"full_name": "丙"}), RAW),
        (_fix("flag", column="visit_count", match={"town": "本町"}), RAW),
        (_fix("scale", column="visit_count", factor=10, match={"person_id": "003"}), RAW),
    ],
)
def test_a_source_that_was_mended_is_refused_without_any_value(fix, rows):
    with pytest.raises(Refusal) as caught:
        _apply(
            _fix("flag", column="town", match={"town": "南町"}, expect={"town": "南町"}),
            fix,
            rows=rows,
        )
    assert caught.value.rule == "correction.mended"
    assert "2 番目" in caught.value.what
    assert caught.value.where.startswith("people.corrections.yaml")
    assert not {"600", "甲", "本町"} & set(str(caught.value).split())
    assert "600" not in str(caught.value)


def test_a_correction_holds_for_its_periods_alone():
    fix = _fix("drop", periods=["2026-03", "2026-04"])
    assert _apply(fix, period="2026-04").dropped == 1
    later = _apply(fix, period="2026-05", rows=RAW.with_columns(visit_count=pl.lit("60")))
    assert (later.applied, later.dropped) == (0, 0)
