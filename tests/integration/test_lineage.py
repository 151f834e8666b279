"""A published figure of the demonstration is followed back to the bytes that were delivered."""

import json

from pipelines.city import register_files
from warehouse.landing import hash_file
from warehouse.release.publish import versions


def _events(home):
    (record,) = (home.reports / "lineage").glob("*.jsonl")
    return [json.loads(line) for line in record.read_text("utf-8").splitlines()]


def _made_of(events, name, column):
    """The fields behind one, step by step, as another program would follow the events."""
    ended = {e["job"]["name"]: e for e in events if e["eventType"] == "COMPLETE"}
    waiting, found = [(name, column)], set()
    while waiting:
        at, field = waiting.pop()
        if at not in ended:
            continue
        fields = ended[at]["outputs"][0]["facets"]["columnLineage"]["fields"]
        behind = [(i["name"], i["field"]) for i in fields.get(field, {}).get("inputFields", ())]
        waiting += [pair for pair in behind if pair not in found]
        found |= set(behind)
    return found


def test_the_events_lead_from_a_published_column_to_the_sha256_of_the_files(demo):
    behind = _made_of(_events(demo.home), "open/population", "総人口")
    delivered = {
        hash_file(demo.inbox / name)
        for name in (register_files.APRIL_CORRECTED, register_files.MAY)
    }
    assert {(f"landing/resident_register/{sha}", "生年月日") for sha in delivered} <= behind
    superseded = hash_file(demo.inbox / register_files.APRIL)
    assert not any(name.endswith(superseded) for name, _ in behind)


def test_a_step_that_failed_is_told_as_failed(demo):
    failed = [e for e in _events(demo.home) if e["eventType"] == "FAIL"]
    assert all(e["run"]["facets"]["errorMessage"]["message"] for e in failed)


def test_a_published_version_keeps_the_files_it_was_made_of(demo):
    newest = versions(demo.home, "population")[-1]
    assert {o.file for o in newest.candidate.origins} == {
        register_files.APRIL_CORRECTED,
        register_files.MAY,
    }


def test_the_command_and_the_portal_show_the_whole_sha256(demo, machikane):
    sha = hash_file(demo.inbox / register_files.MAY)
    told = machikane("lineage", "open/population", "総人口", "--home", demo.home.root)
    assert told.returncode == 0, told.stderr
    assert sha in told.stdout
    assert "生年月日" in told.stdout
    page = (demo.home.portal / "releases" / "population.html").read_text("utf-8")
    assert sha in page
    assert "「生年月日」" in page


def test_an_unknown_column_is_named_with_the_nearest_one(demo, machikane):
    told = machikane("lineage", "open/population", "総人工", "--home", demo.home.root)
    assert told.returncode == 1
    assert "「総人口」の書き間違いではありませんか" in told.stdout + told.stderr
