"""The city's own published figures on online applications and its procedure guide, as files.

Figures: 豊中市「とよなかデジタル・ガバメント戦略2.0」. They are not drawn and depend on no seed. The files
carry no year, because the fiscal year of the figures is to be confirmed with the city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.city.text_files import save_text
from pipelines.city.truth import FileTruth

if TYPE_CHECKING:
    from pathlib import Path

ONLINE_APPLICATIONS, PROCEDURE_GUIDE = "オンライン利用状況.csv", "手続きガイド利用.csv"

ONLINE_COUNTS = (
    ("図書館", 701_870, 832_169),
    ("文化・スポーツ施設", 194_195, 219_382),
    ("研修・講習", 771, 1_002),
    ("地方税", 180_405, 306_011),
    ("水道", 8_684, 39_313),
    ("粗大ごみ", 13_732, 83_755),
    ("犬の登録・死亡届", 306, 1_605),
    ("職員採用", 3_950, 4_002),
    ("入札参加", 71, 249),
    ("公文書開示", 5, 411),
    ("児童手当", 0, 3_744),
    ("介護保険負担割合証", 0, 1_077),
)
GUIDE_COUNTS = (
    ("転入", 971, 19_149),
    ("転出", 560, 18_741),
    ("結婚", 247, 1_662),
    ("出生", 369, 3_184),
    ("離婚", 211, 627),
    ("おくやみ", 730, 4_092),
)


def write_digital(inbox: Path) -> dict[str, FileTruth]:
    """Write both files, numbers with thousands separators as the city prints them."""
    online = _lay_out(ONLINE_COUNTS, ("手続", "オンライン件数", "総件数"))
    guide = _lay_out(GUIDE_COUNTS, ("ライフイベント", "利用人数", "手続き総件数"))
    save_text(inbox / ONLINE_APPLICATIONS, online, "cp932")
    save_text(inbox / PROCEDURE_GUIDE, guide, "utf-8")
    return {
        ONLINE_APPLICATIONS: FileTruth(online.height),
        PROCEDURE_GUIDE: FileTruth(guide.height),
    }


def _lay_out(
    counts: tuple[tuple[str, int, int], ...], headers: tuple[str, str, str]
) -> pl.DataFrame:
    rows = [(name, f"{part:,}", f"{whole:,}") for name, part, whole in counts]
    return pl.DataFrame(rows, list(headers), orient="row")
