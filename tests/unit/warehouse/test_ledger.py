"""Decisions are added at the end and can be neither changed nor taken away unseen."""

import hashlib
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.home import Home
from warehouse.refusal import Refusal
from warehouse.release.ledger import decide, decisions, number_versions, numbered_by_release


def _decide(home, *, release="population", action="approved", note="確かめた", version=""):
    return decide(
        home, action=action, release=release, candidate="c1", person="課長", note=note,
        version=version,
    )  # fmt: skip


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


def test_versions_are_numbered_and_what_was_taken_back_keeps_its_number(home):
    steps = ["a", "a", "w1", "a", "w", "a", "w3", "w"]
    for step in steps:
        _decide(
            home,
            action="approved" if step == "a" else "withdrawn",
            version="v" * (len(step) > 1) + step[1:],
        )
    _decide(home, release="facility")
    found = numbered_by_release(home)
    assert found["population"] == number_versions(decisions(home, "population"))
    taken = [(v.name, v.withdrawal and v.withdrawal.version) for v in found["population"]]
    assert taken == [("v1", "v1"), ("v2", ""), ("v3", ""), ("v4", "")]
    assert [v.withdrawal for v in found["facility"]] == [None]


def test_lines_from_before_versions_could_be_taken_back_alone_are_read(home):
    _decide(home)
    path, head = _path(home), home.releases / "ledger.head"
    entry = json.loads(path.read_text("utf-8"))
    del entry["version"]
    line = json.dumps(entry, ensure_ascii=False)
    path.write_text(line + "\n", "utf-8")
    head.write_text(f"1 {hashlib.sha256(line.encode()).hexdigest()}\n", "utf-8")
    assert decisions(home)[0].version == ""
    _decide(home, action="withdrawn", version="v1")
    assert number_versions(decisions(home))[0].withdrawal is not None
