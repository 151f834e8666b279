"""What stands on the first page of a family register: where it is kept, whose it is, who is in it.

Belongs here: names and places of memberships (`families`). Must not hold: who is in which.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import last_day
from pipelines.whole_city.records.families import tell_memberships
from pipelines.whole_city.records.lives import first_rows, last_rows

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_FIRST_LOT, _LOTS = 901, 98
_ELSEWHERE = "他の市区町村"


@lru_cache(maxsize=1)  # two systems write of the same registers
def describe_memberships(city: City) -> pl.DataFrame:
    """Give the memberships of registers this city keeps that reach into its months.

    Returns:
        Columns of `tell_memberships`, `PERSONS`, and `family_register_id`, `domicile_town`,
        `domicile_block`, `head_name`, `head_surname`, `head_surname_kana`, `first_notified`
        (when the city first knew the person as a resident), `previous_register`, `next_register`.
    """
    named = tell_memberships(city).join(
        city.persons, on="person", how="left", maintain_order="left"
    )
    known = first_rows(city.versions).select("person", first_notified="notified_date")
    paged = _name_heads(_place(named, city), city).join(known, on="person", how="left")
    where = pl.when("is_here").then(pl.concat_str("domicile_town", "domicile_block"))
    label = pl.concat_str(where.otherwise(pl.lit(_ELSEWHERE)), pl.lit(" "), "head_name")
    return (
        paged.with_columns(label=label)
        .sort("person", "entered_date")
        .with_columns(previous_register=_beside("label", 1), next_register=_beside("label", -1))
        .filter("is_here", pl.col("left_date") >= city.months[0])
    )


def _beside(column: str, rows: int) -> pl.Expr:
    """Take a value from the row before (or, -1, after), where it is the same person's."""
    is_same = pl.col("person") == pl.col("person").shift(rows)
    return pl.when(is_same).then(pl.col(column).shift(rows))


def own_number(city: City, known: str) -> pl.Expr:
    """Give the 宛名番号 of a member, once the city knew of the resident when the row was sent.

    Args:
        city: whose first delivery holds all that was known by the end of its first month.
        known: the column of the day on which the row came to be known.
    """
    sent = pl.max_horizontal(known, pl.lit(last_day(city.months[0])))
    return pl.when(pl.col("first_notified") <= sent).then("resident_id")


def _place(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """Draw where the registers have their domicile: lots that do not exist, as all of the city's."""
    rng, count = city.rng("domiciles"), 2 * city.persons.height
    towns, lots = rng.integers(0, city.towns.height, count), rng.integers(0, _LOTS, count)
    places = pl.DataFrame(
        {
            "register": pl.int_range(count, dtype=pl.Int32, eager=True),
            "domicile_town": city.towns["town"].gather(towns),
            "lot": lots + _FIRST_LOT,
        }
    ).with_columns(
        domicile_block=pl.format("{}番地", "lot"),
        family_register_id=pl.lit("27") + pl.col("register").cast(pl.String).str.zfill(7),
    )
    return rows.join(places, on="register", how="left", maintain_order="left")


def _name_heads(rows: pl.DataFrame, city: City) -> pl.DataFrame:
    """Name the head: a resident, else a parent nobody knows, of the child's first surname."""
    ends = {"first": first_rows(city.versions), "last": last_rows(city.versions)}
    surnames = ends["first"].select(
        "person",
        **{
            f"{end}_{c}": rows[c] for end, rows in ends.items() for c in ("surname", "surname_kana")
        },
    )
    heads = surnames.join(city.persons.select("person", "given"), on="person", how="left").join(
        draw_parents(city), on="person", how="left"
    )
    is_known = pl.col("register") % 2 == 0
    joined = rows.with_columns(head=pl.col("register") // 2).join(
        heads.rename({"person": "head", "given": "given_head"}),
        on="head",
        how="left",
        maintain_order="left",
    )
    return joined.with_columns(
        head_surname=pl.when(is_known).then("last_surname").otherwise("first_surname"),
        head_surname_kana=pl.when(is_known)
        .then("last_surname_kana")
        .otherwise("first_surname_kana"),
    ).with_columns(
        head_name=pl.concat_str(
            "head_surname",
            pl.when(is_known).then("given_head").otherwise("father_given"),
            separator="\u3000",
        )
    )


def draw_parents(city: City) -> pl.DataFrame:
    """Draw names for parents who never lived here: `person`, `father_name`, `father_given`, and so on."""
    names = first_rows(city.versions).select("person", "surname")
    described = names.join(city.persons, on="person", how="left", maintain_order="left")
    drawn = [city.persons.select("person")]
    for parent, sex in (("father", "1"), ("mother", "2")):
        of_sex = described.filter(pl.col("sex_code") == sex)
        chosen = of_sex[
            city.rng(f"unknown {parent}").integers(0, of_sex.height, city.persons.height)
        ]
        drawn.append(
            chosen.select(
                pl.concat_str("surname", "given", separator="\u3000").alias(f"{parent}_name"),
                pl.col("given").alias(f"{parent}_given"),
            )
        )
    return pl.concat(drawn, how="horizontal")
