"""In the inbox a workbook of corrected rows is told from a delivery by what it holds."""

import pytest

from tests.unit.warehouse.small_city import make_dataset
from warehouse.home import Home
from warehouse.inbox import NO_PERIOD, Arrival
from warehouse.landing import collect, collect_returned, find_returned, receipts, returned_receipts
from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal
from warehouse.returns.arrival import find_dataset
from warehouse.returns.identity import MARK_SHEET
from warehouse.returns.waiting import Waiting
from warehouse.returns.workbook import make_workbook


class Asking(ParsingChild):
    """Works in this process and counts how often it is asked."""

    def __init__(self, answer=None):
        super().__init__()
        self.asked, self.answer = 0, answer

    def run(self, function, *arguments, file):
        assert file
        self.asked += 1
        if self.answer is not None:
            raise self.answer
        return function(*arguments)


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def returned(tmp_path):
    path = tmp_path / "利用者_202604.csv"
    path.write_bytes(make_workbook(Waiting(make_dataset(), {"person_id": "番号"})))
    return path


def test_its_name_does_not_matter(home, returned):
    assert find_dataset(home, returned, {"people"}, Asking()) == "people"


def test_text_is_never_opened(home, tmp_path):
    path = tmp_path / "直す行.xlsx"
    path.write_text("番号\n001\n", "utf-8")
    child = Asking()
    assert find_dataset(home, path, {"people"}, child) is None
    assert child.asked == 0


def test_known_bytes_are_not_opened_again(home, returned, tmp_path):
    collect_returned(home, Arrival(returned, "people", "2026-04"), "people")
    [receipt] = returned_receipts(home, "people")
    assert (receipt.period, receipts(home, "people")) == ("returned", [])
    assert find_returned(home, receipt.sha256) == "people"
    other = tmp_path / "施設.xlsx"
    other.write_bytes(b"PK\x03\x04 no workbook")
    collect(home, Arrival(other, "places", NO_PERIOD))
    child = Asking()
    assert find_dataset(home, returned, {"people"}, child) == "people"
    assert find_dataset(home, other, {"people"}, child) is None
    assert child.asked == 0


def test_a_dataset_that_is_not_in_the_register_is_refused(home, returned):
    with pytest.raises(Refusal) as caught:
        find_dataset(home, returned, {"places"}, Asking())
    assert caught.value.rule == "returned.unknown"


def test_a_file_that_cannot_be_opened_is_left_to_the_reader_of_deliveries(home, returned):
    child = Asking(Refusal("parse.died", "", "", ""))
    assert find_dataset(home, returned, {"people"}, child) is None
    damaged = Asking(Refusal("returned.damaged", "", "", ""))
    with pytest.raises(Refusal):
        find_dataset(home, returned, {"people"}, damaged)


@pytest.mark.parametrize("codec", ["utf-8-sig", "cp932", "utf-16"])
def test_one_saved_as_text_is_refused_and_says_why(home, tmp_path, codec):
    path = tmp_path / "住民.csv"
    path.write_text(f"{MARK_SHEET};1;people;3,@action\n", codec)
    with pytest.raises(Refusal) as caught:
        find_dataset(home, path, {"people"}, Asking())
    assert caught.value.rule == "returned.as_text"
    assert caught.value.where == "住民.csv"
