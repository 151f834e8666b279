"""The lives of the residents as rows that systems draw from: who they are, where, since when.

Belongs here: what several departments say of one person in the same words. Must not hold: what one
department alone knows (`systems`), or families of the family register (`families`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.city import BORN, DIVORCED, MOVED_IN, MOVED_OUT, MOVED_WITHIN

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

JAPAN = "日本"
FULL_NAME = pl.concat_str("surname", "given", separator="\u3000")
FULL_KANA = pl.concat_str("surname_kana", "given_kana", separator="\u3000")
CAME = (BORN, MOVED_IN)
_IS_FIRST = pl.col("person").ne_missing(pl.col("person").shift(1))


def tell_lives(city: City, persons: pl.Series | None = None) -> pl.DataFrame:
    """Give the rows of the register with all that is known of the person and the address.

    Args:
        city: the made-up city.
        persons: only theirs; none: everybody's.

    Returns:
        `VERSIONS`, `until_date` (never null), `PERSONS`, town, postal code and school district,
        with `full_name`, `full_kana`, `since_date` and `since_notified` (the entry as a resident),
        `came_from`, `address_since_date`, `divorced_date`; in the order of person and number.
    """
    chosen = city.spells
    if persons is not None:
        chosen = chosen.filter(pl.col("person").is_in(persons.implode()))
    return (
        chosen.with_columns(pl.col("until_date").fill_null(dt.date.max), **_sinces())
        .join(city.persons, on="person", how="left", maintain_order="left")
        .join(
            city.towns.select("town_id", "town", "base", "postal_code", "school_district"),
            on="town_id",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            full_name=FULL_NAME,
            full_kana=FULL_KANA,
            # The common form of a postal code is its seven digits.
            postal_code=pl.col("postal_code").str.replace("-", "", literal=True),
        )
    )


def _sinces() -> dict[str, pl.Expr]:
    """Say of every row since when; the first row is an entry whatever its reason."""
    reason, day = pl.col("reason"), pl.col("effective_date")
    came = reason.is_in(CAME)
    settled = came | reason.is_in([MOVED_WITHIN, MOVED_OUT])
    return {
        "since_date": _at_last(came, day),
        "since_notified": _at_last(came, pl.col("notified_date")),
        "came_from": _at_last(came, pl.when(came).then("elsewhere")),
        "address_since_date": _at_last(settled, day),
        "divorced_date": _at_last(reason == DIVORCED, pl.when(reason == DIVORCED).then(day)),
    }


def _at_last(condition: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Take a value from the person's last row so far that meets a condition, else from the first.

    Rows stand person after person, so that no window is needed.
    """
    place = pl.when(condition | _IS_FIRST).then(pl.int_range(pl.len()))
    return value.gather(place.forward_fill())


def first_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Choose everybody's first row, of rows person after person."""
    return rows.filter(_IS_FIRST)


def last_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Choose everybody's last row, of rows person after person."""
    return rows.filter(pl.col("person").ne_missing(pl.col("person").shift(-1)))


def living_on(lives: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Choose the rows of residents that hold at the end of a day, if the city knows of them by then.

    One row a person.
    """
    return lives.filter(
        "is_resident",
        pl.col("effective_date") <= day,
        pl.col("until_date") > day,
        pl.col("since_notified") <= day,
    )


def known_on(lives: pl.DataFrame, day: dt.date) -> pl.DataFrame:
    """Choose the last row of every person that the city knows of at the end of a day."""
    return last_rows(lives.filter(pl.col("notified_date") <= day))


def as_of(rows: pl.DataFrame, lives: pl.DataFrame, person: str, day: str) -> pl.DataFrame:
    """Add to rows what held of a person on a day: every column of `lives` but `person`, suffixed.

    Args:
        rows: the frame to be added to, with the columns `person` and `day`; its order is kept.
        lives: of `tell_lives`, the columns wanted with `person` and `effective_date`.
        person: the column that names whose life; its name is the suffix.
        day: the column of the day.
    """
    wanted = lives.rename({c: f"{c}_{person}" for c in lives.columns if c != "person"})
    order = "__order"
    left = rows.with_row_index(order).sort(day, maintain_order=True)
    found = left.join_asof(
        # Of two rows of one day the later counts.
        wanted.rename({"person": person}).sort(f"effective_date_{person}", maintain_order=True),
        left_on=day,
        right_on=f"effective_date_{person}",
        by=person,
        check_sortedness=False,
    )
    return found.sort(order).drop(order)


def draw(city: City, purpose: str) -> pl.DataFrame:
    """Draw a number from 0 to 1 for every person: `person`, and the purpose as the column."""
    drawn = city.rng(purpose).random(city.persons.height)
    return city.persons.select("person").with_columns(pl.Series(purpose, drawn))
