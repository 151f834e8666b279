"""Quarantined rows go out to a clerk and come back through the whole line: counted, and in no log."""

from __future__ import annotations

import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.city import register_files
from tests.unit.warehouse.returns.editing import read_rows, save_again
from warehouse.home import Home
from warehouse.lake import ZONES, open_lake

if TYPE_CHECKING:
    import subprocess

    from pipelines.run_record import Step

pytestmark = pytest.mark.slow  # a minute or more of whole runs

DATASET, PERIOD = "resident_register", "2026-05"
HOLDS = "_valid_from <= DATE '2026-05-01' AND _valid_to > DATE '2026-05-01'"
BOTH = ("secure", "internal")
# The name of a delivery of another month: the name must not count.
NAME = "住民記録_202607.csv"
BIRTH, NEW_NAME, REASON = "1980-04-05", "龠金糸雀 渡", "鸚哥の重複"
PLANTED = ("金糸雀", "鸚哥")


@dataclass(frozen=True)
class Seen:
    """What is there after a run."""

    done: subprocess.CompletedProcess[str]
    steps: dict[str, Step]
    waiting: int
    rows: int
    internal: int


@pytest.fixture(scope="module")
def place(tmp_path_factory, small):
    root = tmp_path_factory.mktemp("returned")
    shutil.copytree(small.inbox, root / "inbox")
    return Home(Path(shutil.copytree(small.home.root, root / "home"))), root / "inbox"


@pytest.fixture(scope="module")
def see(place, small, machikane, steps):
    """Run over the inbox as it is now, and look."""
    home, inbox = place

    def run():
        options = ("--home", home.root, "--register", small.register)
        done = machikane("run", "--inbox", inbox, *options)
        counts = (
            f"SELECT count(DISTINCT _row) FROM secure.quarantine.{DATASET} WHERE _period = '{PERIOD}'",
            *(f"SELECT count(*) FROM {zone}.common.{DATASET} WHERE {HOLDS}" for zone in BOTH),
        )
        with open_lake(home, read=ZONES) as con:
            found = [int((con.sql(count).fetchone() or (0,))[0] or 0) for count in counts]
        return Seen(done, steps(home), *found)

    return run


@pytest.fixture(scope="module")
def before(place):
    """The number of rows that wait and that went on, before anything came back."""
    with open_lake(place[0], read=["secure"]) as con:
        waiting = con.sql(
            f"SELECT count(DISTINCT _row) FROM secure.quarantine.{DATASET} WHERE _period = '{PERIOD}'"
        ).fetchone()
        rows = con.sql(f"SELECT count(*) FROM secure.common.{DATASET} WHERE {HOLDS}").fetchone()
    assert waiting
    assert rows
    return waiting[0], rows[0]


@pytest.fixture(scope="module")
def written(place, small, machikane, tmp_path_factory):
    out = tmp_path_factory.mktemp("clerk") / "直す行.xlsx"
    options = ("--home", place[0].root, "--register", small.register)
    done = machikane("quarantine", DATASET, "--out", out, *options)
    assert done.returncode == 0, done.stdout + done.stderr
    return out, done


@pytest.fixture(scope="module")
def back(*, place, before, written, see):
    """The clerk mends a birth date (and a name), leaves a wrong code, excludes one of two twins."""

    def edit(rows):
        may = [row for row in rows if row["@file"] == register_files.MAY]
        mended = next(row for row in may if "生年月日" in (row["@faults"] or ""))
        mended |= {"@action": "直した", "birth_date": BIRTH, "full_name": NEW_NAME}
        wrong = next(row for row in may if "性別" in (row["@faults"] or ""))
        wrong |= {"@action": "直した", "sex_code": "9"}
        twin = next(row for row in may if "キーの重複" in (row["@faults"] or ""))
        twin |= {"@action": "除く", "@reason": REASON}
        return rows[::-1]

    assert before[0] > 3
    folder = place[1] / "戻ったもの"
    folder.mkdir()
    save_again(written[0], folder / NAME, edit)
    return see()


@pytest.fixture(scope="module")
def superseded(place, back, see):
    """A newer file of the month comes, without the row that was excluded and unlike the rest."""
    assert back.done.returncode == 0, back.done.stdout + back.done.stderr
    source = place[1] / register_files.MAY
    newer = place[1] / "住民記録_202605_訂正.csv"
    newer.write_bytes(source.read_bytes() + b"\r\n")
    later = time.time() + 3600
    os.utime(newer, (later, later))
    return see()


def test_the_screen_says_how_many_wait_since_when_and_why(written, before, place):
    _, done = written
    assert f"{len(read_rows(written[0])[0]):,} 行が待っています" in done.stdout
    assert "に届いたファイルの行" in done.stdout
    assert "個人情報を含むことがあります" in done.stdout
    assert before[0] <= len(read_rows(written[0])[0])
    assert not list(place[0].root.rglob("*.xlsx"))


def test_what_came_back_is_in_the_account_and_in_the_data(back, before):
    waiting, rows = before
    # Mended: one. Of two rows with one number one is out, so the other goes on.
    assert (back.waiting, back.rows) == (waiting - 3, rows + 2)
    assert back.internal == back.rows
    account = back.steps[f"common/{DATASET}"].account
    assert account.closes
    assert account.cells.closes
    assert account.set_aside == {"所管課が除外": 1}
    said = "隔離から戻した行 3(うち取り込み 1、まだ誤り 1、除外 1)"
    assert said in account.notes
    assert said in back.done.stdout
    assert "行の収支: すべて閉じています" in back.done.stdout
    for asset in (f"raw/{DATASET}", f"internal/{DATASET}", "mart/population_by_town"):
        assert back.steps[asset].status == "成功", asset
    assert back.steps["common/public_facilities"].status == "変更なし"


def test_it_is_no_delivery(back, place):
    home, _ = place
    assert back.done.returncode == 0
    periods = {path.parent.name for path in (home.landing / "receipts" / DATASET).glob("*/*.json")}
    assert "2026-07" not in periods
    [receipt] = (home.landing / "returned" / DATASET).glob("*.json")
    kept = json.loads(receipt.read_text("utf-8"))
    assert (kept["names"], kept["period"]) == ([NAME], "returned")
    assert kept["received_by"]


def test_no_value_of_it_is_outside_the_vault(back, place, small, machikane):
    home, _ = place
    options = ("--home", home.root, "--register", small.register)
    screens = [machikane("quarantine", *options), machikane("status", "--account", *options)]
    printed = back.done.stdout + back.done.stderr + "".join(d.stdout + d.stderr for d in screens)
    assert "隔離から戻した行 3" in printed
    assert "まだ誤りがあります" in printed
    skipped = home.landing / "objects"
    files = [
        Path(top) / name
        for top, _, names in os.walk(home.root)
        for name in names
        if skipped not in (Path(top) / name).parents
    ]
    assert len(files) > 50
    for mark in PLANTED:
        assert mark not in printed
        forms = {mark.encode(c) for c in ("utf-8", "utf-16-le", "cp932")}
        forms.add(json.dumps(mark)[1:-1].encode())
        hits = [p for p in files if any(form in p.read_bytes() for form in forms)]
        assert hits == [], mark
    with open_lake(home, read=["secure"]) as con:
        found = con.sql(
            f"SELECT count(*) FROM secure.common.{DATASET} t WHERE contains(t::VARCHAR, '金糸雀')"
        ).fetchone()
    assert found == (1,)


def test_a_newer_file_of_the_month_makes_them_moot_and_the_run_says_so(superseded, before):
    done = superseded.done
    assert done.returncode == 0, done.stdout + done.stderr
    assert (superseded.waiting, superseded.rows) == before
    assert f"戻されたファイル {NAME} の 3 行は使いません" in done.stdout
    assert f"元のファイル {register_files.MAY} は差し替えられています" in done.stdout
    assert superseded.steps[f"common/{DATASET}"].account.closes


def test_a_second_run_changes_nothing(superseded, place, see, contents, snapshots):
    home, _ = place
    assert superseded.done.returncode == 0
    (home.reports / "runs" / "last_complete.json").unlink()
    earlier = (contents(home), snapshots(home))
    again = see()
    assert again.done.returncode == 0
    assert {a for a, s in again.steps.items() if s.status != "変更なし"} <= {"portal"}
    assert (contents(home), snapshots(home)) == earlier
    assert "使いません" not in again.done.stdout
