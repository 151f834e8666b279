"""Who may approve: a second person whom the release names, however the name is typed."""

import pytest

from warehouse.refusal import Refusal
from warehouse.release.approval import fold_name, require_note, require_second_person


def _require(person, approvers=("市民課長 山田",), prepared_by="市民課 住民記録係"):
    require_second_person(person, prepared_by=prepared_by, approvers=approvers, release="r")


@pytest.mark.parametrize("person", ["市民課長 山田", "市民課長　山田", " 市民課長山田 "])
def test_a_declared_approver_passes_whatever_the_spaces(person):
    _require(person)


def test_names_are_compared_after_nfkc():
    _require("ＩＴ課長", approvers=["IT課長"])
    assert fold_name("Ａ　ｶﾞ") == "Aガ"


@pytest.mark.parametrize(
    "person", ["", "　", "市民課 住民記録係", "市民課　住民記録係", "市民課住民記録係"]
)
def test_the_one_who_prepared_it_or_nobody_is_refused(person):
    with pytest.raises(Refusal) as caught:
        _require(person, approvers=["市民課 住民記録係", "市民課長 山田"])
    assert caught.value.rule == "release.same_person"


@pytest.mark.parametrize("approvers", [["市民課長 山田"], []])
def test_anybody_else_is_refused_and_told_who_may(approvers):
    with pytest.raises(Refusal) as caught:
        _require("総務課長", approvers=approvers)
    assert caught.value.rule == "release.not_approver"
    assert "総務課長" in caught.value.what
    assert (approvers or ["だれも書かれていません"])[0] in caught.value.remedy
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize("note", ["", " ", "　"])
def test_a_further_version_says_what_changed(note):
    with pytest.raises(Refusal) as caught:
        require_note(note, "r")
    assert caught.value.rule == "release.note"
    require_note("開館時間を訂正", "r")
