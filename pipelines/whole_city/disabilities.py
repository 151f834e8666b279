"""Who holds which handbook of the disabled (障害者手帳), from when, at which grade.

Shares by age are assumptions near the national counts of handbooks (福祉行政報告例・衛生行政報告例: about 3.8 %,
1.0 % and 1.1 % of all). What the office records of them is `systems.disability_welfare`.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl

from pipelines.whole_city.timelines import birthday, end_of_window, reach_by_share, span

if TYPE_CHECKING:
    import numpy as np

    from pipelines.whole_city.city import City

PHYSICAL, INTELLECTUAL, MENTAL = "1", "2", "3"
ISSUED, REGRADED, RENEWED = "1", "3", "4"
_CURVES = {
    PHYSICAL: ([0, 2, 20, 40, 60, 70, 80, 95], [0, 0.002, 0.006, 0.014, 0.036, 0.075, 0.125, 0.21]),
    INTELLECTUAL: ([2, 6, 12, 20, 60], [0, 0.006, 0.011, 0.012, 0.0125]),
    MENTAL: ([14, 20, 35, 50, 70, 90], [0, 0.006, 0.013, 0.018, 0.02, 0.021]),
}
_GRADES = {
    PHYSICAL: (["1", "2", "3", "4", "5", "6"], [0.31, 0.15, 0.16, 0.25, 0.06, 0.07]),
    INTELLECTUAL: (["A", "B1", "B2"], [0.36, 0.24, 0.40]),
    MENTAL: (["1", "2", "3"], [0.10, 0.57, 0.33]),
}
_BEGUN = {
    PHYSICAL: dt.date(1950, 4, 1),
    INTELLECTUAL: dt.date(1973, 9, 27),
    MENTAL: dt.date(1995, 10, 1),
}
# 高齢者の医療の確保に関する法律施行令別表; the part of 4級 that is eligible is left out.
_SEVERE = {PHYSICAL: ["1", "2", "3"], INTELLECTUAL: ["A"], MENTAL: ["1", "2"]}
_CERTIFIED = 65
_OPTING = 0.35
_RENEWAL_YEARS = 2
_REGRADED = 0.25
_YEARS_TO_REGRADE = (3, 12)


def list_handbooks(city: City) -> pl.DataFrame:
    """List what happened to the handbooks, wherever the holder lived.

    Returns:
        `person`, `handbook_code`, `day`, `event_code` (新規交付, 等級変更, 更新), `grade_code`,
        `issued_date`; in the order of person, handbook and day, none after the months.
    """
    parts = [_live(city, kind) for kind in _CURVES]
    events = pl.concat(parts).filter(pl.col("day") < end_of_window(city))
    return events.sort("person", "handbook_code", "day", maintain_order=True)


def certify_for_late_elderly(city: City) -> pl.DataFrame:
    """Give who joined 後期高齢者医療 between 65 and 74 for a disability: `person`, `certified_date`."""
    severe = pl.any_horizontal(
        (pl.col("handbook_code") == kind) & pl.col("grade_code").is_in(grades)
        for kind, grades in _SEVERE.items()
    )
    opting = pl.Series(city.rng("late elderly by disability").random(city.persons.height) < _OPTING)
    holders = list_handbooks(city).filter(severe).group_by("person").agg(pl.col("day").min())
    born = city.persons.select("person", "birth_date").filter(opting)
    # An application comes a month after the handbook or the 65th birthday.
    ready = pl.max_horizontal("day", birthday(pl.col("birth_date"), _CERTIFIED))
    certified = ready + pl.duration(days=30)
    return (
        holders.join(born, on="person")
        .with_columns(certified_date=certified)
        .filter(pl.col("certified_date") < birthday(pl.col("birth_date"), 75))
        .select("person", "certified_date")
        .sort("person")
    )


def _live(city: City, kind: str) -> pl.DataFrame:
    """Follow the handbooks of one kind from the issue on."""
    rng = city.rng(f"handbook {kind}")
    ages, shares = _CURVES[kind]
    issued = reach_by_share(city, rng.random(city.persons.height), ages, shares)
    # The handbooks began with their laws; holders of old enough disabilities came soon after.
    begun = pl.lit(_BEGUN[kind]) + span(rng.integers(0, 1000, issued.height))
    issued = issued.with_columns(day=pl.max_horizontal("day", begun))
    grades, weights = _GRADES[kind]
    grade = rng.choice(len(grades), issued.height, p=weights)
    first = issued.with_columns(
        grade=pl.Series(grade), issued_date=pl.col("day"), event_code=pl.lit(ISSUED)
    )
    later = _renew(city, first, rng) if kind == MENTAL else _regrade(first, rng)
    return pl.concat([first, later]).select(
        "person",
        pl.lit(kind).alias("handbook_code"),
        "day",
        "event_code",
        pl.col("grade")
        .replace_strict(dict(enumerate(grades)), return_dtype=pl.String)
        .alias("grade_code"),
        "issued_date",
    )


def _regrade(first: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Some grow worse by one grade some years after."""
    wait = span(rng.integers(*_YEARS_TO_REGRADE, first.height) * 365)
    chosen = pl.Series(rng.random(first.height) < _REGRADED)
    return first.with_columns(
        day=pl.col("day") + wait,
        grade=pl.col("grade") - 1,
        event_code=pl.lit(REGRADED),
    ).filter(chosen, pl.col("grade") >= 0)


def _renew(city: City, first: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """A mental handbook is renewed every two years (精神保健福祉法第45条第4項), at the same grade."""
    span = (end_of_window(city) - _BEGUN[MENTAL]).days // (365 * _RENEWAL_YEARS) + 1
    early = pl.Series(rng.integers(0, 60, first.height))
    turns = pl.int_ranges(1, span + 1)
    return (
        first.with_columns(early=early, turn=turns)
        .explode("turn")
        .with_columns(
            day=pl.col("day").dt.offset_by(pl.format("{}y", pl.col("turn") * _RENEWAL_YEARS))
            - pl.duration(days="early"),
            event_code=pl.lit(RENEWED),
        )
        .filter(pl.col("day") < end_of_window(city))
        .drop("early", "turn")
    )
