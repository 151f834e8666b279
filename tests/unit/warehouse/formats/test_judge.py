"""What the files of a release are found to be."""

import pytest

from tests.unit.warehouse.formats.layouts import BLANK, LIBRARY, PLACES, table
from warehouse.formats.judge import judge_formats
from warehouse.formats.write import write_formats


def _placed(latitude, longitude):
    return ("1", "x", None, None, latitude, longitude, None, None, None)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (_placed("34.7", None), "format.position"),
        (_placed("北緯34度", "135"), "format.position"),
        (_placed("135.4", "34.7"), "format.position"),
        (_placed("34.7", "200"), "format.position"),
        (BLANK, "format.no_position"),
    ],
)
def test_rows_that_no_map_shows_are_counted(row, rule):
    (finding,) = [
        f for f in judge_formats(table(LIBRARY, row), PLACES, []) if "zeros" not in f.rule
    ]
    assert (finding.rule, "1 件" in finding.message) == (rule, True)
    assert finding.severity == ("blocker" if rule == "format.position" else "warning")


def test_a_table_without_any_position_is_no_map_and_no_fault():
    assert judge_formats(table(("A1", *BLANK[1:])), PLACES, []) == []


def test_a_file_that_says_something_else_is_stopped(tmp_path):
    frame = table(LIBRARY)
    files = write_formats(frame, PLACES, tmp_path, "t", bom=True, xlsx=True)
    assert judge_formats(frame, PLACES, files) == []
    files[1].write_bytes(files[1].read_bytes().replace(b"120", b"121"))
    (finding,) = judge_formats(frame, PLACES, files)
    assert (finding.rule, finding.severity, finding.where) == (
        "format.disagrees",
        "blocker",
        "t.json",
    )


def test_codes_that_lose_zeros_ask_for_a_workbook(tmp_path):
    frame = table(LIBRARY)
    csv, *_, xlsx = write_formats(frame, PLACES, tmp_path, "t", bom=True, xlsx=True)
    (finding,) = judge_formats(frame, PLACES, [csv])
    assert (finding.rule, finding.severity, finding.where) == (
        "format.leading_zeros", "warning", "「ID」列",
    )  # fmt: skip
    assert judge_formats(frame, PLACES, [csv, xlsx]) == []
