"""Decisions are added at the end and can be neither changed nor taken away unseen."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.home import Home
from warehouse.refusal import Refusal
from warehouse.release.ledger import decide, decisions


def _decide(home, *, release="population", action="approved", note="確かめた"):
    return decide(home, action=action, release=release, candidate="c1", person="課長", note=note)


def _path(home):
    return home.releases / "ledger.jsonl"


def _broken(home):
    with pytest.raises(Refusal) as caught:
        decisions(home)
    assert caught.value.rule == "ledger.broken"
    with pytest.raises(Refusal):
        _decide(home)
    return caught.value.where


@pytest.fixture
def three(home):
    for note in ("一", "二", "三"):
        _decide(home, note=note)
    return home


def test_decisions_come_back_in_their_order_and_by_release(home):
    assert decisions(home) == []
    made = [_decide(home), _decide(home, release="facility"), _decide(home, action="withdrawn")]
    assert decisions(home) == made
    assert decisions(home, "facility") == [made[1]]
    assert made[0].decided_at.endswith("+00:00")


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_changed_line_is_seen(three, number):
    lines = _path(three).read_text("utf-8").splitlines()
    entry = json.loads(lines[number])
    lines[number] = json.dumps({**entry, "person": "別の人"}, ensure_ascii=False)
    _path(three).write_text("\n".join(lines) + "\n", "utf-8")
    assert "ledger.jsonl" in _broken(three)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_line_taken_out_is_seen(three, number):
    lines = _path(three).read_text("utf-8").splitlines()
    del lines[number]
    _path(three).write_text("\n".join(lines) + "\n", "utf-8")
    _broken(three)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda text: text + "[]\n",
        lambda text: text + "3\n",
        lambda text: text + "\n",
        lambda text: text + text.splitlines()[0] + "\n",
        lambda text: "\n".join(reversed(text.splitlines())) + "\n",
        lambda text: text.replace('"note"', '"memo"'),
    ],
)
def test_a_ledger_that_is_not_the_one_written_is_seen(three, spoil):
    _path(three).write_text(spoil(_path(three).read_text("utf-8")), "utf-8")
    _broken(three)


def test_a_ledger_that_was_deleted_is_seen(three):
    _path(three).unlink()
    _broken(three)


@pytest.mark.parametrize("content", ["", "x", "2 abc\n", "-1 abc", "99 abc\n"])
def test_a_head_that_does_not_fit_is_seen(three, content):
    (three.releases / "ledger.head").write_text(content, "utf-8")
    _broken(three)


def test_a_half_written_last_line_was_never_decided(three):
    before = decisions(three)
    half = '{"action": "withdrawn", "note": "取下げ'.encode()[:-1]
    with _path(three).open("ab") as file:
        file.write(half)
    assert decisions(three) == before
    made = _decide(three, note="四")
    assert decisions(three) == [*before, made]


def test_a_decision_whose_head_was_not_written_still_counts(three):
    head = three.releases / "ledger.head"
    old = head.read_text("utf-8")
    made = _decide(three, action="withdrawn")
    head.write_text(old, "utf-8")
    assert decisions(three)[-1] == made
    _decide(three, note="五")
    assert len(decisions(three)) == 5


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=3))
def test_any_words_may_be_noted(tmp_path_factory, notes):
    home = Home(tmp_path_factory.mktemp("ledger"))
    for note in notes:
        _decide(home, note=note)
    assert [d.note for d in decisions(home)] == notes
