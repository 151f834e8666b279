"""Trace a figure back: from a column of a table to headers of delivered files and their SHA-256."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from assets.errors import suggest
from pipelines.lineage_words import column_title, layer_title
from warehouse.lake import open_lake
from warehouse.lineage.graph import Field, column_lineage
from warehouse.lineage.origins import origins
from warehouse.refusal import Refusal
from warehouse.release.version import versions

if TYPE_CHECKING:
    from rich.console import Console

    from assets.register import Register
    from warehouse.home import Home
    from warehouse.lineage.graph import Lineage
    from warehouse.lineage.origins import Origin


def print_lineage(
    console: Console, home: Home, register: Register, asset: str, column: str | None
) -> None:
    """Print what a column, or each column of a table, is made of, and the files behind.

    Raises:
        Refusal: `lineage.unknown` when there is no such table or column.
    """
    lineage = column_lineage(register)
    columns = [*lineage.columns.get(asset, ())]
    if not columns:
        raise _unknown(asset, sorted(lineage.columns))
    if column is not None and column not in columns:
        raise _unknown(column, columns)
    wanted = [column] if column else columns
    chain = {name: lineage.upstream(Field(asset, name)) for name in wanted}
    _print_columns(console, register, lineage, asset, chain)
    datasets = {
        field.asset.split("/", 1)[1]
        for fields in chain.values()
        for field in fields
        if field.asset.startswith("landing/")
    }
    _print_files(console, _files(home, asset, sorted(datasets)))


def _print_columns(
    console: Console,
    register: Register,
    lineage: Lineage,
    asset: str,
    chain: dict[str, list[Field]],
) -> None:
    table = Table(title=f"数字のもと: {asset}", title_justify="left")
    for heading in ("列", "段階", "もとの表", "もとの列"):
        table.add_column(heading, overflow="fold")
    for name, fields in chain.items():
        shown = name if Field(asset, name) not in lineage.inexact else f"{name}(使いうるもの全部)"
        if not fields:
            table.add_row(shown, "—", "—", "契約や SQL に書かれた値(データからではない)か、空欄")
        for place in dict.fromkeys(field.asset for field in fields):
            layer, dataset = place.split("/", 1)
            made = [column_title(register, f) for f in fields if f.asset == place]
            table.add_row(shown, layer_title(layer), dataset, "、".join(made))
            shown = ""
    console.print(table)


def _files(home: Home, asset: str, datasets: list[str]) -> list[Origin]:
    """List the files: of a published release those it was made of, else those loaded now."""
    layer, name = asset.split("/", 1)
    frozen = versions(home, name) if layer == "open" else []
    if frozen and frozen[-1].candidate.origins:
        return [o for o in frozen[-1].candidate.origins if o.dataset in datasets]
    with open_lake(home, read=["internal"]) as con:
        return origins(con, datasets)


def _print_files(console: Console, files: list[Origin]) -> None:
    """Print a line a file: a SHA-256 that is to be compared must not be broken."""
    console.print("もとのファイル:" if files else "もとのファイルは、まだ取り込まれていません。")
    for origin in files:
        named = f"  {origin.dataset}  {origin.period}  {escape(origin.file)}"
        console.print(f"{named}  SHA-256 {origin.sha256}", soft_wrap=True, highlight=False)


def _unknown(word: str, known: list[str]) -> Refusal:
    return Refusal(
        "lineage.unknown", f"知らない名前です: {word}", "machikane lineage", suggest(word, known)
    )
