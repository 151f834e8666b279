"""What happened in public, newest first: first publications, new versions, withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse.catalogue.entries import Entry, PublicCatalogue
    from warehouse.site.wording import Words


@dataclass(frozen=True)
class Change:
    """One event. `what` is the version's name, after `withdrawn:` when it was taken back."""

    at: str
    name: str
    what: str
    note: str
    titles: tuple[str, str]
    is_first: bool = False
    is_withdrawal: bool = False

    def title(self, words: Words) -> str:
        """Name the dataset."""
        return words(*self.titles)

    def word(self, words: Words) -> str:
        """Say what happened."""
        if self.is_withdrawal:
            name = self.what.removeprefix("withdrawn:")
            return words(f"取下げ {name}", f"withdrawn {name}")
        if self.is_first:
            return words("新しく公開", "new")
        return words(f"更新 {self.what}", f"update {self.what}")


def list_changes(catalogue: PublicCatalogue) -> list[Change]:
    """List all that happened, newest first; of the same moment the later version first."""
    found = [change for entry in catalogue.entries for change in reversed(_of(entry))]
    return sorted(found, key=lambda change: change.at, reverse=True)


def _of(entry: Entry) -> list[Change]:
    titles = (entry.spec.title, entry.spec.title_en)
    found = [
        Change(
            version.published_at, entry.name, version.name, version.note, titles,
            is_first=version is entry.versions[0],
        )
        for version in entry.versions
    ]  # fmt: skip
    for name, stone in entry.withdrawn_versions:
        found.append(
            Change(
                stone.withdrawn_at, entry.name, f"withdrawn:{name}", stone.reason, titles,
                is_withdrawal=True,
            )
        )  # fmt: skip
    return found
