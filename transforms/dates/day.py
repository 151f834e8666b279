"""Days: the meaning of a date in a city file, judged.

Belongs here: `date` and its rules. Must not hold: spellings (`date_spellings`), the era table
(`eras`), months and years (`periods`).
"""

# ruff: noqa: PLR2004 (counts of digits are the format itself)

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from transforms.dates.eras import (
    FIRST_PLAUSIBLE_YEAR,
    LAST_PLAUSIBLE_YEAR,
    SOLAR_FROM,
    overlaps_era,
)
from transforms.dates.spellings import YEAR, read_date, resolve_date
from transforms.rules import BLANK_RULE, Rule
from transforms.verdict import (
    BLANK,
    OK,
    REFUSED,
    REPAIRED,
    UNCERTAIN,
    decide,
    judge_fields,
    name_of,
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        BLANK: BLANK_RULE,
        "date.iso": Rule(OK, "西暦（年-月-日）"),
        "date.open_end": Rule(OK, "終わりのない期間"),
        "date.western": Rule(OK, "西暦から変換"),
        "date.wareki": Rule(OK, "和暦から変換"),
        "date.era_column": Rule(OK, "元号の列と合わせて変換"),
        "date.time_dropped": Rule(REPAIRED, "時刻を除去"),
        "date.serial": Rule(OK, "表計算の通し番号から変換"),
        "date.serial_unlabelled": Rule(
            UNCERTAIN,
            "通し番号らしい数字",
            "表計算ソフトの通し番号か別の番号か分かりません。セルを日付の書式にするか、通し番号であることを台帳で指定してください。",
        ),
        "date.era_missing": Rule(
            UNCERTAIN,
            "元号なしの年",
            "元号がないため年が決まりません。原本を確認して元号を書くか、元号の列を台帳で指定してください。",
        ),
        "date.era_digit": Rule(
            UNCERTAIN,
            "元号番号らしい7桁",
            "先頭の数字が元号の番号か分かりません。R050201 のように元号の文字で書き出してください。",
        ),
        "date.era_conflict": Rule(
            UNCERTAIN,
            "元号の食い違い",
            "元号の列と日付の中の元号が違います。原本を確認してどちらかを直してください。",
        ),
        "date.lunar_calendar": Rule(
            UNCERTAIN,
            "旧暦の時代の日付",
            "1872年以前は旧暦のため西暦の日に決められません。換算した西暦の日付で別の列に持ってください。",
        ),
        "date.implausible_year": Rule(
            UNCERTAIN,
            "ありそうにない年",
            "年が1600年から2199年の間にありません。原本を確認して年を直してください。",
        ),
        "date.incomplete": Rule(
            UNCERTAIN,
            "日付の一部だけ",
            "年月日のうち一部しかありません。原本を確認して欠けた部分を書くか、年月・年の列として台帳で指定してください。",
        ),
        "date.day_month_order": Rule(
            UNCERTAIN,
            "日と月の順が不明",
            "日と月のどちらが先か分かりません。2023-02-01 のように年から書いてください。",
        ),
        "date.weekday_mismatch": Rule(
            UNCERTAIN,
            "曜日の食い違い",
            "日付と曜日が合いません。原本を確認して日付を直してください。",
        ),
        "date.time_zone": Rule(
            UNCERTAIN,
            "日本時間でない時刻",
            "日本時間でない時刻が付いています。日本時間の日付に直してから出力してください。",
        ),
        "date.unknown": Rule(
            UNCERTAIN,
            "不詳・推定の日付",
            "不詳・推定などの日付は日を決められません。分かり次第、日付を書いてください。",
        ),
        "date.impossible": Rule(
            REFUSED, "暦にない日付", "暦にない日付です。原本を確認して正しい日付に直してください。"
        ),
        "date.outside_era": Rule(
            REFUSED,
            "元号の期間外",
            "その元号にはない日です。原本を確認して元号か年を直してください。",
        ),
        "date.sentinel": Rule(
            REFUSED,
            "仮の値の日付",
            "99999999 や 00000000 は仮の値です。空欄にするか、終期なしの意味なら台帳で指定してください。",
        ),
        "date.not_a_date": Rule(
            REFUSED,
            "日付として読めない",
            "日付として読めません。2023-02-01 または 令和5年2月1日 のように書いてください。",
        ),
    }
)

_ZONE = r":[0-9]{2}(?:\.[0-9]+)?(?:Z|z| *[+-][0-9]{1,2}:?[0-9]{2})$"
_UNKNOWN = "不詳|不明|未詳|未定|頃|ころ|ごろ|推定|上旬|中旬|下旬"
_INCOMPLETE = rf"^{YEAR} *(?:年|[年./-] *\{{?[0-9]{{1,2}}\}}? *月?)$"
_DAY_FIRST = r"^[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{4}(?:[ T].*)?$"
_WEEKDAYS = "月火水木金土日"


def date(
    column: pl.Expr,
    *,
    era: pl.Expr | None = None,
    open_end: bool = False,
    excel_serials: bool = False,
) -> pl.Expr:
    """Return the day a text means.

    Args:
        column: Raw text: 和暦 (令和5年2月1日, R5.2.1, R050201, 漢数字), western, with or without
            a time of day, which is dropped.
        era: Era names or letters (令和, R) for texts that give only an era year (5.2.1). 西暦 or an
            unreadable era resolves nothing.
        open_end: Take 99999999, 9999-12-31 and 00000000 as "no end": null, ok.
        excel_serials: Take five digits (and 2200 to 9999) as days since 1899-12-30.

    Returns:
        Judged Date. Era boundaries are those of the law; both names hold on the day of change.
        Days before 1873-01-01 are uncertain (lunar calendar).
    """
    read = resolve_date(read_date(column, era, excel_serials=excel_serials))
    return judge_fields(read, _judge(open_end=open_end), name_of(column))


def _judge(*, open_end: bool) -> pl.Expr:
    """Return the judged date of a resolved struct."""
    sentinel = (_is_sentinel(), "date.open_end" if open_end else "date.sentinel")
    cases = [
        (pl.field("raw") == "", BLANK),
        sentinel,
        *_cases_unread(),
        *_cases_compact(),
        *_cases_doubtful(),
        *_cases_read(),
    ]
    value = pl.when(~_is_sentinel()).then(pl.field("date"))
    return decide(value, RULES, cases, "date.western")


def _is_sentinel() -> pl.Expr:
    """Return whether the digits are the all-nines or all-zeros that systems write for "none"."""
    count, month, day, base = (pl.field(n) for n in ("count", "month", "day", "base"))
    bare = pl.field("letter").is_null() & pl.field("number").is_in([0, 999999, 9999999, 99999999])
    nought = (count == 0) & (month == 0) & (day == 0)
    nines = ((month == 99) & (day == 99)) | ((count == 9999) & (base == 0))
    era_nines = (count == 99) & (base > 0)
    return (bare | nought | nines | era_nines).fill_null(value=False)


def _cases_unread() -> list[tuple[pl.Expr, str]]:
    left = pl.field("left_over")
    raw = pl.when(left).then(pl.field("raw"))
    x = pl.when(left).then(pl.field("x"))
    return [
        (raw.str.contains(_UNKNOWN), "date.unknown"),
        (raw.str.contains(_ZONE), "date.time_zone"),
        (x.str.contains(_DAY_FIRST), "date.day_month_order"),
        (x.str.contains(_INCOMPLETE), "date.incomplete"),
        (left, "date.not_a_date"),
    ]


def _cases_compact() -> list[tuple[pl.Expr, str]]:
    letter, number, length = pl.field("letter"), pl.field("number"), pl.field("length")
    rest = length.is_not_null() & ~pl.field("packed")
    bare = rest & letter.is_null()
    year = (length == 4) & number.is_between(1868, LAST_PLAUSIBLE_YEAR)
    era_digit = (length == 7) & number.is_between(1_000_000, 5_999_999)
    return [
        (pl.field("serial"), "date.serial"),
        (bare & year, "date.incomplete"),
        (bare & ((length == 4) | (length == 5)), "date.serial_unlabelled"),
        (bare & pl.field("whole") & (length == 6), "date.era_missing"),
        (bare & pl.field("whole") & era_digit, "date.era_digit"),
        (rest & letter.is_not_null() & length.is_in([1, 2, 4]), "date.incomplete"),
        (rest, "date.not_a_date"),
    ]


def _cases_doubtful() -> list[tuple[pl.Expr, str]]:
    letter, given, digits = pl.field("letter"), pl.field("given"), pl.field("digits")
    year, base, found = pl.field("year"), pl.field("base"), pl.field("date")
    miscounted = (digits == 3) | (letter.is_not_null() & (digits == 4))
    weekday = (
        pl.field("odd")
        .struct.field("2")
        .replace_strict(list(_WEEKDAYS), range(1, 8), default=None, return_dtype=pl.Int8)
    )
    return [
        ((pl.field("split") & ~pl.field("shaped")) | miscounted, "date.not_a_date"),
        (base.is_null(), "date.era_missing"),
        ((letter != given) & given.is_not_null(), "date.era_conflict"),
        ((year < FIRST_PLAUSIBLE_YEAR) | (year > LAST_PLAUSIBLE_YEAR), "date.implausible_year"),
        (year < SOLAR_FROM.year, "date.lunar_calendar"),
        (found.is_null(), "date.impossible"),
        (~overlaps_era(base, found, found), "date.outside_era"),
        (weekday != found.dt.weekday(), "date.weekday_mismatch"),
    ]


def _cases_read() -> list[tuple[pl.Expr, str]]:
    parts = pl.field("parts").struct
    iso = (
        (pl.field("raw").str.len_bytes() == 10)
        & (parts.field("3") == "-")
        & (parts.field("4").str.len_bytes() == 2)
        & (parts.field("6").str.len_bytes() == 2)
        & (pl.field("digits") == 4)
    )
    return [
        (pl.field("clocked"), "date.time_dropped"),
        (iso, "date.iso"),
        ((pl.field("base") > 0) & pl.field("letter").is_null(), "date.era_column"),
        (pl.field("base") > 0, "date.wareki"),
    ]
