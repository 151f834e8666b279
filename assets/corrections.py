"""Known faults of a source, mended openly: what `<dataset>.corrections.yaml` may say.

A correction names the row it means, what to do, why, and whom it was reported to. Its `expect`
is the value as delivered: when the source has been mended, the guard fails and the correction
must go, or be limited to the `periods` it was true for (all when none is named). Applying it is the warehouse's work.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, RootModel

from assets.model import Strict


class _Correction(Strict):
    match: dict[str, str] = Field(min_length=1)
    reason: str = Field(min_length=1)
    reported_to: str = Field(min_length=1)
    reported_on: dt.date
    expect: dict[str, str] = Field(min_length=1)
    periods: list[str] = Field(default_factory=list)


class Drop(_Correction):
    """Leave the row out (it is counted and kept aside)."""

    action: Literal["drop"]


class Override(_Correction):
    """Replace one value by text in the source's own spelling."""

    action: Literal["override"]
    column: str
    value: str


class Scale(_Correction):
    """Multiply one number, for a delivery in the wrong unit."""

    action: Literal["scale"]
    column: str
    factor: int


class Flag(_Correction):
    """Change nothing, but say in the record that the value is doubted."""

    action: Literal["flag"]
    column: str


Correction = Annotated[Drop | Override | Scale | Flag, Field(discriminator="action")]


class Corrections(RootModel[list[Correction]]):
    """The corrections of one dataset, in the order they are applied."""
