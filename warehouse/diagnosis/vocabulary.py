"""The words city halls head their columns with, and what they promise of the values.

Patterns only; the values decide in the modules that ask. Headers come as keys: NFKC, lower case,
without spaces, every dash a long-vowel mark.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# In the order in which they are asked: 郵便番号 before 番号, 年度 before 年.
TYPES = {
    "local_government_code": r"団体コード|(?:都道府県|市区?町村|自治体)コード|^(?:pref|city|lg|municipality)_?code$|local_?gov",
    "postal_code": r"郵便|〒|^(?:zip|postal)",
    "phone": r"電話|^tel|ファ[クッ]ス|^fax|fax番号|phone|telephone|携帯番号",
    "latitude": r"緯度|^lat(?:itude)?$",
    "longitude": r"経度|^(?:lon|lng|long|longitude)$",
    "kana": r"カナ|かな|フリガナ|ふりがな|ヨミ|読み|kana",
    "fiscal_year": r"年度$|^年度|^fiscal_?year|^fy$",
    "month": r"年月$|^対象月$|^year_?month$",
    "date": r"日$|日付|年月日|date",
    "year": r"(?:^|[^0-9元])年$|西暦|年次|暦年|^(?:calendar_?)?year$",
    "name": r"氏名|姓名|^(?:お?名前|姓|名字|苗字)$|世帯主名|(?:申請|届出|請求|代表|担当|保護|配偶|受給|契約|使用|所有|管理|責任|開設)者(?:の?氏?名)?$",
    "town": r"^(?:町名?|町丁名?|町丁目|町字名?|大字(?:町丁目)?名?|丁目|町・?字名?|地名)$",
}
SHAPES = {
    "postal_code": r"^〒? *[0-9]{3}-[0-9]{4}$",
    "phone": r"^\(?0[0-9]{1,4}\)?[- (]+[0-9]{1,4}[-) ]+[0-9]{3,4}$",
    "date": r"^(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?(?:元|[0-9]{1,2}))[-年./][0-9]{1,2}[-月./][0-9]{1,2}日?(?:[ T(].*)?$",
    "month": r"^(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和)(?:元|[0-9]{1,2}))年[0-9]{1,2}月分?$|^[0-9]{4}[-/](?:0[1-9]|1[0-2])$",
    "fiscal_year": r"^(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和|[MTSHR])(?:元|[0-9]{1,2}))年度$",
    "year": r"^(?:[0-9]{4}|(?:明治|大正|昭和|平成|令和)(?:元|[0-9]{1,2}))年$",
    "percent": r"^[-△▲]?[0-9.,]+ *[%％]$",
    "latitude": r"^[234][0-9]\.[0-9]{4,}$",
    "longitude": r"^1[2-5][0-9]\.[0-9]{4,}$",
}
TRUTHS = (
    ("○", "×"), ("〇", "×"), ("◯", "×"), ("●", "×"), ("有", "無"), ("有り", "無し"), ("あり", "なし"),
    ("可", "不可"), ("可", "否"), ("はい", "いいえ"), ("要", "不要"), ("該当", "非該当"),
    ("TRUE", "FALSE"), ("True", "False"), ("true", "false"), ("Yes", "No"), ("yes", "no"), ("1", "0"),
)  # fmt: skip

_IDENTIFIER = (
    r"番号|番$|コード|code|(?:^|[^a-z])[a-z]?id$|^id|^no\.?$|no\.?$|№|記号|^#|バーコード|キー$"
)
_CODE = r"コード|区分|種別|性別|分類|code|フラグ|続柄|種類|カテゴリ|category|type$|class$"
_QUANTITY = r"数$|数\(|件|人口|人数|世帯|金|額|円|計$|計\(|面積|費|量|率|割合|高$|count|number|total|amount|population|area|定員|capacity|年齢|回$|台$|冊$|ー[0-9]+歳|歳"
_RATE = r"率|割合|比率|構成比|パーセント|%|percent|rate$|ratio"
_TIME = r"(?:明治|大正|昭和|平成|令和|[hrs])(?:元|[0-9]{1,2})(?:年|$|\.)|(?:19|20)[0-9]{2}年?|^(?:1[0-2]|0?[1-9])月$"
_REGION = r"都道府県|市区?町村|地域|地区|学区|校区|区名|町名|city_?name|region|pref"
_REGION_CODE = r"団体コード|地域コード|市区?町村コード|都道府県コード|自治体コード|町字id|city_?code|region_?code|pref_?code|lgcode|^code$|^コード$"


def types_named(header: str) -> Iterator[str]:
    """List the types a header promises, in order."""
    yield from (name for name, pattern in TYPES.items() if _has(pattern, header))


def is_identifier(header: str) -> bool:
    """Tell whether a header names a number that identifies (番号, コード, ID)."""
    return _has(_IDENTIFIER, header) and not _has(r"番号数|number_of|コード数|件数", header)


def is_class(header: str) -> bool:
    """Tell whether a header can only name one of a few classes."""
    return _has(r"^性別|区分$|フラグ$", header)


def is_date(header: str) -> bool:
    """Tell whether a header names days."""
    return _has(TYPES["date"], header)


def is_code(header: str) -> bool:
    """Tell whether a header names a class or a code list."""
    return _has(_CODE, header)


def is_quantity(header: str) -> bool:
    """Tell whether a header names something counted or measured."""
    return _has(_QUANTITY, header)


def is_rate(header: str, unit: str | None) -> bool:
    """Tell whether a header or a unit names a share of a hundred."""
    return unit in {"%", "％", "パーセント"} or _has(_RATE, header)


def names_a_time(level: str) -> bool:
    """Tell whether one level of a header is itself a year or a month (令和5年, 2023, 4月)."""
    return _has(rf"^(?:{_TIME})", level)


def names_a_region(header: str) -> bool:
    """Tell whether a header names regions."""
    return _has(_REGION, header) and not names_a_region_code(header)


def names_a_region_code(header: str) -> bool:
    """Tell whether a header names codes of regions."""
    return _has(_REGION_CODE, header)


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None
