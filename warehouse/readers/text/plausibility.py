"""How odd a text would be in the file of a Japanese city: decides between readings of one file.

The same bytes can be a text in two encodings (住民 in EUC-JP is ｽｻﾌｱ in cp932). Each reading is
weighed by the letters it would consist of, per byte they take; the less odd one is believed when
the difference is clear. Half-width kana must obey their own grammar (ﾞ only behind a kana that
takes it), kanji are the likelier the more a city uses them.
"""

from __future__ import annotations

import re
from collections import Counter

# The kanji city halls write most (headers, addresses, names, facilities, welfare, elections).
_COMMON = frozenset(
    "町市高川松科大田地香人丁山中県目内字野小校日学南西会区育上医東園館番本所和島三一木原新豊屋村下水院外合北公社神自都津"
    "療井浜化宮長生部二法保然寺福辺場器事団文民歌谷後理海局尾里歯曜阪国美集併体太活石緑口土岡府白安輝心課号崎分古広来健浦"
    "有江流出力紀佐台教元住平気光湯業創瀬立階道子環串多郷祉未第名形康庄見前域四交児池病熊牟富勝入動橋塩天林藤面老消礼花布"
    "別整家養造史戸岩設賀毛河浅丘御七波城吉用共避数協歴難千明近定付那護等月良根施志産久路以智電総政方経時周裏及金座機舎敷"
    "風防間治代積循丸室横泉清央旧発居米九境印務成由坂者十火郡温倉伊塚森八支肥手宅満桜亀料策甲正五坊通診黒畑農特鶴観世認車"
    "沢調関朝店六須春度線製能営伏容働紙指性陽工運京王男女式船州加利無葉休港備推実年登常楽竹氏住所姓帳票籍届転居帯主続柄額"
    "税納期令元昭和合計件円歳夫妻父母孫郵便電話異更"
)
_VOICED = "ｳｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"
_NEVER_FIRST = "ｧｨｩｪｫｬｭｮｯｰﾞﾟﾝ"
_HALF = "ｦ-ﾟ"
_ODD_MARK = re.compile(f"(?<![{_VOICED}])ﾞ|(?<![ﾊ-ﾎ])ﾟ|(?<![ｷｼﾁﾆﾋﾐﾘﾞﾟﾃﾌｳ])[ｬｭｮ]|ﾝﾝ|ｯｯ|ｰｰ|[ｦ](?!\\W|$)")
_ODD_START = re.compile(f"(?<![{_HALF}])[{_NEVER_FIRST}]")
_ODD_END = re.compile(f"[ｧｯ](?![{_HALF}])")
# A half-width kana that touches a kanji or hiragana: real texts put a blank or a comma between.
_ODD_SIDE = re.compile(f"[{_HALF}](?=[぀-ゟ一-鿿a-z])|(?<=[぀-ゟ一-鿿a-z])[{_HALF}]")
# Signs of measure beside the number they belong to: 25°C, ±3, 2×4. In cp932 they are ﾂｰ, ﾂｱ.
_MEASURE = re.compile(r"(?<=\d)[°×±÷]|[±×](?=\d)|°(?=[CF])|§(?= ?\d)")
_MEASURED_KANA = re.compile(r"(?<=\d)ﾂ[ｰｱ](?![ｦ-ﾟ])|(?<![ｦ-ﾟ])ﾂｱ(?=\d)")
_WESTERN_WORD = re.compile("(?<=[a-z])[à-öø-ÿß]|[à-öø-ÿÀ-ÖØ-Þ](?=[a-z])")
_HALF_POINTS = re.compile(r"[｡｢｣､･]")

_EVERYDAY, _KANA_HALF, _LEVEL_1, _POINT, _RARE, _FOREIGN, _NEVER = (
    0.0,
    0.12,
    0.3,
    0.6,
    0.8,
    1.0,
    2.0,
)
_ILLEGAL = 1.5
_SAMPLE = 100_000
# A western letter or sign where one belongs, two bytes long.
_SOFTENED = 1.8
_KNOWN_VARIANTS = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅠⅡⅢⅣⅤ㈱㈲㈹№℡㍻㍼㍽㍾㎡髙﨑濵德栁彅塚邉邊澤齋齊槗")


def weigh(text: str, codec: str) -> float:
    """Weigh a reading: 0 is an everyday text, above 0.5 nobody wrote it so. A long one by its beginning.

    Args:
        text: the reading.
        codec: the Python codec it was read with, to count each letter by its bytes.
    """
    text = text[:_SAMPLE]
    letters = Counter(letter for letter in text if letter > "\x7f")
    if not letters:
        return 0.0
    sizes = {letter: len(letter.encode(codec, "replace")) for letter in letters}
    total = sum(count * sizes[letter] for letter, count in letters.items())
    odd = sum(count * sizes[letter] * _oddness(letter) for letter, count in letters.items())
    odd -= _SOFTENED * sum(len(rule.findall(text)) for rule in (_MEASURE, _WESTERN_WORD))
    return max(0.0, odd + _ILLEGAL * _count_illegal(text)) / total


def _count_illegal(text: str) -> int:
    rules = (_ODD_MARK, _ODD_START, _ODD_END, _ODD_SIDE, _MEASURED_KANA)
    return sum(len(rule.findall(text)) for rule in rules)


def _oddness(letter: str) -> float:
    if "一" <= letter <= "鿿":
        return _oddness_of_kanji(letter)
    if "ｦ" <= letter <= "ﾟ":
        return _KANA_HALF
    if _HALF_POINTS.match(letter):
        return _POINT
    if "ぁ" <= letter <= "ヿ" or "！" <= letter <= "～" or "\u3000" <= letter <= "〕":
        return _EVERYDAY
    if "\u2000" <= letter <= "\u25ff" or "\u3200" <= letter <= "\u33ff":
        return _LEVEL_1
    return _oddness_of_others(letter)


def _oddness_of_others(letter: str) -> float:
    if letter < "\xa0" or "\u0590" <= letter < "\u1e00" or letter == "\ufffd":
        return _NEVER
    if "\ue000" <= letter <= "\uf8ff" or "\uf900" <= letter <= "\ufaff" or letter > "\uffff":
        return _EVERYDAY if letter in _KNOWN_VARIANTS else _RARE
    return _FOREIGN


def _oddness_of_kanji(letter: str) -> float:
    if letter in _COMMON:
        return _EVERYDAY
    if letter in _KNOWN_VARIANTS:
        return _LEVEL_1
    lead = letter.encode("euc_jp", "replace")[0]
    return _LEVEL_1 if 0xB0 <= lead <= 0xCF else _RARE  # noqa: PLR2004 - rows of JIS X 0208
