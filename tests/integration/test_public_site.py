"""The demonstration's public folder: what was approved is there to take, and nothing of the house."""

import json

from warehouse.release.ledger import decisions
from warehouse.release.version import all_versions, version_folder


def test_what_was_approved_can_be_taken_from_its_stable_address(demo):
    public = demo.home.public
    index = (public / "index.html").read_text("utf-8")
    published = {name: found[-1] for name, found in all_versions(demo.home).items() if found}
    assert {"population", "public_facility"} <= set(published)
    for name, version in published.items():
        assert f"datasets/{name}/index.html" in index
        frozen = version_folder(demo.home, name, version.name)
        for file in version.candidate.files:
            stable = public / "datasets" / name / "latest" / file.name
            assert stable.read_bytes() == (frozen / file.name).read_bytes()


def test_no_delivered_file_and_nobody_who_decided_is_named_in_public(demo):
    delivered = {path.name for path in demo.inbox.rglob("*") if path.is_file()}
    persons = {decision.person for decision in decisions(demo.home)}
    manifests = [
        json.loads(p.read_text("utf-8")) for p in demo.home.releases.glob("*/v*/manifest.json")
    ]
    prepared = {m["candidate"]["prepared_by"] for m in manifests}
    assert delivered
    assert persons
    data = b"".join(p.read_bytes() for p in demo.home.releases.glob("*/v*/*.csv"))
    # An office that prepares may be the one the public is told to ask, or stand in the rows.
    asked = (demo.home.public / "catalog.ttl").read_bytes() + data
    secrets = {word.encode() for word in delivered | persons} | {
        office.encode() for office in prepared if office.encode() not in asked
    }
    for path in demo.home.public.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in secrets if word in content], path
