"""Public side: what was applied, what is being applied, and the record of it, beside the served folder.

Belongs here: reading and writing that memory. Must not hold: the served folder itself. It lies in
`<folder>.machikane/`, next to the folder, because a web server gives away whatever is in there.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from warehouse.atomic import append_line, sync_folder, write_atomically
from warehouse.bundle.manifest import Manifest, fingerprint_of, read_manifest
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

_APPLIED, _PENDING, _STAGING, _RECORD = "applied.json", "pending.json", "staging", "record.jsonl"


@dataclass(frozen=True)
class State:
    """The memory of one served folder."""

    folder: Path

    @classmethod
    def of(cls, served: Path) -> State:
        """Find the memory of a served folder."""
        return cls(served.with_name(f"{served.name}.machikane"))

    @property
    def staging(self) -> Path:
        """Where verified contents wait, each under its SHA-256."""
        return self.folder / _STAGING

    @property
    def applied(self) -> bytes | None:
        """Give the `bundle.json` that was applied last."""
        return _read(self.folder / _APPLIED)

    @property
    def pending(self) -> bytes | None:
        """Give the `bundle.json` whose application was begun and not ended."""
        return _read(self.folder / _PENDING)

    def lock(self) -> FileLock:
        """Hold the only right to change the served folder.

        Raises:
            Refusal: `bundle.busy` when another process has it.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.folder / ".lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise Refusal(
                "bundle.busy",
                "ほかの machikane bundle apply が動いています。",
                str(self.folder),
                "終わるのを待って、もう一度実行してください。",
            ) from None
        return lock

    def clear_staging(self) -> None:
        """Begin with an empty place for contents."""
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True, mode=0o700)

    def begin(self, content: bytes) -> None:
        """Promise to bring the served folder to a bundle; everything for it is staged."""
        sync_folder(self.staging)
        write_atomically(self.folder / _PENDING, content)
        sync_folder(self.folder)

    def finish(self, content: bytes, said: dict[str, int]) -> None:
        """Say that the promise is kept, and take the promise and the staged contents away."""
        write_atomically(self.folder / _APPLIED, content)
        manifest = read_manifest(content, _APPLIED)
        line = {
            "sequence": manifest.sequence,
            "kind": manifest.kind,
            "created_at": manifest.created_at,
            "applied_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "bundle": fingerprint_of(content),
            **said,
        }
        append_line(self.folder / _RECORD, json.dumps(line, ensure_ascii=False))
        (self.folder / _PENDING).unlink(missing_ok=True)
        shutil.rmtree(self.staging, ignore_errors=True)
        sync_folder(self.folder)

    def applied_manifest(self) -> Manifest | None:
        """Read what was applied last."""
        content = self.applied
        return read_manifest(content, str(self.folder / _APPLIED)) if content else None


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
