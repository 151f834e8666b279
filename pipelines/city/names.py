"""Surnames and given names with half-width readings, from which made-up persons are named.

Common names only, some with characters that Windows-31J has and JIS X 0208 lacks (髙 﨑 濵 德 栁 瀨).
No list of people, and nothing about how names are chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from random import Random


class Name(NamedTuple):
    """A name and its reading in half-width katakana."""

    kanji: str
    kana: str


def _parse(pairs: str) -> tuple[Name, ...]:
    return tuple(Name(*pair.split("/")) for pair in pairs.split())


SURNAMES = _parse(
    "佐藤/ｻﾄｳ 鈴木/ｽｽﾞｷ 髙橋/ﾀｶﾊｼ 高橋/ﾀｶﾊｼ 田中/ﾀﾅｶ 伊藤/ｲﾄｳ 渡邊/ﾜﾀﾅﾍﾞ 渡辺/ﾜﾀﾅﾍﾞ 山本/ﾔﾏﾓﾄ "
    "中村/ﾅｶﾑﾗ 小林/ｺﾊﾞﾔｼ 加藤/ｶﾄｳ 吉田/ﾖｼﾀﾞ 山田/ﾔﾏﾀﾞ 佐々木/ｻｻｷ 山﨑/ﾔﾏｻｷ 山崎/ﾔﾏｻﾞｷ 松本/ﾏﾂﾓﾄ "
    "井上/ｲﾉｳｴ 木村/ｷﾑﾗ 林/ﾊﾔｼ 清水/ｼﾐｽﾞ 濵田/ﾊﾏﾀﾞ 德永/ﾄｸﾅｶﾞ 栁田/ﾔﾅｷﾞﾀ 廣瀨/ﾋﾛｾ 西川/ﾆｼｶﾜ "
    "岡本/ｵｶﾓﾄ 前田/ﾏｴﾀﾞ 藤井/ﾌｼﾞｲ 辻/ﾂｼﾞ 谷口/ﾀﾆｸﾞﾁ 上田/ｳｴﾀﾞ 森本/ﾓﾘﾓﾄ 中川/ﾅｶｶﾞﾜ 藤原/ﾌｼﾞﾜﾗ "
    "大西/ｵｵﾆｼ 神﨑/ｶﾝｻﾞｷ 齋藤/ｻｲﾄｳ 今井/ｲﾏｲ"
)
_GIVEN = {
    ("1", "old"): _parse(
        "清/ｷﾖｼ 勇/ｲｻﾑ 茂/ｼｹﾞﾙ 実/ﾐﾉﾙ 正男/ﾏｻｵ 昭/ｱｷﾗ 博/ﾋﾛｼ 和夫/ｶｽﾞｵ 隆/ﾀｶｼ 進/ｽｽﾑ 武/ﾀｹｼ 修/ｵｻﾑ"
    ),
    ("2", "old"): _parse(
        "和子/ｶｽﾞｺ 幸子/ｻﾁｺ 節子/ｾﾂｺ 洋子/ﾖｳｺ 恵子/ｹｲｺ 京子/ｷｮｳｺ 文子/ﾌﾐｺ 千代/ﾁﾖ 久子/ﾋｻｺ 美代子/ﾐﾖｺ"
    ),
    ("1", "middle"): _parse(
        "健一/ｹﾝｲﾁ 誠/ﾏｺﾄ 浩二/ｺｳｼﾞ 直樹/ﾅｵｷ 大輔/ﾀﾞｲｽｹ 哲也/ﾃﾂﾔ 剛/ﾂﾖｼ 達也/ﾀﾂﾔ 亮/ﾘｮｳ 拓也/ﾀｸﾔ"
    ),
    ("2", "middle"): _parse(
        "由美子/ﾕﾐｺ 明美/ｱｹﾐ 真由美/ﾏﾕﾐ 智子/ﾄﾓｺ 裕子/ﾕｳｺ 愛/ｱｲ 彩/ｱﾔ 麻衣/ﾏｲ 恵/ﾒｸﾞﾐ 香織/ｶｵﾘ"
    ),
    ("1", "young"): _parse(
        "蓮/ﾚﾝ 大翔/ﾋﾛﾄ 陽翔/ﾊﾙﾄ 湊/ﾐﾅﾄ 樹/ｲﾂｷ 悠真/ﾕｳﾏ 颯太/ｿｳﾀ 律/ﾘﾂ 翼/ﾂﾊﾞｻ 朝陽/ｱｻﾋ"
    ),
    ("2", "young"): _parse(
        "葵/ｱｵｲ 結衣/ﾕｲ 陽菜/ﾋﾅ 凛/ﾘﾝ 芽依/ﾒｲ 咲良/ｻｸﾗ 紬/ﾂﾑｷﾞ 美咲/ﾐｻｷ 心春/ｺﾊﾙ 莉子/ﾘｺ"
    ),
}
_OLD_UNTIL = 1958
_MIDDLE_UNTIL = 1994


def draw_given_name(stream: Random, sex: str, birth_year: int) -> Name:
    """Draw a given name of the generation; `sex` is the register's code, 1 or 2."""
    recent = "middle" if birth_year <= _MIDDLE_UNTIL else "young"
    generation = "old" if birth_year <= _OLD_UNTIL else recent
    return stream.choice(_GIVEN[sex, generation])
