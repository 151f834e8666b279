"""What the command line prints of a run and of the state of things, in Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rich.markup import escape
from rich.table import Table

from pipelines.collection import UNREGISTERED, WRITING, read_unregistered, read_waiting
from pipelines.commands.balance import print_account
from pipelines.commands.returned import print_returned
from pipelines.run_record import FAILED, WITHHELD
from warehouse.account import add_up
from warehouse.drift.wording import WAITING
from warehouse.lake import loaded, open_lake
from warehouse.landing import receipts
from warehouse.periods import missing_periods
from warehouse.raw import current_deliveries, open_refusals, open_waits
from warehouse.release.candidate import newest_candidate
from warehouse.release.version import is_withdrawn, versions

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Dataset, Register
    from pipelines.launch import RunReport
    from pipelines.run_record import Step
    from warehouse.home import Home
    from warehouse.lake import Loaded

STAGES = (
    ("landing", "収集", "ファイル"),
    ("raw/", "読み取り", "行"),
    ("common/", "共通の形", "行"),
    ("internal/", "仮名化", "行"),
    ("link/", "突合", "行"),
    ("mart/", "分析用の表", "行"),
    ("open/", "公開の準備", "行"),
    ("evidence/", "分析ノート", ""),
    ("portal", "ポータル", "ページ"),
)


def print_run(console: Console, home: Home, report: RunReport) -> None:
    """Print a run: a line a stage, then everything a person has to look at."""
    table = Table(title="実行の結果", title_justify="left")
    for heading in ("段階", "入力", "出力", "隔離", "除いた行", "秒"):
        table.add_column(heading, justify="left" if heading == "段階" else "right")
    for prefix, title, unit in STAGES:
        steps = [s for s in report.steps if s.asset.startswith(prefix)]
        if steps:
            table.add_row(*_stage_row(title, unit, prefix, steps))
    console.print(table)
    for problem in report.problems:
        console.print(f"[bold red]{FAILED}[/] {escape(problem)}", soft_wrap=True)
    _print_notes(console, home, report.steps)
    _print_absent(console, report)
    accounts = [
        s.account
        for s in report.steps
        if s.asset.startswith(("landing", "raw/", "common/", "internal/"))
    ]
    closed = all(account.closes for account in accounts)
    console.print(
        f"行の収支: {'すべて閉じています(入力 = 出力 + 隔離 + 除いた行)' if closed else '閉じていません'}"
    )
    console.print(f"実行番号: {report.run_id}  かかった時間: {report.seconds:.1f} 秒")


def _print_absent(console: Console, report: RunReport) -> None:
    """Say what no department has delivered yet, and what is not made for that."""
    for heading, titles in (
        ("まだ届いていないデータ", report.absent),
        ("そのため作らなかったもの", report.left_out),
    ):
        if titles:
            console.print(
                f"{heading}({len(titles)} 件): {escape('、'.join(titles))}", soft_wrap=True
            )


def _stage_row(title: str, unit: str, prefix: str, steps: list[Step]) -> list[str]:
    total = add_up(step.account for step in steps)
    seconds = f"{sum(step.seconds for step in steps):.1f}"
    if prefix in {"mart/", "open/", "evidence/", "portal"}:
        made = f"{total.rows_out:,} {unit}" if unit else f"{len(steps)} 件"
        return [title, "", made, "", "", seconds]
    aside = f"{sum(total.set_aside.values()):,}"
    return [
        title,
        f"{total.rows_in:,} {unit}",
        f"{total.rows_out:,} {unit}",
        f"{total.quarantined:,}",
        aside,
        seconds,
    ]


def _print_notes(console: Console, home: Home, steps: list[Step]) -> None:
    for step in steps:
        if step.status in {WITHHELD, FAILED}:
            console.print(
                f"[bold red]{step.status}[/] {escape(step.title)}: {escape(step.message)}"
            )
        for note in step.account.notes:
            mark = "[yellow]注意[/]" if "直し方" in note else "お知らせ"
            console.print(f"{mark} {escape(step.title)}: {escape(note)}", soft_wrap=True)
    aside = add_up(step.account for step in steps).set_aside
    reasons = "、".join(f"{reason} {count:,}" for reason, count in aside.items())
    if reasons:
        console.print(f"除いた行とファイルの内訳: {reasons}")
    unknown = [item for item in read_unregistered(home) if not {"refusal", "stray"} & item.keys()]
    if unknown:
        names = "、".join(str(item["file"]) for item in unknown[:5])
        more = f" ほか {len(unknown) - 5} 件" if len(unknown) > 5 else ""  # noqa: PLR2004
        console.print(
            f"[yellow]注意[/] {UNREGISTERED}が {len(unknown)} 件あります: {escape(names)}{more}"
        )
        console.print(
            "  直し方: 取り込むなら machikane add ファイル --department 部署 で契約の下書きを作ってください。"
        )
    _print_waiting(console, home)


def _print_waiting(console: Console, home: Home) -> None:
    """Name the files that were still being written; they are neither taken nor lost."""
    for item in read_waiting(home):
        console.print(
            f"[cyan]{WRITING}[/] {escape(str(item['file']))}({item['reason']})。"
            "次の実行でもう一度見ます。",
            soft_wrap=True,
        )


def print_status(console: Console, home: Home, register: Register, *, account: bool) -> None:
    """Print the state of every dataset and release; with `account` also each delivery's rows."""
    with open_lake(home, read=["secure"]) as con:
        table = Table(title="データセットの状態", title_justify="left")
        for heading in ("データセット", "名前", "状態", "期間", "行数", "隔離"):
            side = "right" if heading in {"行数", "隔離"} else "left"
            table.add_column(heading, justify=side, overflow="fold")
        gaps: list[str] = []
        waits: list[str] = []
        for dataset in register.datasets.values():
            raw = loaded(con, "secure", f"raw/{dataset.name}")
            common = loaded(con, "secure", f"common/{dataset.name}")
            table.add_row(*_status_row(home, dataset, raw, common))
            gaps += _gap_lines(dataset, raw)
            waits += [str(n) for e in open_waits(raw.values()) for n in _notes(e)]
        console.print(table)
        _print_waiting(console, home)
        for line in gaps:
            console.print(line, soft_wrap=True)
        for note in waits:
            console.print(f"[yellow]注意[/] {escape(note)}", soft_wrap=True)
        if account:
            for dataset in register.datasets.values():
                print_account(
                    console,
                    dataset,
                    loaded(con, "secure", f"raw/{dataset.name}"),
                    loaded(con, "secure", f"common/{dataset.name}"),
                )
                print_returned(console, con, home, dataset)
    _print_releases(console, home, register)


def _status_row(
    home: Home, dataset: Dataset, raw: dict[str, Loaded], common: dict[str, Loaded]
) -> list[str]:
    names = [dataset.contract.title, dataset.name]
    if not receipts(home, dataset.name):
        return [*names, "まだ届いていない", "", "", ""]
    current = current_deliveries(dataset, raw.values())
    refused = len(open_refusals(raw.values()))
    waiting = {entry.delivery for entry in current} - set(common)
    state = "見送り" if waiting else "取込済" if current else "取り込めていない"
    state += f"(読めないファイル {refused})" if refused else ""
    held = len(open_waits(raw.values()))
    state += f"({WAITING} {held})" if held else ""
    rows = sum(cast("int", e.account["rows_out"]) for e in common.values())
    bad = sum(cast("int", e.account["quarantined"]) for e in common.values())
    periods = [str(entry.account["period"]) for entry in current]
    return [*names, state, _span(periods), f"{rows:,}", f"{bad:,}"]


def _notes(entry: Loaded) -> list[str]:
    return cast("list[str]", entry.account["notes"])


def _gap_lines(dataset: Dataset, raw: dict[str, Loaded]) -> list[str]:
    """Say which periods are missing between the first and the last one."""
    current = current_deliveries(dataset, raw.values())
    periods = [str(entry.account["period"]) for entry in current]
    missing = missing_periods(dataset.contract.frequency, periods)
    title = escape(dataset.contract.title)
    return [f"[yellow]抜けている期間[/] {title}: {'、'.join(missing)}"] if missing else []


def _span(periods: list[str]) -> str:
    known = [period for period in periods if period != "-"]
    if not known:
        return ""
    return known[0] if len(known) == 1 else f"{known[0]} 〜 {known[-1]}({len(known)})"


def _print_releases(console: Console, home: Home, register: Register) -> None:
    table = Table(title="公開データの状態", title_justify="left")
    for heading in ("公開データ", "状態", "公開中の版", "承認者", "承認を待つ版"):
        table.add_column(heading, overflow="fold")
    for release in register.releases.values():
        table.add_row(f"{release.spec.title}\n({release.name})", *release_state(home, release.name))
    console.print(table)


def release_state(home: Home, name: str) -> list[str]:
    """Say where a release stands: state, public version, approver, candidate that waits."""
    frozen, waiting = versions(home, name), newest_candidate(home, name)
    newest = frozen[-1] if frozen else None
    is_new = waiting is not None and (newest is None or waiting.id != newest.candidate.id)
    held = (
        "検査で停止" if waiting and waiting.is_blocked else waiting.id if waiting and is_new else ""
    )
    state = (
        "公開中"
        if newest
        else "取下げ"
        if is_withdrawn(home, name)
        else "承認待ち"
        if waiting
        else "未作成"
    )
    return [state, newest.name if newest else "", newest.approved_by if newest else "", held]
