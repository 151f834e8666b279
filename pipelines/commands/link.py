"""`machikane link`: what was linked, how sure it is, and what waits for a person.

Of persons only counts are printed: no key, no pair, no value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from warehouse.lake import has_table, open_lake
from warehouse.linkage.link import build_linkage, read_facts, zone_of
from warehouse.linkage.wording import (
    chance_lines,
    histogram_lines,
    pair_lines,
    tally_lines,
    threshold_line,
)
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import DeclaredLinkage, Register
    from warehouse.home import Home

_ZONES = ("secure", "internal")


def print_linkages(console: Console, home: Home, register: Register) -> None:
    """Print every linkage and how many records it has linked."""
    table = Table(title="突合", title_justify="left")
    for heading in ("名前", "突合", "置き場所", "結んだ組", "人の確認を待つ組"):
        table.add_column(heading, overflow="fold", justify="right" if "組" in heading else "left")
    with open_lake(home, read=_ZONES) as con:
        for declared in register.linkages.values():
            zone = zone_of(declared.spec, register)
            facts = read_facts(con, zone, declared.name)
            counts = (f"{facts.links:,}", f"{facts.reviews:,}") if facts else ("未実行", "")
            table.add_row(declared.name, escape(declared.spec.title), zone, *counts)
    console.print(table)


def link_and_print(console: Console, home: Home, register: Register, name: str) -> None:
    """Bring one linkage up to its datasets and print what it tells of itself.

    Raises:
        Refusal: `linkage.unknown`, `linkage.no_data`, or what `build_linkage` refuses.
    """
    declared = _choose(register, name)
    zone = zone_of(declared.spec, register)
    with open_lake(home, write=[zone]) as con:
        for linked in declared.spec.datasets:
            if not has_table(con, zone, "common", linked.dataset):
                raise Refusal(
                    "linkage.no_data",
                    f"まだ取り込んでいないデータセットです: {linked.dataset}",
                    declared.spec.title,
                    "先に machikane run を実行してください。",
                )
        outcome = build_linkage(con, home, register, declared)
        facts = read_facts(con, zone, declared.name)
        pairs = pair_lines(con, zone, declared)
    state = "結び直しました" if outcome.changed else "前回から変わっていません"
    console.print(f"[bold]{escape(declared.spec.title)}[/]  {state}")
    console.print(threshold_line(declared, register), soft_wrap=True)
    if facts is None:
        return
    for line in tally_lines(facts, declared.spec, register):
        _say(console, f"  {line}")
    _say(
        console,
        f"比べた組 {facts.pairs:,}: 結んだ {facts.links:,}、人の確認を待つ {facts.reviews:,}、"
        f"より確からしい相手と結んだので外した {facts.rivals:,}",
    )
    for heading, lines in (
        ("確率の分布:", histogram_lines(facts)),
        (
            "比べ方(m: 同じものどうしでの割合、u: 違うものどうしでの割合):",
            chance_lines(facts, declared.spec),
        ),
        ("例:", pairs),
    ):
        _say(console, heading if lines else "個人のデータなので、組の中身は表示しません。")
        for line in lines:
            _say(console, f"  {line}")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _choose(register: Register, name: str) -> DeclaredLinkage:
    if name not in register.linkages:
        remedy = suggest(name, sorted(register.linkages))
        raise Refusal("linkage.unknown", "その名前の突合はありません。", name, remedy)
    return register.linkages[name]
