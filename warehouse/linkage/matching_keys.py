"""From the columns of a dataset to the keys that are compared; a blank or unreadable value has none.

Belongs here: which function of `transforms` makes which key. Must not hold: how letters are folded
or addresses read (`transforms`), how keys are compared (`model`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from transforms.addresses.address import city_address
from transforms.texts.matching_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assets.linkage import LinkedDataset, MatchingKey
    from assets.release import City

KEY = "unique_id"
_POINT = ("lat", "lon")
_DAY_LENGTH = 10


def key_columns(name: str, key: MatchingKey) -> list[str]:
    """List the columns that hold a key: one, or two of a point."""
    return [f"{name}_{part}" for part in _POINT] if key.transform == "point" else [name]


def make_keys(
    rows: pl.DataFrame, linked: LinkedDataset, keys: Mapping[str, MatchingKey], city: City
) -> pl.DataFrame:
    """Make the keys of one dataset.

    Args:
        rows: `unique_id` and the columns that the dataset names.
        linked: Which column serves which key.
        keys: The keys of the linkage; one that the dataset does not have is null everywhere.
        city: Whose addresses are read without prefecture and city, whose name facilities omit.

    Returns:
        `unique_id` and the columns of every key, in the order of the linkage.
    """
    made = [KEY]
    frame = rows
    for name, key in keys.items():
        columns = linked.columns.get(name)
        frame = frame.with_columns(_make(name, key, columns, city))
        made += [f"key {column}" for column in key_columns(name, key)]
    return frame.select(pl.col(column).name.map(_unmark) for column in made)


def _unmark(name: str) -> str:
    return name.removeprefix("key ")


def _make(name: str, key: MatchingKey, columns: list[str] | None, city: City) -> list[pl.Expr]:
    targets = [f"key {column}" for column in key_columns(name, key)]
    if key.transform == "point":
        given = columns or [None, None]
        numbers = [
            (pl.col(column) if column else pl.lit(None)).cast(pl.Float64, strict=False)
            for column in given
        ]
        return [number.alias(t) for number, t in zip(numbers, targets, strict=True)]
    kind = pl.Date if key.transform == "date" else pl.String
    if columns is None:
        return [pl.lit(None, kind).alias(targets[0])]
    text = pl.concat_str([pl.col(c).cast(pl.String) for c in columns], ignore_nulls=True)
    return [_fold(text, key, city).cast(kind).alias(targets[0])]


def _fold(text: pl.Expr, key: MatchingKey, city: City) -> pl.Expr:
    plain = text.str.normalize("NFKC")
    match key.transform:
        case "date":
            made = text.str.head(_DAY_LENGTH).str.to_date("%Y-%m-%d", strict=False)
        case "phone":
            made = _filled(plain.str.replace_all(r"\D", ""))
        case "text":
            made = _filled(plain.str.replace_all(r"\s+", ""))
        case "address":
            made = _address(text, city)
        case "town":
            made = _parts(text, city).struct.field("town")
        case "place_name":
            made = name_key(_without_city(text, city), scheme=key.scheme or "body")
        case _:
            made = name_key(text, scheme=key.scheme or "person")
    return made.struct.field("value") if key.is_name else made


def _parts(text: pl.Expr, city: City) -> pl.Expr:
    return city_address(text, city.local_government_code)


def _address(text: pl.Expr, city: City) -> pl.Expr:
    """Give town, block and number; flats of one house share it, their rooms are often left out."""
    parts = _parts(text, city).struct
    number = pl.concat_str(
        pl.lit(" ") + parts.field("block"), pl.lit("-") + parts.field("number"), ignore_nulls=True
    )
    return pl.when(parts.field("town").is_not_null()).then(
        pl.concat_str(parts.field("city"), parts.field("town"), number, ignore_nulls=True)
    )


def _without_city(text: pl.Expr, city: City) -> pl.Expr:
    """Leave out 大阪府豊中市立: one list names the owner, the other does not."""
    owner = f"^(?:{re.escape(city.prefecture)})?(?:{re.escape(city.name)})立?"
    return text.str.normalize("NFKC").str.replace(owner, "")


def _filled(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)
