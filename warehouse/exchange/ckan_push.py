"""Bring a CKAN portal to what is public here, release by release; what fails is told and left for the next push.

Belongs here: the order of the steps. Files go before the description of the package, and a new
package is private until its files are there, so that nobody sees half of it. Every step can be
repeated: the next push compares again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from warehouse.exchange.ckan_plan import new_package, plan_for
from warehouse.exchange.ckan_wanted import MARK, package_name, wanted_package
from warehouse.exchange.ckan_words import heading_faults, is_read_by_bodik, licence_id
from warehouse.landing import hash_file
from warehouse.refusal import Refusal
from warehouse.site.in_house import refuse_in_house

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from warehouse.catalogue.entries import Entry, PublicCatalogue
    from warehouse.exchange.ckan_plan import Plan
    from warehouse.exchange.ckan_portal import CkanPortal
    from warehouse.exchange.ckan_wanted import WantedResource

_GONE = "このファイルは取り下げました。\n".encode()
# Of no use to go on with the other releases.
_OF_ALL = frozenset({"exchange.unreachable", "exchange.moved", "ckan.no_ckan"})


@dataclass(frozen=True, kw_only=True)
class Pushed:
    """What became of one release; `detail` in Japanese, `notes` what an officer should know."""

    release: str
    outcome: Literal["changed", "same", "failed"]
    detail: str
    notes: tuple[str, ...] = ()


def push_catalogue(
    portal: CkanPortal,
    catalogue: PublicCatalogue,
    public: Path,
    *,
    organization: str | None,
    in_house: frozenset[str],
    dry_run: bool,
) -> Iterator[Pushed]:
    """Push every release that is or was public, one after the other.

    Args:
        portal: Where to.
        catalogue: What is public.
        public: The public folder, with the files.
        organization: Name of the organization that owns the packages; None where there is only one.
        in_house: Words that may not leave the city, such as the names of approvers.
        dry_run: Compare and tell, change nothing.

    Raises:
        Refusal: nothing can be pushed at all: no such organization, no answer.
    """
    owner = _organization(portal, organization)
    licences = [licence["id"] for licence in portal.ask("license_list") or []]
    for entry in catalogue.entries:
        try:
            plan = _plan(portal, catalogue, entry, owner, licences)
            if plan is None:
                continue
            if not dry_run:
                # Before anything that may refuse: what is withdrawn goes in any case.
                _remove(portal, plan)
            _require_public(plan, catalogue, in_house)
            if not dry_run:
                _require_headings(plan, public)
                _carry_out(portal, plan, owner, public)
        except Refusal as refusal:
            if refusal.rule in _OF_ALL:
                raise
            yield Pushed(release=entry.name, outcome="failed", detail=str(refusal))
            continue
        yield Pushed(
            release=entry.name,
            outcome="same" if plan.is_empty else "changed",
            detail=plan.wording,
            notes=_notes(entry),
        )


def _organization(portal: CkanPortal, name: str | None) -> Mapping[str, Any]:
    """Find the organization that will own the packages.

    Raises:
        Refusal: `ckan.organization`: the token may write to none, to several, or not to this one.
    """
    offered = portal.ask("organization_list_for_user", permission="create_dataset") or []
    named = [o for o in offered if name is None or name in {o["name"], o["id"], o.get("title")}]
    if len(named) == 1:
        return named[0]
    raise _no_organization(portal, name, sorted(o["name"] for o in offered))


def _no_organization(portal: CkanPortal, name: str | None, offered: list[str]) -> Refusal:
    remedy = f"--organization に、次のどれかを書いてください: {'、'.join(offered)}"
    what = "データセットを持つ組織が、一つに決まりません。"
    if not offered:
        # CKAN takes a token it does not know for a visitor without one.
        what = "このトークンは期限切れか間違いか、どの組織にもデータセットを作れません。"
        remedy = "CKAN の画面でトークンを作り直し、組織の編集者(editor)にしてもらってください。"
    elif name:
        what = f"このトークンでは、組織「{name}」にデータセットを作れません。"
    return Refusal("ckan.organization", what, portal.url, remedy)


def _plan(
    portal: CkanPortal,
    catalogue: PublicCatalogue,
    entry: Entry,
    owner: Mapping[str, Any],
    licences: list[str],
) -> Plan | None:
    licence = licence_id(entry.spec.licence, licences)
    if licence is None and entry.latest:
        raise Refusal(
            "ckan.licence",
            f"この CKAN には、ライセンス {entry.spec.licence} の ID がありません。",
            portal.url,
            "CKAN の管理者に、ライセンスの一覧(ckan.licenses_file)に加えてもらってください。",
        )
    found = portal.ask("package_show", id=package_name(catalogue, entry))
    return plan_for(wanted_package(catalogue, entry, licence or ""), found, owner)


def _remove(portal: CkanPortal, plan: Plan) -> None:
    for resource_id in plan.remove:
        # CKAN leaves the bytes of a deleted resource on its disk: other bytes take their place.
        portal.change("resource_patch", _GONE, id=resource_id, **{MARK: "gone", "hash": ""})
        portal.change("resource_delete", id=resource_id)


def _carry_out(portal: CkanPortal, plan: Plan, owner: Mapping[str, Any], public: Path) -> None:
    name = plan.wanted.name
    if plan.create:
        portal.change("package_create", **new_package(plan.wanted, owner))
    for resource_id, resource in plan.replace:
        portal.change("resource_patch", _file(public, resource), id=resource_id, **resource.fields)
    for resource in plan.add:
        portal.change(
            "resource_create", _file(public, resource), package_id=name, **resource.fields
        )
    for resource_id, fields in plan.describe:
        portal.change("resource_patch", None, id=resource_id, **fields)
    if plan.fields:
        portal.change("package_patch", id=name, **plan.fields)


def _file(public: Path, resource: WantedResource) -> Path:
    path = public / resource.path
    if not path.is_file():
        raise Refusal(
            "ckan.no_file",
            "公開フォルダに、公開したはずのファイルがありません。",
            resource.path,
            "machikane run で公開フォルダを作り直してください。",
        )
    if hash_file(path) != resource.sha256:
        raise Refusal(
            "ckan.changed",
            "公開フォルダのファイルが、承認されたものと違います。送るのを止めました。",
            resource.path,
            "machikane verify で調べ、machikane run で公開フォルダを作り直してください。",
        )
    return path


def _require_public(plan: Plan, catalogue: PublicCatalogue, in_house: frozenset[str]) -> None:
    """Refuse to send words that stay in the city, as the public pages do."""
    wanted = plan.wanted
    texts = [*wanted.fields.values(), *wanted.extras.values(), *wanted.tags]
    texts += [text for resource in wanted.resources for text in resource.fields.values()]
    try:
        refuse_in_house({wanted.name: "\n".join(texts).encode()}, in_house, catalogue, b"")
    except Refusal as refusal:
        raise Refusal(
            "ckan.in_house",
            "庁内だけの情報(担当者・承認者の名前など)が、CKAN へ出るところでした。送るのを止めました。",
            refusal.where,
            refusal.remedy,
        ) from refusal


def _require_headings(plan: Plan, public: Path) -> None:
    """Refuse a CSV that CKAN's DataStore would not load, before anything is sent."""
    files = [*plan.add, *(resource for _, resource in plan.replace)]
    for resource in files:
        if resource.format != "CSV":
            continue
        head = pl.read_csv(_file(public, resource), has_header=False, n_rows=1, infer_schema=False)
        headings = [(cell or "").removeprefix("\ufeff") for cell in head.row(0)]
        if faults := heading_faults(headings):
            raise Refusal(
                "ckan.headings",
                f"CKAN のデータストアが受け取れない見出しです: {'、'.join(faults)}",
                resource.path,
                "見出しを標準データセットのとおりに直してください。",
            )


def _notes(entry: Entry) -> tuple[str, ...]:
    if entry.latest is None or is_read_by_bodik(entry.spec.licence):
        return ()
    read = "BODIK API が取り込むと公表しているもの(CC BY、CC BY-SA、CC0)"
    return (f"ライセンス {entry.spec.licence} は、{read}に入っていません。",)
