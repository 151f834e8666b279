"""Killed, or out of disk, at any writing call: a reader sees a whole version, and it goes on again."""

import shutil
import sys

import pytest

from bench.publish_faults import make_template, read_during_publications, sweep

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="forks and strace are Linux's"),
]
needs_strace = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("template") / "home")


@needs_strace
@pytest.mark.parametrize("fault", ["kill", "full"])
@pytest.mark.parametrize("act", ["approve", "withdraw"])
def test_no_reader_sees_half_a_version_and_the_next_attempt_completes_it(template, act, fault):
    found = sweep(template, act, fault, step=17)
    assert found.points >= 8
    assert found.hit >= found.points // 2
    assert (found.torn, found.unfinished) == ([], [])


def test_readers_beside_publications_read_whole_versions(tmp_path):
    found = read_during_publications(tmp_path / "home", 5)
    assert found["published"] == 5
    assert found["reads"] > 100
    assert found["torn"] == 0
