"""What months of population tables tell of single movements, method by method, truth known.

    python bench/differencing.py [--residents N] [--months N]

Settles a whole made-up city (`machikane city`), counts its residents by town, five-year age band and
sex on the first of every month, publishes the tables by several methods and attacks them:

* exactly (`anonymize/overlap/attack`): every month against the month before, all margins published
  where the method keeps true margins; every statement is held against the truth;
* likely (`anonymize/overlap/averaging`): the whole series at once, demography learnt from the
  published series alone; a movement is stated when its chance is 95 % or more.

Prints per method: mean absolute error of the cells, and of cells with margins; the share of true
movements of one or two persons stated exactly, and how many statements were wrong; the share stated
with 95 %, and how many of those statements are right; the share that the best guess names; the share
of counts stated with 95 %. Then plants overlaps of each kind and identical tables. Ends with 1 below
a bar. No peer: no other tool attacks tables across releases.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from anonymize.cells import OTHER_REGIONS, merge_small_regions, round_cells  # noqa: E402
from anonymize.overlap.attack import attack  # noqa: E402
from anonymize.overlap.averaging import (  # noqa: E402
    LIKELY,
    Channel,
    estimate_rate,
    infer_movements,
    random_rounding_channel,
)
from anonymize.overlap.labels import Dimension  # noqa: E402
from anonymize.overlap.released import (  # noqa: E402
    SEEN,
    Released,
    as_counted,
    as_hidden_below,
    as_rounded,
)
from assets.register import load_register  # noqa: E402
from assets.release import RandomRounding  # noqa: E402
from pipelines.whole_city.city import ages_on  # noqa: E402
from pipelines.whole_city.people.settle import count_months, settle  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable

BANDS = [f"{5 * n}-{5 * n + 4}歳" for n in range(17)] + ["85歳以上"]
TEN_YEARS = [f"{10 * n}-{10 * n + 9}歳" for n in range(8)] + ["80歳以上"]
SEXES = ["男性", "女性"]
CELLS = [f"{band}の{sex}" for sex in SEXES for band in BANDS]
SMALL = (1, 2)
DIMENSIONS = [
    Dimension("地域", "category", rest=OTHER_REGIONS),
    Dimension("年齢", "age"),
    Dimension("性別", "category"),
]
EXACT_BAR, ERROR_BAR, HIDDEN_BAR = 0.01, 1.3, 0.94
THRESHOLD = 10
SECONDS = 3.0  # for the linear programs of a month


@dataclass
class Told:
    """What one method told over all months."""

    stated: int = 0
    small: int = 0
    wrong: int = 0
    seconds: float = 0.0

    @property
    def share(self) -> float:
        """Share of the true small movements that were stated exactly."""
        return self.stated / max(1, self.small)


def count_city(residents: int, months: int) -> tuple[list[str], np.ndarray]:
    """Settle a city and count: names of towns, months x towns x cells."""
    city = settle(residents, 1, count_months(months))
    towns = city.towns.sort("town_id")
    tables = []
    for day in city.months:
        people = city.residents_on(day).select(
            cell=(pl.col("sex_code") == "2").cast(pl.Int64) * len(BANDS)
            + (ages_on(pl.col("birth_date"), day) // 5).clip(0, len(BANDS) - 1),
            town=pl.col("town_id").cast(pl.Int64),
        )
        place = np.searchsorted(towns["town_id"].to_numpy(), people["town"].to_numpy())
        index = place * len(CELLS) + people["cell"].to_numpy()
        tables.append(np.bincount(index, minlength=towns.height * len(CELLS)))
    return towns["town"].to_list(), np.array(tables).reshape(months, towns.height, len(CELLS))


def tidy(towns: list[str], counts: np.ndarray, *, margins: bool) -> pl.DataFrame:
    """Write counts as one row a cell, with every margin if wanted."""
    band = np.tile(BANDS, len(SEXES) * len(towns))
    sex = np.tile(np.repeat(SEXES, len(BANDS)), len(towns))
    inner = pl.DataFrame({"地域": np.repeat(towns, len(CELLS)), "年齢": band, "性別": sex, SEEN: counts.ravel()})  # fmt: skip
    if not margins:
        return inner
    kept = (["地域", "性別"], ["地域", "年齢"], ["性別", "年齢"], ["地域"], ["性別"], ["年齢"])
    sums = [inner.group_by(names).agg(pl.col(SEEN).sum()) for names in kept]
    return pl.concat([inner, *sums, inner.select(pl.col(SEEN).sum())], how="diagonal")


def as_table(
    cells: pl.DataFrame, bounds: list[pl.Expr], month: int, name: str = "人口"
) -> Released:
    """Make a released table of the month."""
    return Released(name, 1, f"{month:04}", cells.with_columns(bounds).select("地域", "年齢", "性別", "low", "high", "hidden", "seen"))  # fmt: skip


def check_statements(changes: pl.DataFrame, towns: list[str], moved: np.ndarray) -> tuple[int, int]:
    """Hold statements against the truth: how many true small movements of cells were stated, wrong ones."""
    pattern = [pl.col("cell").str.extract(rf"{name}=([^・]+)").alias(name) for name in ("地域", "年齢", "性別")]  # fmt: skip
    named = changes.filter(~pl.col("cell").str.contains("のうち|組合せ")).select(
        "persons", *pattern
    )
    truth = tidy(towns, moved, margins=True).rename({SEEN: "true"})
    joined = named.join(truth, on=["地域", "年齢", "性別"], how="left", nulls_equal=True)
    wrong = joined.filter((pl.col("persons") != pl.col("true")).fill_null(value=True)).height
    cells = joined.drop_nulls(["地域", "年齢", "性別"]).filter(pl.col("persons") == pl.col("true"))
    return cells.unique(["地域", "年齢", "性別"]).height, wrong


def attack_months(towns: list[str], counts: np.ndarray, publish: Callable[[int], Released]) -> Told:
    """Attack every month together with the one before."""
    told, started = Told(), time.perf_counter()
    tables = [publish(month) for month in range(len(counts))]
    for month in range(1, len(counts)):
        moved = counts[month] - counts[month - 1]
        found = attack(tables[month], [tables[month - 1]], DIMENSIONS, seconds=SECONDS)
        stated, wrong = check_statements(found.changes, towns, moved)
        told.stated += stated
        told.wrong += wrong
        told.small += int(np.isin(np.abs(moved), SMALL).sum())
    told.seconds = time.perf_counter() - started
    return told


def attack_series(counts: np.ndarray, published: np.ndarray, channel: Channel) -> dict[str, float]:
    """Attack whole series; cells x months of those published in every month (-1: not)."""
    small = np.isin(np.abs(np.diff(counts, axis=1)), SMALL)
    shown = (published >= 0).all(axis=1)
    moved = np.diff(counts[shown], axis=1)
    found = infer_movements(published[shown], channel, estimate_rate(published[shown], channel))
    stated, right = found.stated(), found.best == moved
    sure = found.level_chance >= LIKELY
    return {
        "likely": float((stated & right).sum() / small.sum()),
        "of": int(stated.sum()),
        "right": float((stated & right).sum() / max(1, stated.sum())),
        "guess": float((right & small[shown]).sum() / small.sum()),
        "counts": float(sure.mean()),
    }


def errors(counts: np.ndarray, published: np.ndarray) -> tuple[float, float]:
    """Mean absolute error of the cells, and of cells and margins of the towns' rows."""
    shown = (published >= 0).all(axis=2)
    off = (published - counts)[shown]
    by_sex = off.reshape(-1, 2, len(BANDS)).sum(axis=2)
    row = np.concatenate([off, by_sex, by_sex.sum(axis=1, keepdims=True)], axis=1)
    return float(np.abs(off).mean()), float(np.abs(row).mean())


def round_months(
    towns: list[str], counts: np.ndarray, base: int, minimum: int, *, sticky: bool
) -> np.ndarray:
    """Publish by our random rounding; -1 where a town is merged. Not sticky: a new key every month."""
    rng, published = np.random.default_rng(7), np.full_like(counts, -1)
    key, place = rng.bytes(32), {town: number for number, town in enumerate(towns)}
    for month, table in enumerate(counts):
        key = key if sticky else rng.bytes(32)
        frame = pl.DataFrame(table, schema=CELLS).with_columns(region=pl.Series(towns))
        frame, _ = merge_small_regions(frame, "region", counts=CELLS, minimum_total=minimum)
        frame = round_cells(frame, "region", CELLS, base=base, key=key)
        frame, _ = merge_small_regions(frame, "region", counts=CELLS, minimum_total=minimum)
        alone = frame.filter(pl.col("region") != OTHER_REGIONS)
        published[month, [place[t] for t in alone["region"]]] = alone.select(CELLS).to_numpy()
    return published


def report_exact(name: str, months: int, told: Told) -> None:
    """Print a method whose numbers are true where shown."""
    print(f"{months:3} {name:34} stated exactly {told.share:8.3%} of {told.small:,}  wrong {told.wrong}  {told.seconds:5.1f} s", flush=True)  # fmt: skip


def report_rounded(
    name: str, towns: list[str], counts: np.ndarray, published: np.ndarray, channel: Channel
) -> tuple[float, float, float, float]:
    """Attack and print a rounded method; give its two errors, exact share, likely share."""

    def publish(month: int) -> Released:
        cells = tidy(towns, published[month], margins=False).filter(pl.col(SEEN) >= 0)
        return as_table(cells, as_rounded(SEEN, channel.reach + 1), month)

    told = attack_months(towns, counts, publish)
    flat = counts.transpose(1, 2, 0).reshape(-1, len(counts))
    seen = published.transpose(1, 2, 0).reshape(-1, len(counts))
    likely = attack_series(flat, seen, channel)
    inner, whole = errors(counts, published)
    print(
        f"{len(counts):3} {name:34} MAE {inner:.3f} (with margins {whole:.3f})  stated exactly {told.share:.3%}"
        f" wrong {told.wrong}  95%: {likely['likely']:.3%} ({likely['of']} statements, {likely['right']:.0%} right)"
        f"  guess {likely['guess']:.1%}  counts at 95%: {likely['counts']:.3%}",
        flush=True,
    )
    return inner, whole, told.share, likely["likely"]


def nearest_channel(base: int) -> Channel:
    """Round to the nearest multiple: no draw at all."""
    return Channel(
        f"nearest:{base}",
        lambda seen, count: ((count + base // 2) // base * base == seen).astype(np.float64),
        base // 2,
        "sticky",
    )


def plant(towns: list[str], counts: np.ndarray) -> tuple[int, int]:
    """Plant overlaps of every kind in a few towns each; how many were found, of how many."""
    rng, found, planted = np.random.default_rng(3), 0, 0
    for town in rng.choice(len(towns), 12, replace=False):
        base = counts[0, town : town + 1].copy() + 20
        name = [towns[town]]
        cell = int(rng.integers(0, len(CELLS)))
        moved = base.copy()
        moved[0, cell] += int(rng.choice([-2, -1, 1, 2]))
        one = base.copy()
        one[0, cell] = 1
        for candidate, earlier in _overlaps(name, base, moved, one, cell):
            planted += 1
            told = attack(candidate, earlier, DIMENSIONS)
            found += bool(told.changes.height or told.sizes.height)
    return found, planted


def _overlaps(
    name: list[str], base: np.ndarray, moved: np.ndarray, one: np.ndarray, cell: int
) -> list[tuple[Released, list[Released]]]:
    band, sex = BANDS[cell % len(BANDS)], SEXES[cell // len(BANDS)]
    here = (pl.col("年齢") == band) & (pl.col("性別") == sex)

    def whole(counts: np.ndarray) -> pl.DataFrame:
        return tidy(name, counts, margins=True)

    def hide(counts: np.ndarray) -> pl.DataFrame:
        return whole(counts).with_columns(
            pl.when(~here.fill_null(value=False)).then(SEEN).alias(SEEN)
        )

    inner = (
        pl.col("地域").is_not_null() & pl.col("年齢").is_not_null() & pl.col("性別").is_not_null()
    )
    hidden = as_hidden_below(SEEN, THRESHOLD)
    many = base.copy()
    many[0, cell] = 3
    many_cells = tidy(name, many, margins=False)
    few = whole(one).filter(inner & ~here)
    return [
        # two months of one table, bare
        (as_table(whole(moved), as_counted(SEEN), 2), [as_table(whole(base), as_counted(SEEN), 1)]),
        # a cell withheld and given back by its sums
        (as_table(hide(many), hidden, 2), []),
        # the whole in one release, all but one group in another
        (
            as_table(whole(one).filter(~inner), as_counted(SEEN), 1, "合計"),
            [as_table(few, as_counted(SEEN), 1)],
        ),
        # withheld in one release, left over by the totals of another
        (
            as_table(_by_age(many_cells), as_counted(SEEN), 1, "年齢別"),
            [as_table(hide(many).filter(inner), hidden, 1)],
        ),
        # ten-year bands one month, five-year bands the next
        (
            as_table(tidy(name, moved, margins=False), as_counted(SEEN), 2),
            [as_table(_ten_years(tidy(name, base, margins=False)), as_counted(SEEN), 1)],
        ),
    ]


def _by_age(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.group_by("地域", "年齢").agg(pl.col(SEEN).sum()).with_columns(性別=pl.lit(None, pl.String))  # fmt: skip


def _ten_years(cells: pl.DataFrame) -> pl.DataFrame:
    wider = {band: TEN_YEARS[min(n // 2, 8)] for n, band in enumerate(BANDS)}
    return cells.with_columns(pl.col("年齢").replace_strict(wider)).group_by("地域", "年齢", "性別").agg(pl.col(SEEN).sum())  # fmt: skip


def identical(towns: list[str], counts: np.ndarray) -> tuple[int, int]:
    """Publish tables again as they are; how many were stopped, of how many."""
    stopped = tried = 0
    whole = tidy(towns, counts[0], margins=True)
    withheld = whole.with_columns(pl.when(pl.col(SEEN) >= THRESHOLD).then(SEEN).alias(SEEN))
    for table, bounds in ((whole, as_counted(SEEN)), (withheld, as_hidden_below(SEEN, THRESHOLD))):
        for month in (1, 2):
            told = attack(as_table(table, bounds, month), [as_table(table, bounds, 1)], DIMENSIONS)
            stopped += bool(told.changes.height or told.sizes.height)
            tried += 1
    return stopped, tried


def main() -> None:
    """Run all methods over half the months and all of them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--residents", type=int, default=400_000)
    parser.add_argument("--months", type=int, default=24)
    given = parser.parse_args()
    towns, counts = count_city(given.residents, given.months)
    protection = load_register().releases["population"].spec.protection
    if not isinstance(protection, RandomRounding):
        raise SystemExit("the demonstration's population table is not rounded at random any more")
    base, minimum = protection.base, protection.minimum_region_total
    print(f"{given.residents:,} residents, {len(towns)} towns, mean cell {counts.mean():.1f}; default: base {base}, minimum {minimum}")  # fmt: skip
    kept = True
    for months in (given.months // 2, given.months):
        some = counts[:months]
        bare = attack_months(towns, some, lambda m: as_table(tidy(towns, counts[m], margins=True), as_counted(SEEN), m))  # fmt: skip
        report_exact("as counted", months, bare)

        def hide(month: int) -> Released:
            table = tidy(towns, counts[month], margins=True)
            table = table.with_columns(pl.when(pl.col(SEEN) >= THRESHOLD).then(SEEN).alias(SEEN))
            return as_table(table, as_hidden_below(SEEN, THRESHOLD), month)

        hidden = attack_months(towns, some, hide)
        report_exact("under 10 hidden, all margins", months, hidden)
        kept &= bare.share == 1 and hidden.share >= HIDDEN_BAR and bare.wrong + hidden.wrong == 0
        nearest = (some + 2) // 5 * 5
        report_rounded("nearest multiple of 5", towns, some, nearest, nearest_channel(5))
        for other, sticky in ((5, False), (5, True), (4, True), (3, False)):
            rounded = round_months(towns, some, other, minimum, sticky=sticky)
            repeat = "sticky" if sticky else "fresh"
            report_rounded(f"random, base {other}, {repeat}", towns, some, rounded, random_rounding_channel(other, repeat))  # fmt: skip
        ours = round_months(towns, some, base, minimum, sticky=True)
        inner, whole, exact, likely = report_rounded(f"DEFAULT: random, base {base}, sticky", towns, some, ours, random_rounding_channel(base, "sticky"))  # fmt: skip
        kept &= max(exact, likely) <= EXACT_BAR and max(inner, whole) <= ERROR_BAR
    found, planted = plant(towns, counts)
    stopped, tried = identical(towns, counts)
    print(f"planted overlaps found {found} of {planted}; identical tables stopped {stopped} of {tried}")  # fmt: skip
    sys.exit(0 if kept and found == planted and not stopped else 1)


if __name__ == "__main__":
    main()
