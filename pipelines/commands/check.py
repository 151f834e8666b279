"""`machikane check`: the whole register without data — laws, file patterns, samples, SQL sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape

from assets.errors import RegisterFault
from assets.expectations import expectations
from warehouse.carry import carry_down
from warehouse.inbox import compile_pattern
from warehouse.normalise import normalise
from warehouse.normalising.row_rules import rule_title
from warehouse.readers.parse import parse_sample
from warehouse.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from assets.register import Dataset, Register


def check_register(console: Console, register: Register) -> int:
    """Print what is wrong and give the exit code: 0 or 2."""
    faults = [fault for dataset in register.datasets.values() for fault in check_dataset(dataset)]
    for fault in faults:
        console.print(str(fault), markup=False, highlight=False)
    samples = sum(dataset.sample is not None for dataset in register.datasets.values())
    columns = sum(len(dataset.contract.columns) for dataset in register.datasets.values())
    rules = sum(len(expectations(dataset.contract)) for dataset in register.datasets.values())
    console.print(
        f"台帳 {escape(str(register.root))}: データセット {len(register.datasets)}(列 {columns}、"
        f"検査 {rules}、見本 {samples})、分析用の表 {len(register.marts)}、"
        f"公開データ {len(register.releases)}、突合 {len(register.linkages)}、分析ノート {len(register.cases)}",
        soft_wrap=True,
    )
    console.print("誤りはありません。" if not faults else f"誤りが {len(faults)} 件あります。")
    return 2 if faults else 0


def check_dataset(dataset: Dataset) -> Iterator[RegisterFault]:
    """Find what the models cannot see: the file pattern, and the sample against the contract."""
    try:
        compile_pattern(dataset.contract.source.file)
    except ValueError as error:
        yield RegisterFault(
            dataset.path, "source.file", str(error), "置き場所の名前を直してください。"
        )
    if dataset.sample is None:
        return
    try:
        extracted = parse_sample(dataset.sample, dataset.contract)
    except Refusal as refusal:
        where = refusal.where.removeprefix(dataset.sample.name).strip(": の")
        yield RegisterFault(dataset.sample, where, refusal.what, refusal.remedy)
        return
    rows, _ = carry_down(extracted.rows, dataset.contract)
    bad = normalise(rows, dataset.contract).quarantine
    if not extracted.rows.height:
        yield RegisterFault(
            dataset.sample, "", "見本にデータの行がありません", "3行ほど書いてください。"
        )
    for row in bad.iter_rows(named=True):
        where = f"{row['_row']}行目の {row['column']}"
        yield RegisterFault(
            dataset.sample, where, rule_title(row["rule"]), "見本か契約を直してください。"
        )
