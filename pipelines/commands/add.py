"""`machikane add`: a file's contract drafted into the register, never over one that is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assets.contract import Contract
from assets.names import IDENTIFIER, RESERVED
from assets.strict_yaml import load_yaml
from warehouse.atomic import write_atomically
from warehouse.diagnosis.draft import draft_contract
from warehouse.diagnosis.draft_yaml import write_yaml
from warehouse.diagnosis.romanise import romanise
from warehouse.inbox import period_of
from warehouse.readers.child import ParsingChild
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from assets.register import Register
    from warehouse.diagnosis.draft import Draft

_NOT_DEPARTMENTS = {"marts", "open_data", "cases", "standards"}


def add_dataset(
    console: Console, register: Register, path: Path, *, department: str, name: str | None
) -> Path:
    """Draft the contract of a file, write it into the register and say what comes next.

    Raises:
        Refusal: when the file is refused, a dataset takes it already, or the name is taken.
    """
    folder = _folder(department)
    _require_new_file(register, path.name)
    with ParsingChild() as child:
        draft = child.run(draft_contract, path, path.name, department, file=path.name)
    dataset = _dataset_name(name or draft.name, path.name)
    target = register.root / folder / f"{dataset}.yaml"
    _require_new_name(register, dataset, target)
    text = write_yaml(draft)
    Contract.model_validate(load_yaml(text))
    target.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(target, text.encode())
    _say_next(console, draft, target, path)
    return target


def _folder(department: str) -> str:
    folder = department if IDENTIFIER.match(department) else romanise(department)
    if not folder or folder in _NOT_DEPARTMENTS:
        raise Refusal(
            "add.department",
            "部署のフォルダの名前を決められません。",
            f"--department {department}",
            "英小文字で書いてください(例: --department residents)。",
        )
    return folder


def _dataset_name(name: str, file: str) -> str:
    if not IDENTIFIER.match(name) or name in RESERVED:
        raise Refusal(
            "add.name",
            "データセットの名前を決められません。",
            file,
            "英小文字・数字・_ で --name に書いてください(例: --name public_facilities)。",
        )
    return name


def _require_new_file(register: Register, file: str) -> None:
    for name, dataset in register.datasets.items():
        if period_of(dataset.contract.source.file, file) is not None:
            raise Refusal(
                "add.known_file",
                f"このファイルは、もうデータセット {name}({dataset.contract.title})が受け取ります。",
                str(dataset.path),
                "そのまま machikane run で取り込んでください。項目を変えるなら、この契約を直します。",
            )


def _require_new_name(register: Register, dataset: str, target: Path) -> None:
    known = {*register.datasets, *register.marts, *register.releases}
    if dataset in known or target.exists():
        raise Refusal(
            "add.exists",
            "同じ名前の契約がもうあります。上書きはしません。",
            str(target),
            f"別の名前を付けてください(例: --name {re.sub('_?[0-9]*$', '', dataset)}_2)。",
        )


def _say_next(console: Console, draft: Draft, target: Path, path: Path) -> None:
    def say(line: str) -> None:
        console.print(line, markup=False, highlight=False, soft_wrap=True)

    personal = [c.title for c in draft.columns if c.classification in {"個人", "特定個人"}]
    aside = "、".join(f"{reason} {count}" for reason, count in draft.set_aside.items())
    say(f"下書きしました: {target}")
    say(
        f"  列 {len(draft.columns)}、データ {draft.rows:,} 行(除く行: {aside or 'なし'}、"
        f"隔離される行: {draft.quarantined:,})、キー: {'+'.join(draft.fields['key'])}"
    )
    if personal:
        say(f"  個人情報の疑いで区分を「個人」「特定個人」にした列が {len(personal)} あります。")
    for notice in draft.notices:
        say(f"  注意: {notice}")
    say("次にすること:")
    say("  1. 「# 要確認」の行(担当、根拠、保存年限、列の区分)を確かめて直す。")
    say("  2. machikane check で台帳を検査する。")
    say(f"  3. machikane run --inbox {path.parent} で取り込み、machikane status で行数を見る。")
