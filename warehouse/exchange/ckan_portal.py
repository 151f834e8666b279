"""The action API of one CKAN portal: asking, changing, and its refusals in plain Japanese.

Belongs here: one call each. Must not hold: what a package should be (`ckan_wanted.py`), nor what is to
be done (`ckan_plan.py`). API: https://docs.ckan.org/en/2.12/api/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from warehouse.exchange.remote import Remote
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Self

    import httpx2

TOKEN_VARIABLE = "MACHIKANE_CKAN_TOKEN"  # noqa: S105 - the variable's name
_FORBIDDEN, _UNKNOWN, _CONFLICT = 403, 404, 409
_SAID = 300


class CkanPortal:
    """A CKAN that a token may write to."""

    def __init__(
        self, url: str, token: str, *, transport: httpx2.BaseTransport | None = None
    ) -> None:
        """Name the portal and whose token is used."""
        self._remote = Remote(url, {"Authorization": token}, transport=transport)
        self.url = self._remote.url

    def __enter__(self) -> Self:
        """Keep the connection open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._remote.__exit__()

    def ask(self, action: str, **arguments: Any) -> Any:  # noqa: ANN401 - JSON
        """Call an action that changes nothing; None when there is no such thing.

        Raises:
            Refusal: the portal does not answer, or refuses.
        """
        answer = self._remote.post(f"/api/3/action/{action}", changes=False, json=arguments)
        return None if self._is_absent(answer) else self._result(answer, action)

    def change(self, action: str, file: Path | bytes | None = None, **arguments: Any) -> Any:  # noqa: ANN401 - JSON
        """Call an action that changes something; with a file, or bytes, these go along.

        Raises:
            Refusal: the portal does not answer, or refuses.
        """
        path = f"/api/3/action/{action}"
        if file is None:
            return self._result(self._remote.post(path, changes=True, json=arguments), action)
        if isinstance(file, bytes):
            upload = {"upload": ("withdrawn.txt", file)}
            answer = self._remote.post(path, changes=True, data=arguments, files=upload)
            return self._result(answer, action)
        with file.open("rb") as stream:
            upload = {"upload": (file.name, stream)}
            answer = self._remote.post(path, changes=True, data=arguments, files=upload)
        return self._result(answer, action)

    def _is_absent(self, answer: httpx2.Response) -> bool:
        if answer.status_code != _UNKNOWN:
            return False
        error = self._body(answer).get("error") or {}
        return "Not Found" in str(error.get("__type", ""))

    def _result(self, answer: httpx2.Response, action: str) -> Any:  # noqa: ANN401 - JSON
        body = self._body(answer)
        if answer.is_success and body.get("success"):
            return body.get("result")
        error = body.get("error")
        raise self._refusal(answer.status_code, error if isinstance(error, dict) else {}, action)

    def _body(self, answer: httpx2.Response) -> dict[str, Any]:
        try:
            body = answer.json()
        except ValueError:
            body = None
        if isinstance(body, dict):
            return body
        raise Refusal(
            "ckan.no_ckan",
            f"CKAN の答えではありません(HTTP {answer.status_code})。",
            self.url,
            "--url が CKAN のトップページの URL か、CKAN が動いているかを確かめてください。",
        )

    def _refusal(self, status: int, error: Mapping[str, Any], action: str) -> Refusal:
        where = f"{self.url} の {action}"
        said = _said(error)
        if status == _FORBIDDEN:
            return Refusal(
                "ckan.forbidden",
                f"CKAN が、このトークンでは許されないと答えました。{said}",
                where,
                "トークンの期限と、組織の編集者(editor)以上の権限があるかを確かめてください。",
            )
        if status == _CONFLICT:
            return Refusal(
                "ckan.invalid",
                f"CKAN が、内容を受け取れないと答えました。{said}",
                where,
                "示された項目を直すか、同じ名前のデータセットがほかにないかを確かめてください。",
            )
        return Refusal(
            "ckan.failed",
            f"CKAN の中で失敗しました(HTTP {status})。{said}",
            where,
            "しばらくして、もう一度 push してください。続くときは CKAN の管理者に知らせてください。",
        )


def _said(error: Mapping[str, Any]) -> str:
    """Quote what CKAN said of which field, cut short."""
    told = {k: v for k, v in error.items() if not k.startswith("__")}
    words = "、".join(f"{name}: {_flat(value)}" for name, value in told.items())
    return f"CKAN の答え: {words[:_SAID]}" if words else ""


def _flat(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_flat(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{name}: {_flat(item)}" for name, item in value.items())
    return str(value)
