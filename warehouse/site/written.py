"""What we wrote into the public folder, so that the next build knows which files are ours.

The record lies beside the frozen releases, not in the public folder. It is widened before a build
writes and narrowed when it is done: a build that dies in between leaves no file that is not in it.
Files that we did not make are never touched.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from warehouse.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from warehouse.home import Home


def read_record(home: Home) -> set[str]:
    """List the paths under the public folder that earlier builds wrote."""
    path = _record(home)
    return set(json.loads(path.read_text("utf-8"))) if path.is_file() else set()


def keep_record(home: Home, paths: Iterable[str]) -> None:
    """Remember which paths are ours."""
    content = json.dumps(sorted(paths), ensure_ascii=False, indent=0)
    _write(_record(home), content.encode())


def write_files(public: Path, files: Mapping[str, bytes]) -> None:
    """Write each file that differs from what is there, in the given order, each in one move."""
    for name, content in files.items():
        _write(public / name, content)


def remove_files(public: Path, names: Iterable[str]) -> None:
    """Remove files and the folders that are empty without them."""
    for name in sorted(names):
        path = public / name
        path.unlink(missing_ok=True)
        for folder in path.parents:
            if folder == public or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()


def remove_unfinished(public: Path) -> None:
    """Remove what a killed build was still writing: the web server would serve it."""
    for pattern in (".*.tmp", ".*.part"):
        for path in public.rglob(pattern):
            path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    write_atomically(path, content)
    path.chmod(0o644)


def _record(home: Home) -> Path:
    return home.releases / "public_files.json"
