"""The command line: what a data engineer and an open-data officer type. Everything printed is Japanese.

Exit codes: 0 done (also when rows or files were set aside: the report says so), 1 a dataset was
withheld or a step failed, 2 the command or the register was wrong.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from typer.core import TyperGroup

from pipelines.commands.bundle_app import bundle_app
from pipelines.commands.push_app import app as push_app
from pipelines.commands.release_app import release_app
from pipelines.commands.score_app import score
from pipelines.commands.standard_app import app as standard_app
from warehouse.home import Home
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from assets.register import Register

app = typer.Typer(
    help="まちかね — まちのデータを集め、そろえ、守り、公開し、分析する",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(release_app, name="release")
app.add_typer(bundle_app, name="bundle")
app.add_typer(push_app, name="push")
app.add_typer(standard_app, name="standard")
app.command()(score)


class _FileByDefault(TyperGroup):
    """A group whose first argument is a file unless it is one of its commands."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's context
        """Put the usual command in front of a file or an option."""
        named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if named or not args else ["run", *args])


anonymize_app = typer.Typer(
    help="ポリシーに従って表を匿名加工する(machikane anonymize 入力 --policy …)",
    cls=_FileByDefault,
    no_args_is_help=True,
)
app.add_typer(anonymize_app, name="anonymize")
console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="データの置き場所(既定は MACHIKANE_HOME か ./data)")
]
RegisterOption = Annotated[
    Path | None, typer.Option("--register", help="台帳のフォルダ(既定は同梱の assets)")
]


def main() -> None:
    """Run the command line; refusals and register faults end it in plain Japanese."""
    try:
        app()
    except Refusal as refusal:
        _end(refusal, 1)
    except Exception as error:
        from assets.errors import RegisterError

        if not isinstance(error, RegisterError):
            raise
        _end(error, 2)


def _end(error: Exception, code: int) -> NoReturn:
    console.print(str(error), markup=False, highlight=False, soft_wrap=True)
    sys.exit(code)


@app.command()
def demo(home: HomeOption = None) -> None:
    """小さな架空の市をつくり、収集から公開・分析までを通しで動かす。"""
    from pipelines.city.deliveries import write_inbox
    from pipelines.showcase import mark_sample

    place, register = _open(home, None)
    console.print(f"架空の市の部署ファイルを書いています: {place.inbox}")
    write_inbox(place.inbox)
    mark_sample(place)
    succeeded = _run(place, register, place.inbox)
    _approve_own_releases(place, register)
    _say_where_to_look(place)
    raise typer.Exit(0 if succeeded else 1)


@app.command()
def city(
    *,
    residents: Annotated[int, typer.Option("--residents", help="住民の数")] = 400_000,
    seed: Annotated[int, typer.Option("--seed", help="どの市か(同じ番号は同じ市)")] = 1,
    months: Annotated[int, typer.Option("--months", help="何か月分か(2024年4月から)")] = 24,
    out: Annotated[Path, typer.Option("--out", help="書き出すフォルダ")] = Path("whole_city"),
    dirt: Annotated[float, typer.Option("--dirt", help="誤りのある行の割合")] = 0.02,
    register: RegisterOption = None,
) -> None:
    """架空の市をまるごとつくり、すべての業務のファイルを部署が出すとおりに書く。"""
    from pipelines.commands.city import write_city
    from pipelines.settings import register_root

    root = register or register_root()
    _load(root)
    write_city(console, root, out, residents=residents, seed=seed, months=months, dirt=dirt)


@app.command()
def run(
    *,
    inbox: Annotated[Path, typer.Option("--inbox", help="部署のファイルがあるフォルダ")],
    dataset: Annotated[
        str | None, typer.Option("--dataset", help="このデータセットだけを取り込む")
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="その中のこの期間だけ(例 2024-05)")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="取り込み済みでも、もう一度読み直す")
    ] = False,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """受付箱のファイルを取り込み、検査し、公開の準備までを行う。"""
    if not inbox.is_dir():
        raise Refusal(
            "inbox.none", "受付箱がありません。", str(inbox), "フォルダの名前を確かめてください。"
        )
    if dataset is None and (period or again):
        raise Refusal(
            "run.dataset",
            "--period と --again は、--dataset と一緒に使います。",
            "machikane run",
            "例: machikane run --inbox 受付箱 --dataset resident_register --period 2024-05 --again",
        )
    place, loaded_register = _open(home, register)
    if dataset is not None:
        from pipelines.commands.period import run_dataset

        done = run_dataset(
            console, place, loaded_register, inbox, name=dataset, period=period, again=again
        )
        raise typer.Exit(0 if done else 1)
    succeeded = _run(place, loaded_register, inbox)
    _say_where_to_look(place)
    raise typer.Exit(0 if succeeded else 1)


@app.command()
def status(
    home: HomeOption = None,
    register: RegisterOption = None,
    account: Annotated[
        bool, typer.Option("--account", help="届いたファイルごとの行の収支も出す")
    ] = False,
) -> None:
    """すべてのデータセットと公開データの状態を表示する。"""
    from pipelines.commands.report import print_status

    place, loaded_register = _open(home, register)
    print_status(console, place, loaded_register, account=account)


@app.command()
def quarantine(
    dataset: Annotated[str | None, typer.Argument(help="データセットの名前(省くとすべて)")] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="隔離した行を、直して受付箱に戻せる .xlsx に書き出す(個人情報に注意。データセットを省くときはフォルダ)",
        ),
    ] = None,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """隔離した行の理由と件数を表示し、所管課が直すためのファイルを書き出す。"""
    from pipelines.commands.quarantine import print_quarantine, write_quarantine

    place, loaded_register = _open(home, register)
    print_quarantine(console, place, loaded_register, dataset)
    if out is not None:
        write_quarantine(console, place, loaded_register, dataset, out)


@app.command()
def accept(
    dataset: Annotated[str | None, typer.Argument(help="データセットの名前(省くと一覧)")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="たずねずに受け入れる")] = False,
    only: Annotated[str | None, typer.Option("--only", help="受け入れる変更の番号(例 1,3)")] = None,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """見出しやコードの変わったファイルについて、契約の変更案を見て受け入れる。"""
    from pipelines.commands.accept import accept_waiting, print_waiting

    place, loaded_register = _open(home, register)
    if dataset is None:
        print_waiting(console, place, loaded_register)
        return
    code = accept_waiting(console, place, loaded_register, dataset, yes=yes, only=only)
    raise typer.Exit(code)


@app.command("take-back")
def take_back_delivery(
    *,
    delivery: Annotated[
        str | None, typer.Argument(help="ファイルの名前か番号か SHA-256(省くと取り下げの一覧)")
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", help="理由(記録に残る)")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="取り下げをやめて、元に戻す")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="たずねずに行う(--reason が必要)")] = False,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """届いたファイルを取り下げる(次の run で、来なかったのと同じになる。原本は残る)。"""
    from pipelines.commands.take_back import print_taken_back, take_back

    place, loaded_register = _open(home, register)
    if delivery is None:
        print_taken_back(console, place)
        return
    code = take_back(console, place, loaded_register, delivery, reason=reason, undo=undo, yes=yes)
    raise typer.Exit(code)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="調べるファイル")],
    json: Annotated[bool, typer.Option("--json", help="機械で読む形(JSON)で出す")] = False,
) -> None:
    """届いたファイルを1枚で診断する(種類、文字コード、表、列、個人情報の疑い、直すところ)。"""
    from pipelines.commands.inspect import print_diagnosis

    _require_file(file)
    print_diagnosis(console, file, as_json=json)


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="契約を作りたいファイル")],
    department: Annotated[str, typer.Option("--department", help="担当の部署(フォルダの名前)")],
    name: Annotated[
        str | None, typer.Option("--name", help="データセットの名前(省くとファイルから付ける)")
    ] = None,
    register: RegisterOption = None,
) -> None:
    """ファイルを診断し、台帳に契約の下書きを1つ足す(上書きはしない)。"""
    from pipelines.commands.add import add_dataset

    _require_file(file)
    loaded_register = _load(register)
    add_dataset(console, loaded_register, file, department=department, name=name)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="読むファイル")],
    out: Annotated[Path, typer.Option("--out", help="書き出す .parquet か .csv")],
    sheet: Annotated[str | None, typer.Option("--sheet", help="シートの名前か番号")] = None,
    table: Annotated[int | None, typer.Option("--table", help="シートの中の表の番号")] = None,
) -> None:
    """ファイルの表を1つ、すべて文字のまま、元の行番号(_source_row)をつけて書き出す。"""
    from pipelines.commands.read import read_file

    read_file(console, file, out, sheet, table)


@app.command()
def normalize(
    kind: Annotated[
        str | None,
        typer.Argument(
            help="値の種類: date address phone number code name name-key kana text header"
        ),
    ] = None,
    file: Annotated[
        Path | None,
        typer.Argument(help="input の列がある CSV(UTF-8)。省くか - と書くと標準入力"),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option("--lenient/--strict", help="直し方が一つに決まる誤りを直す/断る(既定は断る)"),
    ] = False,
    city: Annotated[
        str | None,
        typer.Option("--city", help="市の名前のない住所の市(6桁の番号。既定は台帳の市)"),
    ] = None,
    register: RegisterOption = None,
) -> None:
    """値を共通の形にそろえ、判定と規則を付けた CSV を標準出力に書く。"""
    from pipelines.commands.normalize import city_code, normalize_file, say_on_stderr
    from transforms.kinds import Setting

    try:
        place = city_code(city, register) if kind == "address" else Setting().city
        policy = "lenient" if lenient else "strict"
        normalize_file(kind, file, Setting(policy=policy, city=place))
    except Refusal as refusal:
        say_on_stderr(str(refusal))
        raise typer.Exit(2) from None


@app.command()
def rules(
    out: Annotated[
        Path | None, typer.Option("--out", help="書き出すファイル(省くと標準出力)")
    ] = None,
) -> None:
    """値をそろえる規則の一覧(判定・例・直し方・出典)を書く。"""
    from pipelines.commands.rules import render_rules

    page = render_rules()
    if out is None:
        print(page, end="")
    else:
        out.write_text(page, "utf-8", newline="\n")


@app.command()
def check(register: RegisterOption = None) -> None:
    """台帳(契約・SQL・見本)を、データなしで検査する。"""
    from pipelines.commands.check import check_register

    loaded_register = _load(register)
    raise typer.Exit(check_register(console, loaded_register))


@app.command()
def verify(home: HomeOption = None) -> None:
    """保管しているすべてのファイルが、書いたときのままかを調べる(SHA-256)。"""
    from pipelines.commands.verify import print_verification

    raise typer.Exit(print_verification(console, _place(home)))


@app.command()
def upkeep(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="何をするかを示すだけで、何も変えない")
    ] = False,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """保存期間を過ぎた行とファイルを消し、小さなファイルをまとめ、古い版を片づける。"""
    from pipelines.commands.upkeep import run_upkeep

    run_upkeep(console, *_open(home, register), dry_run=dry_run)


@app.command()
def sizes(home: HomeOption = None, register: RegisterOption = None) -> None:
    """データセットごとの行数・大きさ・ふえ方と、台帳に単価があれば費用を表示する。"""
    from pipelines.commands.sizes import print_sizes

    print_sizes(console, *_open(home, register))


@app.command()
def link(
    linkage: Annotated[str | None, typer.Argument(help="突合の名前(省くと一覧)")] = None,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """データセットをまたいで同じ人・同じ施設を結び、件数と確からしさを表示する。"""
    from pipelines.commands.link import link_and_print, print_linkages

    place, loaded_register = _open(home, register)
    if linkage is None:
        print_linkages(console, place, loaded_register)
        return
    link_and_print(console, place, loaded_register, linkage)


@app.command()
def lineage(
    asset: Annotated[
        str, typer.Argument(help="表の名前(open/population、mart/… 、internal/… など)")
    ],
    column: Annotated[str | None, typer.Argument(help="列の名前(省くとすべての列)")] = None,
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """数字のもとをたどる: どの列から計算し、どのファイル(SHA-256)から来たか。"""
    from pipelines.commands.lineage import print_lineage

    print_lineage(console, *_open(home, register), asset, column)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="書き出すフォルダ")],
    register: RegisterOption = None,
) -> None:
    """すべての契約を ODCS 3.1 (Open Data Contract Standard) の YAML に書き出す。"""
    from assets.odcs import to_odcs_yaml

    loaded_register = _load(register)
    folder.mkdir(parents=True, exist_ok=True)
    for dataset in loaded_register.datasets.values():
        target = folder / f"{dataset.name}.odcs.yaml"
        target.write_text(to_odcs_yaml(dataset, loaded_register.city), "utf-8")
    console.print(f"契約 {len(loaded_register.datasets)} 件を書き出しました: {folder}")


@app.command()
def dev(
    home: HomeOption = None,
    register: RegisterOption = None,
    port: Annotated[int, typer.Option(help="待ち受けるポート")] = 3000,
) -> None:
    """Dagster の画面を、このパソコンの中だけ(127.0.0.1)で開く。"""
    from pipelines.launch import PROJECT, set_environment

    place, _ = _open(home, register)
    set_environment(place, register=register)
    console.print(f"http://127.0.0.1:{port} を開いてください。止めるには Ctrl+C を押します。")
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions"]
    environment = {**os.environ, "DAGSTER_HOME": str(PROJECT)}
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [*command, "-h", "127.0.0.1", "-p", str(port)], env=environment, cwd=PROJECT, check=False
    )
    raise typer.Exit(done.returncode)


@anonymize_app.command("run")
def anonymize_run(
    *,
    file: Annotated[Path, typer.Argument(metavar="INPUT", help="匿名加工する .csv か .parquet")],
    policy: Annotated[Path, typer.Option("--policy", help="ポリシー(YAML)")],
    out: Annotated[Path, typer.Option("--out", help="書き出す .csv か .parquet")],
    report: Annotated[
        Path, typer.Option("--report", help="結果の報告(.json。.html なら紙の報告も)")
    ],
) -> None:
    """表を1つ匿名加工し、書き出したファイルを測って報告する(「run」は省ける)。"""
    from pipelines.commands.anonymize import anonymize_file

    raise typer.Exit(anonymize_file(console, file, policy, out, report))


@anonymize_app.command("suggest")
def anonymize_suggest(
    *,
    table: Annotated[
        str,
        typer.Argument(metavar="TABLE", help=".csv か .parquet、またはデータセットか集計表の名前"),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="案を書くフォルダ(省くと「名前_policy」)")
    ] = None,
    role: Annotated[str, typer.Option("--role", help="表を読む役割(台帳の roles)")] = "analyst",
    home: HomeOption = None,
    register: RegisterOption = None,
) -> None:
    """表を調べてポリシーの案を書き、リスクと有用性を3点で測る。"""
    from pipelines.commands.anonymize import suggest_policy

    suggest_policy(console, table, out, role=role, home=home, register=register)


def _require_file(file: Path) -> None:
    """End the command with code 2, and nothing on the standard output, when there is no file."""
    if not file.is_file():
        print(f"ファイルがありません: {file}", file=sys.stderr)
        print("  直し方: ファイルの名前と場所を確かめてください。", file=sys.stderr)
        raise typer.Exit(2)


def _place(home: Path | None) -> Home:
    return Home(home.resolve()) if home else Home.from_environment()


def _open(home: Path | None, register: Path | None) -> tuple[Home, Register]:
    place = _place(home)
    if register is not None:
        os.environ["MACHIKANE_REGISTER"] = str(register.resolve())
    return place, _load(register)


def _load(register: Path | None) -> Register:
    from assets.register import load_register
    from pipelines.settings import register_root

    return load_register(register or register_root())


def _run(home: Home, register: Register, inbox: Path) -> bool:
    from pipelines.freshness import forget_stamp, is_up_to_date, keep_stamp, stamp

    before = stamp(home, inbox, register)
    if is_up_to_date(home, before):
        console.print(
            "前回の実行から、ファイルも台帳も変わっていません。取り込むものはありません。"
        )
        return True
    from pipelines.collection import read_waiting
    from pipelines.commands.report import print_run
    from pipelines.launch import run_job, set_environment
    from warehouse.upkeep.noting import note_folder

    forget_stamp(home)
    set_environment(home, inbox=inbox)
    report = run_job(home, register, console)
    note_folder(home, "landing")
    note_folder(home, "releases")
    print_run(console, home, report)
    if report.succeeded and not read_waiting(home):
        keep_stamp(home, before)
    return report.succeeded


def _approve_own_releases(home: Home, register: Register) -> None:
    from pipelines.commands.demo_releases import approve_own_releases
    from warehouse.upkeep.noting import note_folder

    console.print(
        "デモなので、公開データをデモ自身が、承認者の名前で承認します(ふだんは作成者とは別の人が承認します)。"
    )
    approve_own_releases(console, home, register)
    note_folder(home, "releases")


def _say_where_to_look(home: Home) -> None:
    console.print("見るところ:")
    for title, path in (
        ("公開サイト", home.public / "index.html"),
        ("庁内用のページ", home.portal / "index.html"),
        ("公開した版", home.releases),
        ("分析ノートの結果", home.reports / "cases"),
        ("品質検査の報告", home.reports / "quality"),
    ):
        if path.exists():
            console.print(f"  {title}: {path}", highlight=False, soft_wrap=True)
    console.print("  状態の一覧: machikane status    画面: machikane dev")


if __name__ == "__main__":
    main()
