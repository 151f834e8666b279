"""A contract as ODCS 3.1 (Open Data Contract Standard, Bitol, Apache-2.0), for other people's tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from assets.column import PERSONAL
from assets.expectations import expectations

if TYPE_CHECKING:
    from assets.column import Column
    from assets.contract import Contract
    from assets.register import Dataset
    from assets.release import City

_LOGICAL = {
    "date": ("date", "DATE"),
    "month": ("date", "DATE"),
    "year": ("integer", "INTEGER"),
    "fiscal_year": ("integer", "INTEGER"),
    "integer": ("integer", "BIGINT"),
    "decimal": ("number", "DOUBLE"),
    "percent": ("number", "DOUBLE"),
    "latitude": ("number", "DOUBLE"),
    "longitude": ("number", "DOUBLE"),
    "boolean": ("boolean", "BOOLEAN"),
}
_TEXT = ("string", "VARCHAR")


def to_odcs(dataset: Dataset, city: City) -> dict[str, Any]:
    """Render one contract as an ODCS 3.1 document."""
    contract = dataset.contract
    return {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": f"{city.local_government_code}-{dataset.name}",
        "name": contract.title,
        "version": dataset.fingerprint,
        "status": "active",
        "domain": dataset.department,
        "tenant": city.name,
        "description": {"purpose": contract.description, "limitations": contract.legal_basis},
        "schema": [
            {
                "name": dataset.name,
                "physicalName": f"secure.common.{dataset.name}",
                "physicalType": "table",
                "logicalType": "object",
                "businessName": contract.title,
                "properties": [
                    _property(name, column, contract.key)
                    for name, column in contract.table_columns.items()
                ],
                "quality": [
                    {
                        "id": item.name,
                        "type": "custom",
                        "engine": "greatExpectations",
                        "description": item.title,
                        "implementation": yaml.safe_dump(
                            {"type": item.kind, "kwargs": item.arguments}, allow_unicode=True
                        ),
                    }
                    for item in expectations(contract)
                ],
            }
        ],
        "team": {"name": contract.owner.department, "description": contract.owner.contact},
        "slaProperties": [
            {"property": "frequency", "value": contract.frequency},
            {"property": "retention", "value": contract.retention.years, "unit": "y"},
        ],
        "customProperties": [
            {"property": "legalBasis", "value": contract.legal_basis},
            {"property": "retentionBasis", "value": contract.retention.basis},
            {"property": "sourceFile", "value": contract.source.file},
            {"property": "history", "value": _history(contract)},
        ],
    }


def to_odcs_yaml(dataset: Dataset, city: City) -> str:
    """Render one contract as YAML text."""
    return yaml.safe_dump(to_odcs(dataset, city), allow_unicode=True, sort_keys=False)


def _history(contract: Contract) -> str:
    return contract.history if isinstance(contract.history, str) else contract.history.kind


def _property(name: str, column: Column, key: list[str]) -> dict[str, Any]:
    logical, physical = _LOGICAL.get(column.type, _TEXT)
    described: dict[str, Any] = {
        "name": name,
        "businessName": column.title,
        "logicalType": logical,
        "physicalType": physical,
        "required": column.required,
        "classification": column.classification,
        "criticalDataElement": column.classification in PERSONAL,
    }
    if column.description:
        described["description"] = column.description
    if name in key:
        described |= {"primaryKey": True, "primaryKeyPosition": key.index(name) + 1}
    extra = {
        "role": column.role,
        "unit": column.unit,
        "sourceHeader": column.source[-1].name,
        "evidence": column.evidence,
    }
    described["customProperties"] = [
        {"property": prop, "value": value} for prop, value in extra.items() if value
    ]
    return described
