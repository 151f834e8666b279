"""One context broker, spoken to in NGSI-LD or NGSIv2: what it holds, what it takes, what it refuses.

Belongs here: the requests of the two interfaces and what went wrong with which entity. Must not hold:
what is to be sent (`broker_sync.py`). Sources: ETSI GS CIM 009 (batch operations answer 201, 204 or 207
with the errors of single entities); FIWARE-NGSI v2.1 (`/v2/op/update`, `/v2/op/query`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from warehouse.exchange.dialect import NGSI_LD, NGSI_V2
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx2

    from warehouse.exchange.dialect import Dialect
    from warehouse.exchange.remote import Remote

TOKEN_VARIABLE = "MACHIKANE_NGSI_TOKEN"  # noqa: S105 - the variable's name
# Both interfaces give no more than this many entities an answer.
_PAGE = 1000
_OF_CONTENT = frozenset({400, 404, 409, 413, 422})
_NOT_ALLOWED = frozenset({401, 403})
_MANY = 207
_SAID = 300


class Broker(ABC):
    """A broker that entities are sent to."""

    dialect: Dialect
    headers: dict[str, str]

    def __init__(self, remote: Remote) -> None:
        """Name the broker."""
        self.remote = remote

    def found(self, type_: str, pattern: str, context: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Give what the broker holds of a type under ids that match a pattern.

        Raises:
            Refusal: the broker does not answer, or refuses.
        """
        offset = 0
        while True:
            answer = self._ask({"type": type_, "idPattern": pattern}, context, offset)
            if not answer.is_success:
                raise self._refused(answer)
            page = answer.json()
            yield from page
            offset += len(page)
            if len(page) < _PAGE:
                return

    def write(self, documents: Sequence[str], *, known: bool) -> dict[str, str]:
        """Send entities, `known` when the broker holds older ones; give the errors by id.

        A batch that is refused as a whole is halved until the entities at fault are alone.

        Raises:
            Refusal: the broker does not answer, or lets nothing in.
        """
        answer = self._write("[" + ",".join(documents) + "]", known=known)
        if answer.is_success:
            return self._errors(answer)
        if answer.status_code not in _OF_CONTENT:
            raise self._refused(answer)
        if len(documents) == 1:
            return {json.loads(documents[0])["id"]: _said(answer)}
        half = len(documents) // 2
        return {
            **self.write(documents[:half], known=known),
            **self.write(documents[half:], known=known),
        }

    def remove(self, type_: str, ids: Sequence[str]) -> None:
        """Delete entities.

        Raises:
            Refusal: the broker does not answer, or refuses.
        """
        answer = self._remove(type_, ids)
        if not answer.is_success or answer.status_code == _MANY:
            raise self._refused(answer)

    @abstractmethod
    def _ask(
        self, entity: dict[str, str], context: Sequence[str], offset: int
    ) -> httpx2.Response: ...

    @abstractmethod
    def _write(self, entities: str, *, known: bool) -> httpx2.Response: ...

    @abstractmethod
    def _remove(self, type_: str, ids: Sequence[str]) -> httpx2.Response: ...

    def _errors(self, answer: httpx2.Response) -> dict[str, str]:
        if answer.status_code != _MANY:
            return {}
        found = {}
        for fault in answer.json().get("errors", []):
            error = fault.get("error")
            told = error.get("detail") or error.get("title") if isinstance(error, dict) else error
            found[str(fault.get("entityId"))] = str(told)[:_SAID]
        return found

    def _refused(self, answer: httpx2.Response) -> Refusal:
        status = answer.status_code
        where = f"{self.remote.url}(HTTP {status})"
        if status in _NOT_ALLOWED:
            return Refusal(
                "ngsi.forbidden",
                "ブローカーが、許されないと答えました。",
                where,
                f"トークン({TOKEN_VARIABLE} か --token-file)と --service を確かめてください。",
            )
        return Refusal(
            "ngsi.failed",
            f"ブローカーが受け取れないと答えました。答え: {_said(answer)}",
            where,
            "--url と --api を確かめ、もう一度 push してください。",
        )


class LinkedBroker(Broker):
    """A broker that speaks NGSI-LD."""

    dialect = NGSI_LD
    headers = {"Accept": "application/json"}  # noqa: RUF012 - never changed

    def _ask(self, entity: dict[str, str], context: Sequence[str], offset: int) -> httpx2.Response:
        query = {"@context": [*context], "type": "Query", "entities": [entity]}
        path = f"/ngsi-ld/v1/entityOperations/query?limit={_PAGE}&offset={offset}"
        return self._post(path, json.dumps(query), changes=False)

    def _write(self, entities: str, *, known: bool) -> httpx2.Response:
        del known
        return self._post("/ngsi-ld/v1/entityOperations/upsert", entities, changes=True)

    def _remove(self, type_: str, ids: Sequence[str]) -> httpx2.Response:
        del type_
        path = "/ngsi-ld/v1/entityOperations/delete"
        return self.remote.post(path, changes=True, json=[*ids])

    def _post(self, path: str, content: str, *, changes: bool) -> httpx2.Response:
        headers = {"Content-Type": "application/ld+json"}
        return self.remote.post(path, changes=changes, content=content.encode(), headers=headers)


class PlainBroker(Broker):
    """A broker that speaks NGSIv2, such as Orion."""

    dialect = NGSI_V2
    headers = {"Accept": "application/json"}  # noqa: RUF012 - never changed

    def _ask(self, entity: dict[str, str], context: Sequence[str], offset: int) -> httpx2.Response:
        del context
        path = f"/v2/op/query?limit={_PAGE}&offset={offset}"
        return self.remote.post(path, changes=False, json={"entities": [entity]})

    def _write(self, entities: str, *, known: bool) -> httpx2.Response:
        return self._update("replace" if known else "append", entities)

    def _remove(self, type_: str, ids: Sequence[str]) -> httpx2.Response:
        return self._update("delete", json.dumps([{"id": i, "type": type_} for i in ids]))

    def _update(self, action: str, entities: str) -> httpx2.Response:
        content = f'{{"actionType":"{action}","entities":{entities}}}'
        headers = {"Content-Type": "application/json"}
        return self.remote.post(
            "/v2/op/update", changes=True, content=content.encode(), headers=headers
        )


BROKERS: dict[str, type[Broker]] = {"ngsi-ld": LinkedBroker, "v2": PlainBroker}


def _said(answer: httpx2.Response) -> str:
    """Quote what a broker said, cut short."""
    try:
        body = answer.json()
    except ValueError:
        return f"HTTP {answer.status_code}"
    if not isinstance(body, dict):
        return str(body)[:_SAID]
    words = [body.get(key) for key in ("error", "title", "description", "detail")]
    return ": ".join(str(word) for word in words if word)[:_SAID] or f"HTTP {answer.status_code}"
