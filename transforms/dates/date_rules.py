"""The rules of dates in the words a clerk reads.

Belongs here: verdict, title, remedy, examples and source of every `date.` rule. Must not hold: when
a rule applies (`readings`, `completion`, `phrases`, `day`).
"""

from collections.abc import Mapping
from types import MappingProxyType

from transforms.rules import BLANK_RULE, Example, Rule
from transforms.verdict import BLANK, OK, REFUSED, REPAIRED, UNCERTAIN

_ERA_LAW = "元号法(昭和54年法律第43号)・元号を改める政令(昭和64年政令第1号、平成31年政令第143号)"
_CALENDAR_LAW = "改暦ノ布告(明治5年太政官布告第337号)"
_LEAP_LAW = "閏年ニ関スル件(明治31年勅令第90号)"
_FISCAL_LAW = "財政法第11条・地方自治法第208条"
_AGE_LAW = "年齢計算ニ関スル法律(明治35年法律第50号)"


def _date(text: str, value: str = "", context: str = "") -> Example:
    return Example(text, value, "date", context)


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "date.iso": Rule(
            OK,
            "共通の形の日付",
            examples=(
                _date("2023-02-01", "2023-02-01"),
                _date("FY2023", "FY2023"),
                _date("2023-04/2023-06", "2023-04/2023-06"),
            ),
            source="JIS X 0301",
        ),
        "date.open_end": Rule(
            OK, "終わりのない期間", examples=(Example("99999999", "", "day", "open_end=true"),)
        ),
        "date.western": Rule(
            OK,
            "西暦から変換",
            examples=(
                _date("２０２３年２月１日", "2023-02-01"),
                _date("20230201", "2023-02-01"),
                _date("2023年度", "FY2023"),
            ),
        ),
        "date.wareki": Rule(
            OK,
            "和暦から変換",
            examples=(
                _date("令和5年2月1日", "2023-02-01"),
                _date("Ｒ０５．０２．０１", "2023-02-01"),
                _date("大正15年12月25日", "1926-12-25"),
            ),
            source=_ERA_LAW,
        ),
        "date.era_column": Rule(
            OK, "元号の列と合わせて変換", examples=(_date("5.2.1", "2023-02-01", "era=令和"),)
        ),
        "date.carried": Rule(
            OK,
            "上の行から年や元号を補った日付",
            examples=(
                _date("30年", "2018", "previous=平成29年平均"),
                _date("2月", "2023-02", "previous=令和5年1月"),
            ),
        ),
        "date.range": Rule(
            OK,
            "期間",
            examples=(
                _date("令和5年2月1日～3月31日", "2023-02-01/2023-03-31"),
                _date("令和5～7年度", "FY2023/FY2025"),
            ),
        ),
        "date.part_of_year": Rule(
            OK,
            "四半期・半期",
            examples=(
                _date("令和5年度第1四半期", "2023-04/2023-06"),
                _date("令和5年度下半期", "2023-10/2024-03"),
            ),
            source=_FISCAL_LAW,
        ),
        "date.last_day": Rule(
            OK,
            "月末・年末・年度末の日",
            examples=(
                _date("令和6年2月末日", "2024-02-29"),
                _date("令和5年度末現在", "2024-03-31"),
            ),
        ),
        "date.serial": Rule(
            OK,
            "表計算の通し番号から変換",
            examples=(
                _date("44958", "2023-02-01", "excel=1900"),
                _date("43496", "2023-02-01", "excel=1904"),
            ),
        ),
        "date.time_dropped": Rule(
            REPAIRED,
            "時刻を除去",
            examples=(
                _date("2023-02-01T10:30:00+09:00", "2023-02-01"),
                _date("令和5年2月1日 24:00", "2023-02-01"),
            ),
        ),
        "date.control_removed": Rule(
            REPAIRED,
            "日付の中の制御文字を除去",
            examples=(_date("令和5年\u200b2月1日", "2023-02-01"),),
        ),
        "date.outside_era_repaired": Rule(
            REPAIRED,
            "元号の期間外の日付を西暦に換算",
            examples=(
                _date("昭和64年1月8日", "1989-01-08", "policy=lenient"),
                _date("平成35年3月31日", "2023-03-31", "policy=lenient"),
            ),
            source=_ERA_LAW,
        ),
        "date.serial_unlabelled": Rule(
            UNCERTAIN,
            "通し番号らしい数字",
            "表計算ソフトの通し番号か別の番号か分かりません。セルを日付の書式にするか、通し番号であることを台帳で指定してください。",
            (_date("44958"),),
        ),
        "date.serial_or_year": Rule(
            UNCERTAIN,
            "通し番号か年か分からない数字",
            "通し番号の列に年のような数字があります。原本を確認して日付に直してください。",
            (_date("2023", "", "excel=1900"),),
        ),
        "date.era_missing": Rule(
            UNCERTAIN,
            "元号なしの年",
            "元号がないため年が決まりません。原本を確認して元号を書くか、元号の列を台帳で指定してください。",
            (_date("5.2.1"), _date("050201")),
        ),
        "date.year_missing": Rule(
            UNCERTAIN,
            "年のない日付",
            "年がありません。原本を確認して年から書いてください。",
            (_date("2月1日"),),
        ),
        "date.unit_missing": Rule(
            UNCERTAIN,
            "年か年度か分からない数字",
            "数字だけで、年か年度か分かりません。「年」「年度」まで書くか、列の型を台帳で指定してください。",
            (_date("5", "", "era=令和"),),
        ),
        "date.unit_mismatch": Rule(
            UNCERTAIN,
            "列の単位と違う日付",
            "年・年度・月・日のうち、この列と違う単位で書かれています。原本を確認して列に合わせて書いてください。",
            (_date("令和5年度", "", "unit=year"),),
        ),
        "date.not_carried": Rule(
            UNCERTAIN,
            "上の行からは決まらない年月",
            "上の行より前に戻るため、年や元号が決まりません。年と元号を書いてください。",
            (
                _date("2年", "", "previous=平成31年"),
                _date("1月", "", "previous=令和5年12月"),
            ),
        ),
        "date.two_digit_year": Rule(
            UNCERTAIN,
            "2桁の西暦年",
            "西暦の年が2桁しかなく、決まりません。4桁で書いてください。",
            (_date("'23/2/1"), _date("1-Feb-23")),
        ),
        "date.era_digit": Rule(
            UNCERTAIN,
            "元号番号らしい7桁",
            "先頭の数字が元号の番号か分かりません。R050201 のように元号の文字で書き出すか、元号番号であることを台帳で指定してください。",
            (_date("5050201"),),
        ),
        "date.era_conflict": Rule(
            UNCERTAIN,
            "元号の食い違い",
            "元号の列と日付の中の元号が違います。原本を確認してどちらかを直してください。",
            (_date("H5.2.1", "", "era=令和"),),
        ),
        "date.readings_differ": Rule(
            UNCERTAIN,
            "西暦と和暦の食い違い",
            "かっこの内と外で年月日が違います。原本を確認してどちらかを直してください。",
            (_date("2024(令和5)年2月1日"),),
        ),
        "date.reversed_range": Rule(
            UNCERTAIN,
            "終わりが始まりより前の期間",
            "期間の終わりが始まりより前です。終わりの年を書くか、原本を確認して直してください。",
            (_date("令和5年11月～2月"),),
        ),
        "date.one_end": Rule(
            UNCERTAIN,
            "片方の端だけの期間",
            "期間の始まりか終わりの一方しかありません。両方を書くか、始期と終期の列に分けてください。",
            (_date("令和5年2月1日から"),),
        ),
        "date.is_range": Rule(
            UNCERTAIN,
            "一つの日・月・年の欄に期間",
            "期間が書かれています。始期と終期の列に分けてください。",
            (_date("令和5年4月～6月", "", "unit=month"),),
        ),
        "date.part_of_which_year": Rule(
            UNCERTAIN,
            "年か年度か分からない四半期・半期",
            "暦年の四半期か年度の四半期か分かりません。「年度」または「暦年」と書いてください。",
            (_date("令和5年第1四半期"),),
        ),
        "date.lunar_calendar": Rule(
            UNCERTAIN,
            "旧暦の時代の日付",
            "1872年以前は旧暦のため西暦の日に決められません。換算した西暦の日付で別の列に持ってください。",
            (_date("明治5年12月2日"), _date("慶応3年5月1日")),
            _CALENDAR_LAW,
        ),
        "date.early_fiscal_year": Rule(
            UNCERTAIN,
            "4月に始まらない時代の年度",
            "明治18年度までの会計年度は4月に始まりません。始まりと終わりの日で書いてください。",
            (_date("明治10年度"),),
        ),
        "date.leap_day": Rule(
            UNCERTAIN,
            "平年の2月29日",
            "平年に2月29日はありません。届出の日付ならそのまま原文を残し、誤りなら原本を確認して直してください。",
            (_date("令和5年2月29日"),),
            f"{_LEAP_LAW}・{_AGE_LAW}",
        ),
        "date.implausible_year": Rule(
            UNCERTAIN,
            "ありそうにない年",
            "年が1600年から2199年の間にありません。原本を確認して年を直してください。",
            (_date("2300年1月1日"),),
        ),
        "date.incomplete": Rule(
            UNCERTAIN,
            "日付の一部だけ",
            "年月日のうち一部しかありません。原本を確認して欠けた部分を書くか、年月・年の列として台帳で指定してください。",
            (_date("令和5年2月", "", "unit=day"),),
        ),
        "date.january_or_october": Rule(
            UNCERTAIN,
            "1月か10月か不明",
            "10月の末尾の0が落ちた数値かもしれません。2023-01 または 2023年1月 のように書いてください。",
            (_date("2023.1"),),
        ),
        "date.day_month_order": Rule(
            UNCERTAIN,
            "日と月の順が不明",
            "日と月のどちらが先か分かりません。2023-02-01 のように年から書いてください。",
            (_date("2/1/2023"),),
        ),
        "date.weekday_mismatch": Rule(
            UNCERTAIN,
            "曜日の食い違い",
            "日付と曜日が合いません。原本を確認して日付を直してください。",
            (_date("2023年2月1日(木)"),),
        ),
        "date.time_zone": Rule(
            UNCERTAIN,
            "日本時間でない時刻",
            "日本時間でない時刻が付いています。日本時間の日付に直してから出力してください。",
            (_date("2023-02-01T15:00:00Z"),),
        ),
        "date.after_midnight": Rule(
            UNCERTAIN,
            "24時を過ぎた時刻",
            "24時を過ぎた時刻が付いていて、翌日のことかもしれません。原本を確認して暦の日付で書いてください。",
            (_date("2023-02-01 25:00"),),
        ),
        "date.approximate": Rule(
            UNCERTAIN,
            "頃・推定・旬などの日付",
            "おおよその日付で、日を決められません。分かり次第、日付を書いてください。",
            (_date("令和5年2月頃"), _date("推定令和5年2月1日"), _date("令和5年2月上旬")),
        ),
        "date.unknown": Rule(
            UNCERTAIN,
            "不詳の日付",
            "不詳の部分があり、日を決められません。分かり次第、日付を書いてください。",
            (_date("年月日不詳"), _date("令和5年月日不詳"), _date("昭和10年3月日不詳")),
        ),
        "date.impossible": Rule(
            REFUSED,
            "暦にない日付",
            "暦にない日付です。原本を確認して正しい日付に直してください。",
            (_date("2023年2月30日"), _date("明治5年12月3日")),
            _CALENDAR_LAW,
        ),
        "date.outside_era": Rule(
            REFUSED,
            "元号の期間外",
            "その元号にはない日です。原本を確認して元号か年を直してください。",
            (_date("昭和64年1月8日"), _date("平成32年度")),
            _ERA_LAW,
        ),
        "date.serial_impossible": Rule(
            REFUSED,
            "日付にならない通し番号",
            "その通し番号にあたる日はありません。原本を確認して日付に直してください。",
            (_date("60", "", "excel=1900"), _date("-1", "", "excel=1904")),
        ),
        "date.sentinel": Rule(
            REFUSED,
            "仮の値の日付",
            "99999999 や 00000000 は仮の値です。空欄にするか、終期なしの意味なら台帳で指定してください。",
            (_date("99999999"), _date("0000-00-00")),
        ),
        "date.not_a_date": Rule(
            REFUSED,
            "日付として読めない",
            "日付として読めません。2023-02-01 または 令和5年2月1日 のように書いてください。",
            (_date("abc"), _date("R005.2.1")),
        ),
    }
)
