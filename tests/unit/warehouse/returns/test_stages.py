"""From the quarantine to the clerk and back: the same rules, closed accounts, nothing silent."""

from __future__ import annotations

import os

import pytest

from tests.unit.warehouse.returns.editing import save_again
from tests.unit.warehouse.small_city import ParsingHere, deliver, make_dataset, people
from tests.unit.warehouse.stages import table
from warehouse.home import Home
from warehouse.inbox import NO_PERIOD, Arrival
from warehouse.lake import loaded, open_lake, snapshot_id
from warehouse.landing import collect_returned, receipts, returned_receipts
from warehouse.protect import protect
from warehouse.raw import load_raw
from warehouse.refusal import Refusal
from warehouse.returns.identity import CORRECTED, EXCLUDED, LEFT
from warehouse.returns.load import load_returned
from warehouse.returns.waiting import read_waiting
from warehouse.returns.workbook import make_workbook
from warehouse.standardise import commit, stage

MOST = 1000
APRIL = people("001,甲,本町,1", "002,乙,本町,多数", "003,丙", "004,丁,南町,多め", "005,戊,南町,-1")
FIX = {
    "action": "override", "match": {"person_id": "002"}, "column": "visit_count",
    "expect": {"visit_count": "多数"}, "value": "60", "reason": "打ち間違い",
    "reported_to": "市民係", "reported_on": "2026-04-16",
}  # fmt: skip


class Here(ParsingHere):
    """Also reads returned workbooks in this process."""

    def run(self, function, *arguments, file):
        assert file
        return function(*arguments)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return Home(tmp_path_factory.mktemp("returns"))


@pytest.fixture(scope="module")
def con(home):
    with open_lake(home, write=["secure", "internal"]) as opened:
        yield opened


def _run(con, home, dataset):
    raw = load_returned(
        con, home, dataset.name, Here(), load_raw(con, home, dataset, ParsingHere())
    )
    return raw, commit(con, stage(con, home, dataset))


def _give_back(con, home, dataset, tmp_path, *, name="返却.xlsx", day=10, written=None, **words):
    """Write the waiting rows out, mark them (`r3=(word, reason, cells)`), put the file back."""
    source = written or _write_out(con, dataset, tmp_path)
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)

    def edit(rows):
        known = {row["id"].split(":")[1]: row for row in rows}
        for key, (word, reason, cells) in words.items():
            known[key[1:]] |= {"@action": word, "@reason": reason, **cells}

    save_again(source, path, edit)
    os.utime(path, (day * 86400, day * 86400))
    receipt, is_new = collect_returned(home, Arrival(path, None, NO_PERIOD), dataset.name)
    assert is_new
    return receipt


def _write_out(con, dataset, tmp_path):
    path = tmp_path / f"書き出し_{len(list(tmp_path.iterdir()))}.xlsx"
    path.write_bytes(make_workbook(read_waiting(con, dataset, MOST)))
    return path


def _people(con, name):
    return table(con, f"secure.common.{name}").select("person_id", "visit_count").rows()


def _faults(con, name):
    return table(con, f"secure.quarantine.{name}").select("_row", "raw_value", "rule").rows()


def test_corrected_excluded_and_left_rows_are_in_the_account(con, home, tmp_path):
    dataset = make_dataset("whole")
    deliver(home, "whole", "2026-04", APRIL, name="四月.csv")
    deliver(home, "whole", "2026-05", people("001,甲,本町,2", "002,乙,本町,多数"), name="五月.csv")
    _, before = _run(con, home, dataset)
    assert (before.account.rows_in, before.account.quarantined) == (7, 5)
    prints = {d: e.fingerprint for d, e in loaded(con, "secure", "common/whole").items()}

    receipt = _give_back(
        con, home, dataset, tmp_path,
        r4=(CORRECTED, None, {"person_id": "003", "full_name": "丙", "town": "本町", "visit_count": "3"}),
        r5=(CORRECTED, None, {"visit_count": "４"}),
        r6=(EXCLUDED, "名簿にない", {}),
    )  # fmt: skip
    raw, after = _run(con, home, dataset)
    assert receipt.period == "returned"
    assert [r.name for r in receipts(home, "whole")] == ["四月.csv", "五月.csv"]
    assert raw.account.rows_in == 9  # two headers; the returned rows are no delivery
    account = after.account
    assert (account.rows_in, account.rows_out, account.quarantined) == (7, 4, 2)
    assert account.set_aside == {"所管課が除外": 1}
    assert account.closes
    assert account.cells.closes
    assert "隔離から戻した行 3(うち取り込み 2、まだ誤り 0、除外 1)" in account.notes
    assert after.changed
    assert after.data_version != before.data_version
    assert sorted(_people(con, "whole")) == [("001", 1), ("001", 2), ("003", 3), ("004", 4)]
    assert {row for row, *_ in _faults(con, "whole")} == {3}
    now = {d: e.fingerprint for d, e in loaded(con, "secure", "common/whole").items()}
    april, may = (r.delivery for r in receipts(home, "whole"))
    assert (now[may], now[april]) == (prints[may], now[april])
    assert now[april] != prints[april]
    kept = table(con, "secure.returned.whole").filter(of_row=6)
    assert kept.select("_delivery", "of_delivery", "reason").row(0) == (
        receipt.delivery, april, "名簿にない",
    )  # fmt: skip

    snapshot = snapshot_id(con, "secure")
    raw_again, again = _run(con, home, dataset)
    assert snapshot_id(con, "secure") == snapshot
    assert (raw_again.changed, again.changed) == (False, False)
    assert (raw_again.data_version, again.data_version) == (raw.data_version, after.data_version)
    assert again.account == after.account


def test_a_row_that_is_still_wrong_shows_its_new_value_and_comes_back_again(con, home, tmp_path):
    dataset = make_dataset("again")
    deliver(home, "again", "2026-04", APRIL, name="四月.csv")
    _run(con, home, dataset)
    _give_back(con, home, dataset, tmp_path, r3=(CORRECTED, None, {"visit_count": "少数"}))
    _, outcome = _run(con, home, dataset)
    assert "隔離から戻した行 1(うち取り込み 0、まだ誤り 1、除外 0)" in outcome.account.notes
    assert (3, "少数", "number.not_a_number") in _faults(con, "again")
    waiting = {row.row: row for row in read_waiting(con, dataset, MOST).rows}
    assert [row for row, w in waiting.items() if w.was_returned] == [3]
    assert waiting[3].cells["visit_count"] == "少数"
    _give_back(
        con, home, dataset, tmp_path, name="2回目.xlsx", day=11,
        r3=(CORRECTED, None, {"visit_count": "3"}),
    )  # fmt: skip
    _, mended = _run(con, home, dataset)
    assert ("002", 3) in _people(con, "again")
    assert mended.account.closes


def test_the_newest_word_on_a_row_wins_and_a_blank_says_nothing(con, home, tmp_path):
    dataset = make_dataset("newest")
    deliver(home, "newest", "2026-04", APRIL, name="四月.csv")
    _run(con, home, dataset)
    written = _write_out(con, dataset, tmp_path)

    def give(day, **words):
        _give_back(
            con, home, dataset, tmp_path, name=f"{day}.xlsx", day=day, written=written, **words
        )
        return _run(con, home, dataset)[1]

    give(12, r3=(CORRECTED, None, {"visit_count": "12"}))
    give(11, r3=(CORRECTED, None, {"visit_count": "11"}), r6=(EXCLUDED, "誤り", {}))
    assert ("002", 12) in _people(con, "newest")
    give(13, r5=(CORRECTED, None, {"visit_count": "5"}))
    assert {("002", 12), ("004", 5)} <= set(_people(con, "newest"))
    back = give(14, r3=(LEFT, None, {}), r6=(LEFT, None, {}))
    assert [row for row, *_ in _faults(con, "newest")] == [3, 4, 6]
    assert (3, "多数", "number.not_a_number") in _faults(con, "newest")
    assert back.account.set_aside == {}
    assert back.account.closes


def test_a_superseded_delivery_makes_the_returned_rows_moot_and_says_so_once(con, home, tmp_path):
    dataset = make_dataset("moot")
    deliver(home, "moot", "2026-04", APRIL, name="四月.csv", day=1)
    _run(con, home, dataset)
    _give_back(
        con, home, dataset, tmp_path, name="直しました.xlsx",
        r3=(CORRECTED, None, {"visit_count": "3"}), r6=(EXCLUDED, "誤り", {}),
    )  # fmt: skip
    _run(con, home, dataset)
    deliver(
        home,
        "moot",
        "2026-04",
        people("001,甲,本町,1", "002,乙,本町,多数"),
        name="訂正.csv",
        day=20,
    )
    _, outcome = _run(con, home, dataset)
    [note] = outcome.account.notes
    assert "戻されたファイル 直しました.xlsx の 2 行は使いません" in note
    assert "元のファイル 四月.csv は差し替えられています" in note
    assert "直し方" in note
    assert (outcome.account.rows_in, outcome.account.quarantined) == (2, 1)
    assert outcome.account.closes
    snapshot = snapshot_id(con, "secure")
    _, again = _run(con, home, dataset)
    assert (again.account.notes, again.changed) == ((), False)
    assert snapshot_id(con, "secure") == snapshot


def test_a_workbook_that_comes_too_late_is_named_as_well(con, home, tmp_path):
    dataset = make_dataset("late")
    deliver(home, "late", "2026-04", APRIL, name="四月.csv", day=1)
    _run(con, home, dataset)
    written = _write_out(con, dataset, tmp_path)
    deliver(home, "late", "2026-04", people("001,甲,本町,1"), name="訂正.csv", day=20)
    _run(con, home, dataset)
    _give_back(
        con, home, dataset, tmp_path, written=written, r3=(CORRECTED, None, {"visit_count": "3"})
    )
    _, outcome = _run(con, home, dataset)
    assert "1 行は使いません" in outcome.account.notes[0]
    assert _people(con, "late") == [("001", 1)]


def test_a_row_the_contract_now_reads_otherwise_is_not_replaced(con, home, tmp_path):
    deliver(home, "other", "2026-04", APRIL, name="四月.csv")
    dataset = make_dataset("other")
    _run(con, home, dataset)
    _give_back(con, home, dataset, tmp_path, r3=(CORRECTED, None, {"visit_count": "3"}))
    columns = dataset.contract.model_dump(by_alias=True)["columns"]
    del columns["town"]
    source = {
        "file": "f", "format": "csv", "encoding": "utf-8", "set_aside_columns": {"町名": "不要"},
    }  # fmt: skip
    _, outcome = _run(con, home, make_dataset("other", columns=columns, source=source))
    assert "隔離から戻した行のうち 1 行は" in outcome.account.notes[1]
    assert (3, "多数", "number.not_a_number") in _faults(con, "other")
    assert outcome.account.closes


def test_excluding_one_of_two_rows_with_a_key_lets_the_other_in(con, home, tmp_path):
    dataset = make_dataset("twins")
    text = people("001,甲,本町,1", "001,甲,南町,2", "001,甲,南町,2")
    deliver(home, "twins", "2026-04", text, name="四月.csv")
    _run(con, home, dataset)
    said = {w.row: w.faults[0].remedy for w in read_waiting(con, dataset, MOST).rows}
    assert said[2].endswith("(同じキーの行: 3行、4行)")
    _give_back(con, home, dataset, tmp_path, r2=(EXCLUDED, "転居前", {}))
    _, outcome = _run(con, home, dataset)
    assert _people(con, "twins") == [("001", 2)]
    assert [rule for *_, rule in _faults(con, "twins")] == ["key.identical"]
    assert outcome.account.closes


def test_a_returned_row_has_to_pass_the_guard_of_a_correction(con, home, tmp_path):
    deliver(home, "guard", "2026-04", APRIL, name="四月.csv")
    plain = make_dataset("guard")
    _run(con, home, plain)
    _give_back(con, home, plain, tmp_path, r3=(CORRECTED, None, {"visit_count": "6"}))
    with pytest.raises(Refusal) as caught:
        _run(con, home, make_dataset("guard", fixes=[FIX]))
    assert caught.value.rule == "correction.mended"


def test_internal_follows(con, home, tmp_path):
    dataset = make_dataset("behind")
    deliver(home, "behind", "2026-04", APRIL, name="四月.csv")
    _run(con, home, dataset)
    first = protect(con, home, dataset)
    _give_back(con, home, dataset, tmp_path, r3=(CORRECTED, None, {"visit_count": "3"}))
    _run(con, home, dataset)
    second = protect(con, home, dataset)
    assert (first.account.rows_out, second.account.rows_out) == (1, 2)
    assert second.data_version != first.data_version


def test_a_receipt_taken_back_puts_the_rows_back_into_quarantine(con, home, tmp_path):
    dataset = make_dataset("undone")
    deliver(home, "undone", "2026-04", APRIL, name="四月.csv")
    _, before = _run(con, home, dataset)
    _give_back(con, home, dataset, tmp_path, r3=(CORRECTED, None, {"visit_count": "3"}))
    _run(con, home, dataset)
    for path in (home.landing / "returned" / "undone").glob("*.json"):
        path.unlink()
    _, after = _run(con, home, dataset)
    assert (after.account, after.data_version) == (before.account, before.data_version)
    assert table(con, "secure.returned.undone").is_empty()


def test_the_faults_of_a_workbook_are_said_until_a_newer_one_comes(con, home, tmp_path):
    dataset = make_dataset("noted")
    deliver(home, "noted", "2026-04", APRIL, name="四月.csv")
    _run(con, home, dataset)
    _give_back(con, home, dataset, tmp_path, r3=(EXCLUDED, None, {}))
    raw, outcome = _run(con, home, dataset)
    assert "「除く」には「除く理由」が必要です" in raw.account.notes[0]
    assert not outcome.changed
    assert _run(con, home, dataset)[0].account.notes == raw.account.notes
    _give_back(con, home, dataset, tmp_path, name="2.xlsx", day=11, r3=(EXCLUDED, "名簿にない", {}))
    assert _run(con, home, dataset)[0].account.notes == ()
    assert len(returned_receipts(home, "noted")) == 2
