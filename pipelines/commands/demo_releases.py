"""The demonstration approves its own releases, so that there is something public to look at.

Never elsewhere: a release is approved by a person who has looked at it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from pipelines.commands.releases import wake_next_run
from pipelines.showcase import publish_portal
from warehouse.lake import open_lake
from warehouse.release.candidate import newest_candidate
from warehouse.release.publish import approve

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home

NOTE = "デモによる自動の承認"


def approve_own_releases(console: Console, home: Home, register: Register) -> None:
    """Approve all that waits, each by an approver the register names, then build the pages once."""
    waiting = [r for r in register.releases.values() if newest_candidate(home, r.name)]
    with open_lake(home, write=["open"], read=["secure", "internal"]) as con:
        for release in waiting:
            person = release.spec.approvers[0]
            version = approve(con, home, release.name, person=person, note=NOTE)
            console.print(
                f"公開しました: {escape(release.spec.title)} {version.name}(承認 {escape(person)})",
                soft_wrap=True,
                highlight=False,
            )
        wake_next_run(home, register)
        publish_portal(con, home, register)
