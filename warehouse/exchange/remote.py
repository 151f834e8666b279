"""One other machine that is spoken to over HTTP, and what goes wrong on the way, in plain Japanese.

Belongs here: the address, the headers, the time allowed, trying again, and the secret of the sender.
Must not hold: what is said (`ckan_portal.py`, `broker.py`). Nothing is sent unless a command asks.

A request that changes nothing is tried again; one that changes something is not, because nobody knows
whether it arrived. The next push compares and sends what is missing.
"""

from __future__ import annotations

import os
import stat
import time
from typing import TYPE_CHECKING, Any, Self

import httpx2

from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PASSING = frozenset({502, 503, 504})
_PAUSES_SECONDS = (0.5, 2.0)
_CONNECT_SECONDS = 10.0


class Remote:
    """An address that requests are sent to."""

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        timeout: float = 120.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Name the address, the headers of every request and the seconds one answer may take."""
        self.url = url.rstrip("/")
        if not self.url.startswith(("http://", "https://")):
            raise Refusal(
                "exchange.url",
                "送り先の URL が http:// か https:// で始まっていません。",
                self.url,
                "--url に、送り先のトップページの URL を書いてください。",
            )
        limits = httpx2.Timeout(timeout, connect=_CONNECT_SECONDS)
        self._client = httpx2.Client(headers=dict(headers), timeout=limits, transport=transport)

    def __enter__(self) -> Self:
        """Keep the connection open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._client.close()

    def post(self, path: str, *, changes: bool, **content: Any) -> httpx2.Response:  # noqa: ANN401 - httpx2's own arguments
        """Send a request; one that changes nothing is tried again when it fails in passing.

        Raises:
            Refusal: `exchange.unreachable`, `exchange.timeout`, `exchange.moved`.
        """
        for pause in () if changes else _PAUSES_SECONDS:
            try:
                answer = self._client.post(self.url + path, **content)
            except httpx2.TransportError:
                time.sleep(pause)
                continue
            if answer.status_code not in _PASSING:
                return self._arrived(answer)
            time.sleep(pause)
        try:
            return self._arrived(self._client.post(self.url + path, **content))
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise self._unreachable() from error
        except httpx2.TransportError as error:
            raise self._lost(changes=changes) from error

    def _arrived(self, answer: httpx2.Response) -> httpx2.Response:
        if answer.is_redirect:
            raise Refusal(
                "exchange.moved",
                "送り先が、別の URL へ移るように答えました。",
                self.url,
                f"--url を確かめてください(案内された先: {answer.headers.get('location', '')})。",
            )
        return answer

    def _unreachable(self) -> Refusal:
        return Refusal(
            "exchange.unreachable",
            "送り先につながりません。",
            self.url,
            "URL と、この端末からそこへ出られるか(プロキシの設定など)を確かめてください。",
        )

    def _lost(self, *, changes: bool) -> Refusal:
        known = "届いたかどうかは分かりません。" if changes else "何も変えていません。"
        return Refusal(
            "exchange.timeout",
            f"返事が来ないまま、つながりが切れました。{known}",
            self.url,
            "もう一度 push してください。届いたものは確かめて、残りだけを送ります。",
        )


def read_secret(variable: str, file: Path | None) -> str | None:
    """Read a token from a file that only its owner can read, or else from the environment.

    Raises:
        Refusal: `exchange.token_file`: there is no such file, others can read it, or it is empty.
    """
    if file is None:
        return os.environ.get(variable, "").strip() or None
    if not file.is_file():
        raise _bad_file(
            file, "トークンのファイルがありません。", "ファイルの場所を確かめてください。"
        )
    if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
        remedy = f"chmod 600 {file.name} として、持ち主だけが読めるようにしてください。"
        raise _bad_file(file, "トークンのファイルを、ほかの人も読めます。", remedy)
    secret = file.read_text("utf-8").strip()
    if not secret:
        remedy = "送り先の画面で作ったトークンを書いてください。"
        raise _bad_file(file, "トークンのファイルが空です。", remedy)
    return secret


def _bad_file(file: Path, what: str, remedy: str) -> Refusal:
    return Refusal("exchange.token_file", what, str(file), remedy)
