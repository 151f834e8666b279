"""The childcare department's workbook: a title, two merged header rows, units, subtotals, a footnote.

Facilities and numbers are made up. The May workbook is cut off in the middle on purpose.
"""

from __future__ import annotations

import datetime as dt
from itertools import cycle, islice
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from pipelines.city.people import open_stream
from pipelines.city.towns import AREAS, distinct_bases
from pipelines.city.truth import FileTruth

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

APRIL, MAY_BROKEN = "保育施設入所状況_R8.4.xlsx", "保育施設入所状況_R8.5.xlsx"

# The known fault: 600 was typed for 60 places. The register holds the correction.
MISTYPED_FACILITY = "中桜塚くすのき保育園"
TRUE_CAPACITY, MISTYPED_CAPACITY = 60, 600

_KINDS = ("保育所", "認定こども園", "小規模保育", "認定こども園", "事業所内保育")
_NAMES = {
    "保育所": "{}くすのき保育園",
    "認定こども園": "認定こども園{}ひばり",
    "小規模保育": "{}どんぐり保育室",
    "事業所内保育": "{}わかば保育室",
}
_FACILITIES_AN_AREA = 8
_NOT_COUNTED = "－"
_FIRST_DATA_ROW = 5
_KEPT_SHARE = 0.6


class Facility(NamedTuple):
    """One facility; persons."""

    area: str
    name: str
    kind: str
    capacity: int
    ages_0: int
    ages_1_2: int
    ages_3_up: int
    waiting: int | None


def write_childcare(inbox: Path, seed: int) -> tuple[dict[str, FileTruth], int]:
    """Write the April workbook and the broken May one.

    Returns:
        The truth per readable file, and the true capacity in April, persons.
    """
    facilities = draw_facilities(open_stream(seed, "childcare/4"))
    _write_workbook(inbox / APRIL, facilities, month=4)
    _write_workbook(inbox / MAY_BROKEN, draw_facilities(open_stream(seed, "childcare/5")), month=5)
    whole = (inbox / MAY_BROKEN).read_bytes()
    (inbox / MAY_BROKEN).write_bytes(whole[: int(len(whole) * _KEPT_SHARE)])
    set_aside = {"小計": len(AREAS), "合計": 1, "注記": 1}
    truth = FileTruth(len(facilities), set_aside=set_aside)
    return {APRIL: truth}, sum(facility.capacity for facility in facilities)


def draw_facilities(stream: Random) -> list[Facility]:
    """Draw the facilities of every area with their true numbers."""
    return [
        _draw_facility(stream, area, base, _KINDS[number % len(_KINDS)])
        for area in AREAS
        for number, base in enumerate(islice(cycle(_bases_of(area)), _FACILITIES_AN_AREA))
    ]


def _bases_of(area: str) -> list[str]:
    """List the town names of an area; the one with the known fault comes first."""
    bases = [town.base for town in distinct_bases() if town.area == area]
    return sorted(bases, key=lambda base: not MISTYPED_FACILITY.startswith(base))


def _draw_facility(stream: Random, area: str, base: str, kind: str) -> Facility:
    small = kind in {"小規模保育", "事業所内保育"}
    name = _NAMES[kind].format(base)
    capacity = 19 if small else stream.choice((60, 80, 90, 120, 150))
    if name == MISTYPED_FACILITY:
        capacity = TRUE_CAPACITY
    filled = round(capacity * stream.uniform(0.8, 1.05))
    ages_0 = max(1, round(filled * (0.25 if small else 0.1)))
    ages_1_2 = filled - ages_0 if small else round(filled * 0.35)
    waiting = None if kind == "事業所内保育" else stream.choice((0, 0, 0, 1, 2))
    ages_3_up = filled - ages_0 - ages_1_2
    return Facility(area, name, kind, capacity, ages_0, ages_1_2, ages_3_up, waiting)


def _write_workbook(path: Path, facilities: list[Facility], *, month: int) -> None:
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2026, month, 10)})  # noqa: DTZ001 - Excel has no zone
        sheet = book.add_worksheet("入所状況")
        centred = book.add_format({"align": "center", "valign": "vcenter", "border": 1})
        _write_header(sheet, centred, month)
        _write_rows(sheet, facilities)


def _write_header(sheet: Worksheet, centred: Format, month: int) -> None:
    sheet.set_column(0, 0, 28)
    sheet.write(0, 0, f"令和8年{month}月1日現在 保育施設入所状況")
    for column, title in ((0, "施設名"), (1, "区分"), (2, "定員"), (7, "待機児童数")):
        sheet.merge_range(2, column, 3, column, title, centred)
    sheet.merge_range(2, 3, 2, 6, "入所児童数", centred)
    sheet.write_row(3, 3, ("0歳児", "1・2歳児", "3歳以上", "計"), centred)
    sheet.write_row(4, 2, ["（人）"] * 6, centred)


def _write_rows(sheet: Worksheet, facilities: list[Facility]) -> None:
    row, subtotals = _FIRST_DATA_ROW, []
    for area in AREAS:
        first, members = row, [f for f in facilities if f.area == area]
        for facility in members:
            _write_facility(sheet, row, facility)
            row += 1
        _write_sums(sheet, row, f"{area}　小計", members, f"SUM({{0}}{first + 1}:{{0}}{row})")
        subtotals.append(row + 1)
        row += 1
    total = "+".join(f"{{0}}{subtotal}" for subtotal in subtotals)
    _write_sums(sheet, row, "合計", facilities, total)
    sheet.write(row + 1, 0, "※ 入所児童数は、管外から受け入れた児童を含み、月の初日の人数です。")


def _write_facility(sheet: Worksheet, row: int, facility: Facility) -> None:
    capacity = MISTYPED_CAPACITY if facility.name == MISTYPED_FACILITY else facility.capacity
    ages = (facility.ages_0, facility.ages_1_2, facility.ages_3_up)
    sheet.write_row(row, 0, (facility.name, facility.kind, capacity, *ages))
    sheet.write_formula(row, 6, f"=SUM(D{row + 1}:F{row + 1})", None, sum(ages))
    sheet.write(row, 7, _NOT_COUNTED if facility.waiting is None else facility.waiting)


def _write_sums(
    sheet: Worksheet, row: int, title: str, members: list[Facility], formula: str
) -> None:
    """Write a row of sums as formulas with their cached results, as Excel saves them."""
    wrong = MISTYPED_CAPACITY - TRUE_CAPACITY
    typed = [f.capacity + wrong * (f.name == MISTYPED_FACILITY) for f in members]
    by_age = zip(*((f.ages_0, f.ages_1_2, f.ages_3_up) for f in members), strict=True)
    ages = [sum(age) for age in by_age]
    sums = (sum(typed), *ages, sum(ages), sum(f.waiting or 0 for f in members))
    sheet.write(row, 0, title)
    for column, letter, value in zip(range(2, 8), "CDEFGH", sums, strict=True):
        sheet.write_formula(row, column, "=" + formula.format(letter), None, value)
