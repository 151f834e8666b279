"""The towns of the demonstration city: names, readings, postal codes and rough positions.

A handful of 豊中市's 338 町丁目, so that the demonstration reads like home. Positions are rounded to
about 100 m (位置参照情報, 国土交通省, through Geolonia 住所データ, CC BY 4.0; postal codes and readings
from 日本郵便). Nothing here counts people: `households` is only a relative weight.
"""

from __future__ import annotations

from typing import NamedTuple


class Town(NamedTuple):
    """One 町丁目; `kana` is the half-width reading of `base`, the name without its 丁目."""

    name: str
    base: str
    kana: str
    postal_code: str
    area: str
    latitude: float
    longitude: float
    households: int


TOWNS = (
    Town("上新田二丁目", "上新田", "ｶﾐｼﾝﾃﾞﾝ", "560-0085", "北部", 34.804, 135.500, 8),
    Town("新千里東町二丁目", "新千里東町", "ｼﾝｾﾝﾘﾋｶﾞｼﾏﾁ", "560-0082", "北部", 34.810, 135.500, 7),
    Town("新千里西町一丁目", "新千里西町", "ｼﾝｾﾝﾘﾆｼﾏﾁ", "560-0083", "北部", 34.809, 135.492, 5),
    Town("新千里北町二丁目", "新千里北町", "ｼﾝｾﾝﾘｷﾀﾏﾁ", "560-0081", "北部", 34.821, 135.497, 6),
    Town("緑丘一丁目", "緑丘", "ﾐﾄﾞﾘｶﾞｵｶ", "560-0002", "北部", 34.808, 135.479, 5),
    Town("東豊中町五丁目", "東豊中町", "ﾋｶﾞｼﾄﾖﾅｶﾁｮｳ", "560-0003", "北部", 34.795, 135.488, 7),
    Town("少路一丁目", "少路", "ｼｮｳｼﾞ", "560-0004", "北部", 34.804, 135.474, 5),
    Town("本町一丁目", "本町", "ﾎﾝﾏﾁ", "560-0021", "中部", 34.787, 135.463, 7),
    Town("本町三丁目", "本町", "ﾎﾝﾏﾁ", "560-0021", "中部", 34.790, 135.461, 5),
    Town("中桜塚二丁目", "中桜塚", "ﾅｶｻｸﾗﾂﾞｶ", "561-0881", "中部", 34.780, 135.468, 6),
    Town("中桜塚三丁目", "中桜塚", "ﾅｶｻｸﾗﾂﾞｶ", "561-0881", "中部", 34.781, 135.471, 6),
    Town("南桜塚一丁目", "南桜塚", "ﾐﾅﾐｻｸﾗﾂﾞｶ", "561-0882", "中部", 34.776, 135.470, 5),
    Town("岡町北一丁目", "岡町北", "ｵｶﾏﾁｷﾀ", "561-0884", "中部", 34.779, 135.463, 4),
    Town("上野東二丁目", "上野東", "ｳｴﾉﾋｶﾞｼ", "560-0013", "中部", 34.794, 135.476, 5),
    Town("曽根東町三丁目", "曽根東町", "ｿﾈﾋｶﾞｼﾉﾁｮｳ", "561-0802", "中部", 34.770, 135.469, 7),
    Town("服部緑地", "服部緑地", "ﾊｯﾄﾘﾘｮｸﾁ", "561-0873", "中部", 34.775, 135.486, 0),
    Town("螢池東町二丁目", "螢池東町", "ﾎﾀﾙｶﾞｲｹﾋｶﾞｼﾏﾁ", "560-0032", "西部", 34.796, 135.450, 6),
    Town("螢池中町三丁目", "螢池中町", "ﾎﾀﾙｶﾞｲｹﾅｶﾏﾁ", "560-0033", "西部", 34.794, 135.448, 6),
    Town("刀根山一丁目", "刀根山", "ﾄﾈﾔﾏ", "560-0045", "西部", 34.795, 135.457, 4),
    Town("待兼山町", "待兼山町", "ﾏﾁｶﾈﾔﾏﾁｮｳ", "560-0043", "西部", 34.805, 135.454, 0),
    Town("原田元町一丁目", "原田元町", "ﾊﾗﾀﾞﾓﾄﾏﾁ", "561-0808", "西部", 34.774, 135.460, 4),
    Town("玉井町二丁目", "玉井町", "ﾀﾏｲﾁｮｳ", "560-0026", "西部", 34.788, 135.458, 4),
    Town("服部本町三丁目", "服部本町", "ﾊｯﾄﾘﾎﾝﾏﾁ", "561-0852", "南部", 34.766, 135.478, 6),
    Town("庄内東町一丁目", "庄内東町", "ｼｮｳﾅｲﾋｶﾞｼﾏﾁ", "561-0831", "南部", 34.751, 135.476, 7),
    Town("庄内東町四丁目", "庄内東町", "ｼｮｳﾅｲﾋｶﾞｼﾏﾁ", "561-0831", "南部", 34.749, 135.477, 6),
    Town("庄内西町二丁目", "庄内西町", "ｼｮｳﾅｲﾆｼﾏﾁ", "561-0832", "南部", 34.751, 135.473, 6),
    Town("二葉町一丁目", "二葉町", "ﾌﾀﾊﾞﾁｮｳ", "561-0825", "南部", 34.738, 135.465, 3),
    Town("豊南町西一丁目", "豊南町西", "ﾎｳﾅﾝﾁｮｳﾆｼ", "561-0816", "南部", 34.753, 135.481, 5),
    Town("小曽根三丁目", "小曽根", "ｵｿﾞﾈ", "561-0813", "南部", 34.759, 135.486, 5),
)

# Towns with a fixed handful of households of one or two persons: fewer than 15 residents, so that
# small cells matter in every table of people by town.
TINY_TOWNS = {"待兼山町": 4, "服部緑地": 6}

# No 番 of these towns comes near this number: no address of the demonstration exists.
FIRST_BLOCK = 900

AREAS = ("北部", "中部", "西部", "南部")


def distinct_bases() -> list[Town]:
    """List the towns once per name without 丁目, in their order."""
    return list({town.base: town for town in TOWNS}.values())
