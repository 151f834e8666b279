"""The name a file gets is the name its contract's pattern reads the same period off."""

import pytest

from assets.register import load_register
from pipelines.settings import register_root
from pipelines.whole_city.writing.file_names import name_file, takes_label
from warehouse.inbox import compile_pattern, period_of

CONTRACTS = {n: d.contract for n, d in load_register(register_root()).datasets.items()}


def periods_of(pattern):
    groups = compile_pattern(pattern).groupindex
    if "year" not in groups and "era_year" not in groups:
        return ["-"]
    tail = ("-04" if "month" in groups else "") + ("-30" if "day" in groups else "")
    return [f"{year}{tail}" for year in (1995, 2019, 2024, 2026)]


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_period_is_read_off_the_name(name):
    pattern = CONTRACTS[name].source.file
    for period in periods_of(pattern):
        assert period_of(pattern, name_file(pattern, period)) == period
        if takes_label(pattern):
            labelled = name_file(pattern, period, "_訂正")
            assert period_of(pattern, labelled) == period
            assert labelled != name_file(pattern, period)


def test_eras_are_written_as_people_do():
    assert name_file("統計_{era_year}年{era_month}月.xlsx", "2024-04") == "統計_令和6年4月.xlsx"
    assert name_file("統計_{era_year}年{era_month}月.xlsx", "2019-05") == "統計_令和元年5月.xlsx"
    assert name_file("統計_{era_year}.{era_month}.xlsx", "2019-04") == "統計_H31.4.xlsx"
