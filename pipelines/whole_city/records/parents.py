"""Children and the parent they live with: who claims, answers and signs for a child.

A guardian is the father or the mother in the same household, else the head of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.records.lives import draw, tell_lives

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.whole_city.city import City

_ABOUT = (
    *("person", "household_id", "resident_id", "full_name", "full_kana", "birth_date"),
    *("sex_code", "relationship", "since_date", "divorced_date"),
)
_UNUSED = (
    *("surname", "surname_kana", "given", "given_kana", "phone", "email", "death_date", "base"),
    *("elsewhere", "came_from", "town_id"),
)
FATHER, MOTHER = "1", "2"


def tell_families(city: City, born_from: dt.date) -> pl.DataFrame:
    """Give the lives of those born from a day on, and of everybody who may answer for them."""
    children = city.persons.filter(pl.col("birth_date") >= born_from)
    heads = city.versions.select("person", "head").join(children, on="person", how="semi")["head"]
    known = [children["person"], children["mother"], children["father"], heads]
    return tell_lives(city, pl.concat(known).drop_nulls().unique()).drop(_UNUSED)


def entry_year(birth: pl.Expr) -> pl.Expr:
    """Give the year of the April in which a child enters school (学校教育法第17条第1項).

    One is six at the end of the day before the sixth birthday: those born on 1 April enter with
    those born before.
    """
    born_early = (birth.dt.month() < 4) | ((birth.dt.month() == 4) & (birth.dt.day() == 1))  # noqa: PLR2004 - April
    return birth.dt.year() + 7 - born_early.cast(pl.Int32)


def with_parents(there: pl.DataFrame, born_from: dt.date) -> pl.DataFrame:
    """List children with father and mother, where these live in the same household.

    Args:
        there: who lives in the city on a day: `living_on` of `tell_families`.
        born_from: children born before are left out.

    Returns:
        Rows of `there`, with the columns of each parent suffixed `_father`, `_mother`; null where
        that parent is not in the household.
    """
    found = there.filter(pl.col("birth_date") >= born_from)
    about = there.select(_ABOUT)
    for parent in ("father", "mother"):
        named = about.rename({c: f"{c}_{parent}" for c in about.columns if c != "household_id"})
        found = found.join(
            named,
            left_on=[parent, "household_id"],
            right_on=[f"person_{parent}", "household_id"],
            how="left",
            maintain_order="left",
        )
    return found


def with_family_draws(lives: pl.DataFrame, city: City, *purposes: str) -> pl.DataFrame:
    """Add numbers from 0 to 1 that brothers and sisters of one mother (else father) share."""
    family = pl.coalesce("mother", "father", "person").alias("family")
    lives = lives.with_columns(family)
    for purpose in purposes:
        drawn = draw(city, purpose).rename({"person": "family"})
        lives = lives.join(drawn, on="family", how="left", maintain_order="left")
    return lives


def of_parent(parent: pl.Expr, column: str) -> pl.Expr:
    """Take a column from the parent a code names (`FATHER`, else the mother)."""
    return pl.when(parent == FATHER).then(f"{column}_father").otherwise(f"{column}_mother")
