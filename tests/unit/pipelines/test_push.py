"""`machikane push`: what it says, with what it ends, and that it keeps the token to itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.commands import push_app
from tests.unit.warehouse.exchange.declared import MAPPINGS
from tests.unit.warehouse.exchange.fake_broker import FakeBroker
from tests.unit.warehouse.exchange.fake_ckan import FakeCkan
from tests.unit.warehouse.exchange.public_city import catalogue, put_entry
from tests.unit.warehouse.publishing import make_register
from warehouse.catalogue import entries
from warehouse.home import Home
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Home:
    """Give a home whose public folder holds one release, and both tokens in the environment."""
    home = Home(tmp_path)
    made = catalogue(put_entry(home.public))
    register = replace(make_register(), mappings=MAPPINGS)
    monkeypatch.setattr(push_app, "_open", lambda *_: (home, register))
    monkeypatch.setattr(entries, "read_public", lambda *_: made)
    monkeypatch.setenv("MACHIKANE_CKAN_TOKEN", "good")
    monkeypatch.setenv("MACHIKANE_NGSI_TOKEN", "good")
    return home


def spoken_to(monkeypatch, fake) -> None:
    client = httpx2.Client
    monkeypatch.setattr(
        httpx2, "Client", lambda **given: client(**{**given, "transport": fake.transport})
    )


def run(*arguments: str):
    return CliRunner().invoke(app, ["push", *arguments])


@pytest.mark.usefixtures("place")
def test_pushes_to_ckan_and_then_has_nothing_to_do(monkeypatch):
    fake = FakeCkan()
    spoken_to(monkeypatch, fake)
    url = "--url=http://ckan.example/"
    assert "送ります: データセットを作る" in run("ckan", url, "--dry-run").output
    assert fake.changes == []
    first = run("ckan", url)
    assert (first.exit_code, "public_facility  送りました" in first.output) == (0, True)
    assert "good" not in first.output
    second = run("ckan", url)
    assert second.output.endswith("public_facility  変更なし\n")
    assert "注意: http://" in second.output
    assert "注意" not in run("ckan", "--url=https://ckan.example/").output
    assert "注意" not in run("ckan", "--url=http://localhost:5000").output


@pytest.mark.usefixtures("place")
def test_ends_with_one_when_something_failed(monkeypatch):
    fake = FakeCkan()
    fake.forbidden = {"package_create"}
    spoken_to(monkeypatch, fake)
    done = run("ckan", "--url=http://ckan.example/")
    assert done.exit_code == 1
    assert "public_facility  失敗: CKAN が、このトークンでは許されない" in done.output


@pytest.mark.usefixtures("place")
def test_wants_a_token_for_ckan(monkeypatch):
    monkeypatch.delenv("MACHIKANE_CKAN_TOKEN")
    done = run("ckan", "--url=http://ckan.example/")
    assert isinstance(done.exception, Refusal)
    assert "MACHIKANE_CKAN_TOKEN" in str(done.exception)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("api", ["ngsi-ld", "v2"])
def test_pushes_to_a_broker(monkeypatch, api: str):
    fake = FakeBroker()
    spoken_to(monkeypatch, fake)
    url = ("--url=http://broker.example/", f"--api={api}", "--service=toshi")
    told = run("ngsi", *url, "--dry-run")
    assert "新しい 2 件" in told.output
    assert fake.writes == []
    done = run("ngsi", *url, "--service-path=/opendata")
    assert (done.exit_code, len(fake.entities)) == (0, 2)
    sent = fake.headers[-1]
    assert (sent["Authorization"], sent["Fiware-Service"]) == ("Bearer good", "toshi")
    assert sent["Fiware-ServicePath"] == "/opendata"
    again = run("ngsi", *url, "--token-header=x-api-key")
    assert "同じ 2 件" in again.output
    assert fake.headers[-1]["x-api-key"] == "good"
    fake.entities.clear()
    fake.broken = {"urn:ngsi-ld:PointOfInterest:272999:public_facility:001"}
    failed = run("ngsi", *url)
    assert failed.exit_code == 1
    assert (
        "送れなかったもの: urn:ngsi-ld:PointOfInterest:272999:public_facility:001" in failed.output
    )


def test_loads_no_client_until_it_is_asked_to_push():
    command = "import sys, pipelines.cli; sys.exit('httpx2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", command], check=False, env={**os.environ})
    assert done.returncode == 0
