"""A review in the terminal: the numbers that decide, each in a line; the page has the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from warehouse.release.diff import ColumnDiff, RowDiff
    from warehouse.release.review import Review, Source

_FIRST = 10


def print_review(console: Console, review: Review) -> None:
    """Print what changed, the checks, the quality, and what a stranger could learn."""
    candidate = review.candidate
    table = Table(
        title=f"承認の前に見るもの: {escape(review.title)}(候補 {candidate.id}、{candidate.rows:,} 行)",
        title_justify="left",
        show_header=False,
    )
    table.add_column(style="bold", overflow="fold")
    table.add_column(overflow="fold")
    for label, said in _lines(review):
        table.add_row(label, escape(said))
    console.print(table)
    if review.rows is not None and review.rows.first_changed:
        console.print(_changed_cells(review.rows))


def _lines(review: Review) -> Iterator[tuple[str, str]]:
    if review.rows is None or review.columns is None or review.against is None:
        yield "前の版からの変化", "公開中の版がないので、すべての行が新しく公開されます。"
    else:
        yield f"行({review.against.name} から)", _say_rows(review.rows)
        yield "列", _say_columns(review.columns)
    findings = review.candidate.findings
    blockers = sum(f["severity"] == "blocker" for f in findings)
    yield "検査", f"止める指摘 {blockers}、注意 {len(findings) - blockers}"
    yield "元データ", "\n".join(_say_source(source) for source in review.sources)
    warnings = len(review.differences) - review.errors
    yield f"{review.standard.label} との違い", f"誤り {review.errors}、注意 {warnings}"
    outsider = review.outsider
    yield "1行の意味", outsider.row_means
    if outsider.small:
        yield "小さい人数", "\n".join(outsider.small)
    named = [f"{n.column}: {n.why}({n.filled:,} 行)" for n in outsider.naming]
    yield "人の名前・連絡先", "\n".join(named) or "それらしい列は見つかりませんでした。"
    yield "公開済みのものに加わること", "\n".join(outsider.adds)
    yield (
        "承認できる人",
        "、".join(review.spec.approvers) + f"(作成: {review.candidate.prepared_by})",
    )


def _say_rows(rows: RowDiff) -> str:
    changed = f"、値が変わった行 {rows.changed:,}" if rows.key else ""
    how = f"「{'・'.join(rows.key)}」で対応" if rows.key else "行全体で比較"
    jump = " 大きく変わっています。理由を確かめてください。" if rows.is_jump else ""
    return (
        f"{rows.before:,} → {rows.after:,} 行: 増えた行 {rows.added:,}、減った行 {rows.removed:,}"
        f"{changed}({how})。{jump}"
    )


def _say_columns(columns: ColumnDiff) -> str:
    parts = [
        *(f"増えた列: {name}" for name in columns.added),
        *(f"なくなった列: {name}" for name in columns.removed),
        *(f"種類が変わった列: {name}({was} → {now})" for name, was, now in columns.retyped),
        *(f"空欄の割合: {name} {was:.0%} → {now:.0%}" for name, was, now in columns.blanks),
    ]
    return "\n".join(parts) or "変わりません。"


def _say_source(source: Source) -> str:
    said = f"検査 {source.checks} 項目すべて合格" if source.checks else "検査の記録がありません"
    if source.broken:
        said = f"守られていない検査: {'、'.join(source.broken)}"
    return f"{source.title}: {source.rows:,} 行、隔離 {source.quarantined:,} 行、{said}"


def _changed_cells(rows: RowDiff) -> Table:
    table = Table(title=f"値が変わった行(初めの {_FIRST} まで)", title_justify="left")
    for heading in ("・".join(rows.key), "列", "前", "後"):
        table.add_column(escape(heading), overflow="fold")
    for row in rows.first_changed[:_FIRST]:
        for cell in row.cells:
            said = (row.key, cell.column, cell.before or "(空)", cell.after or "(空)")
            table.add_row(*(escape(text) for text in said))
    return table
