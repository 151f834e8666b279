"""What a release says of the persons it counts, so that it can be held against every other release.

Shapes only: two releases with the same `population` count the same persons, and a dimension of one
name is the same division in all of them. How releases are attacked is `anonymize/overlap`.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.model import Strict

_PLACE = re.compile(r"\{([^{}]+)\}")


class Division(Strict):
    """One way in which persons are told apart.

    Attributes:
        kind: `age` reads completed years off the labels (0-4歳, 85歳以上); `category` takes names.
        groups: a label and the labels it consists of, which may be groups again.
        rest: the row of those who are in no other row.
        exhaustive: every person has one of the labels that some release shows.
    """

    kind: Literal["age", "category"]
    groups: dict[str, list[str]] = Field(default_factory=dict)
    rest: str | None = None
    exhaustive: bool = True


class CountsPersons(Strict):
    """The release counts persons.

    Attributes:
        population: what is counted, such as 住民; the same word in every release of them.
        within: the population these persons belong to (施設利用者 within 住民).
        rows: column of labels to its dimension.
        cells: column of counts to its labels, dimension by dimension; or a pattern of columns, with
            `{dimension}` where the label stands in the name. A dimension without a label is "all".
            A name is looked for first, then the patterns in their order.
        dimensions: every dimension named.
        other_columns: whole numbers that are no persons (世帯数, 面積).
        hidden_below: counts under this number are withheld (left blank).
    """

    counts: Literal["persons"]
    population: str = Field(min_length=1)
    within: str | None = None
    rows: dict[str, str] = Field(default_factory=dict)
    cells: dict[str, dict[str, str]] = Field(min_length=1)
    dimensions: dict[str, Division] = Field(default_factory=dict)
    other_columns: list[str] = Field(default_factory=list)
    hidden_below: int | None = Field(default=None, ge=2)

    @model_validator(mode="after")
    def _name_known_dimensions(self) -> Self:
        named = {*self.rows.values()}
        for cell, labels in self.cells.items():
            named |= {*labels, *_PLACE.findall(cell)}
        if unknown := sorted(named - self.dimensions.keys()):
            raise ValueError(f"dimensions にない区分があります: {'、'.join(unknown)}")
        if unused := sorted(self.dimensions.keys() - named):
            raise ValueError(f"rows にも cells にも使われない区分があります: {'、'.join(unused)}")
        if self.within == self.population:
            raise ValueError("within には、population とは別の、より広い集団を書いてください")
        return self

    @model_validator(mode="after")
    def _read_patterns_one_way(self) -> Self:
        """A bare `{dimension}` would take every column, and a dimension has one label a cell."""
        for cell, labels in self.cells.items():
            places = _PLACE.findall(cell)
            texts = _PLACE.split(cell)[::2]
            if len({*places, *labels}) < len(places) + len(labels):
                raise ValueError(f"1つの列に同じ区分が2度あります: {cell}")
            if not all(texts[1:-1]) or not any(texts):
                raise ValueError(f"区分のあいだか前後に、列名の文字が必要です: {cell}")
        return self

    def labels_of(self, column: str) -> dict[str, str] | None:
        """Read the labels of a column of counts; None: it is not declared as one."""
        if column in self.cells:
            return self.cells[column]
        for cell, labels in self.cells.items():
            parts = _PLACE.split(cell)
            # Every second part is a dimension; the others stand as they are.
            pattern = "(.+)".join(map(re.escape, parts[::2]))
            if len(parts) > 1 and (found := re.fullmatch(pattern, column)):
                return {**labels, **dict(zip(parts[1::2], found.groups(), strict=True))}
        return None


class CountsNobody(Strict):
    """The release says nothing about how many persons there are."""

    counts: Literal["nobody"]
    reason: str = Field(min_length=1)


Overlaps = Annotated[CountsPersons | CountsNobody, Field(discriminator="counts")]
