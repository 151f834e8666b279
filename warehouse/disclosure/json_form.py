"""The report as JSON: every section there, 未実施 where its part has not run.

Belongs here: the form. Must not hold: values of rows: combinations and marginals name columns and
categories only.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from warehouse.disclosure.unprotected import say_unprotected

if TYPE_CHECKING:
    from warehouse.disclosure.report import Report

NOT_RUN = "未実施"
_SECTIONS = (
    "findings",
    "models",
    "risks",
    "losses",
    "hidden_cells",
    "differencing",
    "synthetic",
    "noise",
    "checklist",
)


def to_json(report: Report) -> str:
    """Write the report as JSON."""
    told: dict[str, Any] = {
        field.name: _plain(getattr(report, field.name)) for field in fields(report)
    }
    for name in _SECTIONS:
        if told[name] is None:
            told[name] = {"status": NOT_RUN}
    told["not_protected"] = say_unprotected(report)
    told["blockers"] = report.blockers
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a report
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(part) for name, part in _parts(value).items()}
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.item() if isinstance(value, np.generic) else value


def _parts(value: Any) -> dict[str, Any]:  # noqa: ANN401
    return {field.name: getattr(value, field.name) for field in fields(value)}
