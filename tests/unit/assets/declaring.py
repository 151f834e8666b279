"""A small register on disk, right in every word, for tests that then spoil one of them."""

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from assets.errors import RegisterError, RegisterFault
from assets.register import Register, load_register

CITY = {
    "name": "はるみ市",
    "prefecture": "大阪府",
    "local_government_code": "272999",
    "publisher": "はるみ市",
    "contact": "デジタル課",
}
CONTRACT: dict[str, Any] = {
    "title": "利用者",
    "description": "施設の利用者",
    "owner": {"department": "市民課", "contact": "市民係"},
    "legal_basis": "条例",
    "frequency": "monthly",
    "retention": {"years": 5, "basis": "規程"},
    "source": {"file": "利用者_{year}{month}.csv", "format": "csv", "encoding": "utf-8"},
    "key": ["person_id"],
    "history": "keep_periods",
    "columns": {
        "person_id": {
            "source": "番号",
            "title": "番号",
            "type": "digits",
            "required": True,
            "classification": "個人",
            "role": "identifier",
        },
        "town": {"source": "町名", "title": "町名", "type": "town", "classification": "庁内"},
        "visit_count": {
            "source": "回数",
            "title": "回数",
            "type": "integer",
            "minimum": 0,
            "classification": "庁内",
        },
    },
    "checks": [{"check": "row_count", "minimum": 1}],
}
MART = {
    "title": "町別",
    "description": "町別の回数",
    "sources": ["common.users"],
    "columns": {"town": {"title": "町名", "classification": "庁内"}},
}
STANDARD = {
    "title": "人口",
    "number": 4,
    "slug": "population",
    "edition": "試",
    "column_order": "official",
    "credit": "なし",
    "columns": [{"name": "地域名", "required": True}],
}
RELEASE = {
    "title": "人口",
    "title_en": "Population",
    "description": "町別の人口",
    "description_en": "Population by town",
    "standard": "population",
    "sources": ["mart.by_town"],
    "licence": "CC BY 4.0",
    "contact": "市民課",
    "frequency": "monthly",
    "theme": "SOCI",
    "keywords": ["人口"],
    "prepared_by": "市民係",
    "approvers": ["市民課長"],
    "protection": {"method": "none", "reason": "個人を含まない"},
}


def changed(base: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Copy a declaration and set values at dotted paths written with `__`; `...` removes one."""
    made = copy.deepcopy(base)
    for path, value in changes.items():
        *parents, last = path.split("__")
        target: Any = made
        for parent in parents:
            target = target[parent]
        if value is ...:
            del target[last]
        else:
            target[last] = value
    return made


def write(root: Path, name: str, value: Any) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = value if isinstance(value, str) else yaml.safe_dump(value, allow_unicode=True)
    path.write_text(text, "utf-8")
    return path


def write_register(root: Path, **files: Any) -> Path:
    """Write the small register; `files` replaces or adds (`dept/users.yaml` → value)."""
    declared = {
        "city.yaml": CITY,
        "citizens/users.yaml": CONTRACT,
        "marts/by_town.yaml": MART,
        "marts/by_town.sql": "SELECT town FROM common.users",
        "standards/population.yaml": STANDARD,
        "open_data/population.yaml": RELEASE,
        "open_data/population.sql": "SELECT town AS 地域名 FROM mart.by_town",
        **files,
    }
    for name, value in declared.items():
        if value is not None:
            write(root, name, value)
    return root


def faults_of(root: Path) -> list[RegisterFault]:
    with pytest.raises(RegisterError) as caught:
        load_register(root)
    return caught.value.faults


def fault_of(root: Path) -> RegisterFault:
    faults = faults_of(root)
    assert len(faults) == 1, list(map(str, faults))
    return faults[0]


def load_contract_with(root: Path, **changes: Any) -> Register:
    return load_register(
        write_register(root, **{"citizens/users.yaml": changed(CONTRACT, **changes)})
    )
