"""The rules of numbers and the words a clerk reads about them.

Belongs here: rule id to verdict, title, remedy, examples, source. Must not hold: code that applies
them (`reading`, `rare`, `marks`, `number`, `figure`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, REPAIRED, UNCERTAIN

_MARKS = "総務省統計局の統計表の符号（- 皆無、… 不詳、x 秘匿、0 単位未満）。表ごとの凡例が優先する"
_MEANING = "表の凡例で意味を確かめ、契約の marks に書いてください。"


def _of(
    *texts: tuple[str, str] | tuple[str, str, str], kind: str = "number"
) -> tuple[Example, ...]:
    """Return the examples from text, value and, where it matters, context."""
    return tuple(Example(text, value, kind, "".join(context)) for text, value, *context in texts)


_READ: Mapping[str, Rule] = MappingProxyType(
    {
        "number.plain": Rule(OK, "数値", examples=_of(("1234", "1234"), ("12.50", "12.5"))),
        "number.fullwidth": Rule(OK, "全角の数字を半角に統一", examples=_of(("１，２３４", "1234"))),
        "number.negative_mark": Rule(
            OK, "負の記号（△など）を変換", examples=_of(("△5", "-5"), ("▲ 1,234", "-1234"), ("－５", "-5"))
        ),
        "number.parentheses": Rule(
            OK, "括弧の負数を変換", examples=_of(("(5)", "-5"), ("（１，２３４）", "-1234"))
        ),
        "number.grouped": Rule(OK, "桁区切りを除去", examples=_of(("1,234,567", "1234567"))),
        "number.unit": Rule(OK, "単位を除去", examples=_of(("40人", "40"), ("¥1,234", "1234"))),
        "number.unit_scaled": Rule(
            OK, "千円などの単位を元の単位に換算", examples=_of(("1,234 千円", "1234000"), ("5‰", "0.5"), ("12", "12000", "unit=千円"))
        ),
        "number.percent_sign": Rule(OK, "％を除去", examples=_of(("5.1%", "5.1"), ("５．１％", "5.1"))),
        "number.tenths": Rule(OK, "割・分・厘を百分率に換算", examples=_of(("3割5分", "35"), ("1割2分5厘", "12.5"))),
        "number.kanji": Rule(
            OK,
            "漢数字を変換",
            examples=_of(("三千二百", "3200"), ("三二〇〇", "3200"), ("壱拾弐万", "120000")),
            source="大字（壱・弐・参・拾）は戸籍法施行規則第31条",
        ),
        "number.mixed": Rule(
            OK, "万・億・千を含む数を変換", examples=_of(("3億2,000万円", "320000000"), ("1.5万", "15000"), ("12万3千", "123000"))
        ),
        "number.written_form": Rule(OK, "符号・先頭の0・空白を整理", examples=_of(("+5", "5"), ("007", "7"))),
        "number.whole_decimal": Rule(REPAIRED, "小数表記を整数に変換", examples=_of(("12.0", "12"), kind="integer")),
        "number.circled": Rule(REPAIRED, "丸付き数字を変換", examples=_of(("①", "1"), ("㉑", "21"))),
        "number.ring_zero": Rule(REPAIRED, "丸印で書いた漢数字の〇を変換", examples=_of(("三二○○", "3200"))),
        "number.missing_zero": Rule(REPAIRED, "小数点の前に0を補完", examples=_of((".5", "0.5"))),
        "number.negative_zero": Rule(
            REPAIRED, "負の0を0に変換", examples=_of(("-0", "0"), ("△0.0", "0")), source=_MARKS
        ),
    }
)  # fmt: skip

_MARKED: Mapping[str, Rule] = MappingProxyType(
    {
        "number.nil_mark": Rule(
            UNCERTAIN, "皆無・該当なしの記号", "0 とは限りません。" + _MEANING,
            _of(("-", ""), ("－", ""), ("皆無", ""), ("該当なし", "")), _MARKS,
        ),
        "number.unknown_mark": Rule(
            UNCERTAIN, "不詳・未集計の記号", "値が分かっていません。" + _MEANING,
            _of(("…", ""), ("・・・", ""), ("不詳", "")), _MARKS,
        ),
        "number.secret_mark": Rule(
            UNCERTAIN, "秘匿の記号", "値はありますが公表されていません。0 や空欄にせず、" + _MEANING,
            _of(("x", ""), ("Ｘ", ""), ("秘匿", "")), _MARKS,
        ),
        "number.symbol": Rule(
            UNCERTAIN,
            "数値の代わりの記号",
            "数値の代わりの記号です。皆無・不詳・秘匿のどれかを確認し、空欄にするか台帳で意味を指定してください。",
            _of(("***", ""), ("×", ""), ("△", "")),
        ),
        "number.ditto": Rule(
            UNCERTAIN, "同上の記号", "上の行と同じ値かどうかを原本で確かめ、値を書いてください。",
            _of(("〃", ""), ("同上", "")),
        ),
        "number.lone_kanji": Rule(
            UNCERTAIN,
            "一字だけの漢数字や単位",
            "〇・一は丸印や横線と、千・万は単位と見分けがつきません。算用数字で書いてください。",
            _of(("〇", ""), ("一", ""), ("千円", "")),
        ),
        "number.kanji_pair": Rule(
            UNCERTAIN, "二つの数とも読める漢数字", "二十三か「二、三」か決まりません。算用数字で書いてください。",
            _of(("二三人", ""), ("十五六", "")),
        ),
        "number.enumerator": Rule(
            UNCERTAIN, "順序を表す数字", "順序や区分の番号のようです。数値なら算用数字で書いてください。",
            _of(("Ⅲ", ""), ("⑴", "")),
        ),
        "number.approximate": Rule(
            UNCERTAIN, "およその数", "正確な数を確かめて書いてください。分からなければ空欄にしてください。",
            _of(("約100", ""), ("100人程度", ""), ("数百", "")),
        ),
        "number.bound": Rule(
            UNCERTAIN, "範囲や以上・以下", "一つの数に決まりません。下限と上限を別の列に書いてください。",
            _of(("100～200", ""), ("100以上", ""), ("10未満", "")),
        ),
        "number.ratio": Rule(
            UNCERTAIN, "比・分数・日付らしい値", "比や分数か、日付かが決まりません。表す数を小数で書いてください。",
            _of(("1/2", ""), ("1:2", ""), ("2023/4", "")),
        ),
        "number.list": Rule(
            UNCERTAIN, "二つ以上の数", "一つのセルには数を一つだけ書いてください。",
            _of(("3、4", ""), ("三・四", "")),
        ),
        "number.spaced": Rule(
            UNCERTAIN, "空白・読点などで区切った数", "桁区切りか別々の数か決まりません。区切りのない数字で書いてください。",
            _of(("1 234", ""), ("1'234", ""), ("1、234", "")),
        ),
        "number.trailing_sign": Rule(
            UNCERTAIN, "後ろに付いた符号", "負の数か、ただの区切りか決まりません。符号は前に書いてください。",
            _of(("5-", "")),
        ),
        "number.scientific": Rule(
            UNCERTAIN, "指数表記の数値",
            "指数表記は桁が失われていることがあります。セルの書式を数値にして出力し直してください。",
            _of(("1.2E+10", "")),
        ),
        "number.unit_conflict": Rule(
            UNCERTAIN, "列の単位と合わない単位",
            "セルに書かれた単位が、列の単位と合いません。どちらが正しいか確かめて直してください。",
            _of(("5円", "", "unit=千円"), ("12万", "", "unit=千円")),
        ),
    }
)  # fmt: skip

_REFUSED: Mapping[str, Rule] = MappingProxyType(
    {
        "number.bad_grouping": Rule(
            REFUSED, "桁区切りの誤り", "桁区切りが3桁ごとではありません。原本を確認して数値を直してください。",
            _of(("1,23", ""), ("1.234,56", "")),
        ),
        "number.hyphenated": Rule(
            REFUSED, "ハイフンでつないだ番号", "電話番号や地番、範囲のようです。数値の列か確かめて直してください。",
            _of(("06-1234", ""), ("1-2-3", "")),
        ),
        "number.lost_digits": Rule(
            REFUSED, "列幅が足りず失われた数値", "値が # で埋まっています。列幅を広げて出力し直してください。",
            _of(("###", "")),
        ),
        "number.cell_error": Rule(
            REFUSED, "表計算のエラー値", "数式が誤っています。元の表の数式を直して出力し直してください。",
            _of(("#N/A", ""), ("#DIV/0!", "")),
        ),
        "number.other_unit": Rule(
            REFUSED, "知らない単位", "列の単位ではない語が付いています。単位を確かめ、台帳で指定してください。",
            _of(("5号室", "")),
        ),
        "number.not_integer": Rule(
            REFUSED, "整数でない数値",
            "整数の欄に小数があります。原本を確認して数値を直すか、小数の列として台帳で指定してください。",
            _of(("12.5", ""), kind="integer"),
        ),
        "number.overflow": Rule(
            REFUSED, "大きすぎる数値",
            "数値が大きすぎて正確に扱えません。原本を確認して桁を直すか、番号の列として台帳で指定してください。",
            _of(("9" * 39, "")),
        ),
        "number.not_a_number": Rule(
            REFUSED, "数値として読めない",
            "数値として読めません。半角の数字だけで書き、単位は台帳で指定してください。",
            _of(("多数", ""), ("令和5年", "")),
        ),
    }
)  # fmt: skip

RULES: Mapping[str, Rule] = MappingProxyType({BLANK: BLANK_RULE, **_READ, **_MARKED, **_REFUSED})
