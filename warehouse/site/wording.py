"""How facts are worded for a citizen, in Japanese and in English: dates, counts, kinds, licences.

Pure functions and tables of words, used as template filters. No markup stands here; sentences that
belong to one page stand in its template.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from assets.themes import THEMES
from warehouse.portal.wording import NOTHING, word_date, word_moment

Code = Literal["ja", "en"]

LICENCES: dict[str, tuple[str, str, str]] = {
    "CC BY 4.0": (
        "クリエイティブ・コモンズ 表示 4.0 国際",
        "Creative Commons Attribution 4.0 International",
        "https://creativecommons.org/licenses/by/4.0/",
    ),
    "CC0 1.0": (
        "クリエイティブ・コモンズ CC0 1.0 全世界",
        "Creative Commons CC0 1.0 Universal",
        "https://creativecommons.org/publicdomain/zero/1.0/",
    ),
    "PDL1.0": (
        "公共データ利用規約 第1.0版",
        "Public Data License Version 1.0",
        "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0",
    ),
}
_FILES = {"項目の定義": "Column definitions", "コード表": "Code list"}
_FREQUENCIES = {
    "daily": ("毎日", "daily"),
    "weekly": ("毎週", "weekly"),
    "monthly": ("毎月", "monthly"),
    "yearly": ("毎年", "yearly"),
    "irregular": ("不定期", "irregular"),
}
_TYPES = {
    "text": ("文字", "text"),
    "kana": ("カナ", "kana"),
    "code": ("番号・符号(文字)", "code (text)"),
    "integer": ("整数", "integer"),
    "number": ("数値", "number"),
    "date": ("日付(YYYY-MM-DD)", "date (YYYY-MM-DD)"),
    "time": ("時刻(HH:MM)", "time (HH:MM)"),
    "weekdays": ("曜日", "weekdays"),
    "latitude": ("緯度(世界測地系)", "latitude (JGD2011)"),
    "longitude": ("経度(世界測地系)", "longitude (JGD2011)"),
    "phone": ("電話番号", "telephone number"),
    "postal_code": ("郵便番号(文字)", "postal code (text)"),
    "municipality_code": ("全国地方公共団体コード(文字)", "local government code (text)"),
    "corporate_number": ("法人番号(文字)", "corporate number (text)"),
    "flag": ("1 または空欄", "1 or blank"),
    "url": ("URL", "URL"),
    "email": ("メールアドレス", "e-mail address"),
}
# What a way of protection means to somebody who uses the figures.
METHODS: dict[str, tuple[str, str]] = {
    "none": (
        "1人ひとりを守るための加工(秘匿や丸め)は要らないと判断したデータです。値はそのまま公開しています。",
        "Judged to need no protection of individuals: values are published as they are.",
    ),
    "random_rounding": (
        "1人、2人という小さな人数からだれのことか分かってしまうのを防ぐため、人数をわざと少しだけ動かしています。どの数も実際と数人ずれることがあり、ほかの資料の合計とは一致しません。地域の傾向をつかむには十分ですが、1人単位の正確さがいる計算には向きません。",
        "Counts are moved a little on purpose, so that a count of one or two cannot point at a person. Each figure may be off by a few persons and does not add up to totals published elsewhere. Good for seeing patterns, not for arithmetic to the last person.",
    ),
    "controlled_rounding": (
        "小さな人数からだれのことか分かってしまうのを防ぐため、表の全体を、決まった数の倍数にそろえています。どの数も実際と数人ずれることがありますが、表の中では合計が合います。",
        "The whole table is rounded to multiples of one number, so that small counts cannot point at a person. Figures may be off by a few persons; within the table they add up.",
    ),
    "cell_key": (
        "小さな人数からだれのことか分かってしまうのを防ぐため、人数に小さな増減を加えています。同じ人たちの人数は、どの表でも同じ値になります。",
        "A small amount is added to or taken from each count, so that small counts cannot point at a person. The same group of persons has the same figure in every table.",
    ),
    "merging": (
        "人数の少ない地域は、そのまま載せると個人が分かるおそれがあるため、隣の地域と合わせて載せています。合わせた地域の行は空欄です。ほかの地域の人数は実際のままです。",
        "Areas with few residents are counted together with a neighbour; their own row is blank. Figures of the other areas are unchanged.",
    ),
    "suppression": (
        "少ない人数の欄と、引き算でそれが分かってしまう欄を空欄にしています。ほかの欄の人数は実際のままです。空欄は 0 人という意味ではありません。",
        "Cells with small counts, and cells from which they could be computed, are left blank. The other figures are unchanged. Blank does not mean zero.",
    ),
    "noise": (
        "ある1人がいてもいなくても、公開した数からは見分けられないように、数にばらつきを加えています(差分プライバシー)。小さな数ほど、ばらつきの影響が大きくなります。",
        "Random noise is added so that the published figures hardly depend on any one person (differential privacy). The smaller the figure, the larger the effect.",
    ),
    "anonymised_records": (
        "1行が1人の表です。氏名や番号を除き、年齢や地域などを広い区分にまとめ、同じ組み合わせの人が必ず何人もいるようにしています。",
        "One row stands for one person. Names and numbers are removed and age, area and the like are grouped so broadly that several persons always share the same combination.",
    ),
}
_CONFIDENCES = {
    "high": ("列は公式の資料または公開された表で確かめました。", "The columns were checked against official or published sheets."),
    "medium": ("列は複数の公開例などから確かめました。公式の資料と違うところが残っているかもしれません。", "The columns were checked against published examples; differences from the official sheet may remain."),
    "low": ("列は限られた資料から推定したものです。公式の資料と違うところがあるかもしれません。", "The columns were inferred from few sources and may differ from the official sheet."),
}  # fmt: skip
_ORDERS = {
    "official": ("列の並びも公式のとおりです。", "Their order is the official one."),
    "unverified": ("列の並びは確かめられていません。列は名前で読んでください。", "Their order could not be verified: read columns by name."),
}  # fmt: skip
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The words of one language; called with both texts it gives the right one."""

    code: Code
    _STEPS: ClassVar = {
        "ja": ((1e12, 1e12, "兆"), (1e8, 1e8, "億"), (1e5, 1e4, "万")),
        "en": ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e5, 1e3, "k")),
    }

    def __call__(self, ja: str, en: str) -> str:
        """Choose the text of this language."""
        return ja if self.code == "ja" else en

    def theme(self, code: str) -> str:
        """Name a data theme."""
        return self(*THEMES[code])

    def file(self, label: str) -> str:
        """Name a file within its version."""
        return self(label, _FILES.get(label, label))

    def frequency(self, code: str) -> str:
        """Name how often a dataset is renewed."""
        return self(*_FREQUENCIES[code])

    def kind(self, code: str) -> str:
        """Name the type of a column."""
        return self(*_TYPES[code])

    def licence(self, name: str) -> str:
        """Give a licence's full name."""
        return self(*LICENCES[name][:2])

    def method(self, name: str) -> str:
        """Say what a way of protection means to who uses the figures."""
        return self(*METHODS[name])

    def confidence(self, level: str, order: str) -> str:
        """Say how sure the list of columns and their order are."""
        space = "" if self.code == "ja" else " "
        return self(*_CONFIDENCES[level]) + space + self(*_ORDERS[order])

    def date(self, text: str | None) -> str:
        """Word an ISO date, month, year or moment as a day; other text stands."""
        return word_date(text) if self.code == "ja" else _english_date(text)

    def moment(self, text: str | None) -> str:
        """Word an ISO moment with its time of day in Japan."""
        worded = word_moment(text)
        if self.code == "ja":
            return worded
        if ":" not in worded:
            return self.date(text)
        return f"{_english_date(text)}, {worded.rsplit(' ', 1)[1]} (JST)"

    def count(self, number: float | None) -> str:
        """Write a number with separators."""
        return NOTHING if number is None else f"{number:,}"

    def axis(self, number: float) -> str:
        """Write a number beside an axis, where there is little room."""
        found = (step[1:] for step in self._STEPS[self.code] if number >= step[0])
        size, name = next(found, (1, ""))
        return f"{number / size:,g}{name}"

    def share(self, part: float) -> str:
        """Write a share of 1 in per cent; what is not quite none or all is never called that."""
        if 0 < part < 0.01:  # noqa: PLR2004 - less than the smallest step shown
            return self("1%未満", "< 1%")
        if 0.99 < part < 1:  # noqa: PLR2004
            return self("99%超", "> 99%")
        return f"{part:.0%}"


def _english_date(text: str | None) -> str:
    worded = word_date(text)
    found = re.fullmatch(r"(\d{4})年(?:(\d+)月)?(?:(\d+)日)?", worded)
    if not found:
        return worded
    year, month, day = found.groups()
    parts = [day, _MONTHS[int(month) - 1] if month else None, year]
    return " ".join(part for part in parts if part)
