"""Delivered bytes are kept once, whole and unedited, with proof of every delivery."""

import hashlib
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.warehouse.small_city import deliver
from warehouse import landing
from warehouse.inbox import Arrival
from warehouse.landing import bytes_of, collect, hash_file, receipts


def _objects(home):
    return [p for p in (home.landing / "objects").rglob("*") if p.is_file()]


def test_bytes_are_kept_under_their_hash_with_a_receipt(home):
    receipt = deliver(home, "people", "2026-04", "あ\r\n", name="利用者_202604.csv", day=20)
    data = "あ\r\n".encode()
    assert bytes_of(home, receipt).read_bytes() == data
    assert receipt.sha256 == hashlib.sha256(data).hexdigest() == hash_file(bytes_of(home, receipt))
    assert (receipt.size, receipt.name) == (len(data), "利用者_202604.csv")
    assert receipt.modified_at == "1970-01-21T00:00:00.000000+00:00"
    assert receipts(home, "people") == [receipt]


def test_the_same_bytes_twice_are_one_object_with_every_name(home):
    first = deliver(home, "people", "2026-04", "x", name="利用者_202604.csv", day=1)
    for name in ("利用者_202604_再送.csv", "利用者_202604.csv"):
        deliver(home, "people", "2026-04", "x", name=name, day=1)
    kept = receipts(home, "people")
    assert [r.names for r in kept] == [("利用者_202604.csv", "利用者_202604_再送.csv")]
    assert (kept[0].modified_at, kept[0].delivery) == (first.modified_at, first.delivery)
    assert len(_objects(home)) == 1


@pytest.mark.parametrize("days", [(1, 9, 4), (9, 4, 1), (4, 1, 9)])
def test_bytes_sent_again_are_as_new_as_their_newest_copy(home, days):
    for day in days:
        deliver(home, "people", "2026-04", "x", name=f"{day}.csv", day=day)
    kept = receipts(home, "people")
    assert [r.modified_at[:10] for r in kept] == ["1970-01-10"]
    assert sorted(kept[0].names) == ["1.csv", "4.csv", "9.csv"]


def test_collecting_tells_whether_anything_was_new(home, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"x")
    assert collect(home, Arrival(path, "people", "2026-04"))[1] is True
    assert collect(home, Arrival(path, "people", "2026-04"))[1] is False
    assert collect(home, Arrival(path, "people", "2026-05"))[1] is True
    assert collect(home, Arrival(path, "places", "2026-04"))[1] is True
    assert len(_objects(home)) == 1


def test_one_file_sent_for_two_periods_is_two_deliveries(home):
    april = deliver(home, "people", "2026-04", "x", name="a")
    may = deliver(home, "people", "2026-05", "x", name="b")
    assert april.sha256 == may.sha256
    assert april.delivery != may.delivery
    assert len({r.delivery for r in receipts(home, "people")}) == 2


def test_receipts_come_by_period_and_then_by_the_files_own_time(home):
    deliver(home, "people", "2026-05", "1", name="a", day=1)
    deliver(home, "people", "2026-04", "2", name="b", day=9)
    deliver(home, "people", "2026-04", "3", name="c", day=2)
    deliver(home, "places", "2026", "4", name="d", day=1)
    assert [(r.period, r.name) for r in receipts(home, "people")] == [
        ("2026-04", "c"),
        ("2026-04", "b"),
        ("2026-05", "a"),
    ]
    assert receipts(home, "nobody") == []


def test_a_file_that_changes_while_it_is_copied_leaves_nothing(home, tmp_path, monkeypatch):
    path = tmp_path / "f.csv"
    path.write_bytes(b"first half")
    copy = shutil.copyfile

    def slow(source, target):
        path.write_bytes(b"first half, second half")
        return copy(source, target)

    monkeypatch.setattr(landing.shutil, "copyfile", slow)
    with pytest.raises(OSError, match="changed"):
        collect(home, Arrival(path, "people", "2026-04"))
    assert (receipts(home, "people"), _objects(home)) == ([], [])
    monkeypatch.undo()
    receipt, is_new = collect(home, Arrival(path, "people", "2026-04"))
    assert is_new
    assert bytes_of(home, receipt).read_bytes() == b"first half, second half"


def test_a_copy_broken_off_does_not_stand_for_the_bytes(home, tmp_path):
    path = tmp_path / "f.csv"
    path.write_bytes(b"whole")
    sha256 = hash_file(path)
    folder = home.landing / "objects" / sha256[:2]
    folder.mkdir(parents=True)
    (folder / f".{sha256}.tmp").write_bytes(b"who")
    receipt, _ = collect(home, Arrival(path, "people", "2026-04"))
    assert bytes_of(home, receipt).read_bytes() == b"whole"


def test_a_file_of_no_dataset_cannot_be_collected(home, tmp_path):
    with pytest.raises(ValueError, match="recognised"):
        collect(home, Arrival(tmp_path / "f", None, "-"))


@given(
    st.sets(
        st.tuples(st.sampled_from("ab"), st.from_regex(r"20\d\d-\d\d", fullmatch=True)), min_size=2
    )
)
def test_deliveries_of_different_bytes_or_periods_have_different_ids(pairs):
    made = {
        landing.Receipt("d", period, hashlib.sha256(c.encode()).hexdigest(), ("n",), 1, "", "", "").delivery
        for c, period in pairs
    }  # fmt: skip
    assert len(made) == len(pairs)
