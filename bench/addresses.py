"""Time the addresses of one city in mixed spellings: rows per CPU second.

    python bench/addresses.py [ROWS]

Makes distinct addresses of 豊中市 (fixed seed): of 100 rows about 70 in spellings with digits, 10 with
a building, 6 in kanji numerals, 5 with old letters or kana towns, 5 of other cities and 4 that cannot
be resolved. Prints the shares of the verdicts and, for each way of reading, rows per CPU second.
"""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from transforms.addresses.address import address, read_carefully
from transforms.addresses.numerals import write_kanji
from transforms.addresses.town_lists import read_towns

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")
PREFIXES = ["", "豊中市", "大阪府豊中市", "〒560-0000 "]
BUILDINGS = [" 豊中ハイツ{}号室", "グランドメゾン{}", " 桜塚コーポ{}号", " ｻﾝﾊｲﾂ {}", "-{}"]
OUTSIDE = ["大阪府吹田市江坂町", "兵庫県尼崎市東七松町", "東京都千代田区霞が関", "箕面市西小路"]
UNCLEAR = ["豊中市架空町{}-{}-{}", "中桜塚9-{}-{}-{}", "豊中市本町", "中桜塚3丁目{}番{}~{}号"]
OLD = [("螢", "蛍"), ("曽", "曾"), ("の町", "ノ町"), ("桜", "櫻"), ("ケ", "ヶ")]


def make_addresses(rows: int) -> list[str]:
    """Make distinct addresses in mixed spellings."""
    draw = np.random.default_rng(20260401)
    towns = read_towns("272035").towns.select("town", "chome", "kana", "postal_code").rows()
    made: dict[str, None] = {}
    while len(made) < rows:
        town, chome, kana, postal = towns[draw.integers(len(towns))]
        kind, form, *numbers = (int(n) for n in draw.integers(1, [100, 8, 1500, 60, 999]))
        prefix = PREFIXES[draw.integers(len(PREFIXES))].replace(
            "560-0000", f"{postal or '5600000'}"
        )
        made[_spell(kind, form, prefix, (town, chome, kana or town), numbers)] = None
    return list(made)


def _spell(
    kind: int, form: int, prefix: str, town: tuple[str, int | None, str], numbers: list[int]
) -> str:
    name, chome, kana = town
    block, number, room = numbers
    if kind > 95:  # noqa: PLR2004 (shares of a hundred)
        return UNCLEAR[form % len(UNCLEAR)].format(block, number, room)
    if kind > 90:  # noqa: PLR2004
        return f"{OUTSIDE[form % len(OUTSIDE)]}{block}-{number}-{room}"
    if kind > 85:  # noqa: PLR2004
        for new, old in OLD:
            name = name.replace(new, old)
        return f"{prefix}{kana if form > 6 else name}{chome or room}-{block}-{number}"  # noqa: PLR2004
    if kind > 79:  # noqa: PLR2004
        lead = f"{write_kanji(chome)}丁目" if chome else ""
        return f"{prefix}{name}{lead}{write_kanji(block % 99 + 1)}番{write_kanji(number)}号"
    text = _number(form, chome, block, number)
    if kind > 69:  # noqa: PLR2004
        text += BUILDINGS[form % len(BUILDINGS)].format(room + 1000)
    return prefix + name + text


def _number(form: int, chome: int | None, block: int, number: int) -> str:
    lead = f"{chome}-" if chome else ""
    marked = f"{chome}丁目" if chome else ""
    kanji = f"{write_kanji(chome)}丁目" if chome else ""
    return (
        f"{lead}{block}-{number}",
        f"{lead}{block}-{number}".translate(WIDE),
        f"{marked}{block}番{number}号",
        f"{marked}{block}番{number}号".translate(WIDE),
        f"{kanji}{block}-{number}",
        f"{marked}{block}番地の{number}",
        f"{lead}{block}-{number}".replace("-", "の"),
        f" {marked}{block}-{number}",
    )[form - 1]


def time_rows(rows: int, run: Callable[[], object]) -> float:
    """Return rows per CPU second, the better of two runs."""
    spent = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_SELF)
        run()
        after = resource.getrusage(resource.RUSAGE_SELF)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return rows / min(spent)


def main() -> None:
    """Print shares and speeds."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    towns = read_towns("272035")
    texts = pl.Series("raw", make_addresses(rows))
    frame = texts.to_frame()
    judged = frame.select(address(pl.col("raw"), towns=towns).alias("a")).unnest("a")
    print(judged.group_by("verdict", "rule").len().sort("len", descending=True))
    few = texts.head(20_000)
    speed = time_rows(rows, lambda: frame.select(address(pl.col("raw"), towns=towns)))
    slow = time_rows(len(few), lambda: read_carefully(few, towns))
    fold = time_rows(rows, lambda: frame.select(pl.col("raw").str.normalize("NFKC")))
    print(f"address          {speed:>12,.0f} rows per CPU second")
    print(f"letter by letter {slow:>12,.0f}")
    print(f"polars NFKC      {fold:>12,.0f}")


if __name__ == "__main__":
    main()
