"""`machikane standard` as the command line sees it: arguments and help, nothing heavy imported."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer resolves it at run time
from typing import Annotated

import typer

from warehouse.refusal import Refusal

app = typer.Typer(
    help="国の標準データセット: 一覧、様式の確認、ファイルの検査、今の様式への変換",
    no_args_is_help=True,
)
AsOption = Annotated[
    str | None,
    typer.Option(
        "--as",
        help="調べる様式の名前(public_toilet。旧様式は older/public_toilet)。省くと見出しから判定",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="機械で読む形(JSON)で出す")]


@app.command("list")
def list_standards(json: JsonOption = False) -> None:
    """標準データセットの一覧(現行31、旧・推奨データセット14、市の独自の様式)と、どこまで確かめられているか。"""
    from pipelines.commands.standard import print_standards

    print_standards(as_data=json)


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="様式の名前か番号(public_toilet、13、older/aed)")],
    json: JsonOption = False,
) -> None:
    """1つの様式の列: 必須、型、選択肢、別名、根拠。"""
    from pipelines.commands.standard import print_standard

    print_standard(name, as_data=json)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="調べるファイル(CSV・Excel など)")],
    layout: AsOption = None,
    json: JsonOption = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="結果のページ(HTML)を書くファイル")
    ] = None,
) -> None:
    """ファイルがどの標準データセットかを判定し、違いを行・列・値・直し方とともに示す。

    誤りがなければ 0、あれば(標準データセットでないときも)1で終わります。
    """
    _require(files)
    from pipelines.commands.standard_check import check_files

    if not check_files(files, layout, as_data=json, report=report):
        raise typer.Exit(1)


@app.command()
def convert(
    file: Annotated[Path, typer.Argument(help="変換するファイル")],
    out: Annotated[Path, typer.Option("--out", help="書き出す CSV(UTF-8)")],
    *,
    layout: AsOption = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="シートの名前(省くと標準データセットの最初のシート)"),
    ] = None,
    bom: Annotated[bool, typer.Option("--bom", help="BOM を付ける(Excel で直接開くとき)")] = False,
    json: JsonOption = False,
) -> None:
    """旧様式や書き方の違うファイルを、今の標準データセットの形に直して書き出す。

    作れない列と、元の列の行き先をすべて示します。誤りが残れば1で終わります。
    """
    _require([file])
    from pipelines.commands.standard_convert import convert_file

    if not convert_file(file, out, layout, sheet, bom=bom, as_data=json):
        raise typer.Exit(1)


def _require(files: list[Path]) -> None:
    if lacking := [file for file in files if not file.is_file()]:
        raise Refusal(
            "file.missing",
            "ファイルがありません。",
            "、".join(str(file) for file in lacking),
            "ファイルの名前と場所を確かめてください。",
        )
