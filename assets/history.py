"""How the deliveries of a dataset follow one another, and what is true when.

Three words say it where a delivery stands for itself; a block says it where a delivery holds only
what has changed. How the rows are kept is `warehouse`'s.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from assets.model import Strict

# keep_periods: a delivery speaks of its period alone (statistics, monthly accounts).
# latest_only: the newest delivery is all there is.
# snapshots: a delivery is the whole state on its day; a row holds until a delivery without it.
Periods = Literal["keep_periods", "latest_only", "snapshots"]


class Changes(Strict):
    """A delivery holds the rows that have changed: one row a change, with all its columns.

    Attributes:
        kind: the word that tells this rule from the others.
        subject: the columns that name whose history it is (`resident_id`).
        effective: the date from which a row holds (異動日); it holds until the subject's next one.
        number: orders the rows of one subject and day (履歴番号); with `subject` it is the key.
        ends: column → values: after such a row (転出, 死亡) nothing holds of the subject.
    """

    kind: Literal["changes"]
    subject: list[str] = Field(min_length=1)
    effective: str
    number: str
    ends: dict[str, list[str]] = Field(default_factory=dict)


# The tags choose which of the two a fault speaks of; wording leaves them out of its path.
History = Annotated[
    Annotated[Periods, Tag("kind:word")] | Annotated[Changes, Tag("kind:block")],
    Discriminator(lambda said: "kind:word" if isinstance(said, str) else "kind:block"),
]
