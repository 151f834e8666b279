import os

import pytest

from anonymize.pseudonyms import Scope
from warehouse.keys import KEY_BYTES, destroy_scope_key, read_key, read_scope_key


def test_a_key_is_made_once_and_differs_by_purpose_and_city(home, tmp_path):
    first = read_key(home, "internal")
    assert len(first) == KEY_BYTES
    assert read_key(home, "internal") == first
    assert read_key(home, "release") != first
    assert read_key(type(home)(tmp_path / "other"), "internal") != first


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
def test_nobody_else_can_read_a_key(home):
    read_key(home, "internal")
    assert (home.keys / "internal.key").stat().st_mode & 0o077 == 0
    assert home.keys.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"x" * (KEY_BYTES - 1), b"x" * (KEY_BYTES + 1)])
def test_a_damaged_key_is_refused_and_never_replaced(home, content):
    home.keys.mkdir(parents=True)
    path = home.keys / "internal.key"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="鍵") as caught:
        read_key(home, "internal")
    assert "直し方" in str(caught.value)
    assert path.read_bytes() == content


def test_a_scope_has_a_key_of_its_own_that_can_be_destroyed(home):
    scope, other = Scope("統計の研究", "2024"), Scope("統計の研究", "2025")
    first = read_scope_key(home, scope)
    assert read_scope_key(home, scope) == first != read_scope_key(home, other)
    assert destroy_scope_key(home, scope)
    assert not destroy_scope_key(home, scope)
    assert read_scope_key(home, scope) != first


def test_releases_of_a_series_share_their_key(home):
    keys = {read_scope_key(home, Scope("研究", name, series="追跡")) for name in ("2024", "2025")}
    assert len(keys) == 1
