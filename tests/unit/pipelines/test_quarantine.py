"""The quarantine on the screen holds counts alone; into files it goes one dataset each, never over one."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from pipelines.commands import quarantine as command
from pipelines.commands.quarantine import print_quarantine, write_quarantine
from pipelines.commands.returned import print_returned
from tests.unit.warehouse.returns.editing import read_rows, save_again
from tests.unit.warehouse.small_city import (
    PLACES,
    ParsingHere,
    deliver,
    make_dataset,
    people,
    places,
)
from warehouse.home import Home
from warehouse.inbox import NO_PERIOD, Arrival
from warehouse.lake import open_lake
from warehouse.landing import collect_returned
from warehouse.raw import load_raw
from warehouse.refusal import Refusal
from warehouse.returns.load import load_returned
from warehouse.standardise import commit, stage

PEOPLE = make_dataset("people")
DATASETS = {"people": PEOPLE, "places": make_dataset("places", PLACES)}
REGISTER = SimpleNamespace(datasets=DATASETS)


class Here(ParsingHere):
    def run(self, function, *arguments, file):
        assert file
        return function(*arguments)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("quarantine"))
    rows = people("001,甲,本町,1", "002,乙鸚哥,本町,多数", "00x,丙,南町,多め")
    deliver(home, "people", "2026-04", rows, name="利用者[1].csv")
    deliver(home, "places", "2026", places("A1,甲,10", "A2,乙,高い"), name="施設.csv")
    _run(home)
    return home


def _run(home):
    with open_lake(home, write=["secure"]) as con:
        for dataset in DATASETS.values():
            raw = load_raw(con, home, dataset, ParsingHere())
            load_returned(con, home, dataset.name, Here(), raw)
            commit(con, stage(con, home, dataset))


def _print(work, *arguments):
    printed = io.StringIO()
    work(Console(file=printed, width=200), *arguments)
    return printed.getvalue()


def test_the_screen_tells_rows_reasons_and_since_when(home):
    said = _print(print_quarantine, home, REGISTER, None)
    assert "隔離: 利用者(people)" in said
    assert "2 行が待っています(いちばん古いものは 20" in said
    assert "1 行が待っています" in said
    assert "利用者[1].csv" in said
    assert "鸚哥" not in said
    assert "多数" not in said


def test_an_empty_quarantine_is_said(tmp_path):
    assert "隔離した行はありません" in _print(print_quarantine, Home(tmp_path), REGISTER, "people")


def test_an_unknown_name_is_answered_with_the_nearest(home):
    with pytest.raises(Refusal) as caught:
        _print(print_quarantine, home, REGISTER, "poeple")
    assert caught.value.rule == "dataset.unknown"
    assert "people" in caught.value.remedy


def test_one_dataset_is_one_file_that_is_never_written_over(home, tmp_path):
    out = tmp_path / "直す行.xlsx"
    said = _print(write_quarantine, home, REGISTER, "people", out)
    assert "2 行を書き出しました" in said
    assert "個人情報を含むことがあります" in said
    assert [row["full_name"] for row in read_rows(out)[0]] == ["乙鸚哥", "丙"]
    before = out.read_bytes()
    with pytest.raises(Refusal) as caught:
        _print(write_quarantine, home, REGISTER, "people", out)
    assert caught.value.rule == "quarantine.exists"
    assert out.read_bytes() == before


def test_without_a_dataset_a_folder_gets_a_file_for_each(home, tmp_path):
    _print(write_quarantine, home, REGISTER, None, tmp_path / "渡す")
    names = sorted(path.name for path in (tmp_path / "渡す").iterdir())
    assert names == ["直す行_people.xlsx", "直す行_places.xlsx"]
    with pytest.raises(Refusal) as caught:
        _print(write_quarantine, home, REGISTER, None, tmp_path / "全部.xlsx")
    assert caught.value.rule == "quarantine.several"
    assert "people、places" in caught.value.where


def test_another_kind_of_file_is_refused(home, tmp_path):
    with pytest.raises(Refusal) as caught:
        _print(write_quarantine, home, REGISTER, "people", tmp_path / "直す行.csv")
    assert caught.value.rule == "quarantine.not_xlsx"


def test_more_rows_than_anybody_works_off_are_said_to_remain(home, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ROWS_A_FILE", 1)
    out = tmp_path / "直す行.xlsx"
    said = _print(write_quarantine, home, REGISTER, "people", out)
    assert "1 行を書き出しました" in said
    assert "残り 1 行" in said
    assert len(read_rows(out)[0]) == 1


def test_what_came_back_is_told_with_its_sender(home, tmp_path):
    out, back = tmp_path / "直す行.xlsx", tmp_path / "返却.xlsx"
    _print(write_quarantine, home, REGISTER, "people", out)

    def edit(rows):
        rows[0] |= {"@action": "直した", "visit_count": "多い鸚哥"}
        rows[1] |= {"@action": "除く"}

    save_again(out, back, edit)
    receipt, _ = collect_returned(home, Arrival(back, None, NO_PERIOD), "people")
    _run(home)
    said = _print(print_quarantine, home, REGISTER, "people")
    assert "うち 1 行は、直して戻されましたが、まだ誤りがあります: 利用者[1].csv の 3行" in said
    with open_lake(home, read=["secure"]) as con:
        told = _print(print_returned, con, home, PEOPLE)
    assert "返却.xlsx" in told
    assert receipt.received_by in told
    assert "「除く」には「除く理由」が必要です" in told
    assert "隔離から戻した行 1(うち取り込み 0、まだ誤り 1、除外 0)" in told
    assert "鸚哥" not in said + told
