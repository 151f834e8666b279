"""What an open-data officer does with a release: list, look, review, approve, withdraw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from pipelines.commands.report import release_state
from pipelines.commands.review import print_review
from pipelines.freshness import forget_stamp
from pipelines.showcase import publish_portal
from warehouse.lake import open_lake
from warehouse.refusal import Refusal
from warehouse.release.approval import require_second_person
from warehouse.release.candidate import folder_of, newest_candidate
from warehouse.release.publish import approve, withdraw
from warehouse.release.review import review
from warehouse.release.review_page import write_review
from warehouse.release.version import is_stale, is_withdrawn, version_folder, versions

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home
    from warehouse.release.candidate import Candidate


def print_releases(console: Console, home: Home, register: Register) -> None:
    """Print every release and where it stands."""
    table = Table(title="公開データ", title_justify="left")
    for heading in ("名前", "公開データ", "状態", "公開中の版", "承認者", "承認を待つ版"):
        table.add_column(heading, overflow="fold")
    for release in register.releases.values():
        table.add_row(release.name, release.spec.title, *release_state(home, release.name))
    console.print(table)


def print_candidate(console: Console, home: Home, register: Register, name: str) -> None:
    """Print what would be published: files, protection, findings, and what changed."""
    candidate = _waiting(home, register, name)
    spec = register.releases[name].spec
    console.print(
        f"[bold]{escape(spec.title)}[/]  版の候補 {candidate.id}  {candidate.rows:,} 行  {candidate.period}"
    )
    console.print(f"作成: {escape(candidate.prepared_by)}  {candidate.prepared_at}")
    console.print(
        f"ファイル: {folder_of(home, name, candidate.id)}", soft_wrap=True, highlight=False
    )
    for file in candidate.files:
        console.print(
            f"  {file.name}  {file.size:,} バイト  SHA-256 {file.sha256}",
            soft_wrap=True,
            highlight=False,
        )
    console.print("個人が分からないようにした方法:")
    for sentence in candidate.protection:
        console.print(f"  ・{escape(sentence)}")
    console.print("検査の指摘: " + ("なし" if not candidate.findings else ""))
    for finding in candidate.findings:
        console.print(
            f"  ・{escape(finding['message'])}({escape(finding['where'])}) → {escape(finding['remedy'])}"
        )
    report = home.reports / "disclosure" / f"{name}.html"
    if report.is_file():
        console.print(f"開示リスクの報告: {report}", soft_wrap=True, highlight=False)
    frozen = versions(home, name)
    if frozen:
        console.print(
            f"公開中の版: {frozen[-1].name}({frozen[-1].candidate.rows:,} 行、承認 {escape(frozen[-1].approved_by)})"
        )


def review_and_show(console: Console, home: Home, register: Register, name: str) -> None:
    """Print in short what an approver must have seen, and write all of it as a page."""
    candidate = _waiting(home, register, name)
    with open_lake(home, read=["secure", "internal"]) as con:
        seen = review(con, home, register, register.releases[name], candidate)
    path = write_review(home, seen)
    print_review(console, seen)
    console.print(f"全部を見るページ: {path}", soft_wrap=True, highlight=False)


def approve_and_show(
    console: Console, home: Home, register: Register, name: str, *, person: str, note: str
) -> None:
    """Approve the waiting candidate, publish it, and bring the portal up to date."""
    _require(register, name)
    spec = register.releases[name].spec
    # Whom the register names now: a candidate made before may still name others.
    require_second_person(
        person, prepared_by=spec.prepared_by, approvers=spec.approvers, release=name
    )
    before = [version.name for version in versions(home, name)]
    with open_lake(home, write=["open"], read=["secure", "internal"]) as con:
        version = approve(con, home, name, person=person, note=note)
        wake_next_run(home, register)
        publish_portal(con, home, register)
    folder = version_folder(home, name, version.name)
    said = "すでに公開しています" if version.name in before else "公開しました"
    console.print(
        f"{said}: {escape(spec.title)} {version.name}(承認 {escape(version.approved_by)})  {folder}",
        soft_wrap=True,
        highlight=False,
    )


def withdraw_and_show(
    console: Console,
    home: Home,
    register: Register,
    name: str,
    *,
    person: str,
    note: str,
    version: str | None = None,
) -> None:
    """Withdraw a public release, or one version of it, and bring the portal up to date."""
    _require(register, name)
    title = escape(register.releases[name].spec.title)
    forget_stamp(home)  # the next run makes the candidate anew, from unchanged files too
    with open_lake(home, write=["open"], read=["secure", "internal"]) as con:
        is_done = is_withdrawn(home, name, version)
        try:
            withdraw(con, home, name, person=person, note=note, version=version)
        except Refusal as refusal:
            # The pages of an earlier attempt may not have been made.
            if refusal.rule != "release.not_public" or not is_done:
                raise
        wake_next_run(home, register)
        publish_portal(con, home, register)
    said = "すでに取り下げています" if is_done else "取り下げました"
    console.print(f"{said}: {title}" + (f" {version}" if version else ""))
    if left := versions(home, name):
        console.print(f"公開中の版: {left[-1].name}")


def _require(register: Register, name: str) -> None:
    if name not in register.releases:
        remedy = suggest(name, sorted(register.releases))
        raise Refusal("release.unknown", "その名前の公開データはありません。", name, remedy)


def _waiting(home: Home, register: Register, name: str) -> Candidate:
    _require(register, name)
    candidate = newest_candidate(home, name)
    if candidate is None:
        raise Refusal(
            "release.none",
            "承認を待つ公開データがありません。",
            name,
            "先に machikane run を実行してください。",
        )
    return candidate


def wake_next_run(home: Home, register: Register) -> None:
    """Let the next run look again where a waiting candidate must be held against more, or less."""
    waiting = (newest_candidate(home, name) for name in register.releases)
    if any(is_stale(home, candidate) for candidate in waiting if candidate is not None):
        forget_stamp(home)
