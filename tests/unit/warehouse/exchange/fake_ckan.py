"""The action API of CKAN in this process, answering as CKAN 2.12 was seen to answer."""

from __future__ import annotations

import email
import itertools
import json
import re
from typing import Any

import httpx2

ORGANIZATIONS = {
    "harumi": {"id": "o1", "name": "harumi", "title": "はるみ市"},
    "other": {"id": "o2", "name": "other", "title": "ほかの市"},
}
READS = {"package_show", "license_list", "organization_list_for_user"}


class FakeCkan:
    """Packages by name, the bytes of resources by id, and every change in `changes`.

    `lose_after` cuts the line after so many changes were carried out, `lose_before` before that many;
    `forbidden` actions are refused.
    """

    def __init__(self) -> None:
        self.packages: dict[str, dict[str, Any]] = {}
        self.stored: dict[str, bytes] = {}
        self.changes: list[str] = []
        self.public_after: list[tuple[str, bool]] = []
        self.organizations = ["harumi"]
        self.licences = ["cc-by", "cc-zero"]
        self.forbidden: set[str] = set()
        self.lose_after = self.lose_before = 0
        self.hash_of_loader = False
        self.drops_unknown = False
        self._numbers = itertools.count(1)

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self.answer)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        action = request.url.path.removeprefix("/api/3/action/")
        arguments, upload = read_form(request)
        known = request.headers["Authorization"] == "good"
        if action in READS:
            return self._read(action, arguments, known=known)
        if self.lose_before and len(self.changes) + 1 == self.lose_before:
            self.lose_before = 0
            raise httpx2.ReadTimeout("lost", request=request)
        if not known or action in self.forbidden:
            return failed(403, {"__type": "Authorization Error", "message": "権限がありません"})
        done = getattr(self, f"_{action}")(arguments, upload)
        if isinstance(done, httpx2.Response):
            return done
        self.changes.append(action)
        if len(self.changes) == self.lose_after:
            raise httpx2.ReadTimeout("lost", request=request)
        return httpx2.Response(200, json={"success": True, "result": done})

    def _read(self, action: str, arguments: dict[str, Any], *, known: bool) -> httpx2.Response:
        result: Any
        if action == "package_show":
            result = self.packages.get(arguments["id"])
            if result is None:
                return failed(404, {"__type": "Not Found Error", "message": "見つかりません"})
        elif action == "license_list":
            result = [{"id": name} for name in self.licences]
        else:
            result = [ORGANIZATIONS[name] for name in self.organizations] if known else []
        return httpx2.Response(200, json={"success": True, "result": result})

    def _package_create(self, arguments: dict[str, Any], _: bytes | None) -> Any:
        if arguments["name"] in self.packages:
            return failed(409, {"__type": "Validation Error", "name": ["使用されています。"]})
        if fault := tags_at_fault(arguments):
            return fault
        made = {"id": f"p{next(self._numbers)}", "state": "active", "resources": [], **arguments}
        self.packages[arguments["name"]] = self._touched(as_shown(made))
        return made

    def _package_patch(self, arguments: dict[str, Any], _: bytes | None) -> Any:
        if fault := tags_at_fault(arguments):
            return fault
        package = self.packages[arguments.pop("id")]
        package.update(as_shown(arguments))
        if package["private"] is False:
            self.public_after.append((package["name"], bool(package["resources"])))
        return self._touched(package)

    def _resource_create(self, arguments: dict[str, Any], upload: bytes | None) -> Any:
        package = self.packages[arguments["package_id"]]
        resource = {"id": f"r{next(self._numbers)}", "url_type": "upload", **arguments}
        self._drop(resource)
        package["resources"].append(resource)
        self._store(resource, upload)
        self._touched(package)
        return resource

    def _resource_patch(self, arguments: dict[str, Any], upload: bytes | None) -> Any:
        package, resource = self._resource(arguments["id"])
        resource.update(arguments)
        self._drop(resource)
        self._store(resource, upload)
        self._touched(package)
        return resource

    def _resource_delete(self, arguments: dict[str, Any], _: bytes | None) -> Any:
        package, resource = self._resource(arguments["id"])
        package["resources"].remove(resource)
        return self._touched(package)

    def _resource(self, id_: str) -> tuple[dict[str, Any], dict[str, Any]]:
        pairs = [(p, r) for p in self.packages.values() for r in p["resources"] if r["id"] == id_]
        return pairs[0]

    def _drop(self, resource: dict[str, Any]) -> None:
        if self.drops_unknown:
            resource.pop("machikane_sha256", None)
            resource.pop("machikane_file", None)

    def _store(self, resource: dict[str, Any], upload: bytes | None) -> None:
        if upload is not None:
            self.stored[resource["id"]] = upload
            resource["size"] = len(upload)
            if self.hash_of_loader:
                resource["hash"] = "md5-of-a-loader"

    def _touched(self, package: dict[str, Any]) -> dict[str, Any]:
        package["metadata_modified"] = f"time {next(self._numbers)}"
        return package


def as_shown(package: dict[str, Any]) -> dict[str, Any]:
    """Give fields as `package_show` does: tags with more keys, extras in another order."""
    shown = dict(package)
    if "tags" in shown:
        names = sorted(tag["name"] for tag in shown["tags"])
        shown["tags"] = [{"name": n, "display_name": n, "state": "active"} for n in names]
    if "extras" in shown:
        shown["extras"] = sorted(shown["extras"], key=lambda extra: len(extra["key"]))
    return shown


def tags_at_fault(arguments: dict[str, Any]) -> httpx2.Response | None:
    for tag in arguments.get("tags", []):
        if not re.fullmatch(r"[\w \-.]{2,100}", tag["name"]):
            return failed(409, {"__type": "Validation Error", "tags": [f'Tag "{tag["name"]}"']})
    return None


def failed(status: int, error: dict[str, Any]) -> httpx2.Response:
    return httpx2.Response(status, json={"success": False, "error": error})


def read_form(request: httpx2.Request) -> tuple[dict[str, Any], bytes | None]:
    """Read JSON or a multipart form with a file."""
    content = request.read()
    kind = request.headers["Content-Type"]
    if kind.startswith("application/json"):
        return json.loads(content), None
    message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + content)
    arguments: dict[str, Any] = {}
    upload = None
    for part in message.walk():
        if part.is_multipart():
            continue
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if name == "upload":
            upload = data
        else:
            arguments[str(name)] = data.decode()
    return arguments, upload
