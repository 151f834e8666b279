"""The sentence for one rule of the gate, and the bare fault a rule reports.

Belongs here: the two shapes. Must not hold: sentences (`gate_wording`, `gate_wording_records`).
"""

from typing import Literal, NamedTuple

Severity = Literal["blocker", "warning"]


class Fault(NamedTuple):
    """What a rule found, before it is worded: columns and a count, never a value.

    `remedy` replaces the rule's own remedy where the rule could work out a better one; `place` says
    where, in words, when it is no column.
    """

    rule: str
    columns: tuple[str, ...] = ()
    count: int = 0
    severity: Severity | None = None
    remedy: str | None = None
    place: str | None = None


class Wording(NamedTuple):
    """The sentence for one rule, and how grave it is unless the fault says otherwise."""

    severity: Severity
    message: str
    remedy: str


def blocker(message: str, remedy: str) -> Wording:
    """Build the wording of a rule that forbids a release."""
    return Wording("blocker", message, remedy)
