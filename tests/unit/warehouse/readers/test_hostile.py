"""A run over an inbox with eight hostile files: each is named, the honest ones are read."""

import os
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from pipelines.collection import WRITING, collect_inbox, read_waiting
from tests.unit.warehouse.readers import hostile_files as hostile
from tests.unit.warehouse.small_city import PLACES, make_dataset
from warehouse.lake import loaded
from warehouse.landing import receipts
from warehouse.raw import load_raw
from warehouse.readers.child import ParsingChild

if TYPE_CHECKING:
    from pipelines.platform import Platform

HOSTILE = {
    "2011": (hostile.bomb, "zip.bomb"),
    "2012": (hostile.traversal, "zip.unsafe_name"),
    "2013": (hostile.xxe, "workbook.doctype"),
    "2014": (hostile.billion_laughs, "workbook.doctype"),
    "2015": (hostile.encrypted, "workbook.encrypted"),
    "2016": (hostile.far_cell, "workbook.far_cell"),
    "2017": (hostile.long_cell, "cell.too_long"),
}
HONEST = ("2010", "2020")
GROWING = "施設_2018.xlsx"
ROWS = (("ID", "名称", "費用"), ("A1", "図書館", 12), ("A2", "公民館", "***"))


@pytest.fixture
def inbox(home):
    home.inbox.mkdir(parents=True)
    for year, (make, _) in HOSTILE.items():
        make(home.inbox / f"施設_{year}.xlsx")
    for year in HONEST:
        hostile.write_workbook(home.inbox / f"施設_{year}.xlsx", *ROWS, (year, "体育館", 1))
    for number, path in enumerate(sorted(home.inbox.iterdir())):
        os.utime(path, (number * 86400, number * 86400))
    return home.inbox


@pytest.fixture
def growing(inbox):
    """A file that somebody writes during the run."""
    path, stop = inbox / GROWING, threading.Event()
    path.write_bytes(b"PK\x03\x04")

    def write():
        with path.open("ab", buffering=0) as file:
            while not stop.wait(0.02):
                file.write(b"x" * 100)

    writer = threading.Thread(target=write)
    writer.start()
    yield path
    stop.set()
    writer.join()


def test_eight_hostile_files_are_named_and_the_rest_of_the_run_goes_on(con, home, inbox, growing):
    source = {"file": "施設_{year}.xlsx", "format": "workbook", "sheet": 1}
    dataset = make_dataset("places", PLACES, source=source)
    register = SimpleNamespace(datasets={"places": dataset})
    started = time.monotonic()
    with ParsingChild() as parser:
        platform = SimpleNamespace(home=home, inbox=inbox, register=register, parser=parser)
        collect_inbox(cast("Platform", platform))
        assert [item["file"] for item in read_waiting(home)] == [GROWING]
        assert WRITING not in {receipt.name for receipt in receipts(home, "places")}
        outcome = load_raw(con, home, dataset, parser)
    seconds = time.monotonic() - started
    entries: dict[str, Any] = {
        str(e.account["period"]): e.account for e in loaded(con, "secure", "raw/places").values()
    }
    refused = {p: a["refusal"][0] for p, a in entries.items() if a["state"] == "refused"}
    assert refused == {year: rule for year, (_, rule) in HOSTILE.items()}
    assert {p for p, a in entries.items() if a["state"] == "loaded"} == set(HONEST)
    assert (outcome.account.rows_out, outcome.account.closes) == (3 * len(HONEST), True)
    assert seconds < 60 * len(entries)
    assert growing.exists()
