"""What goes wrong on the way to another machine is said in Japanese; secrets stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from warehouse.exchange import remote as remotes
from warehouse.exchange.remote import Remote, read_secret
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(remotes.time, "sleep", lambda _: None)


def send(handler, *, changes: bool) -> httpx2.Response:
    with Remote("http://a.example/", {}, transport=httpx2.MockTransport(handler)) as remote:
        return remote.post("/x", changes=changes, json={})


def raising(error: type[httpx2.TransportError], calls: list[int]):
    def handler(request: httpx2.Request) -> httpx2.Response:
        calls.append(1)
        raise error("secret-of-the-library", request=request)

    return handler


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (httpx2.ConnectError, "exchange.unreachable"),
        (httpx2.ConnectTimeout, "exchange.unreachable"),
        (httpx2.ReadTimeout, "exchange.timeout"),
        (httpx2.RemoteProtocolError, "exchange.timeout"),
    ],
)
@pytest.mark.parametrize("changes", [True, False])
def test_says_what_happened(error, rule: str, changes: bool):  # noqa: FBT001
    calls: list[int] = []
    with pytest.raises(Refusal) as caught:
        send(raising(error, calls), changes=changes)
    assert caught.value.rule == rule
    assert "secret-of-the-library" not in str(caught.value)
    assert len(calls) == (1 if changes else 3), "what changes something is sent once only"


def test_does_not_follow_to_another_address():
    moved = httpx2.Response(301, headers={"location": "https://a.example/"})
    with pytest.raises(Refusal, match="別の URL"):
        send(lambda _: moved, changes=False)


def test_wants_a_web_address():
    with pytest.raises(Refusal, match="http"):
        Remote("ftp://a.example", {})


def test_reads_the_token_from_a_file_of_its_owner_or_the_environment(tmp_path: Path, monkeypatch):
    file = tmp_path / "token"
    file.write_text("abc\n", "utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("A_TOKEN", " xyz ")
    assert read_secret("A_TOKEN", file) == "abc"
    assert read_secret("A_TOKEN", None) == "xyz"
    monkeypatch.delenv("A_TOKEN")
    assert read_secret("A_TOKEN", None) is None
    file.chmod(0o640)
    with pytest.raises(Refusal, match="ほかの人も読めます") as caught:
        read_secret("A_TOKEN", file)
    assert "abc" not in str(caught.value)
    file.chmod(0o600)
    file.write_text("", "utf-8")
    with pytest.raises(Refusal, match="空です"):
        read_secret("A_TOKEN", file)
    with pytest.raises(Refusal, match="ありません"):
        read_secret("A_TOKEN", tmp_path / "none")
