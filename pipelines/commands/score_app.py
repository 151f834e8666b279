"""`machikane score` as the command line sees it: arguments and help, nothing heavy imported."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer resolves it at run time
from typing import Annotated

import typer

from warehouse.refusal import Refusal


def score(
    files: Annotated[
        list[Path], typer.Argument(help="調べるファイル(CSV・Excel)。年ごとのファイルは古い順に")
    ],
    json: Annotated[bool, typer.Option("--json", help="機械で読む形(JSON)で出す")] = False,
    report: Annotated[
        Path | None, typer.Option("--report", help="結果のページ(HTML)を書くファイル")
    ] = None,
) -> None:
    """機械可読性の30のルールでファイルを採点する(どこが・なぜ・どう直すか)。"""
    if lacking := [file for file in files if not file.is_file()]:
        raise Refusal(
            "score.no_file",
            "ファイルがありません。",
            "、".join(str(file) for file in lacking),
            "ファイルの名前と場所を確かめてください。",
        )
    from rich.console import Console

    from pipelines.commands.score import score_files

    score_files(Console(), files, as_data=json, report=report)
