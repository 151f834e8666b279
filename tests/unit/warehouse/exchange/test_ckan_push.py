"""A portal is brought to what is public: twice the same, half of it mended, nothing of others touched."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.unit.warehouse.exchange.fake_ckan import FakeCkan
from tests.unit.warehouse.exchange.public_city import CSV, catalogue, put_entry, withdrawn
from warehouse.exchange import remote as remotes
from warehouse.exchange.ckan_portal import CkanPortal
from warehouse.exchange.ckan_push import push_catalogue
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

NAME = "272999_public_facility"


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr(remotes.time, "sleep", lambda _: None)


def push(
    fake,
    public: Path,
    *entries,
    organization=None,
    dry_run=False,
    token="good",  # noqa: S107
    in_house=(),
):
    transport = fake.transport if isinstance(fake, FakeCkan) else fake
    with CkanPortal("http://ckan.example/", token, transport=transport) as portal:
        made = catalogue(*entries)
        return [
            *push_catalogue(
                portal, made, public,
                organization=organization, in_house=frozenset(in_house), dry_run=dry_run,
            )
        ]  # fmt: skip


def outcomes(done) -> list[str]:
    return [pushed.outcome for pushed in done]


def test_creates_a_package_with_its_files(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    assert outcomes(push(fake, tmp_path, entry)) == ["changed"]
    package = fake.packages[NAME]
    assert package["title"] == "公共施設一覧"
    assert (package["owner_org"], package["license_id"]) == ("o1", "cc-by")
    assert (package["author"], package["maintainer"]) == ("はるみ市", "施設課")
    assert {t["name"] for t in package["tags"]} == {"自治体標準ODS", "公共施設", "施設"}
    assert [(r["name"], r["format"]) for r in package["resources"]] == [
        ("公共施設一覧(CSV)", "CSV"),
        ("公共施設一覧(JSON)", "JSON"),
        ("公共施設一覧(項目の定義)", "CSV"),
    ]
    for resource, file in zip(package["resources"], entry.versions[-1].files, strict=True):
        assert fake.stored[resource["id"]] == (tmp_path / file.path).read_bytes()
        assert resource["hash"] == file.sha256
    assert fake.public_after == [(NAME, True)], "nobody sees it before its files are there"


def test_finds_nothing_to_do_the_second_time(tmp_path: Path):
    fake, entries = FakeCkan(), [put_entry(tmp_path), put_entry(tmp_path, "aed")]
    push(fake, tmp_path, *entries)
    before = copy.deepcopy(fake.packages)
    fake.changes.clear()
    assert outcomes(push(fake, tmp_path, *entries)) == ["same", "same"]
    assert fake.changes == []
    assert fake.packages == before


def test_knows_files_again_where_a_loader_rewrites_their_hash(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    fake.hash_of_loader = True
    push(fake, tmp_path, entry)
    fake.changes.clear()
    assert outcomes(push(fake, tmp_path, entry)) == ["same"]
    assert fake.changes == []


def test_knows_files_again_where_a_portal_drops_fields_it_does_not_know(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    fake.drops_unknown = True
    push(fake, tmp_path, entry)
    fake.changes.clear()
    assert outcomes(push(fake, tmp_path, entry)) == ["same"]
    assert fake.changes == []
    push(fake, tmp_path, withdrawn(entry))
    assert fake.packages[NAME]["resources"] == []


def test_notices_a_change_of_case(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    push(fake, tmp_path, entry)
    fake.packages[NAME]["resources"][0]["format"] = "csv"
    assert outcomes(push(fake, tmp_path, entry)) == ["same"]
    spec = entry.spec.model_copy(update={"contact": "Ａ課", "title_en": "FACILITIES"})
    assert outcomes(push(fake, tmp_path, replace(entry, spec=spec))) == ["changed"]
    assert fake.packages[NAME]["maintainer"] == "Ａ課"


def test_puts_away_a_file_that_is_offered_no_more(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    push(fake, tmp_path, entry)
    fewer = replace(entry.versions[-1], files=entry.versions[-1].files[:2])
    assert outcomes(push(fake, tmp_path, replace(entry, versions=(fewer,)))) == ["changed"]
    assert [r["format"] for r in fake.packages[NAME]["resources"]] == ["CSV", "JSON"]


def test_sends_only_what_changed(tmp_path: Path):
    fake = FakeCkan()
    push(fake, tmp_path, put_entry(tmp_path), put_entry(tmp_path, "aed"))
    ids = [r["id"] for r in fake.packages[NAME]["resources"]]
    fake.changes.clear()
    newer = put_entry(tmp_path, csv=CSV.replace("改装中", "開館"), version=2)
    done = push(fake, tmp_path, newer, put_entry(tmp_path, "aed"))
    assert outcomes(done) == ["changed", "same"]
    assert fake.changes == ["resource_patch", "package_patch"]
    package = fake.packages[NAME]
    assert package["version"] == "v2"
    assert [r["id"] for r in package["resources"]] == ids
    assert "開館" in fake.stored[ids[0]].decode("utf-8-sig")


def test_leaves_what_others_added_alone(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    push(fake, tmp_path, entry)
    package = fake.packages[NAME]
    package["extras"].append({"key": "市民の声", "value": "よい"})
    package["resources"].append({"id": "r99", "format": "CSV", "name": "人が加えた資料"})
    fake.changes.clear()
    assert outcomes(push(fake, tmp_path, entry)) == ["same"]
    push(fake, tmp_path, withdrawn(entry))
    assert [r["id"] for r in fake.packages[NAME]["resources"]] == ["r99"]
    assert {"key": "市民の声", "value": "よい"} in fake.packages[NAME]["extras"]


def test_a_withdrawal_leaves_a_tombstone_and_no_bytes(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    push(fake, tmp_path, entry)
    assert outcomes(push(fake, tmp_path, withdrawn(entry))) == ["changed"]
    package = fake.packages[NAME]
    assert package["resources"] == []
    assert package["tags"] == []
    assert package["title"] == "【取下げ】公共施設一覧"
    assert "誤りがあったため" in package["notes"]
    told = {extra["key"]: extra["value"] for extra in package["extras"]}
    assert entry.versions[-1].files[0].sha256 in told["withdrawn_sha256"]
    assert {bytes_.decode() for bytes_ in fake.stored.values()} == {
        "このファイルは取り下げました。\n"
    }
    fake.changes.clear()
    assert outcomes(push(fake, tmp_path, withdrawn(entry))) == ["same"]
    assert fake.changes == []
    assert outcomes(push(fake, tmp_path, entry)) == ["changed"]
    assert package["title"] == "公共施設一覧"


def test_a_withdrawal_takes_the_files_away_whatever_else_is_wrong(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    push(fake, tmp_path, entry)
    fake.licences = []
    [done] = push(fake, tmp_path, withdrawn(entry), in_house=["誤りがあったため"])
    assert "庁内だけの情報" in done.detail
    assert fake.packages[NAME]["resources"] == []
    assert outcomes(push(fake, tmp_path, withdrawn(entry))) == ["changed"]
    assert fake.packages[NAME]["title"].startswith("【取下げ】")


def test_a_withdrawal_of_what_never_was_there_is_nothing(tmp_path: Path):
    fake = FakeCkan()
    assert push(fake, tmp_path, withdrawn(put_entry(tmp_path))) == []
    assert fake.packages == {}


def test_a_dry_run_changes_nothing(tmp_path: Path):
    fake = FakeCkan()
    [told] = push(fake, tmp_path, put_entry(tmp_path), dry_run=True)
    assert told.detail == "データセットを作る、ファイルを 3 件加える"
    assert fake.changes == []


def whole(fake: FakeCkan) -> tuple:
    """Give what a portal holds, without ids and times."""
    return (
        sorted(data for data in fake.stored.values()),
        {
            name: (
                [{k: v for k, v in r.items() if k != "id"} for r in p["resources"]],
                {k: v for k, v in p.items() if k not in {"id", "resources", "metadata_modified"}},
            )
            for name, p in fake.packages.items()
        },
    )


STAGES = ["first", "newer", "gone"]


def stages(tmp_path: Path) -> dict:
    first = put_entry(tmp_path)
    newer = put_entry(tmp_path, csv=CSV.replace("改装中", "開館"), version=2)
    return {"first": first, "newer": newer, "gone": withdrawn(newer)}


@pytest.mark.parametrize("side", ["lose_after", "lose_before"])
def test_a_line_cut_anywhere_is_mended_by_the_next_push(tmp_path: Path, side: str):
    made = stages(tmp_path)
    for stage in STAGES:
        before = FakeCkan()
        for earlier in STAGES[: STAGES.index(stage)]:
            push(before, tmp_path, made[earlier])
        right = copy.deepcopy(before)
        right.changes.clear()
        push(right, tmp_path, made[stage])
        assert right.changes
        for cut in range(1, len(right.changes) + 1):
            fake = copy.deepcopy(before)
            fake.changes.clear()
            setattr(fake, side, cut)
            [broken] = push(fake, tmp_path, made[stage])
            assert broken.outcome == "failed"
            assert "もう一度 push" in broken.detail
            fake.lose_after = fake.lose_before = 0
            push(fake, tmp_path, made[stage])
            assert whole(fake) == whole(right), (stage, cut)
            fake.changes.clear()
            push(fake, tmp_path, made[stage])
            assert fake.changes == []


def test_one_failure_does_not_stop_the_others(tmp_path: Path):
    fake = FakeCkan()
    fake.packages[NAME] = {"state": "active", "owner_org": "o2", "resources": []}
    done = push(fake, tmp_path, put_entry(tmp_path), put_entry(tmp_path, "aed"))
    assert outcomes(done) == ["failed", "changed"]
    assert "ほかの組織" in done[0].detail
    fake.packages[NAME] = {"state": "deleted", "owner_org": "o1", "resources": []}
    [done] = push(fake, tmp_path, put_entry(tmp_path))
    assert "消されたデータセット" in done.detail


def test_says_what_ckan_refused(tmp_path: Path):
    fake = FakeCkan()
    fake.forbidden = {"package_create"}
    [done] = push(fake, tmp_path, put_entry(tmp_path))
    assert "許されない" in done.detail
    assert "good" not in done.detail, "no token in what is printed"
    raced = FakeCkan()
    shown = raced._read
    raced._read = lambda action, arguments, known: (
        httpx2.Response(404, json={"error": {"__type": "Not Found Error"}})
        if action == "package_show"
        else shown(action, arguments, known=known)
    )
    raced.packages[NAME] = {"resources": []}
    [done] = push(raced, tmp_path, put_entry(tmp_path))
    assert "CKAN の答え: name: 使用されています。" in done.detail


def test_needs_one_organization(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    fake.organizations = ["harumi", "other"]
    with pytest.raises(Refusal, match="harumi、other"):
        push(fake, tmp_path, entry)
    with pytest.raises(Refusal, match="組織「none」"):
        push(fake, tmp_path, entry, organization="none")
    assert outcomes(push(fake, tmp_path, entry, organization="other")) == ["changed"]
    assert fake.packages[NAME]["owner_org"] == "o2"
    with pytest.raises(Refusal, match="トークンは期限切れか間違い"):
        push(fake, tmp_path, entry, token="bad")  # noqa: S106


def test_needs_a_licence_that_the_portal_knows(tmp_path: Path):
    fake = FakeCkan()
    fake.licences = ["notspecified"]
    [done] = push(fake, tmp_path, put_entry(tmp_path))
    assert "CC BY 4.0" in done.detail


def test_sends_no_csv_whose_headings_the_datastore_refuses(tmp_path: Path):
    fake = FakeCkan()
    [done] = push(fake, tmp_path, put_entry(tmp_path, csv="ID,_番号\r\n1,2\r\n"))
    assert "「_番号」が _ で始まっています" in done.detail
    assert fake.changes == []


def test_sends_no_file_that_is_not_the_approved_one(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    (tmp_path / entry.versions[-1].files[1].path).write_text("[1]\n", "utf-8")
    [done] = push(fake, tmp_path, entry)
    assert "承認されたものと違います" in done.detail
    (tmp_path / entry.versions[-1].files[1].path).unlink()
    [done] = push(fake, tmp_path, entry)
    assert "公開したはずのファイルがありません" in done.detail
    assert all(package["private"] for package in fake.packages.values())


def test_sends_no_word_that_stays_in_the_city(tmp_path: Path):
    fake, entry = FakeCkan(), put_entry(tmp_path)
    named = replace(entry.versions[-1], note="山田承認者の指示で直した。")
    [done] = push(fake, tmp_path, replace(entry, versions=(named,)), in_house=["山田承認者"])
    assert "庁内だけの情報" in done.detail
    assert "山田" not in done.detail
    assert fake.changes == []
    assert outcomes(push(fake, tmp_path, entry, in_house=["山田承認者"])) == ["changed"]


def test_stops_when_it_is_no_ckan(tmp_path: Path):
    page = httpx2.MockTransport(lambda _: httpx2.Response(405, text="<html>"))
    with pytest.raises(Refusal, match="CKAN の答えではありません"):
        push(page, tmp_path, put_entry(tmp_path))
