"""Where everything of one city lives on disk: one folder, `MACHIKANE_HOME`, default `./data`.

Only paths stand here. Who writes what into them is said by the modules that do.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders under one home."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """Take `MACHIKANE_HOME`, or `data` under the working folder."""
        return cls(Path(os.environ.get("MACHIKANE_HOME", "data")).resolve())

    @property
    def inbox(self) -> Path:
        """Where departments put their files when no other inbox is named."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """The delivered bytes and their receipts."""
        return self.root / "landing"

    @property
    def keys(self) -> Path:
        """The pseudonym keys; never backed up together with the data."""
        return self.root / "keys"

    @property
    def releases(self) -> Path:
        """Frozen open-data versions, the ledger of decisions, and the `latest` pointers."""
        return self.root / "releases"

    @property
    def candidates(self) -> Path:
        """Releases that wait for approval."""
        return self.root / "candidates"

    @property
    def budget(self) -> Path:
        """What was spent on noisy answers about persons, and the answers; lost, it begins at 0."""
        return self.root / "budget"

    @property
    def methods(self) -> Path:
        """加工方法等情報 of releases: what would undo them. Part of `secure`, guarded like `keys`."""
        return self.root / "methods"

    @property
    def reports(self) -> Path:
        """Quality reports, evidence notebooks as HTML, run records."""
        return self.root / "reports"

    @property
    def work(self) -> Path:
        """What a step puts down for another one and takes away again; guarded like `landing`."""
        return self.root / "work"

    @property
    def spill(self) -> Path:
        """What the engine puts aside when memory is short, encrypted."""
        return self.root / "spill"

    @property
    def drift(self) -> Path:
        """Proposed changes of contracts, one a delivery that waits for them, and what was accepted."""
        return self.root / "drift"

    @property
    def portal(self) -> Path:
        """The static pages."""
        return self.root / "portal"

    @property
    def public(self) -> Path:
        """What the public web server serves, and nothing else: open files, pages, catalogues."""
        return self.root / "public"

    @property
    def bundles(self) -> Path:
        """What the last bundle for the public side held, so that the next one follows it."""
        return self.root / "bundles"

    @property
    def sample_mark(self) -> Path:
        """Notice on every page that the data are made up; there only in a home that holds such."""
        return self.root / "sample_city.txt"

    @property
    def dagster(self) -> Path:
        """Dagster's run storage."""
        return self.root / "dagster"

    def lake(self, zone: str) -> Path:
        """Give the folder of one zone's lake: catalog and data files."""
        return self.root / "lake" / zone
