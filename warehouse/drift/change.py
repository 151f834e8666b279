"""What differs between a delivery and its contract, as plain facts that can be kept as JSON.

Headers, counts, shares and codes may stand here; a value of a person's row may not.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

Kind = Literal[
    "renamed",
    "added",
    "dropped",
    "retyped",
    "codes_grown",
    "header_moved",
    "unit_changed",
    "scale_changed",
]


@dataclass(frozen=True)
class Change:
    """One difference, and what of the contract would follow it.

    Attributes:
        column: the contract's column; empty for added columns and moved headers.
        title: its Japanese title.
        old: the header (or rows, unit) until now.
        new: the one delivered now.
        evidence: why we think so, in Japanese.
        confidence: 0 to 1.
        is_settled: whether it may be accepted together with the others; a choice among several
            possibilities, or what a contract cannot say, waits for a person to name it.
        hint: what the person decides or may do instead, in Japanese.
        details: what the edit needs: `codes`, `header_rows`, `unit_row`, `multiplier`,
            `source_unit`, `type`, `reason`, `draft`; `by_hand` when no edit can say it.
    """

    kind: Kind
    column: str = ""
    title: str = ""
    old: str = ""
    new: str = ""
    evidence: tuple[str, ...] = ()
    confidence: float = 1.0
    is_settled: bool = True
    hint: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Name the change the same way whenever it is found again."""
        return f"{self.kind}|{self.column}|{self.old}|{self.new}"


@dataclass(frozen=True)
class Validity:
    """Between which loaded periods a delivery stands.

    Attributes:
        period: of the delivery; `-` when it has none.
        before: the last loaded period before it, if any.
        after: the first loaded period after it, if any.
    """

    period: str
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Proposal:
    """All changes of one delivery, against one state of the contract."""

    dataset: str
    delivery: str
    file: str
    fingerprint: str
    made_at: str
    validity: Validity
    changes: tuple[Change, ...]
    diff: str = ""

    def as_json(self) -> str:
        """Give it as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `as_json` gave."""
        fields: dict[str, Any] = json.loads(text)
        changes = fields.pop("changes")
        validity = Validity(**fields.pop("validity"))
        made = (Change(evidence=tuple(c.pop("evidence")), **c) for c in changes)
        return cls(validity=validity, changes=tuple(made), **fields)
