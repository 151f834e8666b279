"""Read the register: every YAML under one folder, validated, or every fault of it at once.

The layout is the identity: `<department>/<dataset>.yaml` with optional `.sample.csv`,
`.corrections.yaml` and `.py`; `marts/` (YAML + SQL, a CSV where it declares rows), `open_data/` (YAML + SQL), `linkages/`, `cases/`,
`standards/`, `exchange/` and `roles/` (those shipped with the code where there are none) and `city.yaml`. Nothing here runs a query or knows what Dagster is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from assets.contract import Contract
from assets.corrections import Corrections
from assets.cross_checks import (
    bare_persons,
    dangling_sources,
    unknown_columns,
    unlinkable,
    unpaid_noise,
)
from assets.declared import DeclaredTable, declare
from assets.errors import (
    RegisterError,
    RegisterFault,
    explain_validation,
    explain_yaml,
    suggest,
)
from assets.exchange import EntityMapping
from assets.linkage import Linkage
from assets.names import IDENTIFIER, RESERVED
from assets.release import Case, City, Mart, Release
from assets.role import AccessRole, unknown_grants
from assets.standard import Standard
from assets.strict_yaml import load_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assets.column import Column

BUILT_IN = Path(__file__).parent
_FOLDERS = {"marts", "open_data", "linkages", "cases", "standards", "exchange", "roles"}
_BESIDE = (".corrections.yaml", ".csv", ".sql")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Dataset:
    """A departmental dataset: its contract and the optional files beside it."""

    name: str
    department: str
    contract: Contract
    fingerprint: str
    path: Path
    corrections: Corrections = field(default_factory=lambda: Corrections([]))
    sample: Path | None = None
    tidy: Path | None = None


@dataclass(frozen=True)
class Query:
    """A YAML with the SQL beside it: a mart or a release."""

    name: str
    sql: str
    fingerprint: str
    path: Path


@dataclass(frozen=True)
class MartQuery(Query):
    """A mart and its SQL.

    Attributes:
        spec: what it says of itself.
        declared: the tables under `declared.` that its SQL may read.
        contracts: of the datasets it is made from.
    """

    spec: Mart
    declared: Mapping[str, DeclaredTable] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)


@dataclass(frozen=True)
class ReleaseQuery(Query):
    """A release, its SQL and the standard layout it fills."""

    spec: Release
    standard: Standard


@dataclass(frozen=True)
class DeclaredLinkage:
    """A linkage and where it is declared."""

    name: str
    spec: Linkage
    fingerprint: str
    path: Path


@dataclass(frozen=True, eq=False)
class Register:
    """Everything the city has declared, as it was loaded: equal to itself alone."""

    root: Path
    city: City
    datasets: dict[str, Dataset]
    marts: dict[str, MartQuery]
    releases: dict[str, ReleaseQuery]
    cases: dict[str, Case]
    standards: dict[str, Standard]
    linkages: dict[str, DeclaredLinkage] = field(default_factory=dict)
    roles: dict[str, AccessRole] = field(default_factory=dict)
    mappings: dict[str, EntityMapping] = field(default_factory=dict)


def load_register(root: Path = BUILT_IN) -> Register:
    """Read and validate the register under `root`.

    Raises:
        RegisterError: with every fault found, in Japanese.
    """
    reader = _Reader(root)
    register = Register(
        root=root,
        city=reader.city(),
        datasets=(datasets := reader.datasets()),
        standards=(standards := reader.folder("standards", Standard)),
        marts=reader.marts(datasets),
        releases=reader.releases(standards),
        cases=reader.folder("cases", Case),
        linkages=reader.linkages(),
        roles=reader.roles(),
        mappings=reader.mappings(standards),
    )
    at_fault = {fault.file.name.split(".")[0] for fault in reader.faults}
    reader.faults += dangling_sources(register, at_fault) + unlinkable(register, at_fault)
    reader.faults += bare_persons(register)
    reader.faults += unpaid_noise(register)
    if not reader.faults and (root / "roles").is_dir():
        reader.faults += unknown_grants(register)
    if reader.faults:
        raise RegisterError(reader.faults)
    return register


def load_older_standards() -> dict[str, Standard]:
    """Read the layouts that were superseded, by slug; only checking and converting needs them.

    Raises:
        RegisterError: if one is wrong, in Japanese.
    """
    reader = _Reader(BUILT_IN / "standards")
    found = reader.folder("older", Standard)
    if reader.faults:
        raise RegisterError(reader.faults)
    return found


def load_city(root: Path = BUILT_IN) -> City:
    """Read the city alone, for a command that needs nothing else of the register.

    Raises:
        RegisterError: if `city.yaml` is missing or wrong, in Japanese.
    """
    reader = _Reader(root)
    city = reader.city()
    if reader.faults:
        raise RegisterError(reader.faults)
    return city


class _Reader:
    """Reads one folder and gathers faults instead of stopping at the first."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[RegisterFault] = []
        self.own: City | None = None

    def city(self) -> City:
        path = self.root / "city.yaml"
        loaded = self.read(path, City) if path.is_file() else None
        if not path.is_file():
            self.fault(
                path, "city.yaml がありません", "都市名と全国地方公共団体コードを書いてください。"
            )
        self.own = loaded
        return loaded or City.model_construct()

    def datasets(self) -> dict[str, Dataset]:
        found: dict[str, Dataset] = {}
        for path in self._yamls(self._departments()):
            contract = self.read(path, Contract)
            if contract is None or not self._is_unique(path, found):
                continue
            found[path.stem] = self._dataset(path, contract)
        return found

    def marts(self, datasets: dict[str, Dataset]) -> dict[str, MartQuery]:
        specs = self.folder("marts", Mart)
        contracts = {name: dataset.contract for name, dataset in datasets.items()}
        return {name: self._mart(name, spec, contracts) for name, spec in specs.items()}

    def _mart(self, name: str, spec: Mart, contracts: dict[str, Contract]) -> MartQuery:
        _, sql, own, path = self._sql("marts", name)
        declared, faults = declare(spec, path.with_suffix(".csv"), contracts)
        self.faults += faults
        read = {source.removeprefix("common.") for source in spec.sources}
        prints = [own.encode(), *(table.content for table in declared.values())]
        return MartQuery(
            name=name,
            sql=sql,
            fingerprint=fingerprint(*prints) if declared else own,
            path=path,
            spec=spec,
            declared=declared,
            contracts={n: c for n, c in contracts.items() if n in read},
        )

    def releases(self, standards: dict[str, Standard]) -> dict[str, ReleaseQuery]:
        found = {}
        for name, spec in self.folder("open_data", Release).items():
            query = self._sql("open_data", name)
            path = self.root / "open_data" / f"{name}.yaml"
            standard = standards.get(spec.standard)
            if standard is None:
                remedy = suggest(spec.standard, sorted(standards))
                what = f"知らない標準データセットです: {spec.standard}"
                self.fault(path, what, remedy, "standard")
                continue
            self._know_columns(path, spec, standard)
            found[name] = ReleaseQuery(*query, spec=spec, standard=standard)
        return found

    def _know_columns(self, path: Path, spec: Release, standard: Standard) -> None:
        names = [column.name for column in (*standard.columns, *standard.also)]
        for name in spec.free_text:
            if name not in names:
                what = f"「{standard.title}」にない列です: {name}"
                self.fault(path, what, suggest(name, names), "free_text")

    def linkages(self) -> dict[str, DeclaredLinkage]:
        found = {}
        for name, spec in self.folder("linkages", Linkage).items():
            path = self.root / "linkages" / f"{name}.yaml"
            found[name] = DeclaredLinkage(name, spec, fingerprint(path.read_bytes()), path)
        return found

    def roles(self) -> dict[str, AccessRole]:
        own = (self.root / "roles").is_dir()
        return (self if own else _Reader(BUILT_IN)).folder("roles", AccessRole)

    def mappings(self, standards: dict[str, Standard]) -> dict[str, EntityMapping]:
        own = (self.root / "exchange").is_dir()
        found = (self if own else _Reader(BUILT_IN)).folder("exchange", EntityMapping)
        for name, mapping in found.items() if own else ():
            path = self.root / "exchange" / f"{name}.yaml"
            if name not in standards:
                remedy = suggest(name, sorted(standards))
                self.fault(path, f"知らない標準データセットです: {name}", remedy)
            elif unknown := mapping.unknown_columns(standards[name]):
                known = [c.name for c in standards[name].columns]
                self.fault(path, f"標準にない列です: {unknown[0]}", suggest(unknown[0], known))
        return found

    def folder(self, folder: str, model: type[_Model]) -> dict[str, _Model]:
        paths = self._yamls([self.root / folder])
        loaded = {path.stem: self.read(path, model) for path in paths}
        return {name: item for name, item in loaded.items() if item is not None}

    def read(self, path: Path, model: type[_Model]) -> _Model | None:
        name = path.name.split(".")[0]
        if not IDENTIFIER.match(name) or name in RESERVED:
            what = "ファイル名は英小文字・数字・_ で付けてください(SQL の予約語は使えません)"
            self.fault(path, what, "名前を変えてください。")
            return None
        text = self.text(path)
        try:
            return model.model_validate(load_yaml(text)) if text is not None else None
        except ValidationError as error:
            self.faults += explain_validation(path, model, error)
        except yaml.YAMLError as error:
            self.faults.append(explain_yaml(path, error))
        return None

    def text(self, path: Path) -> str | None:
        try:
            return path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            self.fault(
                path, "UTF-8 で書かれていません", "文字コード UTF-8 で保存し直してください。"
            )
        return None

    def fault(self, file: Path, message: str, remedy: str, path: str = "") -> None:
        self.faults.append(RegisterFault(file, path, message, remedy))

    def _departments(self) -> Iterable[Path]:
        folders = (p for p in sorted(self.root.glob("*")) if p.is_dir())
        return [p for p in folders if p.name not in _FOLDERS and not p.name.startswith(("_", "."))]

    def _yamls(self, folders: Iterable[Path]) -> list[Path]:
        files = [p for folder in folders if folder.is_dir() for p in sorted(folder.iterdir())]
        found = [p for p in files if p.suffix == ".yaml" and not p.name.endswith(_BESIDE)]
        paired = {(p.parent, p.stem) for p in found}
        for path in files:
            if path.suffix == ".yml":
                self.fault(path, "拡張子が .yml です", "拡張子を .yaml に変えてください。")
            is_alone = (path.parent, path.name.split(".")[0]) not in paired
            if path.name.endswith(_BESIDE) and is_alone:
                remedy = "同じ名前の .yaml の隣に置き、名前の書き間違いを直してください。"
                self.fault(path, "対になる .yaml がないので、使われません", remedy)
        return found

    def _is_unique(self, path: Path, found: dict[str, Dataset]) -> bool:
        if path.stem not in found:
            return True
        other = found[path.stem].path
        self.fault(
            path, f"同じ名前のデータセットがあります: {other}", "どちらかの名前を変えてください。"
        )
        return False

    def _dataset(self, path: Path, contract: Contract) -> Dataset:
        fixes = path.with_name(f"{path.stem}.corrections.yaml")
        sample = next(iter(sorted(path.parent.glob(f"{path.stem}.sample.csv"))), None)
        tidy = path.with_suffix(".py")
        corrections = self.read(fixes, Corrections) if fixes.is_file() else None
        self.faults += unknown_columns(fixes, corrections, contract)
        present = [p.read_bytes() for p in (path, fixes, tidy) if p.is_file()]
        of_city = self._of_city(contract)
        return Dataset(
            name=path.stem,
            department=path.parent.name,
            contract=contract.model_copy(update={"columns": contract.columns | of_city}),
            fingerprint=fingerprint(
                *present, *(c.model_dump_json().encode() for c in of_city.values())
            ),
            path=path,
            corrections=corrections or Corrections([]),
            sample=sample,
            tidy=tidy if tidy.is_file() else None,
        )

    def _of_city(self, contract: Contract) -> dict[str, Column]:
        """Give the addresses and points that name no other city the register's own."""
        if self.own is None:
            return {}
        own = {
            "address": {"city": self.own.local_government_code},
            "point": {"bounds": self.own.bounds},
        }
        return {
            name: column.model_copy(update=own[column.type])
            for name, column in contract.columns.items()
            if column.type in own and all(getattr(column, f) is None for f in own[column.type])
        }

    def _sql(self, folder: str, name: str) -> tuple[str, str, str, Path]:
        path = self.root / folder / f"{name}.sql"
        if not path.is_file():
            self.fault(
                path, "SQL がありません", f"{name}.yaml の隣に {name}.sql を置いてください。"
            )
            return name, "", "", path
        sql = self.text(path) or ""
        yaml_bytes = path.with_suffix(".yaml").read_bytes()
        return name, sql, fingerprint(sql.encode(), yaml_bytes), path


def fingerprint(*parts: bytes) -> str:
    """Hash declarations: 16 hexadecimal digits that change when any of them does."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:16]
