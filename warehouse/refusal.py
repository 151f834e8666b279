"""How the warehouse says no: three lines of Japanese, and never a value of a person's row."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - it is an answer to the sender, not a fault of ours
    """A delivery, dataset or release that is not taken, with the reason.

    Attributes:
        rule: stable id such as `encoding.broken`.
        what: what is wrong.
        where: file, sheet, row, column, as far as known.
        remedy: what to do next.
    """

    def __init__(self, rule: str, what: str, where: str, remedy: str) -> None:
        """Keep the four parts; they are also the pickled arguments."""
        super().__init__(rule, what, where, remedy)
        self.rule, self.what, self.where, self.remedy = rule, what, where, remedy

    def __str__(self) -> str:
        """Say it in three lines."""
        return f"{self.what}\n  場所: {self.where}\n  直し方: {self.remedy}"
