"""What one open-data release, mart, evidence notebook or city YAML may say.

Here stand shapes only. How a table is protected is `anonymize/`; how a release is staged, judged,
approved and frozen is `warehouse/`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.column import PERSONAL, Classification
from assets.model import Strict
from assets.names import require_names


class City(Strict):
    """The city that runs this platform; `bounds`: south, west, north and east in degrees, JGD2011."""

    name: str
    prefecture: str
    local_government_code: str = Field(pattern=r"^\d{6}$")
    publisher: str
    contact: str
    bounds: tuple[float, float, float, float] | None = None


class OpenAsIs(Strict):
    """The query may touch columns classified 公開 and nothing else; values go out unchanged."""

    method: Literal["none"]
    reason: str = Field(min_length=1)


class RandomRounding(Strict):
    """A frequency table: small regions merged, cells rounded at random, margins re-added.

    `region` names the column of regions, `counts` the interior cells (a pattern with `*` is
    matched against the query's columns), `sums` each margin and its parts. Units: persons.
    """

    method: Literal["random_rounding"]
    region: str
    counts: list[str] = Field(min_length=1)
    sums: dict[str, list[str]] = Field(min_length=1)
    base: int = Field(ge=3)
    total: str
    minimum_region_total: int = Field(ge=1)


Protection = Annotated[OpenAsIs | RandomRounding, Field(discriminator="method")]


class Release(Strict):
    """One open dataset. The SQL beside it reads `internal` and writes the standard's columns."""

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    standard: str
    sources: list[str] = Field(min_length=1)
    licence: str
    contact: str
    frequency: Literal["monthly", "yearly", "irregular"]
    prepared_by: str
    protection: Protection
    caveats: list[str] = Field(default_factory=list)


class MartColumn(Strict):
    """One column of a mart."""

    title: str
    classification: Classification
    unit: str | None = None

    @model_validator(mode="after")
    def _keep_persons_out(self) -> Self:
        if self.classification in PERSONAL:
            raise ValueError("mart に個人情報の列は置けません。集計した列にしてください")
        return self


class Mart(Strict):
    """A table for analysis, computed from `internal` by the SQL beside it."""

    title: str = Field(min_length=1)
    description: str = Field(min_length=1)
    sources: list[str] = Field(min_length=1)
    columns: dict[str, MartColumn] = Field(min_length=1)

    @model_validator(mode="after")
    def _spell_names_in_ascii(self) -> Self:
        require_names(self.columns)
        return self


class Case(Strict):
    """An evidence notebook that the pipeline runs."""

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    owner: str
    notebook: str
    sources: list[str] = Field(min_length=1)


class StandardColumn(Strict):
    """One column of a national standard dataset."""

    name: str
    required: bool | None = None


class Standard(Strict):
    """The column layout of a national standard dataset, with how well it is evidenced."""

    title: str
    number: int
    slug: str
    edition: str
    column_order: Literal["official", "unverified"]
    credit: str
    columns: list[StandardColumn] = Field(min_length=1)
