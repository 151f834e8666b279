"""A delivery that cannot be trusted is held back, yesterday's data stays, everything else goes on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipelines.city import register_files
from warehouse.home import Home
from warehouse.release.candidate import newest_candidate

if TYPE_CHECKING:
    import subprocess

    from pipelines.run_record import Step
    from warehouse.release.candidate import Candidate

pytestmark = pytest.mark.slow  # a minute or more of whole runs

JUNE = "住民記録_202606.csv"
FACILITY_HEADER = "施設ID,名称,名称カナ,郵便番号,所在地,緯度,経度,電話番号,開館時間,閉館時間,休館日,車椅子可,所管課,URL"
FACILITY = "F001,新しい図書館,ｱﾀﾗｼｲﾄｼｮｶﾝ,560-0021,大阪府豊中市本町三丁目1番1号,34.790154,135.463461,06-1000-1001,9:00,17:00,月曜日,○,読書振興課,"
RESIDENT_HEADER = "宛名番号,世帯番号,氏名,氏名カナ,生年月日,性別,続柄,町名,番地,住民となった日,異動事由コード,電話番号"
RESIDENT = "000200000{n},0003000001,見本 太郎,ﾐﾎﾝ ﾀﾛｳ,1980-01-0{n},1,世帯主,本町三丁目,901番1号,2020-04-01,10,06-1000-0001"


@dataclass(frozen=True)
class Seen:
    """What is there after a run."""

    done: subprocess.CompletedProcess[str]
    contents: dict[str, tuple]
    steps: dict[str, Step]
    waiting: Candidate | None
    status: str
    run_page: str


@pytest.fixture(scope="module")
def place(tmp_path_factory, small):
    """A copy of a loaded home, and an inbox with three residents and a new list of facilities."""
    root = tmp_path_factory.mktemp("withheld")
    inbox = root / "inbox"
    inbox.mkdir()
    rows = [RESIDENT_HEADER, *(RESIDENT.format(n=n) for n in (1, 2, 3)), ""]
    (inbox / JUNE).write_bytes("\r\n".join(rows).encode("cp932"))
    facilities = f"{FACILITY_HEADER}\r\n{FACILITY}\r\n"
    (inbox / "公共施設一覧_令和9年度.csv").write_text(facilities, "utf-8", newline="")
    return Home(Path(shutil.copytree(small.home.root, root / "home"))), inbox


@pytest.fixture(scope="module")
def see(place, small, machikane, contents, steps):
    """Run over the inbox as it is now, and look."""
    home, inbox = place

    def run():
        options = ("--home", home.root, "--register", small.register)
        return Seen(
            done=machikane("run", "--inbox", inbox, *options),
            contents=contents(home),
            steps=steps(home),
            waiting=newest_candidate(home, "population"),
            status=machikane("status", *options).stdout,
            run_page=(home.portal / "run.html").read_text("utf-8"),
        )

    return run


@pytest.fixture(scope="module")
def withheld(see):
    return see()


@pytest.fixture(scope="module")
def mended(see, withheld, place, small):
    """The same, after the file was delivered again: by mistake with the very bytes of May."""
    assert withheld.done.returncode == 1
    shutil.copyfile(small.inbox / register_files.MAY, place[1] / JUNE)
    return see()


def test_a_failed_check_is_said_in_japanese(withheld):
    printed = withheld.done.stdout
    assert withheld.done.returncode == 1
    assert withheld.done.stderr == ""
    assert "見送り 住民記録(共通の形): 品質検査に通らないため" in printed
    assert "行数は 50 行以上" in printed
    assert "前回までのデータはそのままです" in printed
    assert "  直し方: " in printed


def test_yesterdays_data_stays_and_nothing_behind_it_is_rebuilt(withheld, small, contents):
    before = contents(small.home)
    kept = (
        "secure.common.resident_register",
        "secure.quarantine.resident_register",
        "secure.verdict.resident_register",
        "internal.common.resident_register",
        "internal.mart.population_by_town",
    )
    assert {t: withheld.contents[t] for t in kept} == {t: before[t] for t in kept}
    assert withheld.steps["common/resident_register"].status == "見送り"
    behind = {"internal/resident_register", "mart/population_by_town", "open/population"}
    assert behind.isdisjoint(withheld.steps)
    assert withheld.waiting == newest_candidate(small.home, "population")
    assert withheld.waiting is not None


def test_the_other_datasets_go_on(withheld):
    for asset in ("common", "internal"):
        assert withheld.steps[f"{asset}/public_facilities"].status == "成功"
    assert withheld.steps["open/public_facility"].status == "成功"
    # the bytes were read: what is held back can be looked into
    assert withheld.steps["raw/resident_register"].status == "成功"


def test_who_looks_sees_what_is_held_back(withheld):
    [row] = [line for line in withheld.status.splitlines() if "resident_register" in line]
    assert "見送り" in row
    assert "見送り" in withheld.run_page


def test_a_mended_file_ends_the_hold(mended, place, query):
    assert mended.done.returncode == 0, mended.done.stdout + mended.done.stderr
    assert mended.steps["open/population"].status == "成功"
    assert "見送り" not in mended.status
    counted = (
        "SELECT period, count(*) FROM internal.common.resident_register JOIN internal.meta.periods "
        "ON dataset = 'resident_register' AND _valid_from <= day AND _valid_to > day GROUP BY 1"
    )
    counts = dict(query(place[0], counted))
    assert set(counts) == {"2026-04", "2026-05", "2026-06"}
    assert counts["2026-06"] == counts["2026-05"]


def test_an_unknown_column_is_refused_with_its_header(
    *, small, copy_home, tmp_path, machikane, contents, query
):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = (small.inbox / register_files.MAY).read_bytes().decode("cp932")
    widened = text.replace("\r\n", ",x\r\n").replace(",x\r\n", ",職員メモ\r\n", 1)
    (inbox / JUNE).write_bytes(widened.encode("cp932"))
    home = copy_home(small.home)
    before = contents(home)
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", small.register)
    after = contents(home)

    assert done.returncode == 0
    assert "契約にない列が 1 列あります。" in done.stdout
    assert f"場所: {JUNE}: M列「職員メモ」" in done.stdout
    changed = {table for table in before if before[table] != after[table]}
    assert changed <= {"secure.meta.loaded"}
    state = query(
        home,
        "SELECT count(*) FROM secure.meta.loaded WHERE asset = 'raw/resident_register' "
        "AND account LIKE '%header.unknown%'",
    )
    assert state == [(1,)]
