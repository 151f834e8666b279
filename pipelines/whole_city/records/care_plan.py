"""Who is vaccinated and examined when, and how many come: the plan the health records are drawn from.

Ages of routine vaccinations: 予防接種法施行令第1条の3 and 定期接種実施要領 (as of April 2024; HPV as planned
for twelve-year-olds); ages of infants' examinations: 母子保健法第12条 and practice; of cancer
screening: the ministry's がん検診実施のための指針. The shares who come are assumptions near published
national rates.
"""

from __future__ import annotations

from typing import NamedTuple

VACCINATION, INFANT, CANCER, ADULT = "1", "2", "3", "4"


class Visit(NamedTuple):
    """One vaccination or examination in a childhood: in the month of age, this share comes."""

    kind: str
    item: str
    dose: int | None
    months: int
    share: float
    sex: str | None = None


class Offer(NamedTuple):
    """What grown-ups are offered: between two ages, in some months, this share a year comes."""

    kind: str
    item: str
    youngest: int
    oldest: int
    share: float
    months: tuple[int, ...]
    every: int = 1
    sex: str | None = None


_ALL_YEAR = tuple(range(1, 13))
_AUTUMN = (10, 11, 12, 1)
_SCREENING = (6, 7, 8, 9, 10, 11, 12, 1, 2)

VISITS = (
    *(Visit(VACCINATION, "101", n + 1, m, 0.97) for n, m in enumerate((2, 3, 4, 13))),
    *(Visit(VACCINATION, "102", n + 1, m, 0.97) for n, m in enumerate((2, 3, 4, 12))),
    *(Visit(VACCINATION, "103", n + 1, m, 0.96) for n, m in enumerate((2, 3, 8))),
    *(Visit(VACCINATION, "104", n + 1, m, 0.95) for n, m in enumerate((2, 3))),
    Visit(VACCINATION, "105", 1, 6, 0.97),
    *(Visit(VACCINATION, "106", n + 1, m, 0.95) for n, m in enumerate((12, 64))),
    *(Visit(VACCINATION, "107", n + 1, m, 0.93) for n, m in enumerate((12, 19))),
    *(Visit(VACCINATION, "108", n + 1, m, 0.88) for n, m in enumerate((36, 37, 49, 110))),
    Visit(VACCINATION, "109", 1, 134, 0.78),
    *(Visit(VACCINATION, "110", n + 1, m, 0.3, "2") for n, m in enumerate((150, 156))),
    Visit(INFANT, "201", None, 4, 0.97),
    Visit(INFANT, "202", None, 19, 0.96),
    Visit(INFANT, "203", None, 42, 0.95),
)
OFFERS = (
    Offer(VACCINATION, "121", 65, 125, 0.52, _AUTUMN),
    Offer(VACCINATION, "122", 65, 65, 0.35, _ALL_YEAR),
    Offer(VACCINATION, "123", 65, 125, 0.2, _AUTUMN),
    Offer(CANCER, "301", 50, 125, 0.06, _SCREENING, every=2),
    Offer(CANCER, "302", 40, 125, 0.05, _SCREENING),
    Offer(CANCER, "303", 40, 125, 0.07, _SCREENING),
    Offer(CANCER, "304", 40, 125, 0.14, _SCREENING, every=2, sex="2"),
    Offer(CANCER, "305", 20, 125, 0.14, _SCREENING, every=2, sex="2"),
    Offer(ADULT, "401", 40, 70, 0.02, _SCREENING, every=5, sex="2"),
    Offer(ADULT, "402", 40, 70, 0.05, _SCREENING, every=10),
)
# Millilitres of a dose; what is drunk or stamped has none.
DOSES_ML = {"104": None, "105": None, "123": 0.3, "108": 0.5}
USUAL_DOSE_ML = 0.5
# Months of age → height (cm) and weight (kg) in the middle, after 乳幼児身体発育調査, rounded.
GROWTH = {"201": (63.5, 6.8), "202": (80.5, 10.4), "203": (96.5, 14.3)}
