"""Programs that are not ours say that our files are right, and that broken ones are broken.

Asked only where they are installed: `MACHIKANE_JUDGES` names the folder of the programs,
`MACHIKANE_JUDGE_SCHEMAS` that of the profile and the shapes (see `bench/judge_catalogue.py`).
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import warehouse
from tests.unit.warehouse.catalogue.small_public import make_public, write_files
from warehouse.catalogue.render import render_catalogue

BENCH = Path(warehouse.__file__).parents[1] / "bench" / "judge_catalogue.py"
PROGRAMS, SCHEMAS = os.environ.get("MACHIKANE_JUDGES"), os.environ.get("MACHIKANE_JUDGE_SCHEMAS")
FACILITY = "datasets/public_facility/v1"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (PROGRAMS and SCHEMAS), reason="no judges are installed"),
]


@pytest.fixture
def folder(tmp_path):
    write_files(tmp_path, render_catalogue(make_public(tmp_path), tmp_path))
    return tmp_path


def judge(folder):
    """Give how many files each judge finds wrong."""
    command = [sys.executable, BENCH, folder, "--programs", PROGRAMS, "--schemas", SCHEMAS]
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    lines = [line.split() for line in done.stdout.splitlines() if "with errors" in line]
    found = {" ".join(words[: words.index("files")]): int(words[-1]) for words in lines}
    assert len(found) == 7, done.stdout
    assert done.returncode == (1 if any(found.values()) else 0)
    return found


def replace(folder, path, old, new):
    text = (folder / path).read_text("utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), "utf-8")


def test_nobody_finds_an_error(folder):
    assert set(judge(folder).values()) == {0}


def test_everybody_finds_what_is_broken(folder):
    csv = next((folder / FACILITY).glob("*facility.csv"))
    csv.write_bytes(csv.read_bytes().replace(b"34.781000", b"34.78l000"))
    replace(folder, f"{FACILITY}/croissant.json", '"@type": "cr:Field",', '"@type": "cr:Feld",')
    replace(
        folder, "datasets/population/v1/croissant.json", '"column": "総人口"', '"column": "人口"'
    )
    replace(folder, "datasets/population/v1/datapackage.json", '"resources": [', '"resource": [')
    replace(folder, "catalog.ttl", "a foaf:Agent", "a foaf:Agnt")
    replace(folder, "catalog.jsonld", '"dcat:accessURL"', '"dcat:accesURL"')
    found = judge(folder)
    assert all(found.values()), found
