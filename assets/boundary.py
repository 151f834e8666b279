"""The outline of the city, as its register may hold it: `boundary.geojson` beside `city.yaml`.

Belongs here: reading and checking the file. It is for drawing and nothing else: no decision rests on
whether a point lies inside. A city without the file gets maps without an outline.
"""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003 - pydantic and callers meet it at run time
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from assets.errors import RegisterError, RegisterFault
from assets.model import Strict

FILE = "boundary.geojson"
Position = tuple[Annotated[float, Field(ge=-180, le=180)], Annotated[float, Field(ge=-90, le=90)]]
Ring = Annotated[list[Position], Field(min_length=4)]


class Credit(Strict):
    """Whose work the outline is, and what a reader of the map must know.

    Attributes:
        source: The credit as the licence asks for it.
        note: How exact the line is.
    """

    name: str
    source: str = Field(min_length=1)
    source_en: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    url: str = Field(pattern=r"^https?://")
    note: str = ""
    note_en: str = ""


class Polygon(Strict):
    """One area, its outer ring first."""

    type: Literal["Polygon"]
    coordinates: list[Ring] = Field(min_length=1)


class MultiPolygon(Strict):
    """Several areas."""

    type: Literal["MultiPolygon"]
    coordinates: list[list[Ring]] = Field(min_length=1)


class Boundary(Strict):
    """The outline: longitude and latitude in degrees, JGD2011."""

    type: Literal["Feature"]
    properties: Credit
    geometry: Polygon | MultiPolygon = Field(discriminator="type")

    @property
    def rings(self) -> list[list[Position]]:
        """List every ring to be drawn."""
        if isinstance(self.geometry, Polygon):
            return self.geometry.coordinates
        return [ring for area in self.geometry.coordinates for ring in area]


def read_boundary(root: Path) -> Boundary | None:
    """Read the outline under a register; None where there is none.

    Raises:
        RegisterError: if it is not one GeoJSON feature with its credit.
    """
    path = root / FILE
    if not path.is_file():
        return None
    try:
        return Boundary.model_validate(json.loads(path.read_text("utf-8")))
    except (ValidationError, ValueError):
        what = "市の境界の GeoJSON が読めません"
        remedy = "Feature を1つ(Polygon か MultiPolygon)とし、properties に name・source・source_en・licence・url を書いてください。"
        raise RegisterError([RegisterFault(path, "", what, remedy)]) from None
