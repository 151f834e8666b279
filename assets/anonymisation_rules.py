"""The rules that make a hierarchy, as a policy writes them, with their options.

Here stand shapes only; what a rule does is `anonymize.hierarchy.rules_*`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, Tag

from assets.model import Strict

Number = int | float


class _Ruled(Strict):
    """What every quasi-identifier with a rule has.

    Attributes:
        weight: How much its loss counts beside the others'.
        unknown: Values that mean "not known"; each stays by itself.
    """

    weight: float = Field(default=1, ge=0)
    unknown: list[str] = Field(default_factory=list)


class AgeRule(_Ruled):
    """Age, bands, the three stages of life, `*`."""

    rule: Literal["age"]
    bands: list[int] = Field(default=[5, 10], min_length=1)
    stages: bool = True
    top: int | None = None


class NumberRule(_Ruled):
    """Number, nested intervals, `*`; top and bottom coding."""

    rule: Literal["number"]
    widths: list[Number] = Field(default_factory=list)
    borders: list[list[Number]] = Field(default_factory=list)
    origin: Number = 0
    bottom: Number | None = None
    top: Number | None = None
    unit: str = ""


class DateRule(_Ruled):
    """Day, month, year, decade or era, `*`."""

    rule: Literal["date"]
    calendar: Literal["western", "wareki"] = "western"


class TownsRule(_Ruled):
    """Town, school district, area, city; `columns` of the `table` from the town outwards."""

    rule: Literal["towns"]
    table: str = Field(min_length=1)
    columns: list[str] = Field(min_length=2)
    city: str = Field(default="*", min_length=1)


class NationalityRule(_Ruled):
    """Country, region, 日本 or 外国, `*`; `regions` adds names of the data."""

    rule: Literal["nationality"]
    regions: dict[str, str] = Field(default_factory=dict)


class CareLevelRule(_Ruled):
    """Level of care, light to heavy, certified or not, `*`."""

    rule: Literal["care_level"]


class PostalCodeRule(_Ruled):
    """Postal code masked from the right, `*`."""

    rule: Literal["postal_code"]
    keep: list[int] = Field(default=[5, 3], min_length=1)


class PrefixRule(_Ruled):
    """Any code masked from the right, `*`."""

    rule: Literal["prefix"]
    keep: list[int] = Field(min_length=1)


Rule = (
    Annotated[AgeRule, Tag("kind:age")]
    | Annotated[NumberRule, Tag("kind:number")]
    | Annotated[DateRule, Tag("kind:date")]
    | Annotated[TownsRule, Tag("kind:towns")]
    | Annotated[NationalityRule, Tag("kind:nationality")]
    | Annotated[CareLevelRule, Tag("kind:care_level")]
    | Annotated[PostalCodeRule, Tag("kind:postal_code")]
    | Annotated[PrefixRule, Tag("kind:prefix")]
)
RULES = (
    *("age", "number", "date", "towns"),
    *("nationality", "care_level", "postal_code", "prefix"),
)
