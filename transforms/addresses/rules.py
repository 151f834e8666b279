"""The rules of addresses: verdict, words, examples.

Belongs here: every `address.*` rule. Must not hold: how one is found out.
"""

from collections.abc import Mapping
from types import MappingProxyType

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, REPAIRED, UNCERTAIN

_LAW = "住居表示に関する法律(昭和37年法律第119号)第2条"
_LIST = "町名の一覧: Geolonia 住所データ(CC BY 4.0)、日本郵便 KEN_ALL"
_FULL = "大阪府豊中市中桜塚三丁目1-1"


def _example(text: str, value: str = "") -> tuple[Example, ...]:
    return (Example(text, value, "address"),)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "address.plain": Rule(OK, "住所", examples=_example(_FULL, _FULL), source=_LAW),
        "address.written_form": Rule(
            OK,
            "住所の表記を統一",
            examples=(
                *_example("中桜塚３丁目１番１号", _FULL),
                *_example("〒561-0881 豊中市中桜塚3の1の1", _FULL),
                *_example("中桜塚3-1-1豊中ハイツ203号", _FULL + " 豊中ハイツ203号"),
            ),
            source=_LAW,
        ),
        "address.variant": Rule(
            REPAIRED,
            "町名の字を正式な字に統一",
            examples=_example("豊中市蛍池中町1-15-1", "大阪府豊中市螢池中町一丁目15-1"),
            source=_LIST,
        ),
        "address.reading": Rule(
            REPAIRED,
            "かな書きの町名",
            examples=_example("ﾅｶｻｸﾗﾂﾞｶ3-1-1", _FULL),
            source=_LIST,
        ),
        "address.doubled": Rule(
            REPAIRED,
            "重ねて書かれた市名",
            examples=_example("大阪府豊中市大阪府豊中市中桜塚3-1-1", _FULL),
        ),
        "address.city_mended": Rule(
            REPAIRED, "「市」の字が落ちた市名", examples=_example("豊中中桜塚3-1-1", _FULL)
        ),
        "address.no_chome": Rule(
            UNCERTAIN,
            "丁目のない住所",
            "どの丁目か決められません。丁目を書いてください。",
            _example("豊中市中桜塚"),
        ),
        "address.chome_unclear": Rule(
            UNCERTAIN,
            "読み切れない丁目の住所",
            "どの丁目か一つに決まりません。3丁目 のように書いてください。",
            _example("中桜塚03-1-1"),
        ),
        "address.chome_unverified": Rule(
            UNCERTAIN,
            "確かめていない丁目",
            "丁目の一覧がない市の住所です。市の町名一覧を用意するか、原本で確かめてください。",
            (Example("吹田市泉町一丁目3-40", "", "city_address", "city=272051"),),
        ),
        "address.reading_ambiguous": Rule(
            UNCERTAIN,
            "同じ読みの町がある、かな書きの町名",
            "かなではどの町か決められません。町名を漢字で書いてください。",
            (Example("オウギチョウ1", "", "city_address", "city=261025"),),
        ),
        "address.city_missing": Rule(
            UNCERTAIN,
            "市区町村名のない住所",
            "都道府県名の次に市区町村名がありません。市区町村名を書いてください。",
            _example("大阪府中桜塚3-1-1"),
        ),
        "address.incomplete": Rule(
            UNCERTAIN,
            "町名のない住所",
            "町名から先がありません。原本を確認して町名と番地を書いてください。",
            _example("大阪府豊中市"),
        ),
        "address.outside": Rule(
            UNCERTAIN,
            "市外の住所",
            "ほかの市区町村の住所で、町名は調べていません。市内の住所なら市名を直してください。",
            (*_example("吹田市泉町1-3-40"), *_example("東京都府中市宮西町2-24")),
        ),
        "address.postal_contradiction": Rule(
            UNCERTAIN,
            "町名と合わない郵便番号",
            "郵便番号と町名のどちらかが誤りです。原本を確認して直してください。",
            _example("〒560-0021 豊中市中桜塚3-1-1"),
            "日本郵便 KEN_ALL",
        ),
        "address.number_unknown": Rule(
            UNCERTAIN,
            "住居表示台帳にない番号",
            "住居表示台帳にない番・号です。台帳と原本を確認してください。",
            source=_LAW,
        ),
        "address.koaza": Rule(
            UNCERTAIN,
            "小字のある住所",
            "小字は町名の一覧にありません。今の町名と番地に直してください。",
            _example("待兼山町字大池1-1"),
        ),
        "address.range": Rule(
            UNCERTAIN,
            "範囲で書かれた住所",
            "番号が一つに決まりません。一つの住所を書いてください。",
            _example("中桜塚3丁目1番1～3号"),
        ),
        "address.vicinity": Rule(
            UNCERTAIN,
            "付近・地内などの住所",
            "場所が一つに決まりません。番地が分かれば書いてください。",
            _example("中桜塚三丁目地内"),
        ),
        "address.several": Rule(
            UNCERTAIN,
            "二つ以上の住所",
            "一つの欄に住所が二つ以上あります。行か列を分けてください。",
            _example("中桜塚3-1-1、岡町北3-4-1"),
        ),
        "address.unread": Rule(
            UNCERTAIN,
            "番地の後が読み切れない住所",
            "番・号か方書が読み切れません。3丁目1番1号 のように書いてください。",
            _example("中桜塚3丁目01番1号"),
        ),
        "address.no_town": Rule(
            REFUSED,
            "市内にない町名",
            "市の町名の一覧にない町です。町名を確認して直してください。",
            _example("豊中市東桜塚1-1-1"),
            _LIST,
        ),
        "address.no_such_chome": Rule(
            REFUSED,
            "町にない丁目",
            "その町にない丁目です。原本を確認して直してください。",
            _example("豊中市中桜塚九丁目1-1"),
            _LIST,
        ),
        "address.not_address": Rule(
            REFUSED,
            "住所でない値",
            "住所として読めません。町名と番地を書いてください。",
            _example("不明"),
        ),
    }
)
