"""Draw from the plan of care who comes when: children by their age, grown-ups by what is offered.

Belongs here: the draws. Must not hold: the plan (`care_plan`), what is found (`health_records`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from pipelines.whole_city.city import fiscal_year, last_day
from pipelines.whole_city.records.care_plan import OFFERS, VACCINATION, VISITS, Offer

if TYPE_CHECKING:
    from pipelines.whole_city.city import City

_OLDEST_CHILD_YEARS = 15
_LATE_DAYS = 9.0
_NEVER = -1


def plan_visits(city: City) -> pl.DataFrame:
    """Draw the visits of every childhood: `person`, `kind`, `item`, `dose`, `event_date`."""
    first = city.months[0]
    born_from = dt.date(first.year - _OLDEST_CHILD_YEARS, 1, 1)
    children = city.persons.filter(pl.col("birth_date") >= born_from)
    rng = city.rng("visits in childhood")
    drawn = []
    for visit in VISITS:
        comes = pl.Series(rng.random(children.height) < visit.share)
        late = pl.Series(rng.exponential(_LATE_DAYS, children.height).astype(np.int64))
        # The months of age begin on the day of the month one was born.
        day = pl.col("birth_date").dt.offset_by(f"{visit.months}mo") + pl.duration(
            days=pl.lit(late)
        )
        offered = True if visit.sex is None else pl.col("sex_code") == visit.sex
        said = _say(visit.kind, visit.item, visit.dose)
        drawn.append(
            children.with_columns(event_date=day)
            .filter(comes, offered, pl.col("event_date") >= first)
            .select("person", *said, "event_date")
        )
    return pl.concat(drawn)


def _say(kind: str, item: str, dose: int | None) -> list[pl.Expr]:
    return [
        pl.lit(kind).alias("kind"),
        pl.lit(item).alias("item"),
        pl.lit(dose, dtype=pl.Int64).alias("dose"),
    ]


class GrownUps:
    """Who of the grown-ups comes to what is offered; nobody twice to one offer in a fiscal year."""

    def __init__(self, city: City) -> None:
        """Remember what decides it, person after person."""
        self._city = city
        birth = city.persons["birth_date"]
        self._year, self._month = birth.dt.year().to_numpy(), birth.dt.month().to_numpy()
        self._sex = (city.persons["sex_code"] == "2").to_numpy()
        self._turns: dict[tuple[str, int], np.ndarray] = {}

    def come(self, living: np.ndarray, month: dt.date) -> list[pl.DataFrame]:
        """Draw who comes in a month: `person`, `kind`, `item`, `dose`, `event_date`.

        Args:
            living: persons who live in the city at the end of the month.
            month: its first day.
        """
        # Whoever has a birthday in the month might come before it: both ages must be right.
        years, born = month.year - self._year[living], self._month[living]
        ages = years - (born >= month.month), years - (born > month.month)
        return [
            self._of_offer(offer, living, ages, month)
            for offer in OFFERS
            if month.month in offer.months
        ]

    def _of_offer(
        self,
        offer: Offer,
        living: np.ndarray,
        ages: tuple[np.ndarray, np.ndarray],
        month: dt.date,
    ) -> pl.DataFrame:
        turn = self._turn(offer, fiscal_year(month))[living] == offer.months.index(month.month)
        before, after = ages
        is_offered = (before >= offer.youngest) & (after <= offer.oldest)
        chosen = turn & is_offered & (before % offer.every == 0)
        if offer.sex is not None:
            chosen &= self._sex[living] == (offer.sex == "2")
        people = living[chosen]
        rng = self._city.rng(f"days of {offer.item} in {month}")
        days = np.datetime64(month, "D") + rng.integers(0, last_day(month).day, people.size)
        dose = 1 if offer.kind == VACCINATION else None
        return pl.DataFrame({"person": people, "event_date": days}).select(
            "person", *_say(offer.kind, offer.item, dose), "event_date"
        )

    def _turn(self, offer: Offer, year: int) -> np.ndarray:
        """Give everybody's month of the offer in a fiscal year, by its place; -1: does not come."""
        if (offer.item, year) not in self._turns:
            drawn = self._city.rng(f"{offer.item} in {year}").random(self._city.persons.height)
            place = (drawn / offer.share * len(offer.months)).astype(np.int64)
            turn = np.where(place < len(offer.months), place, _NEVER).astype(np.int8)
            self._turns[offer.item, year] = turn
        return self._turns[offer.item, year]
