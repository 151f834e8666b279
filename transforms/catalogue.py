"""The names under which contracts call the column functions, and what to tell a clerk.

Belongs here: type name to function, rule id to Japanese title and remedy. Must not hold: any rule.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

from transforms import codes, dates, government_codes, numbers, periods, places, text
from transforms.verdict import REFUSED, UNCERTAIN


class Transform(NamedTuple):
    """One column function: what to call, which parameters it takes, what its value is."""

    function: Callable[..., pl.Expr]
    parameters: frozenset[str]
    dtype: pl.DataType


def _entry(function: Callable[..., pl.Expr], dtype: pl.DataType, *parameters: str) -> Transform:
    return Transform(function, frozenset(parameters), dtype)


_SCALE = ("multiplier", "units")
TRANSFORMS: Mapping[str, Transform] = MappingProxyType(
    {
        "text": _entry(text.text, pl.String()),
        "name": _entry(text.name, pl.String()),
        "kana": _entry(text.kana, pl.String()),
        "date": _entry(dates.date, pl.Date(), "era", "open_end", "excel_serials"),
        "month": _entry(periods.month, pl.Date(), "era"),
        "year": _entry(periods.year, pl.Int32(), "era"),
        "fiscal_year": _entry(periods.fiscal_year, pl.Int32(), "era"),
        "integer": _entry(numbers.integer, pl.Int64(), *_SCALE),
        "decimal": _entry(numbers.decimal, pl.Float64(), *_SCALE),
        "percent": _entry(numbers.percent, pl.Float64()),
        "digits": _entry(codes.digits, pl.String(), "length"),
        "boolean": _entry(codes.boolean, pl.Boolean(), "true", "false"),
        "code": _entry(codes.code, pl.String(), "labels"),
        "local_government_code": _entry(government_codes.local_government_code, pl.String()),
        "postal_code": _entry(codes.postal_code, pl.String()),
        "phone": _entry(codes.phone, pl.String()),
        "latitude": _entry(places.latitude, pl.Float64()),
        "longitude": _entry(places.longitude, pl.Float64()),
        "town": _entry(places.town_chome, pl.String()),
    }
)

RULES: Mapping[str, str] = MappingProxyType(
    {
        rule: verdict
        for module in (text, dates, periods, numbers, codes, government_codes, places)
        for rule, verdict in module.RULES.items()
    }
)
NEEDS_REMEDY = frozenset(rule for rule, verdict in RULES.items() if verdict in {UNCERTAIN, REFUSED})

RULE_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "blank": "空欄",
        "text.plain": "文字列（そのまま）",
        "text.control_removed": "制御文字を除去",
        "name.plain": "名称（そのまま）",
        "kana.full_width": "全角カタカナ",
        "kana.converted": "全角カタカナに統一",
        "kana.not_kana": "カナ以外の文字",
        "date.iso": "西暦（年-月-日）",
        "date.open_end": "終わりのない期間",
        "date.western": "西暦から変換",
        "date.wareki": "和暦から変換",
        "date.era_column": "元号の列と合わせて変換",
        "date.time_dropped": "時刻を除去",
        "date.serial": "表計算の通し番号から変換",
        "date.serial_unlabelled": "通し番号らしい数字",
        "date.era_missing": "元号なしの年",
        "date.era_digit": "元号番号らしい7桁",
        "date.era_conflict": "元号の食い違い",
        "date.lunar_calendar": "旧暦の時代の日付",
        "date.implausible_year": "ありそうにない年",
        "date.incomplete": "日付の一部だけ",
        "date.day_month_order": "日と月の順が不明",
        "date.weekday_mismatch": "曜日の食い違い",
        "date.time_zone": "日本時間でない時刻",
        "date.unknown": "不詳・推定の日付",
        "date.impossible": "暦にない日付",
        "date.outside_era": "元号の期間外",
        "date.sentinel": "仮の値の日付",
        "date.not_a_date": "日付として読めない",
        "month.iso": "西暦（年-月）",
        "month.western": "西暦の年月から変換",
        "month.wareki": "和暦の年月から変換",
        "month.first_day": "月初日を年月に変換",
        "month.january_or_october": "1月か10月か不明",
        "month.has_day": "年月の欄に日付",
        "month.not_a_month": "年月として読めない",
        "year.western": "西暦の年",
        "year.written_out": "西暦の年に統一",
        "year.wareki": "和暦の年から変換",
        "year.is_fiscal": "年の欄に年度",
        "year.not_a_year": "年として読めない",
        "fiscal_year.western": "西暦の年度",
        "fiscal_year.written_out": "西暦の年度に統一",
        "fiscal_year.wareki": "和暦の年度から変換",
        "fiscal_year.is_calendar": "年度の欄に年",
        "fiscal_year.not_a_year": "年度として読めない",
        "number.plain": "数値",
        "number.fullwidth": "全角の数字を半角に統一",
        "number.negative_mark": "負の記号（△など）を変換",
        "number.grouped": "桁区切りを除去",
        "number.unit": "単位を除去",
        "number.percent_sign": "％を除去",
        "number.written_form": "符号・先頭の0・空白を整理",
        "number.whole_decimal": "小数表記を整数に変換",
        "number.scientific": "指数表記の数値",
        "number.symbol": "数値の代わりの記号",
        "number.bad_grouping": "桁区切りの誤り",
        "number.not_integer": "整数でない数値",
        "number.overflow": "大きすぎる数値",
        "number.not_a_number": "数値として読めない",
        "digits.plain": "数字の番号",
        "digits.fullwidth": "全角の番号を半角に統一",
        "digits.length": "番号の桁数違い",
        "digits.not_digits": "番号に数字以外の文字",
        "boolean.listed": "有無の値",
        "boolean.fullwidth": "有無の表記を統一",
        "boolean.unknown": "有無と読めない",
        "code.listed": "コード",
        "code.fullwidth": "コードの幅を統一",
        "code.label": "名称からコードに変換",
        "code.ambiguous_label": "複数のコードを持つ名称",
        "code.unknown": "コード表にない値",
        "government_code.plain": "全国地方公共団体コード",
        "government_code.written_form": "団体コードの表記を統一",
        "government_code.check_added": "団体コードに検査数字を追加",
        "government_code.zero_restored": "団体コードの先頭の0を復元",
        "government_code.five_digits": "二通りに読める5桁の団体コード",
        "government_code.check_digit": "団体コードの検査数字の誤り",
        "government_code.not_code": "団体コードでない値",
        "postal_code.plain": "郵便番号",
        "postal_code.written_form": "郵便番号の表記を統一",
        "postal_code.lost_zero": "6桁の郵便番号",
        "postal_code.sentinel": "仮の郵便番号",
        "postal_code.not_postal_code": "郵便番号でない値",
        "phone.plain": "電話番号",
        "phone.written_form": "電話番号の表記を統一",
        "phone.not_phone": "電話番号でない値",
        "place.swapped": "緯度と経度の取り違え",
        "place.outside_japan": "日本の範囲外の座標",
        "town.plain": "町名",
        "town.chome": "丁目を漢数字に統一",
        "town.chome_number": "読み切れない丁目",
    }
)

_ORIGINAL = "原本を確認して"
REMEDIES: Mapping[str, str] = MappingProxyType(
    {
        "kana.not_kana": "カナ以外の文字があります。漢字・英数字・ハイフンを除き、カタカナで書いてください。",
        "date.serial_unlabelled": "表計算ソフトの通し番号か別の番号か分かりません。セルを日付の書式にするか、通し番号であることを台帳で指定してください。",
        "date.era_missing": f"元号がないため年が決まりません。{_ORIGINAL}元号を書くか、元号の列を台帳で指定してください。",
        "date.era_digit": "先頭の数字が元号の番号か分かりません。R050201 のように元号の文字で書き出してください。",
        "date.era_conflict": f"元号の列と日付の中の元号が違います。{_ORIGINAL}どちらかを直してください。",
        "date.lunar_calendar": "1872年以前は旧暦のため西暦の日に決められません。換算した西暦の日付で別の列に持ってください。",
        "date.implausible_year": f"年が1600年から2199年の間にありません。{_ORIGINAL}年を直してください。",
        "date.incomplete": f"年月日のうち一部しかありません。{_ORIGINAL}欠けた部分を書くか、年月・年の列として台帳で指定してください。",
        "date.day_month_order": "日と月のどちらが先か分かりません。2023-02-01 のように年から書いてください。",
        "date.weekday_mismatch": f"日付と曜日が合いません。{_ORIGINAL}日付を直してください。",
        "date.time_zone": "日本時間でない時刻が付いています。日本時間の日付に直してから出力してください。",
        "date.unknown": "不詳・推定などの日付は日を決められません。分かり次第、日付を書いてください。",
        "date.impossible": f"暦にない日付です。{_ORIGINAL}正しい日付に直してください。",
        "date.outside_era": f"その元号にはない日です。{_ORIGINAL}元号か年を直してください。",
        "date.sentinel": "99999999 や 00000000 は仮の値です。空欄にするか、終期なしの意味なら台帳で指定してください。",
        "date.not_a_date": "日付として読めません。2023-02-01 または 令和5年2月1日 のように書いてください。",
        "month.january_or_october": "10月の末尾の0が落ちた数値かもしれません。2023-01 または 2023年1月 のように書いてください。",
        "month.has_day": "年月の欄に日まで書かれています。年月だけにするか、日付の列として台帳で指定してください。",
        "month.not_a_month": "年月として読めません。2023-02 または 令和5年2月 のように書いてください。",
        "year.is_fiscal": "年の欄に年度が書かれています。暦年か年度かを確認し、台帳の型を直してください。",
        "year.not_a_year": "年として読めません。2023 または 令和5年 のように書いてください。",
        "fiscal_year.is_calendar": "年度の欄に年が書かれています。年度なら「年度」と書くか、台帳の型を直してください。",
        "fiscal_year.not_a_year": "年度として読めません。2023 または 令和5年度 のように書いてください。",
        "number.scientific": "指数表記は桁が失われていることがあります。セルの書式を数値にして出力し直してください。",
        "number.symbol": "数値の代わりの記号です。皆無・不詳・秘匿のどれかを確認し、空欄にするか台帳で意味を指定してください。",
        "number.bad_grouping": f"桁区切りが3桁ごとではありません。{_ORIGINAL}数値を直してください。",
        "number.not_integer": f"整数の欄に小数があります。{_ORIGINAL}数値を直すか、小数の列として台帳で指定してください。",
        "number.overflow": f"数値が大きすぎて正確に扱えません。{_ORIGINAL}桁を直すか、番号の列として台帳で指定してください。",
        "number.not_a_number": "数値として読めません。半角の数字だけで書き、単位は台帳で指定してください。",
        "digits.length": f"番号の桁数が違います。先頭の0が落ちていないか、{_ORIGINAL}直してください。",
        "digits.not_digits": "番号に数字以外の文字があります。数字だけで書いてください。",
        "boolean.unknown": "有無と読めない値です。台帳に書かれた語に直すか、語を台帳に足してください。",
        "code.ambiguous_label": "同じ名称のコードが複数あります。名称でなくコードを書いてください。",
        "code.unknown": "コード表にない値です。コードを直すか、コード表を新しいものにしてください。",
        "government_code.five_digits": "検査数字のない5桁か、先頭の0が落ちた6桁か決められません。6桁の文字列で出力し直してください。",
        "government_code.check_digit": "検査数字が合いません。総務省の一覧を確認して正しいコードに直してください。",
        "government_code.not_code": "全国地方公共団体コードではありません。6桁または5桁のコードを書いてください。",
        "postal_code.lost_zero": "先頭の0が落ちたのか桁が足りないのか分かりません。7桁の文字列で出力し直してください。",
        "postal_code.sentinel": "使われていない仮の郵便番号です。正しい番号に直すか、空欄にしてください。",
        "postal_code.not_postal_code": "郵便番号として読めません。7桁の数字で書いてください。",
        "phone.not_phone": "電話番号として読めません。0 から始まる10桁か11桁の番号を一つだけ書いてください。",
        "place.swapped": "緯度と経度が入れ替わっています。列の順を確認して直してください。",
        "place.outside_japan": "日本の範囲にない座標です。十進の度で書かれているか確認して直してください。",
        "town.chome_number": "どの丁目か一つに決まりません。三丁目 のように一つの丁目を書いてください。",
    }
)
