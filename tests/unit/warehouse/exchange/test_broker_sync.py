"""A broker is brought to what is public: once, then nothing, then what changed, then nothing left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.unit.warehouse.exchange.declared import MAPPINGS
from tests.unit.warehouse.exchange.fake_broker import FakeBroker
from tests.unit.warehouse.exchange.public_city import CSV, catalogue, put_entry, withdrawn
from warehouse.exchange import broker as brokers
from warehouse.exchange import remote as remotes
from warehouse.exchange.broker import BROKERS
from warehouse.exchange.broker_sync import batches, sync_catalogue
from warehouse.exchange.remote import Remote
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

ID = "urn:ngsi-ld:PointOfInterest:272999:public_facility:"
both = pytest.mark.parametrize("api", BROKERS)


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(remotes.time, "sleep", lambda _: None)


def push(fake, api: str, public: Path, *entries, dry_run: bool = False):
    transport = fake if isinstance(fake, httpx2.MockTransport) else fake.transport
    remote = Remote("http://broker.example", {"Fiware-Service": "toshi"}, transport=transport)
    made = catalogue(*entries)
    broker = BROKERS[api](remote)
    return [*sync_catalogue(broker, made, MAPPINGS, public, dry_run=dry_run)]


@both
def test_sends_all_then_nothing(api: str, tmp_path: Path):
    fake, entry = FakeBroker(), put_entry(tmp_path)
    [first] = push(fake, api, tmp_path, entry)
    assert (first.created, first.same, first.errors) == (2, 0, {})
    assert sorted(fake.entities) == [f"{ID}001", f"{ID}002"]
    assert fake.headers[0]["Fiware-Service"] == "toshi"
    fake.requests.clear()
    [second] = push(fake, api, tmp_path, entry)
    assert (second.created, second.replaced, second.removed, second.same) == (0, 0, 0, 2)
    assert fake.writes == []


@both
def test_sends_what_changed_and_deletes_what_is_gone(api: str, tmp_path: Path):
    fake = FakeBroker()
    push(fake, api, tmp_path, put_entry(tmp_path))
    other = f"{ID.replace('public_facility', 'aed')}001"
    fake.entities[other] = {"id": other, "type": "PointOfInterest"}
    rows = "ID,名称,緯度,経度,備考\r\n002,別館,,,\r\n003,新館,,,\r\n"
    newer = put_entry(tmp_path, csv=rows, version=2)
    [done] = push(fake, api, tmp_path, newer)
    assert (done.created, done.replaced, done.removed, done.same) == (1, 1, 1, 0)
    assert sorted(fake.entities) == sorted([other, f"{ID}002", f"{ID}003"])
    assert "note" not in fake.entities[f"{ID}002"], "a cell that became blank goes"


@both
def test_deletes_what_is_withdrawn(api: str, tmp_path: Path):
    fake, entry = FakeBroker(), put_entry(tmp_path)
    push(fake, api, tmp_path, entry)
    [done] = push(fake, api, tmp_path, withdrawn(entry))
    assert done.removed == 2
    assert fake.entities == {}


@both
def test_changes_nothing_in_a_dry_run(api: str, tmp_path: Path):
    fake = FakeBroker()
    [told] = push(fake, api, tmp_path, put_entry(tmp_path), dry_run=True)
    assert told.created == 2
    assert fake.writes == []


@both
def test_tells_which_entity_is_refused_and_sends_the_others(api: str, tmp_path: Path):
    fake, entry = FakeBroker(), put_entry(tmp_path)
    fake.broken = {f"{ID}001"}
    [done] = push(fake, api, tmp_path, entry)
    assert list(done.errors) == [f"{ID}001"]
    assert done.errors[f"{ID}001"]
    assert list(fake.entities) == [f"{ID}002"]
    fake.broken = set()
    [again] = push(fake, api, tmp_path, entry)
    assert (again.created, again.same, again.errors) == (1, 1, {})


@both
def test_reads_page_after_page(api: str, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(brokers, "_PAGE", 1)
    fake, entry = FakeBroker(), put_entry(tmp_path)
    fake.page = 1
    push(fake, api, tmp_path, entry)
    [second] = push(fake, api, tmp_path, entry)
    assert second.same == 2


@both
def test_asks_again_when_the_broker_is_busy(api: str, tmp_path: Path):
    fake = FakeBroker()
    fake.failing = 2
    [done] = push(fake, api, tmp_path, put_entry(tmp_path))
    assert done.created == 2


def test_says_that_the_token_is_not_enough(tmp_path: Path):
    closed = httpx2.MockTransport(lambda _: httpx2.Response(401, json={"error": "no"}))
    with pytest.raises(Refusal, match="許されない"):
        push(closed, "v2", tmp_path, put_entry(tmp_path))


def test_cuts_batches_by_number_and_by_size():
    assert [len(batch) for batch in batches("x" for _ in range(1001))] == [500, 500, 1]
    assert [len(batch) for batch in batches(["x" * 600_000] * 3)] == [1, 1, 1]
    assert [*batches([])] == []


def test_the_rows_of_a_table_are_told_of_when_they_are_no_entity(tmp_path: Path):
    [done] = push(FakeBroker(), "v2", tmp_path, put_entry(tmp_path, csv=CSV + ",名なし,,,\r\n"))
    assert "ID が空の 1 行は、エンティティにしていません。" in done.notes
