"""Upkeep: what is past its retention leaves every file, everything else stays as it was."""

import datetime as dt
import shutil
from datetime import timedelta

import polars as pl
import pytest

from assets.register import Register, load_register
from tests.unit.assets.declaring import write_register
from tests.unit.warehouse.small_city import ParsingHere, deliver, make_dataset, people
from tests.unit.warehouse.stages import bring_up, table
from warehouse.analyst import connect
from warehouse.history.names import OPEN_END
from warehouse.home import Home
from warehouse.lake import ZONES, open_lake, replace_rows, transaction
from warehouse.landing import receipts
from warehouse.refusal import Refusal
from warehouse.upkeep.compact import compact
from warehouse.upkeep.noting import files_of
from warehouse.upkeep.retention import cutoff_of
from warehouse.upkeep.run import keep_up, plan_upkeep
from warehouse.upkeep.tombstones import read_tombstones
from warehouse.upkeep.verify import verify

TODAY = dt.date(2032, 4, 1)
PEOPLE = make_dataset("people")


@pytest.fixture
def register(tmp_path):
    declared = load_register(write_register(tmp_path / "register"))
    return Register(
        declared.root, declared.city, {"people": PEOPLE}, {}, {}, {}, {}, roles=declared.roles
    )


@pytest.fixture(scope="module")
def loaded_once(tmp_path_factory):
    """Two months on both sides of the cutoff of five years."""
    home = Home(tmp_path_factory.mktemp("filled"))
    for period, town in (("2027-03", "古町"), ("2027-04", "新町")):
        _deliver(home, period, town)
    with open_lake(home, write=ZONES) as con:
        bring_up(con, home, PEOPLE, ParsingHere())
    return home


@pytest.fixture
def filled(loaded_once, tmp_path):
    return Home(shutil.copytree(loaded_once.root, tmp_path / "home"))


def _deliver(home, period, town):
    name = f"利用者_{period.replace('-', '')}.csv"
    return deliver(home, "people", period, people(f"001,山田太郎,{town},3"), name=name)


@pytest.mark.parametrize(
    ("today", "cutoff"),
    [
        (dt.date(2032, 3, 31), dt.date(2026, 4, 1)),
        (dt.date(2032, 4, 1), dt.date(2027, 4, 1)),
        (dt.date(2033, 1, 1), dt.date(2027, 4, 1)),
    ],
)
def test_the_years_end_on_the_first_of_april(today, cutoff):
    assert cutoff_of(5, today) == cutoff


def test_nothing_is_deleted_a_day_too_early(filled, register):
    report = keep_up(filled, register, TODAY - timedelta(days=1), keep=timedelta(0))
    assert not report.deleted
    assert len(receipts(filled, "people")) == 2
    with open_lake(filled, read=ZONES) as con:
        assert table(con, "secure.common.people").height == 2


def test_a_plan_says_what_would_go_and_does_nothing(filled, register):
    before = {zone: files_of(filled, zone) for zone in ZONES}
    plan = plan_upkeep(filled, register, TODAY)
    assert "保存期間 5 年" in plan.lines[0]
    assert "ファイル 1 件" in plan.lines[0]
    assert {zone: files_of(filled, zone) for zone in ZONES} == before


def test_what_is_past_leaves_every_zone_and_every_file(filled, register):
    old = next(r for r in receipts(filled, "people") if r.period == "2027-03")
    first = keep_up(filled, register, TODAY)
    assert first.deleted
    assert any("まだ確かめられません" in line for line in first.lines)
    with open_lake(filled, read=ZONES) as con:
        for name in ("secure.raw", "secure.common", "internal.common"):
            assert set(table(con, f"{name}.people")["_delivery"]) == {
                r.delivery for r in receipts(filled, "people")
            }
    second = keep_up(filled, register, TODAY, keep=timedelta(0))
    assert any("消したことを確かめた記録 2 件" in line for line in second.lines)
    stones = read_tombstones(filled)
    assert {s.sha256 for s in stones} == {old.sha256, ""}
    assert all(s.proven_at and "カタログと一致" in s.proof for s in stones)
    assert "5 年(規程)" in stones[0].reason
    assert old.name not in str(stones)
    assert not (filled.landing / "objects" / old.sha256[:2] / old.sha256).exists()
    assert _bytes_with(filled, "古町", old.delivery) == []
    assert verify(filled).faults == []


def test_rows_still_in_a_file_are_no_proof(filled, register):
    """A deletion that was only marked, as DuckLake does it, is found by the proof."""
    keep_up(filled, register, TODAY)
    stones = read_tombstones(filled)
    with open_lake(filled, write=ZONES) as con:
        frame = pl.DataFrame({"_delivery": [s.delivery for s in stones], "n": 1})
        with transaction(con, "internal", "x"):
            replace_rows(con, ("internal", "common", "other"), frame, remove=None)
        with transaction(con, "internal", "x"):
            con.sql("DELETE FROM internal.common.other WHERE n = 1 AND _delivery <> ''")
    report = keep_up(filled, register, TODAY, keep=timedelta(0))
    assert any("残っています" in line for line in report.lines)
    assert all(s.proven_at is None for s in read_tombstones(filled) if s.delivery)


def test_deleted_bytes_do_not_come_back_from_the_inbox(filled, register):
    keep_up(filled, register, TODAY)
    with pytest.raises(Refusal, match="保存期間を過ぎて消した"):
        _deliver(filled, "2027-03", "古町")
    with open_lake(filled, write=ZONES) as con:
        assert not any(outcome.changed for outcome in bring_up(con, filled, PEOPLE, ParsingHere()))
        assert table(con, "internal.common.people").height == 1


def test_ended_rows_go_and_rows_that_hold_stay_with_their_delivery(home, register):
    frame = pl.DataFrame(
        {
            "_delivery": ["old", "old", "new"],
            "_valid_from": [dt.date(2010, 1, 1)] * 3,
            "_valid_to": [dt.date(2027, 3, 31), OPEN_END, dt.date(2027, 4, 1)],
            "n": [1, 2, 3],
        }
    )
    kept = make_dataset("people", history="snapshots")
    changing = Register(register.root, register.city, {"people": kept}, {}, {}, {}, {})
    with open_lake(home, write=ZONES) as con:
        for zone in ("secure", "internal"):
            with transaction(con, zone, "x"):
                replace_rows(con, (zone, "common", "people"), frame, remove=None)
    report = keep_up(home, changing, TODAY, keep=timedelta(0))
    assert any("消したことを確かめた" in line for line in report.lines)
    with open_lake(home, read=ZONES) as con:
        assert sorted(table(con, "internal.common.people")["n"]) == [2, 3]
        assert sorted(table(con, "secure.common.people")["n"]) == [2, 3]


def test_many_small_files_become_one_and_readers_do_not_notice(home, monkeypatch, tmp_path):
    root = write_register(tmp_path / "register")
    monkeypatch.setenv("MACHIKANE_REGISTER", str(root))
    with open_lake(home, write=ZONES) as con:
        for number in range(6):
            with transaction(con, "internal", "x"):
                rows = pl.DataFrame({"_delivery": [f"d{number}"], "town": [f"{number}丁目"]})
                replace_rows(con, ("internal", "common", "users"), rows, remove=[])
        with connect(home.root) as reader:
            before = sorted(reader.sql("FROM internal.common.users").fetchall())
            assert compact(con, "internal")[0] >= 6
            assert sorted(reader.sql("FROM internal.common.users").fetchall()) == before
            assert sorted(reader.refresh().sql("FROM internal.common.users").fetchall()) == before
    assert verify(home).faults == []


def test_packed_rows_keep_the_order_they_were_written_in(home):
    with open_lake(home, write=ZONES) as con:
        for number in range(4):
            with transaction(con, "secure", "x"):
                frame = pl.DataFrame({"_delivery": [f"d{number}"] * 5000, "n": range(5000)})
                replace_rows(con, ("secure", "raw", "people"), frame, remove=[])
        with transaction(con, "secure", "x"):
            con.sql("DELETE FROM secure.raw.people WHERE n % 2 = 0")
        compact(con, "secure", purge=True)
        for number in range(4):
            query = f"SELECT n FROM secure.raw.people WHERE _delivery = 'd{number}'"
            assert con.sql(query).pl()["n"].to_list() == list(range(1, 5000, 2))


def test_old_snapshots_go_but_the_last_of_each_month_and_day_stay(home, register):
    with open_lake(home, write=ZONES) as con:
        for number in range(3):
            with transaction(con, "internal", "x"):
                rows = pl.DataFrame({"_delivery": [f"d{number}"] * 10, "n": number})
                replace_rows(con, ("internal", "common", "other"), rows, remove=None)
        count = "SELECT count(*) FROM internal.snapshots()"
        before = con.sql(count).fetchall()
    report = keep_up(home, register, TODAY)
    with open_lake(home, read=ZONES) as con:
        assert con.sql(count).fetchall()[0][0] >= before[0][0]
    report = keep_up(home, register, TODAY, keep=timedelta(0))
    assert "internal: 片づけた版 0" not in "\n".join(report.lines)
    with open_lake(home, read=ZONES) as con:
        assert con.sql(count).fetchall()[0][0] <= 2
    assert verify(home).faults == []


def _bytes_with(home, *words):
    """List the files below a home that hold a word as it is; Parquet files are unpacked."""
    found = []
    for path in home.root.rglob("*"):
        if path.is_file() and not {"tombstones", "inbox"} & set(path.parts):
            data = path.read_bytes()
            if path.suffix == ".parquet" and data[-4:] == b"PAR1":
                data += str(pl.read_parquet(path).to_dicts()).encode()
            found += [
                path for word in words if word.encode() in data and "catalog" not in path.name
            ]
    return found
