"""The rules a file is measured by: ids, names, severities and remedies as data, findings made of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from warehouse.diagnosis.report import Finding

_FILE = Path(__file__).with_name("rules.yaml")


class Rule(BaseModel):
    """One rule: how grave a breach is, what it is called, what to change at the source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: str
    name: str
    remedy: str


@cache
def load_rules() -> dict[str, Rule]:
    """Read all rules, the national ones first."""
    sections = yaml.safe_load(_FILE.read_text("utf-8"))
    return {
        rule: Rule.model_validate(fields)
        for section in sections.values()
        for rule, fields in section.items()
    }


def find(rule: str, where: str, message: str) -> Finding:
    """Make a finding of a known rule, with its severity and remedy."""
    known = load_rules()[rule]
    return Finding(rule, known.severity, where, message, known.remedy)
