"""How facts are worded for a reader: dates, sizes, durations, counts and the register's codes.

Pure functions from a value to Japanese text, used as template filters. No markup stands here.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9))
NOTHING = "—"
_UNIT = 1024
_MINUTE = 60
_HOUR = 60

LAYERS = {
    "landing": "受付(landing)",
    "secure": "安全(secure)",
    "internal": "庁内(internal)",
    "mart": "集計(mart)",
    "open": "公開(open)",
}
_FREQUENCIES = {"monthly": "毎月", "yearly": "毎年", "irregular": "不定期"}
_SEVERITIES = {"error": "止める", "warn": "知らせる", "warning": "知らせる"}
_ROLES = {
    "identifier": "番号(仮名にする)",
    "direct_identifier": "直接に個人を示す",
    "quasi_identifier": "組合せで個人を示す",
    "attribute": "属性",
}
_TYPES = {
    "text": "文字",
    "name": "氏名",
    "kana": "フリガナ",
    "date": "日付",
    "month": "年月",
    "year": "年",
    "fiscal_year": "年度",
    "integer": "整数",
    "decimal": "小数",
    "percent": "百分率",
    "digits": "数字の並び",
    "boolean": "はい・いいえ",
    "code": "区分",
    "local_government_code": "全国地方公共団体コード",
    "postal_code": "郵便番号",
    "phone": "電話番号",
    "corporate_number": "法人番号",
    "invoice_number": "インボイス登録番号",
    "my_number": "個人番号",
    "resident_id": "宛名番号",
    "school_code": "学校コード",
    "latitude": "緯度",
    "longitude": "経度",
    "town": "町字",
}
_TONES = {
    "成功": "good",
    "公開中": "good",
    "取込済": "good",
    "公開": "good",
    "見送り": "warn",
    "承認待ち": "warn",
    "契約の変更待ち": "warn",
    "個人": "warn",
    "失敗": "bad",
    "取下げ": "bad",
    "拒否": "bad",
    "特定個人": "bad",
}


def word_code(code: str | None) -> str:
    """Translate a code of the register (frequency, severity, role, type, zone) to Japanese.

    Args:
        code: such as `monthly`; an unknown word is returned as it stands, None as a dash.
    """
    if not code:
        return NOTHING
    tables = (_FREQUENCIES, _SEVERITIES, _ROLES, _TYPES, LAYERS)
    return next((table[code.lower()] for table in tables if code.lower() in table), code)


def choose_tone(state: str) -> str:
    """Choose the tone of a state's badge: good, warn, bad or calm."""
    return _TONES.get(state, "calm")


def word_count(count: int | None) -> str:
    """Write a count with separators: 12345 is 12,345, None is a dash."""
    return NOTHING if count is None else f"{count:,}"


def word_size(size_bytes: int) -> str:
    """Write a size in bytes as B, KB, MB … of 1024, as file managers show it: 12.3 KB."""
    if size_bytes < _UNIT:
        return f"{size_bytes} B"
    size, units = float(size_bytes), iter(("KB", "MB", "GB", "TB"))
    unit = ""
    while round(size, 1) >= _UNIT and (following := next(units, None)):
        size, unit = size / _UNIT, following
    return f"{size:,.1f} {unit}"


def word_duration(seconds: float | None) -> str:
    """Write a duration in seconds: 0.4秒, 12秒, 3分5秒, 2時間4分."""
    if seconds is None:
        return NOTHING
    if round(seconds, 1) < _MINUTE:
        return f"{seconds:.1f}秒".replace(".0秒", "秒")
    minutes, rest = divmod(round(seconds), _MINUTE)
    if minutes < _HOUR:
        return f"{minutes}分{rest}秒"
    return f"{minutes // _HOUR}時間{minutes % _HOUR}分"


def word_date(text: str | None) -> str:
    """Write an ISO date, month or year as 2026年4月30日, 2026年4月, 2026年; other text stands."""
    if not text:
        return NOTHING
    if re.fullmatch(r"\d{4}", text):
        return f"{text}年"
    if found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return f"{found[1]}年{int(found[2])}月"
    moment = _read_moment(text)
    return f"{moment.year}年{moment.month}月{moment.day}日" if moment else text


def word_moment(text: str | None) -> str:
    """Write an ISO time as 2026年4月30日 9:05 in Japan's time; a date or other text as `word_date`.

    A time without an offset is taken to be Japan's.
    """
    moment = _read_moment(text or "")
    if moment is None or not isinstance(moment, datetime):
        return word_date(text)
    return f"{word_date(text)} {moment.hour}:{moment.minute:02}"


def _read_moment(text: str) -> date | datetime | None:
    """Read an ISO date or time; a time with an offset is moved to Japan's."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]", text):
            return None
        moment = datetime.fromisoformat(text)
        return moment.astimezone(JAPAN) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None
