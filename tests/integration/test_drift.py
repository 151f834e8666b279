"""A file whose shape has changed waits as a whole; what is accepted is loaded by the next run."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assets.register import load_register
from pipelines.city import register_files
from warehouse.home import Home

if TYPE_CHECKING:
    import subprocess

    from pipelines.run_record import Step

pytestmark = pytest.mark.slow  # a minute or more of whole runs

JUNE, JULY = "住民記録_202606.csv", "住民記録_202607.csv"
FACILITIES = "公共施設一覧_令和9年度.csv"
FACILITY_HEADER = "施設ID,名称,名称カナ,郵便番号,所在地,緯度,経度,電話番号,開館時間,閉館時間,休館日,車椅子可,所管課,URL"
FACILITY = "F001,新しい図書館,ｱﾀﾗｼｲﾄｼｮｶﾝ,560-0021,大阪府豊中市本町三丁目1番1号,34.790154,135.463461,06-1000-1001,9:00,17:00,月曜日,○,読書振興課,"
RESIDENTS = "residents/resident_register.yaml"
BY_PERIOD = (
    "secure.common.resident_register JOIN secure.meta.periods "
    "ON dataset = 'resident_register' AND _valid_from <= day AND _valid_to > day"
)


@dataclass(frozen=True)
class Seen:
    """What is there after a run."""

    done: subprocess.CompletedProcess[str]
    contents: dict[str, tuple]
    steps: dict[str, Step]
    status: str
    page: str


def _drift(text: str) -> str:
    """Rename two columns, add one, and give ten residents a reason nobody has listed."""
    header, *rows = text.split("\r\n")[:-1]
    header = header.replace("町名", "町丁名").replace("電話番号", "ＦＯ－電話番号") + ",職員メモ"
    place = header.split(",").index("異動事由コード")
    for number, row in enumerate(rows):
        cells = [*row.split(","), "x"]
        cells[place] = "40" if number < 10 else cells[place]
        rows[number] = ",".join(cells)
    return "\r\n".join([header, *rows, ""])


@pytest.fixture(scope="module")
def place(tmp_path_factory, small):
    """A copy of a loaded home and of its register; a drifted June, and a list of facilities."""
    root = tmp_path_factory.mktemp("drift")
    inbox = root / "inbox"
    inbox.mkdir()
    may = (small.inbox / register_files.MAY).read_bytes().decode("cp932")
    (inbox / JUNE).write_bytes(_drift(may).encode("cp932"))
    (inbox / FACILITIES).write_text(f"{FACILITY_HEADER}\r\n{FACILITY}\r\n", "utf-8", newline="")
    home = Home(Path(shutil.copytree(small.home.root, root / "home")))
    register = Path(shutil.copytree(small.register, root / "register"))
    return home, inbox, register


@pytest.fixture(scope="module")
def see(place, machikane, contents, steps):
    """Run over the inbox as it is now, and look."""
    home, inbox, register = place

    def run():
        options = ("--home", home.root, "--register", register)
        return Seen(
            done=machikane("run", "--inbox", inbox, *options),
            contents=contents(home),
            steps=steps(home),
            status=machikane("status", *options).stdout,
            page=(home.portal / "datasets" / "resident_register.html").read_text("utf-8"),
        )

    return run


@pytest.fixture(scope="module")
def waiting(see):
    return see()


@pytest.fixture(scope="module")
def proposed(waiting, place, machikane):
    """What `accept` lists, and what it shows when nobody answers."""
    assert waiting.done.returncode == 0, waiting.done.stdout + waiting.done.stderr
    home, _, register = place
    options = ("--home", home.root, "--register", register)
    before = (register / RESIDENTS).read_bytes()
    listed = machikane("accept", *options)
    shown = machikane("accept", "resident_register", *options)
    assert (register / RESIDENTS).read_bytes() == before
    return listed, shown


@pytest.fixture(scope="module")
def accepted(proposed, place, machikane, see):
    assert proposed[1].returncode == 1
    home, _, register = place
    said = machikane(
        "accept", "resident_register", "--yes", "--home", home.root, "--register", register
    )
    return said, see()


def test_the_file_waits_as_a_whole_and_the_rest_goes_on(waiting, small, contents):
    before = contents(small.home)
    residents = [t for t in before if t.endswith(".resident_register")]
    assert len(residents) >= 4
    assert {t: waiting.contents[t] for t in residents} == {t: before[t] for t in residents}
    assert waiting.steps["common/public_facilities"].status == "成功"
    assert waiting.steps["raw/resident_register"].account.closes


def test_who_looks_is_told_what_changed_and_what_to_type(waiting):
    for said in (waiting.done.stdout, waiting.status):
        assert "契約の変更待ち" in said
        assert "「町名」の見出しが「町名」から「町丁名」に変わった" in said
        assert "「電話番号」の見出しが「電話番号」から「FOー電話番号」に変わった" in said
        assert "契約にない列「職員メモ」が増えた" in said
        assert "「異動事由」に新しいコード 40" in said
        assert "machikane accept resident_register" in said
    assert "契約の変更待ち" in waiting.page
    assert "町丁名" in waiting.page


def test_the_proposal_holds_no_value_of_a_person(waiting, place, small):
    home = place[0]
    [path] = (home.drift / "resident_register").glob("*.json")
    kept = path.read_text("utf-8")
    assert "町丁名" in kept
    may = (small.inbox / register_files.MAY).read_bytes().decode("cp932")
    people = [row.split(",") for row in may.split("\r\n")[1:-1]]
    names = {cell for row in people for cell in (row[0], row[2], row[4], row[11]) if cell}
    for said in (kept, waiting.done.stdout, waiting.status, waiting.page):
        assert not [name for name in names if name in said]


def test_without_an_answer_nothing_is_written(proposed):
    listed, shown = proposed
    assert "resident_register" in listed.stdout
    assert "受け入れませんでした" in shown.stdout
    assert (
        '+  town: {source: [{name: 町名, until: "2026-05"}, {name: 町丁名, from: "2026-06"}]'
        in shown.stdout
    )
    assert '"40": "40(要確認)"' in shown.stdout
    assert "+    職員メモ: 分類を決めるまで取り込まない(分類は所管課と決める)" in shown.stdout
    assert "classification: <公開・庁内・個人・特定個人のどれか>" in shown.stdout


def test_what_was_accepted_is_loaded_and_the_past_stays_readable(accepted, place, query):
    said, after = accepted
    home, _, register = place
    assert said.returncode == 0, said.stdout + said.stderr
    assert after.done.returncode == 0, after.done.stdout + after.done.stderr
    assert "契約の変更待ち" not in after.status
    counted = query(
        home,
        f"SELECT period, count(*), count(town), count(phone) FROM {BY_PERIOD} GROUP BY 1 ORDER BY 1",
    )
    assert [row[0] for row in counted] == ["2026-04", "2026-05", "2026-06"]
    assert counted[1][1:] == counted[2][1:]
    new = f"SELECT count(*) FROM {BY_PERIOD} WHERE period = '2026-06' AND change_reason_code = '40'"
    assert query(home, new)[0][0] >= 9
    for asset in ("raw", "common", "internal"):
        assert after.steps[f"{asset}/resident_register"].account.closes
    assert load_register(register).datasets["resident_register"].contract.source.set_aside_columns
    assert not list((home.drift / "resident_register").glob("*.json"))


def test_who_accepted_what_is_on_record(accepted, place):
    assert accepted[0].returncode == 0
    [line] = (place[0].drift / "accepted.jsonl").read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert (entry["dataset"], entry["period"], entry["file"]) == (
        "resident_register",
        "2026-06",
        JUNE,
    )
    assert entry["accepted_by"]
    assert "町丁名" in entry["diff"]


def test_the_next_file_of_the_new_shape_is_simply_loaded(accepted, place, see, query):
    assert accepted[1].done.returncode == 0
    home, inbox, _ = place
    shutil.copyfile(inbox / JUNE, inbox / JULY)
    seen = see()
    assert seen.done.returncode == 0, seen.done.stdout + seen.done.stderr
    assert "契約の変更待ち" not in seen.status
    [row] = query(home, f"SELECT count(*) FROM {BY_PERIOD} WHERE period = '2026-07'")
    assert row[0] > 300
