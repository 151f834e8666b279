"""What a role may see: zones, schemas, datasets and columns, granted and never assumed.

Here stands the shape of `roles/<role>.yaml` and its laws. What is not granted is not seen; a table
or a column that the register does not classify is never granted. How a connection keeps to it is
`warehouse.access`.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from assets.column import Classification, Role
from assets.errors import RegisterFault, suggest
from assets.model import Strict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from assets.register import Register

GrantedZone = Literal["secure", "internal", "open"]
GrantedSchema = Literal["common", "mart", "link", "release"]


class Grant(Strict):
    """Tables of one zone, and which of their columns.

    Attributes:
        zone: whose lake.
        schemas: layers within it.
        datasets: names or patterns (`*`) of datasets, marts or releases; none named: all.
        without_datasets: the same, taken away again.
        departments: folders of the register; of a mart, every source must come from one of them.
        without_departments: of a mart, no source may come from one of them.
        classifications: the columns that are seen; there is no default.
        without_roles: columns of these roles are not seen, whatever their class.
        without_columns: `column` or `dataset.column`, not seen.
    """

    zone: GrantedZone
    schemas: list[GrantedSchema] = Field(min_length=1)
    datasets: list[str] | None = Field(default=None, min_length=1)
    without_datasets: list[str] = Field(default_factory=list)
    departments: list[str] | None = Field(default=None, min_length=1)
    without_departments: list[str] = Field(default_factory=list)
    classifications: list[Classification] = Field(min_length=1)
    without_roles: list[Role] = Field(default_factory=list)
    without_columns: list[str] = Field(default_factory=list)

    def covers(self, zone: str, schema: str, name: str, departments: set[str]) -> bool:
        """Tell whether a table of these departments is among the granted ones."""
        return (
            zone == self.zone
            and schema in self.schemas
            and (self.datasets is None or _matches(name, self.datasets))
            and not _matches(name, self.without_datasets)
            and (self.departments is None or departments <= set(self.departments))
            and not departments & set(self.without_departments)
        )

    def shows(
        self, table: str, column: str, classification: Classification, role: Role | None
    ) -> bool:
        """Tell whether a column of a covered table is seen."""
        hidden = {column, f"{table}.{column}"} & set(self.without_columns)
        return (
            classification in self.classifications and role not in self.without_roles and not hidden
        )


class AccessRole(Strict):
    """Who may see what. `audited`: every question leaves a line that tells who asked what tables."""

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    audited: bool
    grants: list[Grant] = Field(min_length=1)

    @model_validator(mode="after")
    def _watch_over_secure(self) -> Self:
        if any(grant.zone == "secure" for grant in self.grants) and not self.audited:
            raise ValueError("secure を見る役割は audited: true(記録を残す)にしてください")
        return self


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def unknown_grants(register: Register) -> list[RegisterFault]:
    """Find roles that name a dataset, department or column the register does not have."""
    tables = [*register.datasets, *register.marts, *register.releases, *register.linkages]
    departments = sorted({d.department for d in register.datasets.values()})
    columns = {n for d in register.datasets.values() for n in d.contract.table_columns}
    columns |= {n for m in register.marts.values() for n in m.spec.columns}
    faults = []
    for name, role in register.roles.items():
        path = register.root / "roles" / f"{name}.yaml"
        for number, grant in enumerate(role.grants):
            where = f"grants.{number}"
            named = [*(grant.datasets or ()), *grant.without_datasets]
            faults += _unknown(path, f"{where}.datasets", "データセット", named, tables)
            named = [*(grant.departments or ()), *grant.without_departments]
            faults += _unknown(path, f"{where}.departments", "部署", named, departments)
            named = [n.rpartition(".")[2] for n in grant.without_columns]
            faults += _unknown(path, f"{where}.without_columns", "列", named, sorted(columns))
    return faults


def _unknown(
    path: Path, where: str, what: str, named: list[str], known: list[str]
) -> list[RegisterFault]:
    return [
        RegisterFault(path, where, f"台帳にない{what}です: {name}", suggest(name, known))
        for name in named
        if not any(fnmatchcase(found, name) for found in known)
    ]
