"""The rules a layout's file is checked by: severity, words, remedy.

Belongs here: ids and words. Rules of single values that `transforms` knows keep the words they have
there. Must not hold: when a rule applies (`columns`, `values`, `rows`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from transforms.catalogue import RULES as VALUE_RULES
from warehouse.standards.difference import CAUTION, ERROR, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMON = "自治体標準オープンデータセット 共通ルール"


class StandardRule(NamedTuple):
    """One rule.

    Attributes:
        severity: 誤り or 注意.
        title: What it finds.
        remedy: What to do; `{}` is the mended value.
        source: Where it is written.
    """

    severity: Severity
    title: str
    remedy: str
    source: str = ""


_WRITE = "「{}」と書いてください。"
RULES: Mapping[str, StandardRule] = MappingProxyType(
    {
        "file.encoding": StandardRule(
            CAUTION,
            "文字コードが UTF-8 ではありません",
            "UTF-8 で保存し直してください。",
            "データモデル・ガイドブック 452-1(文字符号化はUTF-8)",
        ),
        "column.missing": StandardRule(
            ERROR,
            "必須の列がありません",
            "列「{}」を足してください(値がない行は空欄のままで構いません)。",
        ),
        "column.absent": StandardRule(
            CAUTION,
            "標準にある列がありません",
            "列「{}」を空欄のまま足すと、標準の形がそろいます。",
        ),
        "column.renamed": StandardRule(
            ERROR,
            "見出しの書き方が標準と違います",
            "見出しを「{}」に直してください。machikane standard convert で直せます。",
        ),
        "column.unknown": StandardRule(
            CAUTION,
            "標準にない列です",
            "独自の列として残すか、備考に移してください。標準の列の書き間違いなら見出しを直してください。",
        ),
        "column.template": StandardRule(
            CAUTION, "様式の説明が見出しの行に残っています", "説明の列を除いて公開してください。"
        ),
        "row.numbered": StandardRule(
            CAUTION, "番号だけで中身のない行が残っています", "空の行を除いて公開してください。"
        ),
        "row.ragged": StandardRule(
            ERROR,
            "項目の数が見出しと違う行です",
            'カンマや引用符(")の過不足を直してください。',
        ),
        "column.twice": StandardRule(
            ERROR, "同じ列が2回あります", "どちらか1つにまとめてください。"
        ),
        "column.nameless": StandardRule(
            ERROR, "見出しのない列に値があります", "見出しを付けるか、その列を除いてください。"
        ),
        "column.order": StandardRule(
            CAUTION, "列の順序が定義書と違います", "標準の順に並べ替えてください: {}"
        ),
        "column.blank": StandardRule(
            CAUTION,
            "必須の列に空欄があります",
            "値があるはずなら書いてください。本当に値がないなら空欄のままで構いません。",
        ),
        "id.twice": StandardRule(
            ERROR,
            "同じIDの行がほかにもあります",
            "IDは団体の中で1つに決まるように付けてください。",
            COMMON,
        ),
        "blank.mark": StandardRule(
            ERROR, "空欄の代わりに記号が書かれています", "値がないときは空欄にしてください。"
        ),
        "date.form": StandardRule(
            ERROR, "日付の書き方が YYYY-MM-DD ではありません", _WRITE, COMMON
        ),
        "date.unreadable": StandardRule(
            ERROR, "日付として読めません", "YYYY-MM-DD の形で、実在する日を書いてください。", COMMON
        ),
        "time.form": StandardRule(ERROR, "時刻の書き方が hh:mm ではありません", _WRITE, COMMON),
        "time.unreadable": StandardRule(
            ERROR,
            "時刻として読めません",
            "09:00 のように24時間・2桁で書き、そのほかの説明は特記事項か備考に書いてください。",
            COMMON,
        ),
        "weekdays.form": StandardRule(
            ERROR,
            "曜日の書き方が標準と違います",
            _WRITE,
            f"{COMMON}(月火水木金土日の順に続けて書く)",
        ),
        "weekdays.unreadable": StandardRule(
            ERROR,
            "曜日だけの値ではありません",
            "月火水木金土日の文字だけを順に続けて書き、祝日などの説明は特記事項に書いてください。",
            COMMON,
        ),
        "flag.form": StandardRule(
            ERROR, "該当の書き方が標準と違います", "該当は「1」、非該当は空欄です。{}", COMMON
        ),
        "flag.zero": StandardRule(
            CAUTION,
            "非該当が0と書かれています",
            "この一覧では非該当は空欄です(0と書く手引きもあるため、誤りとはしません)。",
            "データモデル・ガイドブック 452-1",
        ),
        "flag.unreadable": StandardRule(
            ERROR,
            "該当・非該当のどちらか分からない値です",
            "該当なら「1」、非該当なら空欄にし、条件は備考に書いてください。",
            COMMON,
        ),
        "choice.form": StandardRule(ERROR, "選択肢の書き方が標準と違います", _WRITE),
        "choice.unknown": StandardRule(
            ERROR, "標準の選択肢にない値です", "次から選んでください: {}"
        ),
        "choice.unlisted": StandardRule(
            CAUTION,
            "手引きの選択肢にない値です",
            "手引きの語に合うものがあれば置き換えてください: {}",
            "データモデル・ガイドブック 452-1",
        ),
        "list.separator": StandardRule(
            ERROR, "リストの区切りが半角のセミコロンではありません", _WRITE, COMMON
        ),
        "list.maybe": StandardRule(
            CAUTION,
            "区切りが半角のセミコロンではないようです",
            "複数の値なら半角の「;」で区切ってください。例: {}",
            COMMON,
        ),
        "number.form": StandardRule(ERROR, "数字だけの値ではありません", _WRITE),
        "number.unreadable": StandardRule(
            ERROR, "数として読めません", "半角数字だけで書き、説明は備考に書いてください。"
        ),
        "code.form": StandardRule(ERROR, "半角英数字ではない文字があります", _WRITE, COMMON),
        "code.other_letters": StandardRule(
            CAUTION, "半角英数字ではない文字があります", "半角英数字で書いてください。", COMMON
        ),
        "code.unlisted": StandardRule(
            CAUTION,
            "国のコード表(2018年1月10日)にないコードです",
            "コード表を確かめ、合うコードを書いてください。",
            "GIF 491-3-1 POIコード表",
        ),
        "code.exponent": StandardRule(
            ERROR,
            "表計算ソフトで壊れたコードです",
            "元の値を確かめ、文字列として書き直してください。",
        ),
        "url.form": StandardRule(
            ERROR, "URLではありません", "http:// か https:// で始まる1つのURLを書いてください。"
        ),
        "email.form": StandardRule(
            ERROR, "メールアドレスではありません", "半角のメールアドレスを1つ書いてください。"
        ),
        "point.half": StandardRule(
            ERROR, "緯度と経度の片方だけがあります", "両方を書くか、両方を空欄にしてください。"
        ),
        "point.joined": StandardRule(
            ERROR,
            "緯度と経度が1つの列にあります",
            "「緯度」と「経度」の2列に分けてください。machikane standard convert で分けられます。",
            COMMON,
        ),
        "point.sexagesimal": StandardRule(
            ERROR, "度分秒で書かれています", "十進の度(例: 34.781389)で書いてください。", COMMON
        ),
        "point.decimals": StandardRule(
            CAUTION,
            "緯度・経度の桁が少なく、場所が大まかです",
            "小数点以下6桁で書いてください。",
            COMMON,
        ),
        "address.prefecture": StandardRule(
            CAUTION,
            "住所が都道府県から始まっていません",
            "都道府県から建物名までを続けて書いてください。",
            "データ項目定義書A",
        ),
    }
)
# Findings of the column functions that do not make a program stumble.
_MILD = frozenset(
    {
        "phone.written_form",
        "phone.country_code",
        "phone.unassigned",
        "place.coarse",
        "kana.not_kana",
        "government_code.older_five",
    }
)
# The column functions name what they did; a checker names what is wrong.
_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "phone.written_form": "電話番号の書き方が (00)0000-0000 の形と違います",
        "phone.country_code": "電話番号が国番号から書かれています",
        "phone.extension": "電話番号に内線番号が書かれています",
        "phone.labelled": "電話番号のほかに TEL などの語があります",
        "phone.annotation": "電話番号のほかに添え書きがあります",
        "phone.zero_restored": "電話番号の先頭の0が落ちています",
        "postal_code.written_form": "郵便番号がハイフンなしの半角7桁ではありません",
        "corporate_number.written_form": "法人番号が半角13桁の数字だけではありません",
        "government_code.written_form": "団体コードが半角6桁の数字だけではありません",
        "government_code.check_added": "団体コードに検査数字がありません",
        "government_code.zero_restored": "団体コードの先頭の0が落ちています",
        "government_code.prefecture": "団体コードが2桁です",
        "kana.converted": "全角カタカナではありません",
        "kana.long_vowel": "長音の代わりにハイフンが書かれています",
        "kana.not_kana": "カナ以外の文字があります",
        "place.zero": "緯度・経度が0です(仮の値)",
    }
)
_OLDER_FIVE = StandardRule(
    CAUTION,
    "検査数字のない5桁の団体コードです",
    "今の標準は6桁です。「{}」と書いてください。",
    COMMON,
)


def rule_of(name: str) -> StandardRule:
    """Find a rule by its id, ours or that of a column function.

    Raises:
        KeyError: for an id nobody knows (a programming error).
    """
    if name in RULES:
        return RULES[name]
    if name == "government_code.older_five":
        return _OLDER_FIVE
    rule = VALUE_RULES[name]
    severity = CAUTION if name in _MILD else ERROR
    title = _TITLES.get(name, rule.title)
    return StandardRule(severity, title, rule.remedy or _WRITE, rule.source)
