"""Carrying out one derivation: the expression that makes a column of the current layout.

Belongs here: expressions over the columns of the older sheet, named as it names them. Must not hold:
which column comes from where (`assets/standards/conversions`), the account (`convert`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from transforms.addresses.address import city_address
from transforms.addresses.municipalities import find_place
from transforms.places.points import point_text
from transforms.verdict import OK, REPAIRED

if TYPE_CHECKING:
    from assets.conversion import Derivation

PREFECTURES = "^(?:北海道|東京都|京都府|大阪府|[^都道府県市区町村]{2,3}県)"
_PUBLISHER = ("都道府県名", "市区町村名")
_BLOCK = ("block", "number")


def derive(cells: pl.DataFrame, derivation: Derivation, city: str | None) -> pl.Series | None:
    """Make the values of one column; None where the file lacks the columns it needs.

    Args:
        cells: One text column a column of the older sheet; blanks null.
        derivation: Where the values come from.
        city: Six-digit code of the publisher, where the file tells it; addresses are split by its
            towns.
    """
    if not set(derivation.sources) & set(cells.columns):
        return None
    if derivation.take:
        return cells[derivation.take]
    if derivation.join:
        return _join(cells, derivation.join)
    if derivation.address:
        return _whole_address(cells, derivation.address)
    return _part(cells, derivation.of or "", derivation.part or "", city)


def split_point(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Split cells such as `34.78,135.46` into latitude and longitude, digits as they came.

    Cells that hold no pair of coordinates give null.
    """
    text = pl.col("text")
    pair = text.str.extract_groups(
        r"^\s*(-?[0-9]+(?:\.[0-9]+)?)\s*[,、，;/ ]\s*(-?[0-9]+(?:\.[0-9]+)?)\s*$"
    )
    read = pl.DataFrame({"text": cells}).select(
        pair=pair, good=point_text(text).struct.field("value").is_not_null()
    )
    parts = read.select(
        pl.when("good").then(pl.col("pair").struct.field(name)).alias(name) for name in ("1", "2")
    )
    return parts["1"], parts["2"]


def _join(cells: pl.DataFrame, names: list[str]) -> pl.Series:
    there = [pl.col(name).fill_null("") for name in names if name in cells.columns]
    joined = pl.concat_str(there)
    return cells.select(pl.when(joined != "").then(joined)).to_series()


def _whole_address(cells: pl.DataFrame, name: str) -> pl.Series:
    """Put in front what is missing: the prefecture, or the publisher's prefecture and municipality.

    An address that begins with a municipality of one prefecture only is put there.
    """
    address = pl.col(name)
    pref, city = (
        pl.col(part).fill_null("") if part in cells.columns else pl.lit("") for part in _PUBLISHER
    )
    known = _places(cells[name])
    held = cells.with_columns(
        cells[name].replace_strict(known, default=None, return_dtype=pl.String).alias("_pref")
    )
    whole = (
        pl.when(address.str.contains(PREFECTURES))
        .then(address)
        .when(address.str.starts_with(city) & (city != ""))
        .then(pl.concat_str(pref, address))
        .when(pl.col("_pref").is_not_null())
        .then(pl.concat_str("_pref", address))
        .otherwise(pl.concat_str(pref, city, address))
    )
    return held.select(whole).to_series()


def _places(addresses: pl.Series) -> dict[str, str]:
    """Find the prefecture of every distinct address that names a municipality without doubt."""
    bare = addresses.drop_nulls().unique()
    bare = bare.filter(~bare.str.contains(PREFECTURES))
    places = {text: find_place(text) for text in bare}
    return {
        text: place.pref
        for text, place in places.items()
        if place is not None and place.pref and place.city and place.readings == 1
    }


def _part(cells: pl.DataFrame, name: str, part: str, city: str | None) -> pl.Series:
    """Take one part of the addresses; only those read without doubt give one."""
    blank = pl.Series(name, [None] * cells.height, dtype=pl.String)
    if city is None:
        return blank
    try:
        judged = cells.select(judged=city_address(pl.col(name), city)).unnest("judged")
    except ValueError:  # no municipality has the code
        return blank
    sure = pl.col("verdict").is_in([OK, REPAIRED])
    value = _written(part)
    return judged.select(pl.when(sure & (value != "")).then(value)).to_series()


def _written(part: str) -> pl.Expr:
    if part != "block":
        return pl.col(part).cast(pl.String).fill_null("")
    there = [pl.col(name).cast(pl.String).fill_null("") for name in _BLOCK]
    both = pl.all_horizontal(piece != "" for piece in there)
    return pl.when(both).then(pl.concat_str(there, separator="-")).otherwise(pl.concat_str(there))
