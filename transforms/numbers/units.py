"""Units behind a number: 円, 千人, ％, and by which power of ten they count.

Belongs here: which words are units, their base unit. Must not hold: the reading of numbers, the
conversion of one kind of unit to another (km to m).
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from transforms.width import fold_word


class Unit(NamedTuple):
    """A base unit, and the power of ten by which one counts: 千円 is (円, 3)."""

    base: str
    exponent: int


SCALES: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "十": 1,
        "百": 2,
        "千": 3,
        "万": 4,
        "十万": 5,
        "百万": 6,
        "千万": 7,
        "億": 8,
        "十億": 9,
        "百億": 10,
        "千億": 11,
        "兆": 12,
        "十兆": 13,
        "百兆": 14,
    }
)
# 分 (minutes or tenths), 月, 日 (dates), 度, 位, 番 and 号 (ordinals, about) say more than one thing.
BASES = (
    *("円", "人", "名", "世帯", "件", "戸", "個", "台", "回", "冊", "本", "枚", "点", "棟", "校", "園"),
    *("所", "か所", "ヶ所", "カ所", "ケ所", "箇所", "店", "社", "団体", "施設", "室", "床", "席", "組"),
    *("頭", "匹", "羽", "隻", "筆", "票", "口", "区画", "種", "種類", "品目", "項目", "議席", "学級"),
    *("歳", "才", "年間", "か月", "ヶ月", "カ月", "日間", "時間", "泊", "倍", "ポイント", "%"),
    *("m", "cm", "mm", "km", "m2", "km2", "m3", "ha", "g", "kg", "mg", "t", "トン"),
    *("mL", "ml", "kL", "kl", "kW", "kWh", "MWh", "℃", "KB", "MB", "GB"),
)  # fmt: skip
_OTHER_SPELLINGS: Mapping[str, Unit] = MappingProxyType(
    {
        **dict.fromkeys(("パーセント", "パ-セント"), Unit("%", 0)),
        "‰": Unit("%", -1), "パーミル": Unit("%", -1), "割": Unit("%", 1), "¥": Unit("円", 0),
        **dict.fromkeys(("㎡", "m²", "平方メートル", "平米"), Unit("m2", 0)),
        **dict.fromkeys(("㎢", "km²", "平方キロメートル"), Unit("km2", 0)),
        **dict.fromkeys(("㎥", "m³", "立方メートル"), Unit("m3", 0)),
        "㎞": Unit("km", 0), "キロメートル": Unit("km", 0), "メートル": Unit("m", 0),
        "㌫": Unit("%", 0), "㎏": Unit("kg", 0), "ヘクタール": Unit("ha", 0),
        "㎝": Unit("cm", 0), "㎜": Unit("mm", 0), "ヵ所": Unit("か所", 0), "ヵ月": Unit("か月", 0),
    }
)  # fmt: skip


@cache
def read_unit(word: str) -> Unit | None:
    """Read a unit such as `千円` or `(単位：千円)`; None when it is none we know."""
    folded = fold_word(word).strip(" ()[]").removeprefix("単位").strip(" :")
    for base in _longest_first():
        if folded.endswith(base):
            scale = SCALES.get(folded[: len(folded) - len(base)])
            if scale is not None:
                unit = _OTHER_SPELLINGS.get(base, Unit(base, 0))
                return Unit(unit.base, unit.exponent + scale)
    return None


@cache
def _longest_first() -> list[str]:
    return sorted([*BASES, *_OTHER_SPELLINGS], key=len, reverse=True)
