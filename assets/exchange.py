"""How the rows of a layout become NGSI entities: one YAML a layout under `assets/exchange/`.

Here stand shapes only. Turning rows into entities is `warehouse/exchange/`. A mapping names every
column of its layout, in an attribute or among those left out with a reason, so that nothing is
lost in silence.

Names of attributes are ASCII: NGSIv2 allows plain ASCII without control characters, white space and
`& ? / #` in names and types, up to 256 characters (FIWARE-NGSI v2.1, Field syntax restrictions);
letters, digits and `_` keep to it and need no escape in JSON-LD either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator

from assets.model import Strict

if TYPE_CHECKING:
    from assets.standard import Standard

AttributeName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,99}$")]
# Free of everything a broker may forbid.
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")]
TypeName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z0-9]{0,99}$")]
# `location` is written by `position`; the others belong to the broker or to the entity itself.
RESERVED: frozenset[str] = frozenset(
    {"id", "type", "location", "dateCreated", "dateModified", "dateExpires"}
)

Kind = Literal["text", "number", "flag", "date", "moment", "day_start", "url", "email", "list"]


class Attribute(Strict):
    """Where the value of one attribute, or of one part of it, comes from.

    Attributes:
        column: Column the value stands in.
        otherwise: Columns tried in turn where it is blank.
        constant: A value that is the same for every entity, instead of a column.
        kind: How the cell is read. `flag`: 1 is true and blank is false, as the layout says.
            `date`: a day. `moment`: a day and the time in `time` by Japan's clock, nothing where one of
            them is blank. `day_start`: the first instant of a day in Japan. `list`: parts
            separated by `;`.
        time: Column of the time of day (HH:MM) of a `moment`.
        unit: UN/CEFACT common code of a number, such as IE (persons) or MMT (mm).
    """

    column: str | None = None
    otherwise: list[str] = Field(default_factory=list)
    constant: Word | list[Word] | None = None
    kind: Kind = "text"
    time: str | None = None
    unit: str | None = Field(default=None, pattern=r"^[A-Z0-9]{2,3}$")

    @model_validator(mode="after")
    def _take_one_source(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("column か constant の、どちらか一つを書いてください")
        if (self.time is not None) != (self.kind == "moment"):
            raise ValueError("time は kind: moment と一緒に書いてください")
        return self

    @property
    def columns(self) -> list[str]:
        """List the columns the value may come from."""
        named = [self.column, *self.otherwise, self.time]
        return [name for name in named if name is not None]


class Identity(Strict):
    """What an entity's id is made of: `urn:ngsi-ld:<type>:<municipality>:<release>:<parts>`.

    Attributes:
        municipality: Column of the six-digit code; the city's own where it is absent or blank.
        parts: Columns, or columns of which the first that is not blank counts.
    """

    municipality: str | None = None
    parts: list[str | list[str]] = Field(min_length=1)

    @property
    def columns(self) -> list[str]:
        """List the columns of the parts."""
        return [name for part in self.parts for name in ([part] if isinstance(part, str) else part)]


class Position(Strict):
    """The columns of a point; written in the order longitude, latitude."""

    latitude: str
    longitude: str


class LeftOut(Strict):
    """Columns that no attribute carries, and why."""

    columns: list[str] = Field(min_length=1)
    because: str = Field(min_length=1)


class EntityMapping(Strict):
    """One layout as entities.

    Attributes:
        title: Of the layout.
        type: Entity type.
        model: Data model repository of Smart Data Models the type is defined in; None: our own type.
        observed_on: Column of the day all numbers of a row were counted on.
        structures: Attributes that are objects, part by part.
    """

    title: str = Field(min_length=1)
    type: TypeName
    model: str | None = Field(default=None, pattern=r"^dataModel\.[A-Za-z0-9]+$")
    id: Identity
    position: Position | None = None
    observed_on: str | None = None
    structures: dict[AttributeName, dict[AttributeName, Attribute]] = Field(default_factory=dict)
    attributes: dict[AttributeName, Attribute] = Field(min_length=1)
    left_out: list[LeftOut] = Field(default_factory=list)

    @model_validator(mode="after")
    def _name_each_attribute_once(self) -> Self:
        names = [*self.structures, *self.attributes]
        if wrong := sorted({n for n in names if n in RESERVED or names.count(n) > 1}):
            raise ValueError(f"使えない名前か、2回書かれた名前です: {'、'.join(wrong)}")
        return self

    @property
    def all_attributes(self) -> list[Attribute]:
        """List the attributes and the parts of structures."""
        parts = [part for structure in self.structures.values() for part in structure.values()]
        return [*self.attributes.values(), *parts]

    @property
    def terms(self) -> list[str]:
        """List the names that a JSON-LD context must explain; the type too when it is our own."""
        parts = [name for structure in self.structures.values() for name in structure]
        own = [] if self.model else [self.type]
        return [*own, *self.structures, *parts, *self.attributes]

    @property
    def columns(self) -> list[str]:
        """List the columns the mapping reads, once each."""
        named = [name for attribute in self.all_attributes for name in attribute.columns]
        place = [self.position.latitude, self.position.longitude] if self.position else []
        more = [self.id.municipality, self.observed_on]
        named += [*self.id.columns, *place, *(n for n in more if n)]
        return list(dict.fromkeys(named))

    def unknown_columns(self, standard: Standard) -> list[str]:
        """List the columns it names that the layout does not have."""
        named = [*self.columns, *(n for group in self.left_out for n in group.columns)]
        return [name for name in named if standard.column(name) is None]

    def forgotten_columns(self, standard: Standard) -> list[str]:
        """List the columns of the layout it neither carries nor leaves out with a reason."""
        named = {*self.columns, *(n for group in self.left_out for n in group.columns)}
        return [column.name for column in standard.columns if column.name not in named]
