"""The archive: any byte that is not the one it must be stops it before anything changes."""

import io
import tarfile

import pytest

from tests.unit.warehouse.bundle.carrying import FIRST, contents
from warehouse.refusal import Refusal

STEP = 61


def changed(bundle, content):
    path = bundle.with_name("changed.tar")
    path.write_bytes(content)
    return path


def refused(sides, bundle, content):
    """Tell by which rule a changed bundle is refused; the served folder must not even exist."""
    with pytest.raises(Refusal) as caught:
        sides.apply(changed(bundle, content))
    assert not sides.served.exists()
    return caught.value.rule


@pytest.fixture
def bundle(sides):
    sides.publish(FIRST)
    return sides.export()


def test_every_sampled_byte_counts(sides, bundle):
    content = bundle.read_bytes()
    rules = set()
    for at in range(0, len(content), STEP):
        flipped = bytearray(content)
        flipped[at] ^= 1 << at % 8
        rules.add(refused(sides, bundle, bytes(flipped)))
    assert rules == {"bundle.damaged", "bundle.signature"}
    assert len(content) // STEP > 150
    sides.apply(bundle)
    assert contents(sides.served) == FIRST


@pytest.mark.parametrize("part", [0, 100, 600, 5000])
def test_a_cut_file_is_refused(sides, bundle, part):
    assert refused(sides, bundle, bundle.read_bytes()[:part]) == "bundle.damaged"


def test_a_cut_end_and_a_longer_end_are_refused(sides, bundle):
    content = bundle.read_bytes()
    assert refused(sides, bundle, content[:-1]) == "bundle.damaged"
    assert refused(sides, bundle, content + b"\0") == "bundle.damaged"
    assert refused(sides, bundle, content + b"more") == "bundle.damaged"


def members_of(bundle):
    with tarfile.open(bundle) as archive:
        opened = [(m, archive.extractfile(m)) for m in archive]
        return [(m, file.read()) for m, file in opened if file is not None]


def member(name, data=b"", kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname, info.mode = len(data), kind, link, 0o644
    return info, data


@pytest.mark.parametrize(
    "extra",
    [
        member("data/extra", b"x"),
        member("../up.txt", b"x"),
        member("/etc/cron.d/x", b"x"),
        member("bundle.json", b"{}"),
        member("link", kind=tarfile.SYMTYPE, link="/etc/passwd"),
        member("hard", kind=tarfile.LNKTYPE, link="bundle.json"),
        member("pipe", kind=tarfile.FIFOTYPE),
        member("device", kind=tarfile.CHRTYPE),
    ],
)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_members_that_do_not_belong_are_refused(sides, bundle, extra, at):
    members = members_of(bundle)
    members.insert(at, extra)
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    assert refused(sides, bundle, buffer.getvalue()) == "bundle.damaged"


def test_a_missing_and_a_doubled_content_are_refused(sides, bundle):
    members = members_of(bundle)
    for wrong in (members[:-1], [*members, members[-1]]):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for info, data in wrong:
                archive.addfile(info, io.BytesIO(data))
        assert refused(sides, bundle, buffer.getvalue()) == "bundle.damaged"
