import os

import pytest

from warehouse.atomic import write_atomically


def test_text_and_bytes_are_written_whole_and_folders_made(tmp_path):
    path = tmp_path / "a" / "b.json"
    write_atomically(path, "前")
    write_atomically(path, "後".encode())
    assert path.read_text("utf-8") == "後"
    assert os.listdir(path.parent) == ["b.json"]  # noqa: PTH208 - hidden names too


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "b.json"
    write_atomically(path, "前")

    def no_power(_):
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", no_power)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, "後")
    assert path.read_text("utf-8") == "前"
    assert [p.name for p in tmp_path.iterdir()] == ["b.json"]


def test_a_very_long_name_can_be_written(tmp_path):
    path = tmp_path / ("あ" * 80 + ".html")
    write_atomically(path, "x")
    assert path.is_file()
