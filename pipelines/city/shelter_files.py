"""The shelters of the city in the shape of the national list, spelled as its keeper spells them.

Many are public facilities under another spelling, without their number: which is which is the truth
that a linkage is held against. Others (schools, parks) are in no list of facilities.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pipelines.city.facility_files import draw_facilities
from pipelines.city.people import draw_block, open_stream
from pipelines.city.text_files import save_text
from pipelines.city.towns import distinct_bases
from pipelines.city.truth import FileTruth

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

EVACUATION, EMERGENCY = "evacuation_272035_R8.csv", "emergency_272035_R8.csv"
EVACUATION_DATASET, EMERGENCY_DATASET = "evacuation_shelters", "emergency_shelters"

_HAZARDS = (
    "洪水", "崖崩れ、土石流及び地滑り", "高潮", "地震", "津波", "大規模な火事", "内水氾濫", "火山現象",
)  # fmt: skip
_SERVING = ("公民館", "体育館", "コミュニティプラザ", "こども園", "市民ホール")
_SLIP_DEGREES = 0.0003
_DIGITS = {f"{kanji}丁目": f"{n}-" for n, kanji in enumerate("一二三四五六七八九", start=1)}
_Row = dict[str, str]


def write_shelters(
    inbox: Path, seed: int
) -> tuple[dict[str, FileTruth], dict[str, dict[str, str]]]:
    """Write both lists.

    Returns:
        The truth per file, and per dataset the shelters that are facilities: shelter → facility id.
    """
    facilities = draw_facilities(open_stream(seed, "facilities"))
    serving = facilities.filter(pl.col("名称").str.contains("|".join(_SERVING)))
    files, same = {}, {}
    for name, dataset, letter in (
        (EVACUATION, EVACUATION_DATASET, "1"),
        (EMERGENCY, EMERGENCY_DATASET, "2"),
    ):
        stream = open_stream(seed, name)
        rows, same[dataset] = _draw_shelters(stream, serving, letter)
        shaped = [_shape(row, is_evacuation=name == EVACUATION) for row in rows]
        save_text(inbox / name, pl.DataFrame(shaped), "utf-8")
        files[name] = FileTruth(len(rows))
    return files, same


def _draw_shelters(
    stream: Random, serving: pl.DataFrame, letter: str
) -> tuple[list[_Row], dict[str, str]]:
    """Draw some of the facilities, and places of the same towns that are none."""
    rows, same = [], {}
    for facility in serving.iter_rows(named=True):
        if stream.random() < 0.8:  # noqa: PLR2004 - not every hall is a shelter
            row = _respell(stream, facility)
            rows.append(row)
            same[str(len(rows))] = facility["施設ID"]
    for town in distinct_bases():
        for kind in ("小学校", "公園")[: stream.randint(1, 2)]:
            place = {
                "施設・場所名": f"{town.base}{kind}",
                "住所": f"大阪府豊中市{town.name}{draw_block(stream)}",
                "lng": f"{town.longitude + stream.uniform(-0.002, 0.002):.6f}",
                "lat": f"{town.latitude + stream.uniform(-0.002, 0.002):.6f}",
            }
            rows.append(place)
    numbered = [
        {"NO": f"{60_000 + n}", "共通ID": f"E27203500{letter}{n:04}", **row}
        for n, row in enumerate(rows, start=1)
    ]
    return numbered, {f"E27203500{letter}{int(n):04}": facility for n, facility in same.items()}


def _respell(stream: Random, facility: dict[str, str]) -> _Row:
    """Spell a facility as the other list does: owner before the name, digits, a measured place."""
    name, address = facility["名称"], facility["所在地"]
    spelled = stream.choice((name, f"豊中市立{name}", name.replace("コミュニティ", "ｺﾐｭﾆﾃｨ"),
                             f"{name[:-3]} {name[-3:]}"))  # fmt: skip
    if stream.random() < 0.5:  # noqa: PLR2004 - half of them
        for kanji, digits in _DIGITS.items():
            address = address.replace(kanji, digits)
        address = address.replace("番", "-").replace("号", "")
    slips = [stream.uniform(-_SLIP_DEGREES, _SLIP_DEGREES) for _ in range(2)]
    return {
        "施設・場所名": spelled,
        "住所": address,
        "lng": f"{float(facility['経度']) + slips[0]:.5f}",
        "lat": f"{float(facility['緯度']) + slips[1]:.5f}",
    }


def _shape(row: _Row, *, is_evacuation: bool) -> _Row:
    """Lay a place out under the headers of its list."""
    if is_evacuation:
        middle: _Row = {
            "指定緊急避難場所との住所同一": "",
            "その他市町村長が必要と認める事項": "",
            "受入対象者": "",
        }
    else:
        middle = {**dict.fromkeys(_HAZARDS, ""), "地震": "1", "指定避難所との住所同一": ""}
    return {
        "NO": row["NO"],
        "共通ID": row["共通ID"],
        "都道府県名及び市町村名": "大阪府豊中市",
        "施設・場所名": row["施設・場所名"],
        "住所": row["住所"],
        **middle,
        "備考": "",
        "lng": row["lng"],
        "lat": row["lat"],
    }
