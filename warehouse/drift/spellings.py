"""Spellings of headers that are the same, and words that must never be taken for each other.

Tables only; what they are used for stands in `folding` and `likeness`.
"""

from __future__ import annotations

from types import MappingProxyType


def _pairs(text: str) -> dict[str, str]:
    """Read pairs of letters, parted by blanks."""
    return {pair[0]: pair[1] for pair in text.split(" ")}


# Old and new forms of one letter: the second of each pair is kept.
VARIANTS = MappingProxyType(
    _pairs(
        "髙高 﨑崎 嵜崎 德徳 瀨瀬 邊辺 邉辺 齋斎 齊斉 澤沢 濱浜 濵浜 廣広 國国 學学 區区 號号 圖図 會会 縣県 "
        "廳庁 關関 鐵鉄 數数 當当 對対 體体 發発 變変 來来 曆暦 歷歴 淸清 靑青 戶戸 內内 黑黒 步歩 每毎 緖緒 "
        "單単 價価 實実 讀読 續続 總総 經経 驗験 證証 屆届 狀状 從従 處処 醫医 藥薬 樂楽 廢廃 壽寿 豐豊 圓円 "
        "ヵカ ヶケ"
    )
)
# Small kana as old systems write them.
BIG_KANA = MappingProxyType(dict(zip("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ", strict=True)))
# Letters of another script that look the same.
LOOK_ALIKE = MappingProxyType(
    _pairs("カ力 エ工 ロ口 ニ二 ハ八 タ夕 ト卜 オ才 チ千 ミ三 メ〆 ◯○ 〇○")
)
# Words of one meaning, folded: each to the one kept, the longer ones first.
SAME_MEANING = MappingProxyType(
    {
        "ナンバー": "番号",
        "number": "番号",
        "no": "番号",
        "code": "コード",
        "cd": "コード",
        "telephone": "電話番号",
        "phone": "電話番号",
        "tel": "電話番号",
        "zipcode": "郵便番号",
        "漢字氏名": "氏名",
        "氏名漢字": "氏名",
        "お名前": "氏名",
        "名前": "氏名",
        "姓名": "氏名",
        "name": "氏名",
        "フリガナ": "カナ",
        "ヨミガナ": "カナ",
        "読ミ仮名": "カナ",
        "ヨミ": "カナ",
        "シメイ": "氏名",
        "現住所": "住所",
        "ジユウシヨ": "住所",
        "address": "住所",
        "所在地": "住所",
        "誕生日": "生年月日",
        "birthday": "生年月日",
        "摘要": "備考",
        "メモ": "備考",
        "特記事項": "備考",
        "remarks": "備考",
        "note": "備考",
        "種別": "区分",
        "種類": "区分",
        "男女別": "性別",
        "日付": "年月日",
        "合計": "計",
        "総数": "計",
        "総計": "計",
    }
)
# Of two headers that differ in one of these, one is not the other renamed.
OPPOSITES = (
    ("男", "女"), ("開始", "終了"), ("始期", "終期"), ("入", "出"), ("出生", "死亡"), ("本年", "前年"),
    ("今年", "昨年"), ("当月", "前月"), ("以上", "未満"), ("以上", "以下"), ("上", "下"), ("前", "後"),
    ("父", "母"), ("夫", "妻"), ("昼", "夜"), ("有", "無"), ("公立", "私立"), ("件数", "金額"),
    ("増", "減"), ("緯度", "経度"), ("姓", "名"), ("カナ", "漢字"), ("人", "世帯"), ("自", "至"),
    ("大人", "小人"), ("旧", "新"), ("実績", "予算"), ("件", "円"), ("率", "数"),
)  # fmt: skip
UNIT_SCALES = MappingProxyType(
    {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "十万": 100_000, "百万": 1_000_000}
    | {"千万": 10_000_000, "億": 100_000_000, "十億": 1_000_000_000, "兆": 1_000_000_000_000}
)
UNITS = (
    "円",
    "人",
    "件",
    "世帯",
    "戸",
    "台",
    "冊",
    "棟",
    "箇所",
    "か所",
    "ha",
    "t",
    "kg",
    "km",
    "m2",
    "m3",
    "kwh",
    "%",
)
