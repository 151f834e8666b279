"""Population: the table for analysts against the truth, and the published files against both."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import unicodedata
from collections import Counter

import pytest

from assets.register import load_register
from pipelines.city import register_files
from pipelines.city.changes import live_one_month
from pipelines.city.people import Settler, open_stream, settle_city, to_register
from pipelines.city.truth import count_population

FILES = {"2026-04": register_files.APRIL_CORRECTED, "2026-05": register_files.MAY}
DAYS = {"2026-04": dt.date(2026, 4, 1), "2026-05": dt.date(2026, 5, 1)}
NOT_DATES = {"", "平成31年13月1日", "平成2年2月30日"}
BASE, MINIMUM, OTHER = 3, 100, "その他の地域"
SEXES = {"1": "男性", "2": "女性"}


@pytest.fixture(scope="module")
def expected(demo):
    """period → (town, sex, band) → residents, less those whose row could not be taken."""
    clean = _settle()
    for period, register in clean.items():
        assert count_population(register, DAYS[period]).equals(demo.truth.population[period])
    kept = {
        period: register[_good_rows(demo.inbox / FILES[period], register.height)]
        for period, register in clean.items()
    }
    return {
        period: _as_cells(count_population(rows, DAYS[period])) for period, rows in kept.items()
    }


@pytest.fixture(scope="module")
def standard():
    return load_register().standards["population"]


@pytest.fixture(scope="module")
def folder(demo):
    pointer = json.loads((demo.home.releases / "population" / "latest.json").read_text("utf-8"))
    assert pointer == {"version": "v1"}
    return demo.home.releases / "population" / pointer["version"]


@pytest.fixture(scope="module")
def published(folder):
    """The rows of the published CSV as a stranger reads them."""
    [path] = folder.glob("*_population.csv")
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_the_mart_is_the_truth_without_the_quarantined_rows(demo, expected, query):
    rows = query(
        demo.home,
        "SELECT period, town, sex_code, age_band, resident_count FROM internal.mart.population_by_town",
    )
    found = {period: {} for period in expected}
    for period, town, sex, band, count in rows:
        found[period][town, sex, _band(band)] = count
    assert found == expected
    assert all(expected.values())


def test_columns_stand_in_the_national_order(folder, standard):
    [path] = folder.glob("*_population.csv")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\n") == data.count(b"\r\n")
    header = data.decode("utf-8-sig").split("\r\n", 1)[0].split(",")
    assert header == [column.name for column in standard.columns]


def test_every_published_number_is_a_multiple_of_the_base(published):
    numbers = [
        int(row[name]) for row in published for name in (*_cells(row), "男性", "女性", "総人口")
    ]
    assert len(numbers) == len(published) * 39
    assert any(numbers)
    assert all(number % BASE == 0 for number in numbers)


def test_margins_add_up(published):
    for row in published:
        for sex in SEXES.values():
            assert int(row[sex]) == sum(int(row[n]) for n in _cells(row) if n.endswith(f"の{sex}"))
        assert int(row["総人口"]) == int(row["男性"]) + int(row["女性"])


def test_small_regions_are_merged(published, expected):
    totals = Counter()
    for (town, _, _), count in expected["2026-05"].items():
        totals[town] += count
    tiny = {town for town, total in totals.items() if total < MINIMUM}
    names = {row["地域名"] for row in published}
    assert {"待兼山町", "服部緑地"} <= tiny
    assert names.isdisjoint(tiny)
    assert OTHER in names
    assert names - {OTHER} <= set(totals)
    assert all(int(row["総人口"]) >= MINIMUM for row in published)


def test_the_published_cells_are_near_the_truth_but_not_the_truth(published, expected):
    cells = expected["2026-05"]
    differences = [
        int(row[f"{band}の{word}"]) - cells.get((row["地域名"], sex, band), 0)
        for row in published
        if row["地域名"] != OTHER
        for sex, word in SEXES.items()
        for band in map(_band, range(18))
    ]
    assert all(abs(difference) < BASE for difference in differences)
    assert sum(difference != 0 for difference in differences) > len(differences) / 10


def test_nobody_is_left_out_by_merging(published, expected):
    true_total = sum(expected["2026-05"].values())
    number_of_cells = len(published) * 36
    assert (
        abs(sum(int(row["総人口"]) for row in published) - true_total)
        < BASE * number_of_cells**0.5 * 3
    )


def test_json_holds_what_csv_holds(folder, published):
    path = folder / "272035_population.json"
    rows = json.loads(path.read_text("utf-8"))
    as_text = [{k: "" if v is None else str(v) for k, v in row.items()} for row in rows]
    assert as_text == published
    assert all(isinstance(row["総人口"], int) for row in rows)
    assert {row["全国地方公共団体コード"] for row in rows} == {"272035"}


def test_the_manifest_names_the_files_as_they_lie_there(folder):
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["candidate"]["files"]
    named = {file["name"]: (file["size"], file["sha256"]) for file in files}
    lying = {
        path.name: (path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.iterdir()
        if path.name not in {"manifest.json", "SHA256SUMS", "SHA256SUMS.minisig"}
    }
    assert named == lying
    assert {name.rsplit(".", 1)[1] for name in named} == {"csv", "json", "parquet"}


def test_the_open_zone_holds_what_is_published(demo, published, query):
    columns = [row[0] for row in query(demo.home, "DESCRIBE FROM open.release.population")]
    rows = query(demo.home, "FROM open.release.population")
    as_text = [
        {c: "" if v is None else str(v) for c, v in zip(columns, row, strict=True)} for row in rows
    ]
    assert as_text == published


def test_approval_is_on_the_ledger_with_another_person(demo):
    lines = (demo.home.releases / "ledger.jsonl").read_text("utf-8").splitlines()
    decisions = [json.loads(line) for line in lines]
    releases = load_register().releases
    assert {d["release"] for d in decisions} >= {
        "population", "public_facility", "evacuation_space", "aed", "public_toilet",
        "public_wireless_lan",
    }  # fmt: skip
    for decision in decisions:
        spec = releases[decision["release"]].spec
        assert decision["action"] == "approved"
        assert decision["person"] in spec.approvers
        assert decision["person"] != spec.prepared_by


def _settle():
    """Settle the demonstration's city once more: its register before any file was written."""
    settler = Settler(open_stream(1, "people"))
    april = settle_city(settler, 3000, DAYS["2026-04"])
    may = live_one_month(settler, april, DAYS["2026-04"] + dt.timedelta(days=1), DAYS["2026-05"])
    return {"2026-04": to_register(april), "2026-05": to_register(may)}


def _good_rows(path, residents):
    """Number the rows of a register file that can be taken, told from the delivered text alone."""
    rows = list(csv.DictReader(io.StringIO(path.read_text("cp932"), newline="")))
    ids = [unicodedata.normalize("NFKC", row["宛名番号"]) for row in rows]
    often = Counter(ids)
    return [
        number
        for number, (row, id_) in enumerate(zip(rows, ids, strict=True))
        if number < residents
        and row["生年月日"] not in NOT_DATES
        and row["性別"] in {"1", "2", "男", "女"}
        and len(id_) == 10
        and often[id_] == 1
    ]


def _as_cells(counted):
    return {(town, sex, band): count for town, sex, band, count in counted.iter_rows()}


def _band(number):
    return f"{number * 5}-{number * 5 + 4}歳" if number < 17 else "85歳以上"


def _cells(row):
    return [
        name for name in row if name.endswith(("歳の男性", "歳の女性", "以上の男性", "以上の女性"))
    ]
