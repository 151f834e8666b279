"""Whose data a column may be: header words and values together, the table around them in mind.

A list of facilities has names, addresses and phone numbers that are nobody's; a list of persons
has them too, and there they are somebody's. When the table does not say which it is, a home-like
address or a mobile phone is suspected rather than passed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from anonymize.patterns import fold_text, has_mobile_phone, has_unofficial_mail
from transforms.codes.corporate_numbers import is_corporate_number
from transforms.codes.my_numbers import looks_like_my_number
from transforms.dates.day import date
from warehouse.diagnosis.names_of_people import (
    looks_like_body,
    looks_like_kana_name,
    looks_like_person,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from warehouse.diagnosis.column_types import ColumnType
    from warehouse.diagnosis.facts import ColumnFacts

MY_NUMBER = "個人番号"
# Kind → header words; asked in this order. These name a person wherever they stand.
_NUMBERS = {
    MY_NUMBER: r"個人番号|マイナンバー|my_?number",
    "宛名番号": r"宛名(?:番号|コード|id)|住民(?:番号|コード|票コード)|個人コード|個人id|対象者番号",
    "世帯番号": r"世帯(?:番号|コード|id)",
    "口座番号": r"口座番号|口座記号|口座名義",
    "被保険者番号": r"被保険者(?:証)?(?:番号|記号)|保険証(?:番号|記号)|記号番号",
    "保険者番号": r"保険者番号",
    "基礎年金番号": r"基礎年金番号|年金番号",
    "受給者番号": r"(?:受給者|患者|カルテ|利用者|納税者|納税義務者|義務者|申請者|職員|社員|会員|児童|生徒|学籍|免許証?|旅券|在留カード|手帳)(?:証)?(?:番号|コード|id)|通知書番号",
}
_NAMES = {
    "氏名カナ": r"(?:氏名|姓名|世帯主|申請者|名前|保護者|代表者)[^/]*(?:カナ|かな|フリガナ|ふりがな|ヨミ|よみ|読み)|(?:カナ|かな|フリガナ|ふりがな)(?:氏名|姓名)|^(?:セイ|メイ|せい|めい)$",
    "氏名": r"氏名|姓名|^(?:お?名前|姓|名字|苗字)$|世帯主名?$|(?:申請|届出|請求|代表|担当|保護|配偶|受給|契約|使用|所有|管理|責任|開設|設置)者(?:の?氏?名)?$|full_?name|representative$|administrator",
}
_BIRTH = r"生年月日|誕生日|出生日|出生年月日|生年$|birth_?(?:date|day)|date_?of_?birth|^dob$"
_DAY = r"[0-9]{4}|[0-9元][./年-]"
# Said only in a table of persons: elsewhere they are a facility's, or a count.
_OF_PERSONS = {
    "住所": r"住所|居所|居住地|現住所|所在地|番地|方書|address",
    "電話番号": r"電話|tel|携帯|連絡先|phone",
    "メールアドレス": r"メール|e?ーmail|e?mail",
    "性別": r"^性別(?:コード)?$|^sex$|^gender$",
    "続柄": r"続柄",
    "年齢": r"^(?:満)?年齢$|^age$",
    "本籍": r"本籍|筆頭者",
    "国籍": r"国籍|在留資格",
    "要配慮個人情報": r"病名|傷病|診断|障害(?:名|等級|区分|程度)|等級|要介護|生活保護|既往|宗教|犯罪|死因",
    "所得": r"所得|収入|課税(?:標準)?額|税額|滞納|年金額|給与",
}
_PERSON_TABLE = r"生年月日|^続柄|個人番号|宛名番号|世帯主|被保険者|受給者|^性別(?:コード)?$|納税義務者|住民となった"
_FACILITY_TABLE = r"施設|緯度|経度|^lat|^lo?ng|latitude|longitude|url|ホームページ|webサイト|開館|休館|定休|営業|診療|開所|定員|収容|設置|所管|店|事業所|法人|医療機関|避難|駐車|園名|学校|駅|建物|物件|業者|屋号|営業所|番号札|投票所|facility"
_HOUSE_NUMBER = r"[0-9〇一二三四五六七八九十]+(?:番地?|号|丁目)|[0-9]+(?:[-ー－−‐ノの][0-9]+)+"
_MANY = 0.5
_MOST = 0.9
_FEW = 3
_YEARS_OF_LIVES = 40


@dataclass(frozen=True)
class Suspicion:
    """What is suspected of a table.

    Attributes:
        kinds: column number → kind of personal data.
        is_about_persons: whether each row evidently stands for a person.
    """

    kinds: Mapping[int, str]
    is_about_persons: bool


def suspect_persons(
    columns: Sequence[ColumnFacts], types: Mapping[int, ColumnType], *, today_year: int
) -> Suspicion:
    """Say which columns of a table may hold personal data.

    Args:
        columns: The facts of every column.
        types: Column number → inferred type.
        today_year: The year births cannot lie after.
    """
    shares = _test_all(columns)
    own = {c.number: k for c in columns if c.distinct and (k := _own_kind(c, shares[c.number]))}
    is_facility = _is_about_facilities(columns, shares)
    persons = _is_about_persons(columns, own, is_facility=is_facility)
    facilities = is_facility and not persons
    kinds = dict(own)
    for column in columns:
        if column.number in kinds or not column.distinct:
            continue
        kind = _kind_in_context(
            column.header, shares[column.number], is_persons=persons, is_facilities=facilities
        )
        if kind is None and persons and types[column.number].name == "date":
            kind = "生年月日" if _spreads_like_births(column, today_year) else None
        if kind:
            kinds[column.number] = kind
    return Suspicion(kinds, persons)


def _test_all(columns: Sequence[ColumnFacts]) -> dict[int, dict[str, float]]:
    """Give the share of each column's distinct values for which each test holds."""
    held = [
        c.values.select(pl.lit(c.number).alias("number"), "value") for c in columns if c.distinct
    ]
    if not held:
        return {}
    means = [test.fill_null(value=False).mean().alias(name) for name, test in _tests().items()]
    tested = pl.concat(held).group_by("number").agg(means)
    return {row.pop("number"): row for row in tested.iter_rows(named=True)}


@cache
def _tests() -> dict[str, pl.Expr]:
    """Build the tests of a value once."""
    value = pl.col("value")
    folded = fold_text(value)
    return {
        "corporate": is_corporate_number(folded),
        "my_number": looks_like_my_number(value),
        "digit": folded.str.contains("[0-9]"),
        "day": folded.str.contains(_DAY),
        "person": looks_like_person(value),
        "kana_name": looks_like_kana_name(value),
        "body": looks_like_body(value),
        "mobile": has_mobile_phone(folded),
        "mail": has_unofficial_mail(folded),
        "house": folded.str.contains(_HOUSE_NUMBER),
    }


def _own_kind(column: ColumnFacts, share: Mapping[str, float]) -> str | None:
    """Name the kind that header and values give away without the rest of the table."""
    if share["corporate"] >= _MOST:
        return None
    header = column.header
    # One twelve-digit number in ten has the right check digit by chance: nearly all must have it.
    is_named = re.search(_NUMBERS[MY_NUMBER], header) is not None
    enough = column.distinct >= _FEW or is_named
    if share["my_number"] >= (_MANY if is_named else _MOST) and enough:
        return MY_NUMBER
    for kind, pattern in _NUMBERS.items():
        if re.search(pattern, header) and share["digit"] >= _MANY:
            return kind
    if re.search(_BIRTH, header) and share["day"] >= _MANY:
        return "生年月日"
    return _kind_of_name(column, share)


def _kind_of_name(column: ColumnFacts, share: Mapping[str, float]) -> str | None:
    header = column.header
    if re.search(_NAMES["氏名カナ"], header):
        return "氏名カナ"
    if re.search(_NAMES["氏名"], header):
        # Who writes 氏名 means a person, in whatever letters the name stands.
        is_said = header in {"姓", "名字", "苗字"} or re.search("氏名|姓名", header) is not None
        is_person = share["person"] > 0 or share["kana_name"] > 0 or is_said
        return "氏名" if is_person and share["body"] < _MANY else None
    if share["person"] >= _MOST and column.distinct >= _FEW:
        return "氏名"
    is_named = re.search(r"カナ|かな|フリガナ|ふりがな", header)
    reads_as_name = share["kana_name"] >= _MOST and column.distinct >= _FEW
    return "氏名カナ" if is_named and reads_as_name else None


def _is_about_persons(
    columns: Sequence[ColumnFacts], own: Mapping[int, str], *, is_facility: bool
) -> bool:
    if any(kind not in {"氏名", "氏名カナ", "保険者番号", "生年月日"} for kind in own.values()):
        return True
    said = any(re.search(_PERSON_TABLE, c.header) for c in columns if c.distinct)
    return (said and bool(own)) or ("氏名" in own.values() and not is_facility)


def _is_about_facilities(
    columns: Sequence[ColumnFacts], shares: Mapping[int, Mapping[str, float]]
) -> bool:
    """By the family of its headers, or by a column whose values are names of bodies."""
    if any(re.search(_FACILITY_TABLE, column.path) for column in columns):
        return True
    named = [c for c in columns if c.distinct and re.search(r"名|name", c.header)]
    return any(shares[column.number]["body"] >= _MANY for column in named)


def _kind_in_context(
    header: str, share: Mapping[str, float], *, is_persons: bool, is_facilities: bool
) -> str | None:
    if is_persons:
        return next((k for k, p in _OF_PERSONS.items() if re.search(p, header)), None)
    if is_facilities:
        return None
    if share["mobile"] >= _MANY:
        return "電話番号"
    if share["mail"] >= _MANY:
        return "メールアドレス"
    is_home = re.search(r"住所|居所", header) is not None
    return "住所" if is_home and share["house"] >= _MANY else None


def _spreads_like_births(column: ColumnFacts, today_year: int) -> bool:
    """Tell whether the days of a column spread over lives: decades, none in the future."""
    read = column.values.select(date(pl.col("value")).struct.field("value").dt.year())
    years = sorted(read["value"].drop_nulls().to_list())
    if len(years) < _FEW:
        return False
    return years[-1] - years[0] >= _YEARS_OF_LIVES and years[-1] <= today_year
