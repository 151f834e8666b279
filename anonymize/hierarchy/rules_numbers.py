"""Ladders of numbers: nested intervals, ages with the three stages of life, top and bottom coding.

Belongs here: intervals whose borders are fixed beforehand. Must not hold: borders chosen by looking
at the data.

年少人口 (0 to 14), 生産年齢人口 (15 to 64), 老年人口 (65 and over) are the three classes of the
population census (総務省統計局「国勢調査」年齢(3区分)); ten-year bands begin at 15, as in the
statistics of the labour force (労働力調査), so that they nest in them.
"""

import itertools
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from anonymize.hierarchy.decimals import read_decimal, say_decimal, to_decimal
from anonymize.hierarchy.hierarchy import Hierarchy
from anonymize.hierarchy.rules import Climb, hierarchy_by_rule, refuse_options

WORKING_FROM, OLD_FROM = 15, 65
STAGES = ("年少(0～14歳)", "生産年齢(15～64歳)", "老年(65歳以上)")
_OLDEST = 150
_YEARS = "歳"


def ages(
    column: str,
    values: Iterable[str],
    *,
    bands: Sequence[int] = (5, 10),
    stages: bool = True,
    top: int | None = None,
    unknown: Sequence[str] = (),
) -> Hierarchy:
    """Make the ladder age → bands → the three stages of life → `*`.

    Args:
        column: The column's name.
        values: Completed years: 39, 39歳, ３９.
        bands: Widths in years, each a multiple of the one before. With stages, bands are counted
            from 15 and must divide 50, so that none reaches across 15 or 65.
        stages: Whether the three stages stand above the bands.
        top: From this age on all ages share one label (85歳以上) at level 1 and above; where a band
            begins below it, the band that holds it is open. At most 65 with stages.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: An age that cannot be read, bands that do not nest.
    """
    widths = _require_nested("age", "bands", [Decimal(width) for width in bands])
    between = OLD_FROM - WORKING_FROM
    if stages and any(between % width for width in widths):
        raise refuse_options(
            "age",
            "bands",
            f"15歳と65歳をまたぐ幅があります: {'、'.join(map(str, bands))}",
            "1・2・5・10・25・50 から選ぶか、stages: false としてください。",
        )
    if stages and top is not None and top < OLD_FROM:
        raise refuse_options(
            "age",
            "top",
            f"top が65より小さく、老年の区分をまたぎます: {top}",
            "65以上にしてください。",
        )
    origin = Decimal(WORKING_FROM % int(widths[-1]) if stages and widths else 0)
    ladder = [
        _interval(width, origin, None, to_decimal(top), _YEARS, whole=True) for width in widths
    ]

    def climb(value: str) -> Climb | None:
        age = read_decimal(value, _YEARS)
        if age is None or age != age.to_integral_value() or not 0 <= age <= _OLDEST:
            return None
        labels = tuple(label(age) for label in ladder)
        return Climb((age,), (*labels, _stage(age)) if stages else labels)

    expected = "0から150までの満年齢(例 39)"
    return hierarchy_by_rule(column, values, climb, rule="age", expected=expected, unknown=unknown)


def numbers(
    column: str,
    values: Iterable[str],
    *,
    widths: Sequence[float] = (),
    borders: Sequence[Sequence[float]] = (),
    origin: float = 0,
    bottom: float | None = None,
    top: float | None = None,
    unit: str = "",
    unknown: Sequence[str] = (),
) -> Hierarchy:
    """Make the ladder number → nested intervals → `*`.

    Args:
        column: The column's name.
        values: Numbers as text: 1200, 1,200, -3.5, １２００, also with the unit behind.
        widths: Widths of equal intervals counted from `origin`, each a multiple of the one before;
            width 1 keeps whole numbers as they are (top and bottom coding alone: `widths: [1]`).
        borders: Instead of `widths`, per level the lower borders of the intervals, each level's
            borders among those of the level below. What is below the first border is one interval.
        origin: Where an interval of `widths` begins.
        bottom: Everything below it is one interval (未満); with `widths` only.
        top: Everything from it on is one interval (以上); with `widths` only.
        unit: Written behind the numbers of a label.
        unknown: See `hierarchy_by_rule`.

    Raises:
        HierarchyError: A text that is no number, intervals that do not nest.
    """
    given = [to_decimal(width) or Decimal(0) for width in widths]
    lists = [[to_decimal(border) or Decimal(0) for border in level] for level in borders]
    if bool(given) == bool(lists):
        raise refuse_options(
            "number",
            "widths・borders",
            "widths と borders の、どちらか1つを書きます",
            "等しい幅なら widths: [100, 200]、境目を決めるなら borders: [[0, 100, 300], [0, 300]]。",
        )
    present = list(values)
    ends = to_decimal(bottom), to_decimal(top)
    if lists:
        _require_subsets(lists, ends)
        ladder = [_between(level, unit) for level in lists]
    else:
        if ends[0] is not None and ends[1] is not None and ends[0] >= ends[1]:
            what = f"bottom({ends[0]})が top({ends[1]})以上です"
            raise refuse_options(
                "number", "bottom・top", what, "bottom を top より小さくしてください。"
            )
        start = to_decimal(origin) or Decimal(0)
        nested = _require_nested("number", "widths", given)
        whole = start == start.to_integral_value() and all(
            number is None or number == number.to_integral_value()
            for number in (read_decimal(value, unit) for value in present)
        )
        ladder = [_interval(width, start, *ends, unit, whole=whole) for width in nested]

    def climb(value: str) -> Climb | None:
        number = read_decimal(value, unit)
        return number if number is None else Climb((number,), tuple(f(number) for f in ladder))

    expected = f"数(例 1200、1,200、-3.5{'、1200' + unit if unit else ''})"
    return hierarchy_by_rule(
        column, present, climb, rule="number", expected=expected, unknown=unknown
    )


def _interval(
    width: Decimal,
    origin: Decimal,
    bottom: Decimal | None,
    top: Decimal | None,
    unit: str,
    *,
    whole: bool,
) -> Callable[[Decimal], str]:
    """Name the interval [origin + i·width, origin + (i + 1)·width) that holds a number.

    The ends are moved outwards to borders of the same width, so that wider levels nest narrower
    ones: the interval that holds `top` is open above, the one just below `bottom` is open below.
    """

    def floor(number: Decimal) -> Decimal:
        return _floor_of(number, origin, width)

    last = None if top is None else floor(top)
    # The lowest border at or above `bottom`: at wider levels it moves up to the next border.
    first = None if bottom is None else -_floor_of(-bottom, -origin, width)
    if first is not None and last is not None and first > last:
        raise refuse_options(
            "number",
            "widths",
            f"幅 {say_decimal(width)} では、bottom と top の間に区間が残りません",
            "その幅を除くか、bottom と top を離してください。",
        )

    def label(number: Decimal) -> str:
        low = floor(number)
        if last is not None and low >= last:
            return f"{say_decimal(last)}{unit}以上"
        if first is not None and low < first:
            return f"{say_decimal(first)}{unit}未満"
        return _name(low, width, unit, whole=whole)

    return label


def _floor_of(number: Decimal, origin: Decimal, width: Decimal) -> Decimal:
    # Decimal's // rounds towards zero; the floor is wanted.
    steps = ((number - origin) / width).to_integral_value(rounding="ROUND_FLOOR")
    return origin + steps * width


def _name(low: Decimal, width: Decimal, unit: str, *, whole: bool) -> str:
    """Name one closed interval; among whole numbers by its first and last one."""
    if not whole or width != width.to_integral_value():
        return f"{say_decimal(low)}{unit}以上{say_decimal(low + width)}{unit}未満"
    if width == 1:
        return f"{say_decimal(low)}{unit}"
    # Nobody is below 0 years old: the first band of ages begins there.
    first = max(low, Decimal(0)) if unit == _YEARS else low
    return f"{say_decimal(first)}～{say_decimal(low + width - 1)}{unit}"


def _between(borders: Sequence[Decimal], unit: str) -> Callable[[Decimal], str]:
    def label(number: Decimal) -> str:
        at_most = [border for border in borders if border <= number]
        if not at_most:
            return f"{say_decimal(borders[0])}{unit}未満"
        above = [border for border in borders if border > number]
        low = f"{say_decimal(at_most[-1])}{unit}以上"
        return f"{low}{say_decimal(above[0])}{unit}未満" if above else low

    return label


def _require_nested(rule: str, option: str, widths: list[Decimal]) -> list[Decimal]:
    steps = itertools.pairwise(widths)
    if any(width <= 0 for width in widths) or any(b % a or b == a for a, b in steps):
        raise refuse_options(
            rule,
            option,
            f"幅が入れ子になりません: {'、'.join(say_decimal(width) for width in widths)}",
            "0より大きく、後の幅を前の幅の2倍・3倍…にしてください(例 [5, 10])。",
        )
    return widths


def _require_subsets(levels: list[list[Decimal]], ends: Sequence[Decimal | None]) -> None:
    sorted_levels = [sorted(set(level)) for level in levels]
    nested = all(set(b) <= set(a) for a, b in itertools.pairwise(levels))
    if any(not level for level in levels) or sorted_levels != levels or not nested:
        raise refuse_options(
            "number",
            "borders",
            "境目が小さい順でないか、上の段に下の段にない境目があります",
            "小さい順に書き、上の段の境目は下の段の境目から選んでください。",
        )
    if any(end is not None for end in ends):
        raise refuse_options(
            "number",
            "bottom・top",
            "borders と一緒には書けません",
            "はじめと終わりの境目として borders の中に書いてください。",
        )


def _stage(age: Decimal) -> str:
    return STAGES[(age >= WORKING_FROM) + (age >= OLD_FROM)]
