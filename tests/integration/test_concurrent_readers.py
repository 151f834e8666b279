"""Analysts read while a run loads: no error, and every answer is one committed state."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys

import pytest

from pipelines.city import register_files
from pipelines.city.deliveries import write_inbox

pytestmark = pytest.mark.slow  # a minute or more of whole runs

COUNTED = """
SELECT period, count(*) FROM internal.common.resident_register JOIN internal.meta.periods
ON dataset = 'resident_register' AND _valid_from <= day AND _valid_to > day GROUP BY 1
"""
# One reader keeps its connection and its snapshot, the other opens one for every question; at the
# end both look at what is there now.
READER = """
import json, sys, time
from pathlib import Path
from warehouse.analyst import connect

home, stop, keep = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "keep"
QUESTION = '''
SELECT
    (SELECT map_from_entries(list((p, n) ORDER BY p)) FROM (
        SELECT period AS p, count(*) AS n FROM internal.meta.periods
        JOIN internal.common.resident_register ON _valid_from <= day AND _valid_to > day
        WHERE dataset = 'resident_register' GROUP BY 1)),
    (SELECT map_from_entries(list((p, n) ORDER BY p)) FROM (
        SELECT period AS p, sum(resident_count)::BIGINT AS n FROM internal.mart.population_by_town GROUP BY 1)),
    (SELECT count(*) = count(DISTINCT (resident_id, _valid_from)) FROM internal.common.resident_register)
'''
answers, errors, asked = set(), [], 0
con = connect(home)
print("ready", flush=True)
is_last = False
while not is_last:
    is_last = stop.exists()
    try:
        if is_last:
            con.refresh()
        elif not keep:
            con.close()
            con = connect(home)
        answers.add(json.dumps(con.sql(QUESTION).fetchall()[0]))
    except Exception as error:
        errors.append(repr(error))
    asked += 1
    time.sleep(0.1 if keep else 0.3)
print(json.dumps({"asked": asked, "answers": sorted(answers), "errors": errors}))
"""


def test_readers_see_whole_states_only(
    *, small, copy_home, tmp_path, machikane, environment, project, query
):
    home, inbox, stop = copy_home(small.home), tmp_path / "inbox", tmp_path / "stop"
    before = _counts(query(home, COUNTED))
    _write_new_deliveries(tmp_path / "other", inbox)
    readers = [_start(home, stop, kind, environment, project) for kind in ("keep", "again")]
    assert [reader.stdout.readline() for reader in readers] == ["ready\n", "ready\n"]
    done = machikane("run", "--inbox", inbox, "--home", home.root, "--register", small.register)
    stop.touch()
    reports = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert done.returncode == 0, done.stdout + done.stderr

    after = _counts(query(home, COUNTED))
    assert set(after) == {*before, "2026-06"}
    assert after["2026-05"] != before["2026-05"]
    for report in reports:
        assert report["errors"] == []
        states = [json.loads(answer) for answer in report["answers"]]
        assert all(register in (before, after) for register, _, _ in states)
        assert all(mart in (before, after) for _, mart, _ in states)
        assert all(one_row_a_person_and_day for _, _, one_row_a_person_and_day in states)
        # the mart follows the register, never the other way round
        assert [before, after] not in [[register, mart] for register, mart, _ in states]
        assert [before, before] in [[register, mart] for register, mart, _ in states]
        assert [after, after] in [[register, mart] for register, mart, _ in states]
        assert report["asked"] > 3


@pytest.mark.slow
def test_two_writers_four_readers_and_upkeep_go_on_at_once(tmp_path, project, monkeypatch):
    monkeypatch.syspath_prepend(project / "bench")
    bench = importlib.import_module("readers_and_writers")
    reports = bench.run(tmp_path, 15)
    assert [report["errors"] for report in reports] == [[]] * 7
    assert [report["torn"] for report in reports] == [0] * 7
    assert all(report["done"] for report in reports), reports


def _write_new_deliveries(city, inbox):
    """A register of June, and a correction of May, taken from another city."""
    write_inbox(city, residents=700, seed=2)
    inbox.mkdir()
    shutil.copyfile(city / register_files.APRIL, inbox / "住民記録_202605_訂正.csv")
    shutil.copyfile(city / register_files.MAY, inbox / "住民記録_202606.csv")


def _start(home, stop, kind, environment, project):
    command = [sys.executable, "-c", READER, str(home.root), str(stop), kind]
    return subprocess.Popen(
        command, env=environment, cwd=project, stdout=subprocess.PIPE, encoding="utf-8"
    )


def _counts(rows):
    return dict(sorted(rows))
