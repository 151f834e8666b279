"""Real files of real cities through the whole line; skipped where the files are not at hand."""

from __future__ import annotations

import os
import shutil

import polars as pl
import pytest

from warehouse.analyst import connect, trace
from warehouse.home import Home

pytestmark = pytest.mark.slow  # a minute or more of whole runs

TOYONAKA = "豊中市"
POPULATION = {
    "2015": (401007, "F1464"), "2016": (403030, "F1464"), "2017": (403991, "F1464"),
    "2018": (405974, "F1464"), "2019": (406593, "F1464"), "2020": (408464, "F1464"),
    "2021": (409396, "F1466"),
}  # fmt: skip
MONTHS = [f"{number // 12}-{number % 12 + 1:02}" for number in range(2018 * 12 + 10, 2023 * 12 + 3)]
MISSING = "2021-02"
PARTS = ("city.yaml", "statistics/*", "takamatsu/*", "disaster/*")
SHELTERS = ("emergency", "evacuation")


@pytest.fixture(scope="module")
def real(project):
    folder = project.parent / "shared" / "real"
    if "MACHIKANE_REAL_FILES" in os.environ:
        folder = type(project)(os.environ["MACHIKANE_REAL_FILES"])
    if not folder.is_dir():
        pytest.skip("実際のファイルがない")
    return folder


@pytest.fixture(scope="module")
def loaded(real, tmp_path_factory, copy_register, machikane):
    root = tmp_path_factory.mktemp("real")
    register = copy_register(root / "register", PARTS)
    inbox = root / "inbox"
    shutil.copytree(real / "open_data" / "takamatsu_kagawa" / "population_monthly", inbox)
    for pattern in ("messy/FY20*-population_dynamics_municipal.xls*", "toyonaka/shelters/*.csv"):
        for path in real.glob(pattern):
            shutil.copy2(path, inbox / path.name)
    home = Home(root / "home")
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", register)
    assert done.returncode == 0, done.stdout + done.stderr
    return home, register, done.stdout


def test_the_population_of_toyonaka_comes_from_these_cells(loaded):
    home, _, _ = loaded
    with connect(home.root) as con:
        traced = trace(con, "national_population", "population_count")
        rows = traced.pl().filter(pl.col("city_name") == TOYONAKA)
        rows = rows.select("_period", "population_count", "source_cell", "source_file")
        found = {period: (count, cell, file) for period, count, cell, file in rows.iter_rows()}
    assert {period: (count, cell) for period, (count, cell, _) in found.items()} == POPULATION
    assert all(file.startswith(f"FY{period}-") for period, (_, _, file) in found.items())


def test_every_month_is_there_but_the_one_that_was_never_published(loaded, query, machikane):
    home, register, _ = loaded
    periods = query(
        home, "SELECT DISTINCT _period FROM internal.common.takamatsu_population ORDER BY 1"
    )
    assert [period for (period,) in periods] == [month for month in MONTHS if month != MISSING]
    status = machikane("status", "--home", home.root, "--register", register)
    assert f"抜けている期間 高松市の地域・年齢別人口(月次): {MISSING}" in status.stdout


def test_values_that_slipped_under_no_header_are_not_lost(loaded, query):
    home, _, _ = loaded
    slipped = query(
        home,
        "SELECT _period, count(*) FROM internal.common.takamatsu_population "
        "WHERE split_longitude BETWEEN 133.8 AND 134.3 GROUP BY 1 ORDER BY 1",
    )
    assert slipped == [("2020-09", 235), ("2020-12", 235)]


def test_no_row_is_unaccounted_for(loaded, steps):
    home, _, printed = loaded
    made = steps(home)
    taken = {
        a: s.account for a, s in made.items() if a.startswith(("raw/", "common/", "internal/"))
    }
    assert len(taken) == 12
    assert all(account.rows_out > 0 for account in taken.values())
    unaccounted = {
        asset: account.rows_in
        - account.rows_out
        - account.quarantined
        - sum(account.set_aside.values())
        for asset, account in taken.items()
    }
    assert set(unaccounted.values()) == {0}
    assert "行の収支: すべて閉じています" in printed
