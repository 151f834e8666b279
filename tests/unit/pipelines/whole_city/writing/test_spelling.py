"""However a value is written, the platform reads it as it was: that is what precision rests on."""

import numpy as np
import polars as pl
import pytest

from pipelines.whole_city.writing.spelling import spell_rows
from pipelines.whole_city.writing.style import style_of
from tests.unit.pipelines.whole_city.every_type import PERIOD, make_dataset, make_rows
from warehouse.normalising.part import PartJudge
from warehouse.readers.grid import ROW

ROWS = make_rows(3000)
CONTRACT = make_dataset().contract.in_period(PERIOD)


def write(dataset):
    return spell_rows(ROWS, CONTRACT, PERIOD, style_of(dataset, "utf-8"), np.random.default_rng(1))


@pytest.mark.parametrize("dataset", [f"system_{number}" for number in range(6)])
def test_every_spelling_is_read_back(dataset):
    raw = write(dataset).insert_column(0, pl.int_range(ROWS.height, eager=True).alias(ROW))
    judged = PartJudge(CONTRACT).judge(raw)
    assert judged.faults.is_empty(), judged.faults.group_by("column", "rule").len()
    for name in ROWS.columns:
        assert judged.typed[name].equals(ROWS[name], null_equal=True), name


def test_systems_write_differently_and_clerks_not_always_the_same():
    written = [write(f"system_{number}") for number in range(6)]
    assert len({tuple(frame["birth_date"]) for frame in written}) > 3
    shapes = written[0]["birth_date"].str.replace_all("[0-9０-９]+", "9").str.strip_chars()
    assert shapes.n_unique() > 3
    assert written[0].equals(write("system_0"))


def test_a_unit_of_thousands_divides():
    assert write("system_0")["income_yen"].str.strip_chars().cast(pl.Int64).to_list() == [
        value // 1000 for value in ROWS["income_yen"]
    ]
