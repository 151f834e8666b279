"""Link two lists of so many persons each: CPU seconds, memory, precision and recall.

    .venv/bin/python bench/linkage.py [rows]

The persons are made up: names drawn as unevenly as real ones, three in four stand in both lists; the
second list has other spellings, slips in the day of birth, old addresses and blank telephone numbers.
The linkage is the one shipped for the library's users. Nothing is downloaded.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from assets.register import load_register
from warehouse.home import Home
from warehouse.linkage.link import link_frames
from warehouse.linkage.matching_keys import make_keys

ROWS = 400_000
_LINKAGE = "library_users_and_residents"
_KANJI = list(
    "高橋田中山本佐藤鈴木渡辺伊小林加吉村松井上木清水斎髙邉崎﨑原野谷川口西東北南浜濱島嶋"
)
_KANA = list(
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ"
)
_VARIANT = {"高": "髙", "辺": "邉", "崎": "﨑", "浜": "濱", "島": "嶋"}


def draw_names(rng: np.random.Generator, rows: int, kinds: int) -> tuple[pl.Series, pl.Series]:
    """Draw names and their readings; the k-th commonest has a share of about 1/k."""
    kanji = ["".join(rng.choice(_KANJI, 2)) for _ in range(kinds)]
    kana = ["".join(rng.choice(_KANA, rng.integers(2, 5))) for _ in range(kinds)]
    shares = 1 / np.arange(10, kinds + 10)
    drawn = rng.choice(kinds, rows, p=shares / shares.sum())
    return pl.Series(kanji).gather(drawn), pl.Series(kana).gather(drawn)


def draw_persons(rng: np.random.Generator, rows: int) -> pl.DataFrame:
    """Draw persons; `person` tells who is who."""
    (family, family_kana), (given, given_kana) = (draw_names(rng, rows, k) for k in (8000, 4000))
    towns = pl.Series(
        [
            "本町一丁目",
            "中桜塚三丁目",
            "上新田二丁目",
            "曽根東町三丁目",
            "庄内東町四丁目",
            "螢池中町三丁目",
        ]
    )
    numbers = rng.integers(1, 60, (3, rows))
    return pl.DataFrame(
        {
            "person": np.arange(rows).astype(str),
            "full_name": family + "　" + given,
            "full_name_kana": family_kana + " " + given_kana,
            "birth_date": np.datetime64("1935-01-01") + rng.integers(0, 33_000, rows),
            "town": towns.gather(rng.integers(0, len(towns), rows)),
            "block": pl.Series(numbers[0].astype(str))
            + "番"
            + pl.Series(numbers[1].astype(str))
            + "号",
            "phone": pl.Series(rng.integers(10**7, 10**8, rows).astype(str)).str.replace(
                "^", "090"
            ),
        }
    )


def spoil(rng: np.random.Generator, persons: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Write the persons down as a form filled in by hand would have them."""

    def happens(share: float) -> pl.Series:
        return pl.Series(rng.random(persons.height) < share)

    kana, born = pl.col("full_name_kana"), pl.col("birth_date")
    old = happens(0.08)
    return persons.with_columns(
        full_name=pl.when(happens(0.3))
        .then(pl.col("full_name").str.replace_many(_VARIANT))
        .otherwise("full_name"),
        full_name_kana=pl.when(happens(0.06))
        .then(kana.str.head(2) + kana.str.slice(3))
        .otherwise(kana),
        birth_date=pl.when(happens(0.03)).then(born.dt.offset_by("1d")).otherwise(born),
        town=pl.when(old).then(moved["town"]).otherwise("town"),
        block=pl.when(old).then(moved["block"]).otherwise("block"),
        phone=pl.when(happens(0.25)).then(None).otherwise("phone"),
    )


def main(rows: int) -> None:
    """Make the lists, link them, print."""
    rng = np.random.default_rng(1)
    everybody = draw_persons(rng, rows + rows // 4)
    left = everybody.head(rows)
    right = everybody.tail(rows)
    right = spoil(rng, right, right.sample(fraction=1, shuffle=True, seed=1))
    register = load_register()
    shipped = register.linkages[_LINKAGE].spec
    linkage = shipped.model_copy(update={"prior": 1 / rows})
    users, residents = linkage.datasets
    right = right.with_columns(address=pl.col("town") + pl.col("block"))
    begun, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    frames = [
        make_keys(frame.rename({"person": "unique_id"}), linked, linkage.keys, register.city)
        for frame, linked in ((right, users), (left, residents))
    ]
    keyed = resource.getrusage(resource.RUSAGE_SELF)
    print(f"keys: {keyed.ru_utime - begun.ru_utime + keyed.ru_stime - begun.ru_stime:.1f} CPU s")
    with tempfile.TemporaryDirectory() as folder:
        links, facts = link_frames(Home(Path(folder)), _LINKAGE, linkage, frames)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    print(f"linking: {ended.ru_utime - keyed.ru_utime + ended.ru_stime - keyed.ru_stime:.1f} CPU s")
    print(f"wall {time.perf_counter() - wall:.1f} s, peak {ended.ru_maxrss / 1e6:.2f} GB")
    linked = links.filter(pl.col("decision") == "link")
    right_ones = (linked["left_key"] == linked["right_key"]).sum()
    both = rows - rows // 4
    print(
        f"pairs {facts.pairs:,}, linked {facts.links:,}, review {facts.reviews:,}, rivals {facts.rivals:,}"
    )
    print(f"precision {right_ones / linked.height:.5f}, recall {right_ones / both:.5f} of {both:,}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
