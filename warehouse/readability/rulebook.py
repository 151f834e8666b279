"""The 30 rules as a scorer needs them: level, weight, to what they apply, what a person must see.

Source: 行政データにおける機械可読性に関するルール(令和8年3月31日)and the deductions of the program
that its publisher shows as an example. Must not hold: judging.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from warehouse.diagnosis.rules import load_rules

_FILE = Path(__file__).with_name("rulebook.yaml")
FATAL = "fatal"
LEVELS = (1, 2, 3)


@dataclass(frozen=True)
class RuleSpec:
    """One rule.

    Attributes:
        only: `excel` or `csv`; empty: any file.
        about: What a file must have to be asked, such as `numbers`; empty: any file is asked.
        person: What a person has to look at where the file alone does not tell; empty: it tells.
    """

    id: str
    name: str
    severity: str
    remedy: str
    only: str = ""
    about: str = ""
    person: str = ""

    @property
    def level(self) -> int:
        """1, 2 or 3."""
        return int(self.id[1])


@cache
def load_rulebook() -> dict[str, RuleSpec]:
    """Read the rules in their order."""
    said = _read()
    only = {rule: kind for kind, rules in said["only"].items() for rule in rules}
    about = {rule: what for what, rules in said["about"].items() for rule in rules}
    return {
        rule: RuleSpec(
            id=rule, name=known.name, severity=known.severity, remedy=known.remedy,
            only=only.get(rule, ""), about=about.get(rule, ""), person=said["person"].get(rule, ""),
        )
        for rule, known in load_rules().items()
        if rule.startswith(("L1-", "L2-", "L3-"))
    }  # fmt: skip


def deduction(severity: str, level: int) -> int:
    """Give the points a broken rule costs on its level; a fatal one costs all."""
    if severity == FATAL:
        return 100
    return _read()["deductions"][severity][level - 1]


@cache
def _read() -> dict[str, Any]:
    return yaml.safe_load(_FILE.read_text("utf-8"))
