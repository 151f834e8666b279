"""The base of every model of the register, and what is valid only for some periods."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Period = Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$")]


class Strict(BaseModel):
    """A frozen model that refuses a key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Valid(Strict):
    """Something valid from and until a period (`2021`, `2021-04`), both inclusive."""

    from_: Period | None = Field(default=None, alias="from")
    until: Period | None = None

    def covers(self, period: str) -> bool:
        """Tell whether it is valid for the delivery period."""
        width = min(len(period), 7)
        after = self.from_ is None or period >= self.from_[:width]
        return after and (self.until is None or period[: len(self.until)] <= self.until)
