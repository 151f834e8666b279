"""What one date says in so many words: era, year, month, day and the words around them.

Belongs here: the grammar of one point in time, on text made uniform by `wording`. Must not hold:
what the parts mean in the calendar (`readings`), from … to (`ranges`).
"""

# ruff: noqa: PLR2004, PLR0911 (digits are the format; decisions read best from top to bottom)

import re
from dataclasses import dataclass, replace
from typing import Any

from transforms.dates.eras import LETTERS, NAMES, OLD_ERAS

_LETTER = dict(NAMES) | {letter: letter for letter in LETTERS} | {old: old for old in OLD_ERAS}
_ERA = "|".join(sorted((key for key in _LETTER if not key.islower()), key=len, reverse=True))
_YEAR = rf"(?:(?P<era>{_ERA})\.?)?(?P<y>元|[0-9]{{1,4}})"
_BLOT = "[?*X○●◯△]{1,2}"


@dataclass(frozen=True, slots=True)
class Parts:
    """What is written; `None` where nothing is.

    Attributes:
        era: Letter of the era, or name of one before 明治.
        year: Year as written.
        digits: How many digits the year has; 0 without a year.
        marked: 年, 年度 or FY is written.
        fiscal: The year is a fiscal year.
        calendar: 暦年 is written.
        month: Month of the year.
        day: Day of the month.
        pair: Two numbers that may be year and month, or month and day.
        bare: A number of one or two digits alone.
        third: 上旬, 中旬, 下旬 as 1, 2, 3.
        quarter: Quarter of the year.
        half: Half of the year.
        end: The last day of the span is meant.
        time: `day` when a time of that day was left out, `night` when it is past 24:00, `west` or
            `east` when it is the time of a place west or east of Japan.
        weekday: 1 (Monday) to 7.
        approximate: 頃, 推定, 春 …
        unknown: Smaller parts are said to be unknown.
        open: `from` or `until`, when only one end is given.
        average: A yearly average, which has no months.
        same: 同年, 同月, 翌年, 〃 as `year`, `month`, `next`, `all`.
        doubt: Id of the rule that already decides.
    """

    era: str | None = None
    year: int | None = None
    digits: int = 0
    marked: bool = False
    fiscal: bool = False
    calendar: bool = False
    month: int | None = None
    day: int | None = None
    pair: tuple[int, int] | None = None
    bare: int | None = None
    third: int = 0
    quarter: int = 0
    half: int = 0
    end: bool = False
    time: str = ""
    weekday: int | None = None
    approximate: bool = False
    unknown: bool = False
    open: str = ""
    average: bool = False
    same: str = ""
    doubt: str = ""


_WEEKDAYS = "月火水木金土日"
_WEEKDAY = re.compile(
    rf"\(([{_WEEKDAYS}])(?:曜日?)?(?:[.,]?(?:祝日?|休日?|振休|振替休日))?\)|([{_WEEKDAYS}])曜日?"
    r"|^(MON|TUE|WED|THU|FRI|SAT|SUN)(?:(?:S|NES|RS|UR)?DAY)?[.,]?(?=[0-9A-Z])"
)
_ENGLISH_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_APPROXIMATE = re.compile(
    r"^(?:推定|約|およそ|凡そ)|(?:頃|ころ|ごろ|推定|前後|(?:の?予定)|(?:の?見込み?)|(?:の間))$"
    r"|\((?:推定|予定|見込み?|頃)\)"
)
_FROM = re.compile(r"(?:以降|以後|以来|から|~)$|^自")
_UNTIL = re.compile(r"(?:以前|まで)$|^(?:~|至)")
_SAID = re.compile(
    r"(?<=[日年月末度0-9)])(?:現在|時点|付け?|の?出生|の?生(?:ま?れ)?|施行|公布|届出?|交付|発行)$"
)
_WHOLE = re.compile(r"(?<=[年度月期])(?:平均|中|間|分|計|合計|実績|決算|予算)$")
_HOUR = r"(?:午前|午後|AM|PM)?(?P<h>[0-9]{1,2})"
_CLOCK = (
    rf"(?:{_HOUR}:(?P<mi>[0-9]{{2}})(?::(?P<s>[0-9]{{2}})(?:\.[0-9]+)?)?(?:AM|PM)?"
    rf"|{_HOUR.replace('<h>', '<h2>')}時(?:(?P<mi2>[0-9]{{1,2}})分(?:(?P<s2>[0-9]{{1,2}})秒)?|半|頃)?"
    r"|(?P<h3>[0-9]{2})(?P<mi3>[0-9]{2})(?P<s3>[0-9]{2})?(?:\.[0-9]+)?"
    r"|正午)"
)
_TIME = re.compile(
    rf"(?P<before>.*[日0-9)末])(?P<gap>T| ?(?=午|AM|PM)|(?<=[日)])| )T?{_CLOCK}"
    r"(?P<zone>Z|[+-][0-9]{1,2}:?[0-9]{2}|JST)?"
)
_UNKNOWN_TIME = re.compile(r"(?<=日)(?:時刻|時間|時分)(?:は?)(?:不詳|不明)$")
_UNKNOWN = re.compile("不詳|不明|未詳|未定")
_UNKNOWN_REST = re.compile(rf"(?:年|月|日|以下|の|は|不詳|不明|未詳|未定|頃|-|{_BLOT})*")
_BLOTTED = re.compile(rf"{_BLOT}[月日]|[月年]-+[月日]")
_VAGUE = "初頭?|始め|はじめ|頭|前半|後半|半ば|なかば|中頃|中旬|春|夏|秋|冬|終わり|おわり|当初|[年月]始|[年月]初"
_KANJI = re.compile(
    rf"(?P<cal>暦年)?{_YEAR}(?P<cal2>暦)?年(?P<fy>度)?(?:\(暦年\))?(?P<cal3>暦年)?[./-]?"
    r"(?:第?(?P<q>[0-9])Q|Q(?P<q2>[0-9])|(?P<half>[上下])(?:半期|期)|(?P<yend>末日?|年末|年度末)"
    rf"|(?P<m>[0-9]{{1,2}})月[./-]?(?:(?P<d>[0-9]{{1,2}})日|(?P<mend>末日?|月末)"
    rf"|(?P<third>[上中下初])旬|(?P<mvague>{_VAGUE}))?|(?P<yvague>{_VAGUE}))?"
)
_NUMERIC = re.compile(rf"{_YEAR}([./,-])(?P<m>[0-9]{{1,2}})(?:\3(?P<d>[0-9]{{1,2}}))?")
_SPACED = re.compile(r"(?P<y>[0-9]{4}) (?P<m>[0-9]{1,2}) (?P<d>[0-9]{1,2})")
_FISCAL = re.compile(r"FY(?P<y>[0-9]{4})(?:年?度?)-?(?:Q(?P<q>[1-4])|(?P<q2>[1-4])Q)?")
_QUARTER = re.compile(r"(?P<y>[0-9]{4})-?(?:Q(?P<q>[1-4])|(?P<q2>[1-4])Q)")
_PACKED = re.compile(rf"(?P<era>{_ERA})?\.?(?P<n>元|[0-9]{{1,8}})(?:\.0+)?")
_YEARLESS = re.compile(
    r"(?:第?(?P<q>[1-4])Q|(?P<half>[上下])(?:半期|期)"
    r"|(?:(?P<m>[0-9]{1,2})月)?(?:(?P<d>[0-9]{1,2})日|(?P<end>末日?))?)"
)
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_NAME = (
    r"(?P<mon>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)"
    r"(?:UARY|RUARY|CH|IL|E|Y|UST|T|TEMBER|OBER|EMBER)?\.?"
)
_ENGLISH = (
    re.compile(rf"{_NAME}(?P<d>[0-9]{{1,2}})(?:ST|ND|RD|TH)?[, ](?P<y>[0-9]{{4}})"),
    re.compile(rf"(?P<d>[0-9]{{1,2}})(?:ST|ND|RD|TH)?[-/. ]?{_NAME}[-/, ]?(?P<y>[0-9]{{2,4}})"),
    re.compile(rf"{_NAME}[-/, ]?(?P<y>[0-9]{{4}}|[0-9]{{2}})"),
    re.compile(rf"(?P<y>[0-9]{{4}})[-/ ]{_NAME}[-/ ](?P<d>[0-9]{{1,2}})"),
)
_DAY_FIRST = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")


def parse(text: str) -> Parts | None:
    """Return the parts of a folded text, `None` when it is not a date."""
    text, around = _strip_words(text)
    text, weekday = _take_weekday(text)
    if weekday == -1:
        return None
    text, time = _take_time(text)
    if time == "wrong":
        return None
    if time:
        text, again = _take_weekday(text)
        weekday = weekday or (again if again != -1 else None)
    core = _parse_core(text)
    if core is None:
        return None
    if time and core.day is None and not core.end and not core.doubt:
        return None
    return replace(core, **around, time=time, weekday=weekday)


def _strip_words(text: str) -> tuple[str, dict[str, Any]]:
    """Take off the words around a date; say which of them change what it says."""
    around: dict[str, Any] = {}
    text = re.sub(r"^(?:西暦|AD|A\.D\.)", "", text)
    before = None
    while before != text:
        before = text
        for pattern, name, value in (
            (_APPROXIMATE, "approximate", True),
            (_FROM, "open", "from"),
            (_UNTIL, "open", "until"),
        ):
            stripped = pattern.sub("", text, count=1)
            if stripped != text:
                text, around[name] = stripped, value
        text = _SAID.sub("", text)
        whole = _WHOLE.search(text)
        if whole:
            text = text[: whole.start()]
            if whole[0] == "平均":
                around["average"] = True
    return _UNKNOWN_TIME.sub("0時", text), around


def _take_weekday(text: str) -> tuple[str, int | None]:
    """Take a weekday off; -1 when there is more than one."""
    found = list(_WEEKDAY.finditer(text))
    if not found:
        return text, None
    if len(found) > 1:
        return text, -1
    one = found[0]
    day = one[1] or one[2]
    number = _WEEKDAYS.index(day) if day else _ENGLISH_DAYS.index(one[3])
    return text[: one.start()] + text[one.end() :], number + 1


def _take_time(text: str) -> tuple[str, str]:
    """Take a time of day off, and say whether it belongs to the day named."""
    found = _TIME.fullmatch(text)
    if found is None or (found["h3"] and found["gap"] != "T"):
        return text, ""
    hour, minute, second = (
        int(found[n] or found[f"{n}2"] or found[f"{n}3"] or 0) for n in ("h", "mi", "s")
    )
    if hour > 29 or minute > 59 or second > 59:
        return text, "wrong"
    zone = (found["zone"] or "").replace(":", "")
    if zone not in {"", "JST", "+0900", "+900"}:
        hours = int(zone[:3]) if zone != "Z" else 0
        return found["before"], "east" if hours >= 9 else "west"
    return found["before"], "night" if (hour, minute, second) > (24, 0, 0) else "day"


def _parse_core(text: str) -> Parts | None:
    for read in (_unknown, _kanji, _apostrophe, _numeric, _packed, _named, _yearless, _english):
        found = read(text)
        if found is not None:
            return found
    return None


def _year(found: re.Match[str]) -> Parts:
    groups = found.groupdict()
    era = groups.get("era")
    text = groups["y"].replace("元", "1")
    letter = _LETTER[era] if era else None
    return Parts(era=letter, year=int(text), digits=len(text))


def _int(text: str | None) -> int | None:
    return int(text) if text else None


def _unknown(text: str) -> Parts | None:
    """不詳 and its kin: the part that is known, and the word that the rest is not."""
    blotted = _BLOTTED.search(text)
    if not _UNKNOWN.search(text) and not blotted:
        return None
    known = re.match(
        rf"(?:{_YEAR}年?度?(?<=[年度])(?:(?P<m>[0-9]{{1,2}})月(?:(?P<d>[0-9]{{1,2}})日)?)?|(?P<only>{_ERA}))?",
        text,
    )
    if known is None or not _UNKNOWN_REST.fullmatch(text[known.end() :]):
        return None
    if known["y"]:
        return replace(
            _year(known), marked=True, month=_int(known["m"]), day=_int(known["d"]), unknown=True
        )
    return Parts(era=_LETTER[known["only"]] if known["only"] else None, unknown=True)


def _kanji(text: str) -> Parts | None:
    found = _KANJI.fullmatch(text)
    if found is None:
        return None
    half = "上下".find(found["half"]) + 1 if found["half"] else 0
    third = {"上": 1, "初": 1, "中": 2, "下": 3}.get(found["third"] or "", 0)
    return replace(
        _year(found),
        marked=True,
        fiscal=bool(found["fy"]) or found["yend"] == "年度末",
        calendar=bool(found["cal"] or found["cal2"] or found["cal3"]) or "(暦年)" in text,
        month=_int(found["m"]),
        day=_int(found["d"]),
        third=third,
        quarter=int(found["q"] or found["q2"] or 0),
        half=half,
        end=bool(found["yend"] or found["mend"]),
        approximate=bool(found["yvague"] or found["mvague"]),
        doubt="date.impossible" if (found["q"] or found["q2"] or "1") not in "1234" else "",
    )


def _apostrophe(text: str) -> Parts | None:
    found = re.fullmatch(r"'([0-9]{2})(?:$|年度?|[./-]).*", text)
    fiscal = re.fullmatch(r"FY'?[0-9]{2}", text)
    return Parts(doubt="date.two_digit_year") if found or fiscal else None


def _numeric(text: str) -> Parts | None:
    swapped = _DAY_FIRST.fullmatch(text)
    if swapped:
        return Parts(
            year=int(swapped[4]),
            digits=4,
            pair=(int(swapped[1]), int(swapped[3])),
            doubt="date.day_month_order",
        )
    found = _NUMERIC.fullmatch(text) or _SPACED.fullmatch(text)
    if found is None:
        return None
    month, day = int(found["m"]), _int(found["d"])
    read = replace(_year(found), month=month, day=day)
    comma = "," in text
    if day is None and comma:
        return None
    if day is None and read.era is None and read.digits <= 2 and read.year is not None:
        return Parts(pair=(read.year, month))
    season = read.digits == 4 and month > 12 and month == (read.year or 0) % 100 + 1
    if day is None and season:
        return replace(read, doubt="date.two_digit_year")
    if day is None and text.endswith(".1") and read.digits == 4:
        return replace(read, doubt="date.january_or_october")
    return read


def _packed(text: str) -> Parts | None:
    found = _PACKED.fullmatch(text)
    if found is None or (found["era"] in OLD_ERAS):
        return None
    era = _LETTER[found["era"]] if found["era"] else None
    digits = found["n"].replace("元", "1")
    number, size = int(digits), len(digits)
    if era:
        split = {1: (number,), 2: (number,), 4: divmod(number, 100)}
        split[6] = (number // 10000, number // 100 % 100, number % 100)
        return _of_numbers(era, split.get(size), 2)
    if size == 8:
        return _of_numbers(None, (number // 10000, number // 100 % 100, number % 100), 4)
    if size <= 2:
        return Parts(bare=number)
    return Parts(bare=number, digits=size)


def _of_numbers(era: str | None, numbers: tuple[int, ...] | None, digits: int) -> Parts | None:
    if numbers is None:
        return None
    month, day = (*numbers[1:], None, None)[:2]
    return Parts(era=era, year=numbers[0], digits=digits, month=month, day=day)


def _named(text: str) -> Parts | None:
    """FY2023, 2023Q1, 同年3月, 〃."""
    if text in {"〃", '"', "々", "同", "同上", "同じ", "''"}:
        return Parts(same="all")
    fiscal = _FISCAL.fullmatch(text)
    quarter = fiscal or _QUARTER.fullmatch(text)
    if quarter:
        return replace(
            _year(quarter),
            marked=True,
            fiscal=fiscal is not None,
            quarter=int(quarter["q"] or quarter["q2"] or 0),
        )
    for word, same in (("同年", "year"), ("同月", "month"), ("翌年", "next")):
        if text.startswith(word):
            rest = _yearless(text[len(word) :].removeprefix("度"))
            fits = rest and (rest.month is None) == (same == "month")
            return replace(rest, same=same) if rest and fits else None
    return None


def _yearless(text: str) -> Parts | None:
    found = _YEARLESS.fullmatch(text)
    if found is None or not text or text.startswith("末"):
        return None
    return Parts(
        month=_int(found["m"]),
        day=_int(found["d"]),
        quarter=int(found["q"] or 0),
        half="上下".find(found["half"]) + 1 if found["half"] else 0,
        end=bool(found["end"]),
    )


def _english(text: str) -> Parts | None:
    for pattern in _ENGLISH:
        found = pattern.fullmatch(text)
        if found:
            groups = found.groupdict()
            month = _MONTHS.index(found["mon"]) + 1
            if len(found["y"]) != 4:
                return Parts(doubt="date.two_digit_year")
            return Parts(year=int(found["y"]), digits=4, month=month, day=_int(groups.get("d")))
    return None
