"""How an older sheet becomes a current layout, said column by column.

Here stand shapes only: `assets/standards/conversions/common.yaml` for the columns all datasets share,
`<slug>.yaml` beside it for the rest; what a dataset says goes before what is common. Carrying it
out is `warehouse/standards/convert`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from assets.model import Strict
from assets.strict_yaml import load_yaml

FOLDER = Path(__file__).parent / "standards" / "conversions"
COMMON = "common"
AddressPart = Literal["pref", "city", "town", "block", "building", "town_id"]


class Derivation(Strict):
    """Where the values of one column of the current layout come from; exactly one is given.

    Attributes:
        take: The column of the older sheet, as it is.
        join: Columns of the older sheet written one after the other.
        address: A column with an address; the prefecture is put in front where it is missing.
        of: A column with an address to take `part` from.
        part: Which part of it.
        cannot: Why the column cannot be derived, in Japanese.
        note: What a reader should know of the derivation.
    """

    take: str | None = None
    join: list[str] = Field(default_factory=list)
    address: str | None = None
    of: str | None = None
    part: AddressPart | None = None
    cannot: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _say_one_thing(self) -> Self:
        given = [self.take, self.join or None, self.address, self.of, self.cannot]
        if sum(one is not None for one in given) != 1:
            raise ValueError("take・join・address・of・cannot のどれか1つだけを書いてください")
        if (self.of is None) != (self.part is None):
            raise ValueError("of と part は組で書いてください")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Name the columns of the older sheet it reads."""
        one = (self.take, self.address, self.of)
        return (*(name for name in one if name), *self.join)


class Conversion(Strict):
    """A whole conversion.

    Attributes:
        columns: Column of the current layout to where it comes from.
        remarks: Column of the older sheet that goes to 備考, to the reason, in Japanese.
    """

    columns: dict[str, Derivation] = Field(default_factory=dict)
    remarks: dict[str, str] = Field(default_factory=dict)


def load_conversion(slug: str) -> Conversion:
    """Read what is common and what a dataset says besides.

    Raises:
        pydantic.ValidationError: if a file shipped with the program is wrong.
    """
    common = _read(FOLDER / f"{COMMON}.yaml")
    path = FOLDER / f"{slug}.yaml"
    own = _read(path) if path.is_file() else Conversion()
    return Conversion(
        columns={**common.columns, **own.columns}, remarks={**common.remarks, **own.remarks}
    )


def _read(path: Path) -> Conversion:
    return Conversion.model_validate(load_yaml(path.read_text("utf-8")))
