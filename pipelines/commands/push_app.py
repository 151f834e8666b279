"""`machikane push`: what is public here, sent to a CKAN portal or a context broker.

Nothing of this runs unless it is typed; it is the only part that speaks to other machines. Tokens come
from the environment or from a file, never from the command line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from urllib.parse import urlsplit

import typer
from rich.console import Console

from warehouse.home import Home

if TYPE_CHECKING:
    from assets.register import Register
    from warehouse.exchange.broker_sync import Synced
    from warehouse.exchange.ckan_push import Pushed

app = typer.Typer(help="公開中のデータを、CKAN やデータ連携基盤(NGSI)へ送る", no_args_is_help=True)
console = Console(highlight=False, soft_wrap=True)

UrlOption = Annotated[str, typer.Option("--url", help="送り先のトップページの URL")]
TokenOption = Annotated[
    Path | None,
    typer.Option("--token-file", help="トークンを書いたファイル(持ち主だけが読めること)"),
]
DryOption = Annotated[
    bool, typer.Option("--dry-run", help="比べて示すだけで、送り先を何も変えない")
]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="データの置き場所(既定は MACHIKANE_HOME か ./data)")
]
RegisterOption = Annotated[
    Path | None, typer.Option("--register", help="台帳のフォルダ(既定は同梱の assets)")
]
_OUTCOMES = {"changed": "送りました", "same": "変更なし", "failed": "失敗"}


@app.command("ckan")
def push_ckan(
    *,
    url: UrlOption,
    organization: Annotated[
        str | None,
        typer.Option("--organization", help="データセットを持つ組織(一つしかなければ省ける)"),
    ] = None,
    token_file: TokenOption = None,
    dry_run: DryOption = False,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """CKAN に送る。違うところだけを送り、取り下げたものはファイルを消して理由を残す。

    トークンは環境変数 MACHIKANE_CKAN_TOKEN か --token-file で渡します。
    """
    from warehouse.catalogue.entries import read_public
    from warehouse.exchange.ckan_portal import TOKEN_VARIABLE, CkanPortal
    from warehouse.exchange.ckan_push import push_catalogue
    from warehouse.exchange.remote import read_secret
    from warehouse.refusal import Refusal
    from warehouse.site.in_house import in_house_words

    token = read_secret(TOKEN_VARIABLE, token_file)
    if token is None:
        remedy = f"環境変数 {TOKEN_VARIABLE} か --token-file で渡してください。"
        raise Refusal("ckan.token", "CKAN のトークンがありません。", url, remedy)
    _warn_of_plain(url)
    place, loaded = _open(home, register)
    catalogue = read_public(place, loaded)
    failed = 0
    with CkanPortal(url, token) as portal:
        for pushed in push_catalogue(
            portal,
            catalogue,
            place.public,
            organization=organization,
            in_house=in_house_words(place, loaded),
            dry_run=dry_run,
        ):
            _print_pushed(pushed, dry_run=dry_run)
            failed += pushed.outcome == "failed"
    raise typer.Exit(1 if failed else 0)


@app.command("ngsi")
def push_ngsi(
    *,
    url: UrlOption,
    api: Annotated[
        Literal["ngsi-ld", "v2"], typer.Option("--api", help="ブローカーのインターフェース")
    ] = "ngsi-ld",
    service: Annotated[
        str | None, typer.Option("--service", help="Fiware-Service(テナントの名前)")
    ] = None,
    service_path: Annotated[
        str | None, typer.Option("--service-path", help="Fiware-ServicePath(例 /opendata)")
    ] = None,
    token_file: TokenOption = None,
    token_header: Annotated[
        str, typer.Option("--token-header", help="トークンを入れるヘッダー(例 x-api-key)")
    ] = "Authorization",  # noqa: S107 - the name of a header
    dry_run: DryOption = False,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """データ連携基盤のブローカー(NGSI-LD か NGSIv2)に、施設などをエンティティとして送る。

    トークンは環境変数 MACHIKANE_NGSI_TOKEN か --token-file で渡します(要らなければ省けます)。
    """
    from warehouse.catalogue.entries import read_public
    from warehouse.exchange.broker import BROKERS, TOKEN_VARIABLE
    from warehouse.exchange.broker_sync import sync_catalogue
    from warehouse.exchange.remote import Remote, read_secret

    token = read_secret(TOKEN_VARIABLE, token_file)
    bearer = token_header.casefold() == "authorization"
    headers = {
        **BROKERS[api].headers,
        **({"Fiware-Service": service, "NGSILD-Tenant": service} if service else {}),
        **({"Fiware-ServicePath": service_path} if service_path else {}),
        **({token_header: f"Bearer {token}" if bearer else token} if token else {}),
    }
    if token:
        _warn_of_plain(url)
    place, loaded = _open(home, register)
    catalogue = read_public(place, loaded)
    failed = 0
    with Remote(url, headers) as remote:
        for synced in sync_catalogue(
            BROKERS[api](remote), catalogue, loaded.mappings, place.public, dry_run=dry_run
        ):
            _print_synced(synced, dry_run=dry_run)
            failed += len(synced.errors)
    raise typer.Exit(1 if failed else 0)


def _warn_of_plain(url: str) -> None:
    """Say that a token crosses the network readable, unless it stays on this machine."""
    host = urlsplit(url).hostname
    if urlsplit(url).scheme == "http" and host not in {"localhost", "127.0.0.1", "::1"}:
        console.print("注意: http:// なので、トークンが暗号化されずに流れます。", markup=False)


def _print_pushed(pushed: Pushed, *, dry_run: bool) -> None:
    outcome = _OUTCOMES[pushed.outcome]
    if dry_run and pushed.outcome == "changed":
        outcome = "送ります"
    detail = "" if pushed.outcome == "same" else f": {pushed.detail}"
    console.print(f"{pushed.release}  {outcome}{detail}", markup=False)
    for note in pushed.notes:
        console.print(f"  注意: {note}", markup=False)


def _print_synced(synced: Synced, *, dry_run: bool) -> None:
    counts = (
        f"新しい {synced.created} 件、変わった {synced.replaced} 件、"
        f"なくなった {synced.removed} 件、同じ {synced.same} 件"
    )
    ending = "(まだ送っていません)" if dry_run else ""
    console.print(f"{synced.release}  {counts}{ending}", markup=False)
    for id_, said in synced.errors.items():
        console.print(f"  送れなかったもの: {id_}\n    ブローカーの答え: {said}", markup=False)
    for note in synced.notes:
        console.print(f"  注意: {note}", markup=False)


def _open(home: Path | None, register: Path | None) -> tuple[Home, Register]:
    from assets.register import load_register
    from pipelines.settings import register_root

    place = Home(home.resolve()) if home else Home.from_environment()
    return place, load_register(register or register_root())
