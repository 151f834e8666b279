"""`machikane release …`: what an open-data officer types. Help texts are Japanese docstrings."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from warehouse.home import Home

if TYPE_CHECKING:
    from assets.register import Register

release_app = typer.Typer(help="公開データの確認・承認・取下げ", no_args_is_help=True)
console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="公開データの名前")]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="データの置き場所(既定は MACHIKANE_HOME か ./data)")
]
RegisterOption = Annotated[
    Path | None, typer.Option("--register", help="台帳のフォルダ(既定は同梱の assets)")
]


@release_app.command("list")
def list_releases(home: HomeOption = None, register: RegisterOption = None) -> None:
    """公開データの状態を一覧にする。"""
    from pipelines.commands.releases import print_releases

    print_releases(console, *_open(home, register))


@release_app.command("show")
def show_release(
    name: NameArgument, home: HomeOption = None, register: RegisterOption = None
) -> None:
    """承認を待つ公開データのファイルと検査の結果を見る。"""
    from pipelines.commands.releases import print_candidate

    print_candidate(console, *_open(home, register), name)


@release_app.command("review")
def review_release(
    name: NameArgument, home: HomeOption = None, register: RegisterOption = None
) -> None:
    """承認の前に見るものを1つにまとめる(前の版との差分、検査、外の人に分かること)。"""
    from pipelines.commands.releases import review_and_show

    review_and_show(console, *_open(home, register), name)


@release_app.command("approve")
def approve_release(
    name: NameArgument,
    approver: Annotated[
        str, typer.Option("--approver", help="承認する人(台帳の approvers の1人。作成者とは別の人)")
    ],
    note: Annotated[
        str, typer.Option("--note", help="訂正・変更の内容(前の版があるときは必ず書く)")
    ] = "",
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """承認し、公開する。"""
    from pipelines.commands.releases import approve_and_show
    from warehouse.upkeep.noting import note_folder

    place, loaded_register = _open(home, register)
    approve_and_show(console, place, loaded_register, name, person=approver, note=note)
    note_folder(place, "releases")


@release_app.command("withdraw")
def withdraw_release(
    *,
    name: NameArgument,
    person: Annotated[str, typer.Option("--by", "--person", help="取り下げる人")],
    note: Annotated[str, typer.Option("--reason", "--note", help="理由(公開のページに載る)")],
    version: Annotated[
        str | None, typer.Option("--version", help="この版だけを取り下げる(例 v2)")
    ] = None,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """公開を取り下げる(データのファイルはすべて消え、記録とハッシュは残る)。"""
    from pipelines.commands.releases import withdraw_and_show
    from warehouse.upkeep.noting import note_folder

    place, loaded_register = _open(home, register)
    withdraw_and_show(
        console, place, loaded_register, name, person=person, note=note, version=version
    )
    note_folder(place, "releases")


def _open(home: Path | None, register: Path | None) -> tuple[Home, Register]:
    from assets.register import load_register
    from pipelines.settings import register_root

    place = Home(home.resolve()) if home else Home.from_environment()
    if register is not None:
        os.environ["MACHIKANE_REGISTER"] = str(register.resolve())
    return place, load_register(register or register_root())
