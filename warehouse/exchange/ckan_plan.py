"""What is to be done in CKAN: what it holds, held against what it should hold.

Pure comparison; nothing is sent. Only what differs is in a plan, so that a second push finds nothing.
A package that belongs to someone else, or that someone deleted in CKAN, is not touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.exchange.ckan_wanted import EXTRAS, LABEL, MARK
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from warehouse.exchange.ckan_wanted import WantedPackage, WantedResource

_NAMED = re.compile(r"(.*)\(([^()]*)\)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The steps for one package, in the order they are done.

    Attributes:
        create: The package is not there yet.
        add: Files to put there anew.
        replace: Files whose bytes changed, with the id of the resource.
        describe: Resources of which only the description changed, with the fields that did.
        remove: Ids of our resources that should not be there.
        fields: Fields of the package that changed, as `package_patch` takes them.
    """

    wanted: WantedPackage
    create: bool = False
    add: tuple[WantedResource, ...] = ()
    replace: tuple[tuple[str, WantedResource], ...] = ()
    describe: tuple[tuple[str, Mapping[str, str]], ...] = ()
    remove: tuple[str, ...] = ()
    fields: Mapping[str, Any]

    @property
    def is_empty(self) -> bool:
        """Tell whether CKAN holds everything already."""
        steps = (self.add, self.replace, self.describe, self.remove, self.fields)
        return not self.create and not any(steps)

    @property
    def wording(self) -> str:
        """Say in Japanese what is to be done."""
        parts = [
            "データセットを作る" if self.create else "",
            f"ファイルを {len(self.add)} 件加える" if self.add else "",
            f"ファイルを {len(self.replace)} 件入れ替える" if self.replace else "",
            f"ファイルの説明を {len(self.describe)} 件直す" if self.describe else "",
            f"ファイルを {len(self.remove)} 件消す" if self.remove else "",
            "説明やタグを直す" if self.fields and not self.create else "",
        ]
        return "、".join(part for part in parts if part) or "変更なし"


def plan_for(
    wanted: WantedPackage, found: Mapping[str, Any] | None, organization: Mapping[str, Any]
) -> Plan | None:
    """Compare; None when there is nothing to tell of, as with a withdrawal of what never was there.

    Args:
        wanted: What should be.
        found: CKAN's `package_show`, or None when there is no such package.
        organization: The one that owns the package.

    Raises:
        Refusal: `ckan.deleted`, `ckan.not_ours`.
    """
    if found is None:
        return None if wanted.is_tombstone else _new(wanted)
    _require_ours(wanted, found, organization)
    known = [r for r in found["resources"] if _label(r, wanted)]
    ours = {_label(resource, wanted): resource for resource in known}
    pairs = [(resource, ours.pop(resource.label, None)) for resource in wanted.resources]
    first = {found_resource["id"] for _, found_resource in pairs if found_resource}
    return Plan(
        wanted=wanted,
        add=tuple(resource for resource, known in pairs if known is None),
        replace=tuple((k["id"], r) for r, k in pairs if k and not _has_bytes(k, r)),
        describe=tuple(
            (k["id"], changed)
            for r, k in pairs
            if k and _has_bytes(k, r) and (changed := _changed_fields(k, r))
        ),
        remove=tuple(r["id"] for r in known if r["id"] not in first),
        fields=_changed_package(wanted, found),
    )


def new_package(wanted: WantedPackage, organization: Mapping[str, Any]) -> dict[str, Any]:
    """Give what `package_create` takes: private, until all files are there."""
    return {
        **wanted.fields,
        "name": wanted.name,
        "owner_org": organization["id"],
        "private": True,
        "tags": [{"name": tag} for tag in wanted.tags],
        "extras": _pairs(wanted.extras),
    }


def _new(wanted: WantedPackage) -> Plan:
    return Plan(wanted=wanted, create=True, add=wanted.resources, fields={"private": False})


def _require_ours(
    wanted: WantedPackage, found: Mapping[str, Any], organization: Mapping[str, Any]
) -> None:
    if found.get("state") == "deleted":
        raise Refusal(
            "ckan.deleted",
            "CKAN の画面で消されたデータセットです。",
            wanted.name,
            "CKAN のごみ箱から完全に消すか、元に戻してから、もう一度 push してください。",
        )
    if found.get("owner_org") != organization["id"]:
        raise Refusal(
            "ckan.not_ours",
            "同じ名前のデータセットが、ほかの組織にあります。",
            wanted.name,
            "--organization を確かめてください。",
        )


def _has_bytes(known: Mapping[str, Any], wanted: WantedResource) -> bool:
    return wanted.sha256 in {known.get("hash"), known.get(MARK)}


def _label(resource: Mapping[str, Any], wanted: WantedPackage) -> str:
    """Tell which of our files a resource is; blank when it is none of ours.

    A portal may drop fields it does not know; then the name tells.
    """
    if resource.get(MARK) and resource.get(LABEL):
        return str(resource[LABEL])
    named = _NAMED.fullmatch(resource.get("name") or "")
    if named is None or resource.get("url_type") != "upload" or named[1] != wanted.title:
        return ""
    return named[2]


def _changed_fields(known: Mapping[str, Any], wanted: WantedResource) -> dict[str, str]:
    """List the fields that differ, beside the digests; CKAN writes formats in its own case."""
    compared = {k: v for k, v in wanted.fields.items() if k not in {"hash", MARK, LABEL, "format"}}
    return {key: value for key, value in compared.items() if not _is_same(known.get(key), value)}


def _changed_package(wanted: WantedPackage, found: Mapping[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {
        key: value for key, value in wanted.fields.items() if not _is_same(found.get(key), value)
    }
    if found.get("private"):
        changed["private"] = False
    if sorted(tag["name"] for tag in found.get("tags", [])) != [*wanted.tags]:
        changed["tags"] = [{"name": tag} for tag in wanted.tags]
    have = {extra["key"]: extra["value"] for extra in found.get("extras", [])}
    theirs = {key: value for key, value in have.items() if key not in EXTRAS}
    if have != {**theirs, **wanted.extras}:
        changed["extras"] = _pairs({**theirs, **wanted.extras})
    return changed


def _pairs(extras: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in extras.items()]


def _is_same(known: object, wanted: str) -> bool:
    """Compare texts as CKAN keeps them: blank is null, line ends as LF."""
    text = "" if known is None else str(known).replace("\r\n", "\n").strip()
    return text == wanted.strip()
