"""The resident register's files: two monthly snapshots and a corrected one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from pipelines.city.changes import live_one_month
from pipelines.city.faults import (
    BLANK_BIRTH_DATE,
    DUPLICATE_KEY,
    IMPOSSIBLE_DATE,
    UNKNOWN_SEX,
    WRONG_LENGTH,
    count_faults,
    inject_faults,
)
from pipelines.city.people import Settler, open_stream, settle_city, to_register
from pipelines.city.spelling import REGISTER_HEADERS, spell_register
from pipelines.city.text_files import save_text
from pipelines.city.truth import FileTruth, count_population

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from random import Random

APRIL, APRIL_CORRECTED, MAY = (
    "住民記録_202604.csv",
    "住民記録_202604_訂正.csv",
    "住民記録_202605.csv",
)
_APRIL_DAY, _MAY_DAY = dt.date(2026, 4, 1), dt.date(2026, 5, 1)

# Rows in 10,000; about 1 % in all, less in the corrected file.
_FAULTS = {
    APRIL: {
        IMPOSSIBLE_DATE: 27,
        BLANK_BIRTH_DATE: 20,
        UNKNOWN_SEX: 20,
        WRONG_LENGTH: 17,
        DUPLICATE_KEY: 17,
    },
    APRIL_CORRECTED: {IMPOSSIBLE_DATE: 7, UNKNOWN_SEX: 10},
    MAY: {
        IMPOSSIBLE_DATE: 20,
        BLANK_BIRTH_DATE: 27,
        UNKNOWN_SEX: 17,
        WRONG_LENGTH: 20,
        DUPLICATE_KEY: 13,
    },
}
_LATE_NOTICES = 2
_WRONG_TOWNS = 5


class Registers(NamedTuple):
    """What was written, the true population by period, and the clean register of May."""

    files: dict[str, FileTruth]
    population: dict[str, pl.DataFrame]
    may: pl.DataFrame


def write_registers(inbox: Path, residents: int, seed: int) -> Registers:
    """Write the three files and tell what is in them."""
    settler = Settler(open_stream(seed, "people"))
    households = settle_city(settler, residents, _APRIL_DAY)
    later = live_one_month(settler, households, _APRIL_DAY + dt.timedelta(days=1), _MAY_DAY)
    april, may = to_register(households), to_register(later)
    contents = {
        APRIL: _before_correction(april, open_stream(seed, "correction")),
        APRIL_CORRECTED: april,
        MAY: may,
    }
    files = {
        name: _write(inbox / name, register, open_stream(seed, name), _FAULTS[name])
        for name, register in contents.items()
    }
    population = {
        "2026-04": count_population(april, _APRIL_DAY),
        "2026-05": count_population(may, _MAY_DAY),
    }
    return Registers(files, population, may)


def _before_correction(register: pl.DataFrame, stream: Random) -> pl.DataFrame:
    """Undo what the correction mends: late notices missing, some residents in a wrong town."""
    ids = register["resident_id"].to_list()
    touched = stream.sample(ids, _LATE_NOTICES + _WRONG_TOWNS)
    late, misplaced = touched[:_LATE_NOTICES], touched[_LATE_NOTICES:]
    town = pl.col("town")
    wrong = pl.when(town == "本町一丁目").then(pl.lit("本町三丁目")).otherwise(pl.lit("本町一丁目"))
    return register.filter(~pl.col("resident_id").is_in(late)).with_columns(
        pl.when(pl.col("resident_id").is_in(misplaced)).then(wrong).otherwise(town).alias("town")
    )


def _write(
    path: Path, register: pl.DataFrame, stream: Random, shares: Mapping[str, int]
) -> FileTruth:
    counts = count_faults(shares, register.height)
    written = inject_faults(spell_register(register), stream, counts).select(*REGISTER_HEADERS)
    save_text(path, written.rename(REGISTER_HEADERS), "cp932")
    return FileTruth(written.height, faults=counts, wide_digits=_count_wide_digits(written))


def _count_wide_digits(written: pl.DataFrame) -> dict[str, int]:
    counts = written.select(pl.all().str.contains("[０-９]").sum()).row(0, named=True)
    return {name: count for name, count in counts.items() if count}
