"""`machikane bundle`: releases carried from the closed network to the public side, one way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from warehouse.home import Home

if TYPE_CHECKING:
    from warehouse.bundle.manifest import Manifest

bundle_app = typer.Typer(
    help="公開データを束にして、閉域から公開側へ一方向に運ぶ(作る・確かめる・適用する)",
    no_args_is_help=True,
)
console = Console(highlight=False, soft_wrap=True)
_KINDS = {"full": "全部", "changes": "前の束からの変更分"}

BundleFile = Annotated[
    Path, typer.Argument(help="束のファイル", exists=True, dir_okay=False, show_default=False)
]


@bundle_app.command("export")
def export_command(
    out: Annotated[Path, typer.Option("--out", help="作るファイル(例: 持ち出し.machikane.tar)")],
    full: Annotated[
        bool, typer.Option("--full", help="変更分だけでなく、公開中のすべてを入れる")
    ] = False,
    home: Annotated[
        Path | None,
        typer.Option("--home", help="データの置き場所(既定は MACHIKANE_HOME か ./data)"),
    ] = None,
    register: Annotated[
        Path | None, typer.Option("--register", help="台帳のフォルダ(既定は同梱の assets)")
    ] = None,
) -> None:
    """公開フォルダーを、署名した1つの束にする(閉域側)。"""
    from assets.register import BUILT_IN, load_city
    from warehouse.bundle.export import export_bundle

    place = Home(home.resolve()) if home else Home.from_environment()
    done = export_bundle(place, load_city(register or BUILT_IN), out, full=full)
    if done.is_repeated:
        print_line("前の束から何も変わっていません。同じ束をもう一度作りました。")
    _describe(done.manifest)
    print_line(f"できたファイル: {out}({done.size:,} バイト)")


@bundle_app.command("show")
def show_command(
    bundle: BundleFile,
    public_key: Annotated[
        Path | None,
        typer.Option("--public-key", help="市の公開鍵(machikane.pub)。渡すと署名を確かめる"),
    ] = None,
) -> None:
    """束の中身の一覧を見る。何も変えない。"""
    from warehouse.bundle.apply import read_bundle

    manifest, fingerprint = read_bundle(bundle, read_key(public_key) if public_key else None)
    _describe(manifest)
    print_line(f"指紋: {fingerprint}")
    print_line(
        "署名: 公開鍵と合っています"
        if public_key
        else "署名: 確かめていません(--public-key を付けてください)"
    )
    carried = {*manifest.carried}
    for file in manifest.files:
        if file.sha256 in carried:
            print_line(f"  入っている  {file.path}({file.size:,} バイト)")
    for path in manifest.removed:
        print_line(f"  なくなる    {path}")


@bundle_app.command("apply")
def apply_command(
    bundle: BundleFile,
    to: Annotated[Path, typer.Option("--to", help="Web サーバーが公開しているフォルダー")],
    public_key: Annotated[
        Path,
        typer.Option(
            "--public-key",
            help="市の公開鍵(machikane.pub)。束とは別の道で受け取ったもの",
            exists=True,
            dir_okay=False,
        ),
    ],
) -> None:
    """署名とすべてのハッシュを確かめ、束を公開フォルダーに適用する(公開側)。"""
    from warehouse.bundle.apply import apply_bundle

    done = apply_bundle(bundle, to.absolute(), read_key(public_key))
    if done.completed is not None:
        print_line(f"途中で止まっていた第{done.completed}号の適用を終えました。")
    if done.written or done.removed:
        print_line(
            f"第{done.manifest.sequence}号を適用しました。"
            f"置いたファイル {done.written}、なくしたファイル {done.removed}"
        )
    else:
        print_line(f"第{done.manifest.sequence}号はすでに適用してあります。何も変えていません。")


def read_key(path: Path) -> str:
    """Read a public key; what is no text is no key and is told so by the check."""
    return path.read_text("utf-8", errors="replace")


def print_line(text: str) -> None:
    """Print one line as it is."""
    console.print(text, markup=False)


def _describe(manifest: Manifest) -> None:
    print_line(
        f"第{manifest.sequence}号({_KINDS[manifest.kind]})  {manifest.city}  {manifest.created_at}"
    )
    size = sum(manifest.sizes.values())
    print_line(
        f"公開されるファイル {len(manifest.files)}、束に入っている中身 {len(manifest.carried)}"
        f"({size:,} バイト)、なくなるファイル {len(manifest.removed)}"
    )
