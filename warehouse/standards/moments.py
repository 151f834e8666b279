"""Times of day and days of the week as the standard writes them.

Belongs here: hh:mm and 月火水木金土日. Must not hold: dates (`transforms.dates`).
"""

from __future__ import annotations

import polars as pl

from transforms.width import fold_ascii
from warehouse.standards.verdicts import broken

_TIME = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
_PARTS = r"^(午前|午後|[AaPp][Mm])? *([0-9]{1,2})(?:[:.時](?: *([0-9]{1,2}))? *分?(?::[0-9]{2})?)$"
_FRACTION = r"^0\.[0-9]+$"
_AFTERNOON, _DAY_MINUTES, _HALF, _ROUND = ("午後", "PM", "pm", "Pm"), 1440, 12, 5
DAYS = "月火水木金土日"
_RANGE = f"([{DAYS}])[~〜～ーｰ－-]([{DAYS}])"
_NOISE = r"曜日?|[、，,・／/;； 　・.．]"


def judge_times(text: pl.Expr) -> pl.Expr:
    """Judge hh:mm, 24 hours, two digits; 24:00 is the end of a day."""
    clock = pl.when(~text.str.contains(_FRACTION)).then(fold_ascii(text))
    parts = clock.str.extract_groups(_PARTS).struct
    half, hour = parts.field("1"), parts.field("2").cast(pl.Int32, strict=False)
    minute = parts.field("3").cast(pl.Int32, strict=False).fill_null(0)
    late = half.is_in(_AFTERNOON) & (hour < _HALF)
    hour = pl.when(late).then(hour + _HALF).otherwise(hour)
    part = _fraction(text)
    total = pl.coalesce(part, hour * 60 + minute)
    whole = part.is_not_null() | (minute < 60)  # noqa: PLR2004 - minutes of an hour
    inside = whole & total.is_between(0, _DAY_MINUTES)
    written = pl.format("{}:{}", _two(total // 60), _two(total % 60))
    return broken(
        text,
        (text.str.contains(_TIME), None),
        (inside & total.is_not_null(), "time.form"),
        otherwise="time.unreadable",
        repaired=pl.when(inside).then(written),
    )


def _fraction(text: pl.Expr) -> pl.Expr:
    """Read the part of a day a spreadsheet keeps for a time, in minutes; only round times are."""
    part = pl.when(text.str.contains(_FRACTION)).then(text).cast(pl.Float64, strict=False)
    minutes = (part * _DAY_MINUTES).round(2)
    return pl.when(minutes % _ROUND == 0).then(minutes).cast(pl.Int32)


def _two(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String).str.zfill(2)


def judge_weekdays(text: pl.Expr) -> pl.Expr:
    """Judge days of the week in order, without separators; ranges such as 月～金 are mended."""
    bare = text.str.replace_all(_NOISE, "")
    spread = pl.concat_str(
        *(
            pl.when(bare.str.contains(day, literal=True) | _within(bare, place))
            .then(pl.lit(day))
            .otherwise(pl.lit(""))
            for place, day in enumerate(DAYS)
        )
    )
    only = bare.str.replace_all(_RANGE, "").str.contains(f"^[{DAYS}]*$") & (bare != "")
    return broken(
        text,
        ((text == spread) & only, None),
        (only, "weekdays.form"),
        otherwise="weekdays.unreadable",
        repaired=pl.when(only & (spread != "")).then(spread),
    )


def _within(text: pl.Expr, place: int) -> pl.Expr:
    """Tell whether a day lies inside the one range of the text."""
    ends = text.str.extract_groups(_RANGE).struct
    first, last = (
        ends.field(name).replace_strict(list(DAYS), range(7), default=None, return_dtype=pl.Int32)
        for name in ("1", "2")
    )
    return ((first <= place) & (last >= place)).fill_null(value=False)
