"""Tables for the SQL of marts that nobody delivers, because the register itself holds them.

A CSV beside a mart's YAML (`marts/<name>.csv`, UTF-8) is `declared.entries`; the codes of all contracts
are `declared.code_lists`. Every value is text; types come from the SQL. No engine here.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.errors import RegisterFault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from assets.contract import Contract
    from assets.release import Mart

_CODE_LISTS = ("dataset", "dataset_title", "column_name", "column_title", "code", "label", "place")


@dataclass(frozen=True)
class DeclaredTable:
    """A table of text; a blank of the CSV is the empty text."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def content(self) -> bytes:
        """Give all of it as bytes, to be hashed."""
        return json.dumps([self.columns, self.rows], ensure_ascii=False).encode()


def declare(
    spec: Mart, beside: Path, contracts: Mapping[str, Contract]
) -> tuple[dict[str, DeclaredTable], list[RegisterFault]]:
    """Read what a mart declares.

    Args:
        spec: the mart.
        beside: where its CSV stands, or would.
        contracts: of all datasets.

    Returns:
        The tables under the names the SQL calls them by, and the faults of the CSV.
    """
    tables, faults = {}, []
    if "code_lists" in spec.declared:
        tables["code_lists"] = list_codes(contracts)
    if "entries" in spec.declared:
        tables["entries"], faults = _read(beside)
    elif beside.is_file():
        what = "この CSV は使われません"
        remedy = "YAML に declared: [entries] と書くか、CSV を除いてください。"
        faults = [RegisterFault(beside, "", what, remedy)]
    return tables, faults


def list_codes(contracts: Mapping[str, Contract]) -> DeclaredTable:
    """List every code of every contract in the order in which it is declared."""
    return DeclaredTable(
        _CODE_LISTS,
        tuple(
            (dataset, contract.title, name, column.title, code, label, str(place))
            for dataset, contract in contracts.items()
            for name, column in contract.columns.items()
            for place, (code, label) in enumerate((column.labels or {}).items(), start=1)
        ),
    )


def _read(path: Path) -> tuple[DeclaredTable, list[RegisterFault]]:
    nothing = DeclaredTable((), ())
    if not path.is_file():
        remedy = f"YAML の隣に {path.name} を置いてください。"
        return nothing, [RegisterFault(path, "", "CSV がありません", remedy)]
    try:
        head, *rows = [tuple(row) for row in csv.reader(io.StringIO(path.read_text("utf-8-sig")))]
    except (UnicodeDecodeError, ValueError, csv.Error):
        what, remedy = "CSV を読めません", "UTF-8 で、見出しの行のある CSV にしてください。"
        return nothing, [RegisterFault(path, "", what, remedy)]
    wrong = [n for n, row in enumerate(rows, start=2) if len(row) != len(head)]
    if wrong:
        what = f"列の数が見出し({len(head)}列)と違います"
        remedy = "区切りのカンマと引用符を確かめてください。"
        return nothing, [RegisterFault(path, f"{wrong[0]}行目", what, remedy)]
    return DeclaredTable(head, tuple(rows)), []
