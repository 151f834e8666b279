"""National code lists too long for a layout: one CSV `code,name,group` each, under `standards/codes`.

`poi.csv` is the POIコード表 of 2018-01-10 (GIF 491-3-1, デジタル庁, 公共データ利用規約 第1.0版 PDL1.0).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "standards" / "codes"


@cache
def load_codes(name: str) -> dict[str, str]:
    """Read a list: code to its name.

    Raises:
        OSError: if the program ships no such list.
    """
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
