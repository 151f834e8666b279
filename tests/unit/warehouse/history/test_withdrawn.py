"""A delivery that is taken back is as if it had never come, until that is undone."""

import pytest

from tests.unit.warehouse.small_city import deliver, make_dataset, people
from tests.unit.warehouse.stages import bring_up, table
from warehouse.history.withdrawn import find_delivery, note_take_back, read_record, taken_back
from warehouse.landing import bytes_of, receipts
from warehouse.refusal import Refusal

APRIL, MAY = people("001,甲,本町,1"), people("001,甲,南町,1", "002,乙,本町,x")
LAYERS = ("common", "quarantine", "raw")


def _content(con, dataset):
    kinds = [table(con, f"secure.{layer}.{dataset.name}").rows() for layer in LAYERS]
    return [*kinds, table(con, f"internal.common.{dataset.name}").rows()]


@pytest.mark.parametrize("history", ["keep_periods", "latest_only", "snapshots"])
def test_tables_are_as_if_it_had_never_come(con, home, parser, history):
    dataset = make_dataset("people", history=history)
    deliver(home, "people", "2026-04", APRIL, name="四月.csv")
    bring_up(con, home, dataset, parser)
    without = _content(con, dataset)
    deliver(home, "people", "2026-05", MAY, name="五月.csv")
    bring_up(con, home, dataset, parser)
    with_it = _content(con, dataset)
    assert with_it != without

    receipt = find_delivery(home, ["people"], "五月.csv")
    note_take_back(home, receipt, "別の課のファイルだった", undo=False)
    outcomes = bring_up(con, home, dataset, parser)
    assert all(outcome.account.closes for outcome in outcomes)
    assert _content(con, dataset) == without
    # The same bytes still lie in the inbox, and are sent once more.
    deliver(home, "people", "2026-05", MAY, name="五月.csv", day=9)
    assert not any(outcome.changed for outcome in bring_up(con, home, dataset, parser))
    assert _content(con, dataset) == without
    assert receipt.sha256 in {r.sha256 for r in receipts(home, "people")}
    assert bytes_of(home, receipt).read_bytes() == MAY.encode()

    note_take_back(home, receipt, "やはり正しかった", undo=True)
    bring_up(con, home, dataset, parser)
    assert _content(con, dataset) == with_it


def test_a_correction_taken_back_lets_the_first_file_count_again(con, home, parser):
    dataset = make_dataset("people", history="snapshots")
    deliver(home, "people", "2026-05", APRIL, name="first.csv", day=1)
    bring_up(con, home, dataset, parser)
    first = _content(con, dataset)
    again = deliver(home, "people", "2026-05", MAY, name="corrected.csv", day=2)
    bring_up(con, home, dataset, parser)
    note_take_back(home, again, "訂正が誤っていた", undo=False)
    bring_up(con, home, dataset, parser)
    assert _content(con, dataset) == first


def test_who_when_why_and_what_is_on_a_record_that_only_grows(home):
    receipt = deliver(home, "people", "2026-05", MAY, name="五月.csv")
    note_take_back(home, receipt, " 重複 ", undo=False)
    path = home.root / "audit" / "take_backs.jsonl"
    first = path.read_bytes()
    note_take_back(home, receipt, "確認した", undo=True)
    assert path.read_bytes().startswith(first)
    lines = read_record(home)
    assert [(line.action, line.reason) for line in lines] == [
        ("take_back", "重複"), ("undo", "確認した"),
    ]  # fmt: skip
    assert all(line.by and line.at and line.sha256 == receipt.sha256 for line in lines)
    assert taken_back(home) == {}


def test_a_reason_of_several_lines_of_any_kind_stays_one_line_of_the_record(home):
    receipt = deliver(home, "people", "2026-05", MAY, name="五月.csv")
    reason = "重複\u2028二度目\x85三度目\n四度目"
    note_take_back(home, receipt, reason, undo=False)
    assert [line.reason for line in read_record(home)] == [reason]


def test_nothing_is_taken_back_by_guess_or_without_a_reason(home):
    receipt = deliver(home, "people", "2026-05", MAY, name="五月.csv")
    deliver(home, "people", "2026-06", MAY, name="五月.csv")
    cases = [
        ("take_back.unknown", lambda: find_delivery(home, ["people"], "六月.csv")),
        ("take_back.unknown", lambda: find_delivery(home, ["people"], receipt.sha256[:7])),
        ("take_back.ambiguous", lambda: find_delivery(home, ["people"], "五月.csv")),
        ("take_back.no_reason", lambda: note_take_back(home, receipt, " ", undo=False)),
        ("take_back.not", lambda: note_take_back(home, receipt, "x", undo=True)),
    ]
    for rule, act in cases:
        with pytest.raises(Refusal) as caught:
            act()
        assert caught.value.rule == rule
    assert find_delivery(home, ["people"], receipt.delivery[:12]) == receipt
    note_take_back(home, receipt, "x", undo=False)
    with pytest.raises(Refusal, match="もう取り下げて"):
        note_take_back(home, receipt, "x", undo=False)
