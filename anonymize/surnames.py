"""Frequent Japanese surnames, to recognise a name where it must not be.

Belongs here: the list and the expressions made of it. About four of ten residents bear one of them;
a name outside the list is not recognised, so this is a net, not a proof. Must not hold: what follows
from a hit (`gate_personal`).
"""

import polars as pl

# By frequency in telephone directories; the order carries no meaning. Surnames of one character
# (林, 森, 原 …) are left out: they begin too many other words.
_LIST = (
    "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 "
    "斎藤 清水 山崎 池田 橋本 阿部 石川 山下 中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 "
    "村上 遠藤 青木 坂本 斉藤 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田 松田 竹内 "
    "小野 田村 中山 和田 石田 森田 上田 内田 柴田 酒井 宮崎 横山 高木 安藤 宮本 大野 小島 谷口 "
    "今井 工藤 高田 増田 丸山 杉山 村田 大塚 新井 小山 平野 藤本 河野 上野 野口 武田 松井 千葉 "
    "菅原 岩崎 木下 久保 佐野 野村 松尾 市川 菊地 杉本 古川 大西 島田 水野 桜井 高野 渡部 吉川 "
    "山内 西田 飯田 菊池 西川 小松 北村 安田 五十嵐 川口 平田 中田 久保田 服部 岩田 土屋 川崎 "
    "福島 本田 樋口 秋山 田口 永井 山中 中西 吉村 川上 石原 大橋 松岡 馬場 浜田 森本 矢野 浅野 "
    "松下 星野 大久保 吉岡 小池 野田 荒木 熊谷 松浦 大谷 内藤 黒田 尾崎 川村 永田 望月 松村 田辺 "
    "荒井 大島 渡邊 渡邉 齋藤 齊藤 早川 広瀬 栗原 菅野 中井 堀内 黒木 岡崎"
)
SURNAMES = tuple(_LIST.split())
_ANY = "(?:" + "|".join(sorted(SURNAMES, key=len, reverse=True)) + ")"
_GIVEN = r"[\p{Han}\p{Hiragana}\p{Katakana}ー]"
_HONORIFIC = r"(?:様|さん|氏(?:[^\p{Han}]|$)|殿|ちゃん|くん|君)"
_LABEL = "(?:氏名|名前|申請者|世帯主|保護者|本人|被保険者|受給者|患者|利用者|対象者|担当者?)"
_ADDRESSED = rf"{_ANY} ?{_GIVEN}{{0,4}}{_HONORIFIC}"
_LABELLED = rf"{_LABEL}[::は ]{{1,3}}{_ANY} ?{_GIVEN}{{1,4}}"
_SPACED = rf"^{_ANY} {_GIVEN}{{1,4}}$"
_WHOLE = rf"^{_ANY}{_GIVEN}{{1,3}}$"
# A place or an institution that begins with a surname: 山田町, 中村公園, 上野東.
_PLACE = (
    r"[町村市区丁目東西南北中校園館所院店会社駅通橋台丘坂山川島浜崎谷野原口本上下寺宮課係部室組班]$"
)


def names_somebody(text: pl.Expr) -> pl.Expr:
    """Tell whether a text addresses or labels a person by name (田中様, 氏名:山田太郎)."""
    return text.str.contains(_ADDRESSED) | text.str.contains(_LABELLED)


def is_spaced_name(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text is surname, blank, given name."""
    return text.str.contains(_SPACED)


def may_be_name(text: pl.Expr) -> pl.Expr:
    """Tell whether the whole text is as a name without a blank is; single hits prove nothing."""
    return text.str.contains(_WHOLE) & ~text.str.contains(_PLACE)
