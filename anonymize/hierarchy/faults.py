"""What is wrong with a hierarchy, in three lines of Japanese, all of it at once.

Belongs here: the shape of a finding and of the error that carries them. Must not hold: the search
for them (`checks`). The values named here are entries of a list of categories, never rows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_SHOWN = 5


@dataclass(frozen=True)
class Fault:
    """One fault of a hierarchy.

    Attributes:
        rule: Stable id: `empty`, `blank`, `length`, `duplicate`, `monotone`, `coverage`, `star`,
            `unreadable` or `options`.
        what: What is wrong, naming the value.
        where: File and line as far as known, column and level.
        remedy: What to do next.
    """

    rule: str
    what: str
    where: str
    remedy: str

    def __str__(self) -> str:
        """Say it in three lines."""
        return f"{self.what}\n  場所: {self.where}\n  直し方: {self.remedy}"


class HierarchyError(ValueError):
    """A hierarchy cannot be used; `faults` lists the reasons."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults and word the first of them together."""
        shown = list(map(str, faults[:_SHOWN]))
        if len(faults) > _SHOWN:
            shown.append(f"ほかに {len(faults) - _SHOWN} 件の誤りがあります。")
        super().__init__("\n\n".join(shown))
        self.faults = tuple(faults)


def name_values(values: Iterable[str]) -> str:
    """Write values between brackets, the first five and the number of the others."""
    listed = list(values)
    shown = "、".join(f"「{value}」" for value in listed[:_SHOWN])
    rest = len(listed) - _SHOWN
    return f"{shown} ほか {rest} 個" if rest > 0 else shown
