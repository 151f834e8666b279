"""A context broker in this process: keeps entities, forbids what Orion forbids, answers as the two interfaces do."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx2

FORBIDDEN = set("<>\"'=;()")


class FakeBroker:
    """Entities by id; `requests` counts what was asked, `broken` ids are refused, `down` cuts off."""

    def __init__(self) -> None:
        self.entities: dict[str, dict[str, Any]] = {}
        self.requests: list[str] = []
        self.headers: list[httpx2.Headers] = []
        self.broken: set[str] = set()
        self.failing = 0
        self.page = 1000

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self.answer)

    @property
    def writes(self) -> list[str]:
        return [path for path in self.requests if "query" not in path]

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request.url.path)
        self.headers.append(request.headers)
        if self.failing:
            self.failing -= 1
            return httpx2.Response(503)
        body = json.loads(request.content)
        offset = int(request.url.params.get("offset", 0))
        match request.url.path:
            case "/v2/op/query" | "/ngsi-ld/v1/entityOperations/query":
                return self._query(body["entities"][0], offset)
            case "/v2/op/update":
                return self._update(body["actionType"], body["entities"])
            case "/ngsi-ld/v1/entityOperations/upsert":
                return self._upsert(body)
            case "/ngsi-ld/v1/entityOperations/delete":
                for id_ in body:
                    del self.entities[id_]
                return httpx2.Response(204)
        return httpx2.Response(404, json={"title": "no such operation"})

    def _query(self, wanted: dict[str, str], offset: int) -> httpx2.Response:
        pattern = re.compile(wanted["idPattern"])
        assert not set(wanted["idPattern"]) & FORBIDDEN
        found = [
            {k: v for k, v in entity.items() if k != "@context"}
            for id_, entity in self.entities.items()
            if pattern.search(id_) and entity["type"] == wanted["type"]
        ]
        return httpx2.Response(200, json=found[offset : offset + self.page])

    def _update(self, action: str, entities: list[dict[str, Any]]) -> httpx2.Response:
        for entity in entities:
            known = entity["id"] in self.entities
            if action == "delete":
                del self.entities[entity["id"]]
                continue
            if entity["id"] in self.broken or forbidden(entity):
                fault = {
                    "error": "BadRequest",
                    "description": "Invalid characters in attribute value",
                }
                return httpx2.Response(400, json=fault)
            if action == "replace" and not known:
                return httpx2.Response(404, json={"error": "NotFound"})
            kept = self.entities[entity["id"]] if action == "append" and known else {}
            answered = {
                k: {"metadata": {}, **v} if isinstance(v, dict) else v for k, v in entity.items()
            }
            self.entities[entity["id"]] = {**kept, **answered}
        return httpx2.Response(204)

    def _upsert(self, entities: list[dict[str, Any]]) -> httpx2.Response:
        errors = []
        for entity in entities:
            assert entity["@context"]
            if entity["id"] in self.broken:
                fault = {"type": "BadRequestData", "title": "だめな値です"}
                errors.append({"entityId": entity["id"], "error": fault})
            else:
                self.entities[entity["id"]] = entity
        if not errors:
            return httpx2.Response(204)
        return httpx2.Response(207, json={"success": [], "errors": errors})


def forbidden(value: Any) -> bool:
    """Tell whether a text anywhere holds a character that Orion refuses."""
    if isinstance(value, dict):
        return any(forbidden(v) for v in value.values())
    if isinstance(value, list):
        return any(forbidden(v) for v in value)
    return isinstance(value, str) and bool(set(value) & FORBIDDEN)
