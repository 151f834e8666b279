import os

import pytest

from warehouse.keys import KEY_BYTES, read_key


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
