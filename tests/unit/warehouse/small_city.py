"""Contracts, deliveries and a home of a few rows, for tests of single steps of the warehouse."""

from __future__ import annotations

import copy
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assets.contract import Contract
from assets.corrections import Corrections
from assets.register import Dataset, fingerprint
from warehouse.inbox import Arrival
from warehouse.landing import Receipt, collect
from warehouse.readers.child import ParsingChild
from warehouse.readers.delivery import store_delivery

if TYPE_CHECKING:
    from collections.abc import Callable

    from warehouse.home import Home
    from warehouse.readers.delivery import Delivery

PEOPLE: dict[str, Any] = {
    "title": "利用者",
    "description": "施設の利用者",
    "owner": {"department": "市民課", "contact": "市民係"},
    "legal_basis": "条例",
    "frequency": "monthly",
    "retention": {"years": 5, "basis": "規程"},
    "source": {"file": "利用者_{year}{month}*.csv", "format": "csv", "encoding": "utf-8"},
    "key": ["person_id"],
    "history": "keep_periods",
    "columns": {
        "person_id": {
            "source": "番号", "title": "番号", "type": "digits", "length": 3, "required": True,
            "classification": "個人", "role": "identifier",
        },
        "full_name": {
            "source": "氏名", "title": "氏名", "type": "name",
            "classification": "個人", "role": "direct_identifier",
        },
        "town": {
            "source": "町名", "title": "町名", "type": "text",
            "classification": "個人", "role": "quasi_identifier",
        },
        "visit_count": {
            "source": "回数", "title": "回数", "type": "integer", "minimum": 0,
            "classification": "個人", "role": "attribute",
        },
    },
    "checks": [{"check": "row_count", "minimum": 1}],
}  # fmt: skip
PLACES: dict[str, Any] = {
    **PEOPLE,
    "title": "施設",
    "source": {"file": "施設_{year}.csv", "format": "csv", "encoding": "utf-8"},
    "frequency": "yearly",
    "key": ["place_id"],
    "columns": {
        "place_id": {
            "source": "ID", "title": "ID", "type": "text", "required": True,
            "classification": "公開",
        },
        "place_name": {
            "source": "名称", "title": "名称", "type": "text", "classification": "公開",
        },
        "cost_yen": {
            "source": "費用", "title": "費用", "type": "integer", "classification": "庁内",
        },
    },
}  # fmt: skip
PEOPLE_HEADER = "番号,氏名,町名,回数"
PLACES_HEADER = "ID,名称,費用"


def make_contract(base: dict[str, Any] = PEOPLE, **changes: Any) -> Contract:
    """Build a contract; `a__b=value` sets a nested key."""
    made = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = made
        for parent in parents:
            target = target[parent]
        target[last] = value
    return Contract.model_validate(made)


def make_dataset(
    name: str = "people",
    base: dict[str, Any] = PEOPLE,
    fixes: list[dict[str, Any]] | None = None,
    **changes: Any,
) -> Dataset:
    contract = make_contract(base, **changes)
    said = contract.model_dump_json(by_alias=True) + repr(fixes)
    return Dataset(
        name=name,
        department="citizens",
        contract=contract,
        fingerprint=fingerprint(said.encode()),
        path=Path(f"{name}.yaml"),
        corrections=Corrections.model_validate(fixes or []),
    )


def with_tidy(dataset: Dataset, path: Path, code: str) -> Dataset:
    path.write_text(code, "utf-8")
    return replace(dataset, tidy=path)


def deliver(
    home: Home, dataset: str, period: str, text: str | bytes, *, name: str, day: int = 1
) -> Receipt:
    """Put a file into the inbox as of a day and collect it."""
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    os.utime(path, (day * 86400, day * 86400))
    receipt, _ = collect(home, Arrival(path, dataset, period))
    return receipt


def people(*rows: str) -> str:
    return "\n".join([PEOPLE_HEADER, *rows]) + "\n"


def places(*rows: str) -> str:
    return "\n".join([PLACES_HEADER, *rows]) + "\n"


class ParsingHere(ParsingChild):
    """Parses in this process, in place of the child (which has tests of its own)."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed = 0

    def store(self, path: Path, contract: Contract, period: str, file: str, into: Path) -> Delivery:
        self.parsed += 1
        return store_delivery(path, contract, period, file, into)

    def run(self, function: Callable[..., Any], *arguments: object, file: str) -> Any:
        del file
        return function(*arguments)
