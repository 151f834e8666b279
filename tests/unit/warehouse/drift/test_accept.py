"""A contract is written only when the whole register still stands, and by the proposal it was made for."""

import json
from dataclasses import replace

import pytest

from assets.register import load_register
from tests.unit.assets.declaring import write_register
from warehouse.drift import accept as accepting
from warehouse.drift.accept import accept, draft_contract
from warehouse.drift.change import Change, Proposal, Validity
from warehouse.drift.proposals import consents, keep_proposal, read_proposals
from warehouse.home import Home
from warehouse.refusal import Refusal

RENAMED = Change("renamed", "town", "町名", "町名", "町丁名", ("名前が似ている",), 0.9)
SCALED = Change("scale_changed", "visit_count", "回数", is_settled=False)


@pytest.fixture
def place(tmp_path):
    home, root = Home(tmp_path / "home"), write_register(tmp_path / "register")
    return home, root, root / "citizens" / "users.yaml"


def _proposal(root, *changes):
    fingerprint = load_register(root).datasets["users"].fingerprint
    validity = Validity("2026-05", "2026-04")
    return Proposal("users", "d1", "f.csv", fingerprint, "2026-05-02", validity, changes)


def _accept(place, proposal, changes):
    home, root, _ = place
    register = load_register(root)
    dataset = register.datasets["users"]
    accept(home, register, dataset, proposal, draft_contract(dataset, proposal, changes))


def _refused(place, proposal, changes):
    before = place[2].read_bytes()
    with pytest.raises(Refusal) as caught:
        _accept(place, proposal, changes)
    assert place[2].read_bytes() == before
    assert not (place[0].drift / "accepted.jsonl").exists()
    return caught.value


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_edited_contract_is_written_and_put_on_record(place, mark, line_end):
    home, root, path = place
    text = mark + path.read_text("utf-8").replace("\n", line_end)
    path.write_bytes(text.encode("utf-8"))
    proposal = _proposal(root, RENAMED)
    keep_proposal(home, proposal)
    assert read_proposals(home, "users") == [proposal]
    _accept(place, proposal, [RENAMED])
    written = path.read_bytes().decode("utf-8")
    assert written.startswith(mark)
    assert written.count("\r\n") == (written.count("\n") if line_end == "\r\n" else 0)
    names = [n.name for n in load_register(root).datasets["users"].contract.columns["town"].source]
    assert names == ["町名", "町丁名"]
    [line] = (home.drift / "accepted.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["file"] == "f.csv"
    assert read_proposals(home, "users") == []
    assert consents(home, "users", "d1") == frozenset()


def test_a_mere_consent_leaves_the_contract_alone(place):
    home, root, path = place
    before = path.read_bytes()
    _accept(place, _proposal(root, SCALED), [SCALED])
    assert path.read_bytes() == before
    assert consents(home, "users", "d1") == {SCALED.id}


def test_a_contract_that_changed_since_is_not_touched(place):
    _, root, path = place
    proposal = _proposal(root, RENAMED)
    path.write_text(path.read_text("utf-8") + "# 追記\n", "utf-8")
    refusal = _refused(place, proposal, [RENAMED])
    assert refusal.rule == "accept.stale"
    assert "machikane run" in refusal.remedy


def test_what_would_break_the_register_is_not_written(place):
    _, root, path = place
    bad = replace(RENAMED, kind="retyped", details={"type": "date"}, column="visit_count")
    refusal = _refused(place, _proposal(root, bad), [bad])
    assert refusal.rule == "accept.invalid"
    assert "minimum" in refusal.what
    assert str(path) in refusal.what


def test_a_register_that_cannot_be_written_says_so(place, monkeypatch):
    def deny(*_):
        raise PermissionError

    monkeypatch.setattr(accepting, "write_atomically", deny)
    refusal = _refused(place, _proposal(place[1], RENAMED), [RENAMED])
    assert refusal.rule == "accept.read_only"


def test_a_contract_keeps_its_permissions(place):
    path = place[2]
    path.chmod(0o644)
    _accept(place, _proposal(place[1], RENAMED), [RENAMED])
    assert path.stat().st_mode & 0o777 == 0o644
