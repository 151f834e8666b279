"""What kind of values each column of a table holds, for whoever makes a table like it.

Belongs here: kinds and declared ranges as plain data. Must not hold: what was learnt from values
(`coding`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from anonymize.complaint import complaint

Kind = Literal["category", "integer", "number", "date"]
Bound = float | dt.date


@dataclass(frozen=True)
class Column:
    """The kind of a column; what is declared beyond it is needed with differential privacy only.

    Attributes:
        kind: `category` (any text, code, boolean), `integer`, `number` or `date`.
        categories: All values of a category, as text, declared without looking at the data.
        minimum: Least value of a number or date, declared likewise; smaller ones are brought to it.
        maximum: Largest value.
        may_be_null: Whether null is a value.
    """

    kind: Kind
    categories: tuple[str, ...] = ()
    minimum: Bound | None = None
    maximum: Bound | None = None
    may_be_null: bool = True


Schema = Mapping[str, Column]


def schema_of(frame: pl.DataFrame) -> dict[str, Column]:
    """Take kinds from the types of the columns.

    Integers count as numbers: a code in digits has to be text, or it would be interpolated.

    Raises:
        ValueError: A type that has no kind (list, struct, time …), named by column.
    """
    return {name: Column(_kind(name, dtype)) for name, dtype in frame.schema.items()}


def require_schema(frame: pl.DataFrame, schema: Schema) -> None:
    """Raise unless every column of the table is declared with a kind that its type can be.

    Raises:
        ValueError: No columns, columns missing on either side, an unfit type, a number that is
            infinite or none, or fewer than 2 rows.
    """
    if list(frame.columns) != list(schema) or not schema:
        raise complaint(
            "表の列と、種類を書いた列が一致しません",
            "引数 schema",
            "表のすべての列を、表の順に書いてください。作らない列は表から除いてください。",
        )
    for name, dtype in frame.schema.items():
        natural, wanted = _kind(name, dtype), schema[name].kind
        fits = wanted in {natural, "category"} or (natural, wanted) == ("integer", "number")
        if not fits:
            raise complaint(
                f"列の型が種類「{wanted}」に合いません",
                f"列「{name}」",
                "型を直すか、種類を category にしてください。",
            )
        if dtype.is_float() and not frame[name].drop_nulls().is_finite().all():
            raise complaint(
                "無限大か、数でない値(NaN)があります",
                f"列「{name}」",
                "空の値(null)に直してください。",
            )
    if frame.height < 2:  # noqa: PLR2004
        raise complaint("行が少なすぎます", "引数 frame", "2行以上の表を渡してください。")


def _kind(name: str, dtype: pl.DataType) -> Kind:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    if dtype == pl.Date:
        return "date"
    if dtype in (pl.String, pl.Boolean, pl.Null) or isinstance(dtype, pl.Categorical | pl.Enum):
        return "category"
    raise complaint(
        "合成できない型の列です",
        f"列「{name}」",
        "文字・整数・小数・日付・真偽のどれかにするか、列を除いてください。",
    )
